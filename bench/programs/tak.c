/* Calls with three arguments: Takeuchi's function. Argument: repetitions. */
#include <stdio.h>
#include <stdlib.h>

__attribute__((noinline)) static int tak(int x, int y, int z)
{
	return y < x ? tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y)) : z;
}

int main(int argc, char **argv)
{
	long repetitions = argc > 1 ? atol(argv[1]) : 10;
	long sum = 0;
	for (long i = 0; i < repetitions; i++)
		sum += tak(22 + (int)(sum & 1), 14, 7);
	printf("tak %ld\n", sum);
	return 0;
}
