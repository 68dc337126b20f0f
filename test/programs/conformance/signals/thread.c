// pthread_kill of a thread that is in a host loop without calls.
// options: -pthread
#include "sides.h"
#include <pthread.h>
#include <signal.h>
static volatile sig_atomic_t stop;
static volatile int started;
static pthread_t worker;
GUEST void handle(int number) { stop = number == SIGUSR1 && pthread_equal(pthread_self(), worker) ? 1 : 2; }
HOST void *spin(void *unused) { started = 1; while (!stop) ; return unused; }
GUEST int main(void)
{
	signal(SIGUSR1, handle);
	pthread_create(&worker, 0, spin, 0);
	while (!started) ;
	pthread_kill(worker, SIGUSR1);
	pthread_join(worker, 0);
	printf("%d\n", stop);
	return 0;
}
