// A signal in the handler of another, both over host code.
#include "sides.h"
#include <signal.h>
static volatile int depth, most;
HOST void handle(int number)
{
	if (++depth > most) most = depth;
	if (number == SIGUSR1) raise(SIGUSR2);
	if (number == SIGUSR2) raise(SIGTERM);
	depth--;
}
HOST int send(int n) { for (int i = 0; i < n; i++) raise(SIGUSR1); return most; }
GUEST int main(void)
{
	signal(SIGUSR1, handle);
	signal(SIGUSR2, handle);
	signal(SIGTERM, handle);
	printf("%d %d\n", send(100), depth);
	return 0;
}
