// fork in a host thread while others run on the host; the child has the one thread.
// options: -pthread
#include "sides.h"
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>
static volatile int stop;
HOST void *spin(void *count) { while (!stop) ++*(volatile long *)count; return 0; }
HOST void *parent(void *unused)
{
	int status, good = 0;
	for (int i = 0; i < 5; i++) {
		pid_t pid = fork();
		if (pid == 0) _exit(i * 3);
		waitpid(pid, &status, 0);
		good += WEXITSTATUS(status) == i * 3;
	}
	printf("%d\n", good);
	return unused;
}
GUEST int main(void)
{
	pthread_t a, b;
	long count = 0;
	pthread_create(&a, 0, spin, &count);
	pthread_create(&b, 0, parent, 0);
	pthread_join(b, 0);
	stop = 1;
	pthread_join(a, 0);
	return 0;
}
