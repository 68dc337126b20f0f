// Threads that host code makes and joins, with host and guest starts, and results of both.
// options: -pthread
#include "sides.h"
#include <pthread.h>
HOST void *on_host(void *n) { long sum = 0; for (long i = 0; i < (long)n; i++) sum += i; return (void *)sum; }
GUEST void *on_guest(void *n) { return (void *)((long)on_host(n) * 2); }
HOST long both(long n)
{
	pthread_t a, b;
	void *x, *y;
	pthread_create(&a, 0, on_host, (void *)n);
	pthread_create(&b, 0, on_guest, (void *)n);
	pthread_join(a, &x);
	pthread_join(b, &y);
	return (long)x + (long)y;
}
GUEST int main(void) { for (int i = 0; i < 10; i++) printf("%ld\n", both(i * 100)); return 0; }
