/* The problem of the queens by backtracking, one call for each queen that is placed. Argument: repetitions. */
#include <stdio.h>
#include <stdlib.h>

#define SIDE 10

static int columns[SIDE], rising[2 * SIDE], falling[2 * SIDE];

__attribute__((noinline)) static int place(int row)
{
	if (row == SIDE)
		return 1;
	int solutions = 0;
	for (int column = 0; column < SIDE; column++) {
		if (columns[column] || rising[row + column] || falling[row - column + SIDE])
			continue;
		columns[column] = rising[row + column] = falling[row - column + SIDE] = 1;
		solutions += place(row + 1);
		columns[column] = rising[row + column] = falling[row - column + SIDE] = 0;
	}
	return solutions;
}

int main(int argc, char **argv)
{
	long repetitions = argc > 1 ? atol(argv[1]) : 20;
	long solutions = 0;
	for (long i = 0; i < repetitions; i++)
		solutions += place(0);
	printf("queens %ld\n", solutions);
	return 0;
}
