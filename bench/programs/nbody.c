/* The n-body simulation of the demo. Argument: thousands of steps. */
#include "../../examples/demo/nbody.c"
#include <stdio.h>
#include <stdlib.h>

static void print_progress(long step, double energy)
{
	printf("%ld %.12f\n", step, energy);
}

int main(int argc, char **argv)
{
	long steps = (argc > 1 ? atol(argv[1]) : 8000) * 1000;
	printf("nbody %.15f\n", nbody_run(steps, steps / 4, print_progress));
	return 0;
}
