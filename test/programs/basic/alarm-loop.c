/* A signal reaches its handler inside a loop that touches no memory. */
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

static void on_alarm(int number)
{
	(void)number;
	(void)!write(1, "alarm\n", 6);
	_exit(3);
}

int main(void)
{
	struct itimerval soon = {.it_value = {.tv_usec = 50000}};
	signal(SIGALRM, on_alarm);
	setitimer(ITIMER_REAL, &soon, 0);
	for (;;)
		;
}
