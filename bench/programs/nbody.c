/* The n-body simulation of the demo. Argument: thousands of steps. */
#include "../../examples/demo/nbody.c"
#include "kernel-time.h"
#include <stdlib.h>

static void print_progress(long step, double energy)
{
	printf("%ld %.9f\n", step, energy);
}

int main(int argc, char **argv)
{
	long steps = (argc > 1 ? atol(argv[1]) : 8000) * 1000;
	double start = seconds_now(), energy = nbody_run(steps, steps / 4, print_progress);
	print_kernel_time(start);
	printf("nbody %.9f\n", energy);
	return 0;
}
