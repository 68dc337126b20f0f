// fork inside host functions: parent and child go on there.
#include "sides.h"
#include <sys/wait.h>
#include <unistd.h>
HOST int child(int depth)
{
	int status, local = depth * 3;
	pid_t pid = fork();
	if (pid == 0) _exit(depth > 0 ? child(depth - 1) + 1 : 7 + local);
	waitpid(pid, &status, 0);
	return WEXITSTATUS(status) + (local != depth * 3);
}
GUEST int main(void)
{
	for (int i = 0; i < 4; i++) printf("%d\n", child(i));
	return 0;
}
