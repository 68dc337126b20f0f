// A signal without a handler ends the program in the middle of a host loop.
#include "sides.h"
#include <sys/time.h>
#include <signal.h>
HOST int forever(volatile long *count) { for (;;) ++*count; return 0; }
GUEST int main(void)
{
	volatile long count = 0;
	struct itimerval timer = {{0, 0}, {0, 5000}};
	puts("start");
	fflush(stdout);
	setitimer(ITIMER_REAL, &timer, 0);
	return forever(&count);
}
