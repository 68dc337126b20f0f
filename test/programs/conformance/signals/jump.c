// siglongjmp out of a handler that interrupted a host loop, many times.
#include "sides.h"
#include <setjmp.h>
#include <signal.h>
#include <sys/time.h>
static sigjmp_buf back;
HOST void out(int number) { siglongjmp(back, number); }
HOST int forever(volatile long *count) { for (;;) ++*count; return 0; }
GUEST int main(void)
{
	volatile long count = 0;
	volatile int rounds = 0;
	signal(SIGVTALRM, out);
	while (rounds < 10) {
		struct itimerval timer = {{0, 0}, {0, 1000}};
		if (sigsetjmp(back, 1) == 0) {
			setitimer(ITIMER_VIRTUAL, &timer, 0);
			forever(&count);
		}
		rounds++;
	}
	printf("%d %d\n", rounds, count > 0);
	return 0;
}
