/* Deep recursion: Ackermann's function. Argument: repetitions. */
#include <stdio.h>
#include <stdlib.h>

__attribute__((noinline)) static int ackermann(int m, int n)
{
	if (m == 0)
		return n + 1;
	if (n == 0)
		return ackermann(m - 1, 1);
	return ackermann(m - 1, ackermann(m, n - 1));
}

int main(int argc, char **argv)
{
	long repetitions = argc > 1 ? atol(argv[1]) : 10;
	long sum = 0;
	for (long i = 0; i < repetitions; i++)
		sum += ackermann(3, 8 + (int)(sum & 1));
	printf("ackermann %ld\n", sum);
	return 0;
}
