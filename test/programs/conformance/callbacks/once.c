// pthread_once, keys with destructors, fork handlers.
// options: -pthread
#include "sides.h"
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static int destroyed, prepared;
HOST void destroy(void *value) { destroyed += *(int *)value; }
HOST void make(void) { pthread_key_create(&key, destroy); puts("made"); }
HOST void before(void) { prepared++; }
HOST void child(void) { prepared += 10; }
HOST void *work(void *value)
{
	pthread_once(&once, make);
	pthread_setspecific(key, value);
	return pthread_getspecific(key);
}
GUEST int main(void)
{
	int values[3] = {1, 20, 300};
	for (int i = 0; i < 3; i++) {
		pthread_t thread;
		void *result;
		pthread_create(&thread, 0, work, &values[i]);
		pthread_join(thread, &result);
		printf("%d %d\n", result == &values[i], destroyed);
	}
	pthread_atfork(before, before, child);
	int status;
	pid_t pid = fork();
	if (pid == 0) _exit(prepared);
	waitpid(pid, &status, 0);
	printf("%d %d\n", WEXITSTATUS(status), prepared);
	return 0;
}
