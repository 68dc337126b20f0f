// A loop on the host that only a signal ends.
#include "sides.h"
#include <signal.h>
#include <sys/time.h>
static volatile sig_atomic_t ticks;
HOST void tick(int number) { ticks += number == SIGALRM; }
HOST int wait_for(int n) { int turns = 0; while (ticks < n) turns |= 1; return turns; }
GUEST int main(void)
{
	struct itimerval timer = {{0, 2000}, {0, 2000}};
	signal(SIGALRM, tick);
	setitimer(ITIMER_REAL, &timer, 0);
	printf("%d\n", wait_for(20));
	return 0;
}
