/* The sieve of Eratosthenes, a byte a number. Argument: repetitions. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT 4000000

static uint8_t composite[LIMIT];

int main(int argc, char **argv)
{
	long repetitions = argc > 1 ? atol(argv[1]) : 10;
	long sum = 0;
	for (long n = 0; n < repetitions; n++) {
		memset(composite, 0, sizeof composite);
		composite[n] = 1;
		for (long i = 2; i * i < LIMIT; i++)
			if (!composite[i])
				for (long j = i * i; j < LIMIT; j += i)
					composite[j] = 1;
		for (long i = 2; i < LIMIT; i++)
			sum += !composite[i];
	}
	printf("sieve %ld\n", sum);
	return 0;
}
