// vfork and exec: the function that calls vfork returns twice.
#include "sides.h"
#include <sys/wait.h>
#include <unistd.h>
HOST int run(const char *program, int code)
{
	char text[32];
	int status;
	snprintf(text, sizeof text, "exit %d", code);
	pid_t pid = vfork();
	if (pid == 0) { execl(program, program, "-c", text, (char *)0); _exit(99); }
	waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}
GUEST int main(void) { printf("%d %d\n", run("/bin/sh", 5), run("/nowhere", 1)); return 0; }
