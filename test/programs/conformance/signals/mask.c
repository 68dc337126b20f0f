// The handler's mask holds while it runs over host code, and the old one is back behind it.
#include "sides.h"
#include <signal.h>
static volatile sig_atomic_t order[4], n;
HOST void handle(int number)
{
	sigset_t now;
	order[n++] = number;
	if (number == SIGUSR1) order[n++] = 0;
	sigprocmask(SIG_BLOCK, 0, &now);
	order[3] += sigismember(&now, SIGUSR2);
}
HOST int blocked(void) { sigset_t now; sigprocmask(SIG_BLOCK, 0, &now); return sigismember(&now, SIGUSR1) + sigismember(&now, SIGUSR2); }
GUEST int main(void)
{
	struct sigaction action = {.sa_handler = handle};
	sigaddset(&action.sa_mask, SIGUSR2);
	sigaction(SIGUSR1, &action, 0);
	sigaction(SIGUSR2, &action, 0);
	raise(SIGUSR1);
	raise(SIGUSR2);
	printf("%d %d %d %d\n", order[0] == SIGUSR1, order[1], order[2] == SIGUSR2, blocked());
	return 0;
}
