// Four threads, nested and interleaved crossings through functions and pointers: none is lost. Argument: rounds of each thread, of 8.5
// crossings on average.
// options: -pthread
#include "sides.h"
#include <pthread.h>
static __thread long own;
static long shared, rounds = 20000;
HOST long down(long n);
GUEST long up(long n) { own++; return n == 0 ? 1 : down(n - 1) + 1; }
HOST long down(long n) { own++; return n == 0 ? 1 : up(n - 1) + 1; }
HOST long through(long (*f)(long), long n) { return f(n); }
GUEST void *work(void *seed)
{
	long (*functions[])(long) = {up, down};
	unsigned long state = (long)seed * 2654435761 + 1;
	long sum = 0, expected = 0;
	for (long i = 0; i < rounds; i++) {
		state = state * 6364136223846793005 + 1442695040888963407;
		long depth = state >> 60;
		sum += through(functions[state >> 32 & 1], depth);
		expected += depth + 1;
	}
	__atomic_fetch_add(&shared, own, __ATOMIC_RELAXED);
	return (void *)(long)(sum == expected && own == sum);
}
GUEST int main(int count, char **arguments)
{
	pthread_t threads[4];
	void *good;
	if (count > 1) rounds = atol(arguments[1]);
	for (long i = 0; i < 4; i++) pthread_create(&threads[i], 0, work, (void *)i);
	for (int i = 0; i < 4; i++) { pthread_join(threads[i], &good); printf("%ld\n", (long)good); }
	printf("%ld\n", shared);
	return 0;
}
