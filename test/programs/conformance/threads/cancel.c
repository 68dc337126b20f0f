// Cancellation of threads that wait and run below host functions; clean-up handlers are the host's.
// options: -pthread
#include "sides.h"
#include <pthread.h>
#include <unistd.h>
static int cleaned;
static volatile int waiting;
HOST void clean(void *n) { cleaned += *(int *)n; }
HOST void sleep_long(void) { waiting = 1; for (;;) { pause(); pthread_testcancel(); } }
GUEST void *work(void *n)
{
	pthread_cleanup_push(clean, n);
	sleep_long();
	pthread_cleanup_pop(0);
	return 0;
}
GUEST int main(void)
{
	int one = 1;
	for (int i = 0; i < 3; i++) {
		pthread_t thread;
		void *result;
		waiting = 0;
		pthread_create(&thread, 0, work, &one);
		while (!waiting) usleep(1000);
		pthread_cancel(thread);
		pthread_join(thread, &result);
		printf("%d %d\n", result == PTHREAD_CANCELED, cleaned);
	}
	return 0;
}
