/* Prints on stderr how long the kernel of a benchmark ran: `kernel 0.123456 s`. */
#include <stdio.h>
#include <time.h>

static double seconds_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void print_kernel_time(double start)
{
	fprintf(stderr, "kernel %.6f s\n", seconds_now() - start);
}
