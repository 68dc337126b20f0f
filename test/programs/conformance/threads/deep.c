// Threads recurse on the host as deep as their stacks allow on the guest.
// options: -pthread
#include "sides.h"
#include <pthread.h>
HOST long deep(long n, long a) { volatile long frame[6]; frame[n % 6] = a; return n == 0 ? a : deep(n - 1, a ^ n) + frame[n % 6] % 2; }
GUEST void *work(void *n) { return (void *)deep((long)n, 5); }
GUEST int main(void)
{
	pthread_t threads[2];
	void *result;
	for (long i = 0; i < 2; i++) pthread_create(&threads[i], 0, work, (void *)(40000 + i));
	for (int i = 0; i < 2; i++) { pthread_join(threads[i], &result); printf("%ld\n", (long)result); }
	printf("%ld\n", deep(40000, 3));
	return 0;
}
