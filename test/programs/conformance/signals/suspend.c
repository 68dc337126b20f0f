// sigsuspend, sigwait and pause called by host code.
#include "sides.h"
#include <signal.h>
#include <unistd.h>
static volatile sig_atomic_t seen;
HOST void handle(int number) { seen += number; }
HOST int wait_once(void)
{
	sigset_t set, old;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, &old);
	raise(SIGUSR1);
	int before = seen;
	sigsuspend(&old);
	int number = 0;
	raise(SIGUSR1);
	sigwait(&set, &number);
	return before == 0 && seen == SIGUSR1 && number == SIGUSR1;
}
GUEST int main(void)
{
	signal(SIGUSR1, handle);
	printf("%d\n", wait_once());
	return 0;
}
