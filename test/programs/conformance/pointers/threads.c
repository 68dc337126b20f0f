// Function pointers handed from thread to thread, made by one side and called by the other.
// options: -pthread
#include "sides.h"
#include <pthread.h>
struct task { long (*call)(long); long argument, result; struct task *next; };
static struct task *queue;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
HOST long square(long n) { return n * n; }
GUEST long cube(long n) { return n * n * n; }
HOST void add(struct task *t) { pthread_mutex_lock(&lock); t->next = queue; queue = t; pthread_mutex_unlock(&lock); }
HOST struct task *take(void) { pthread_mutex_lock(&lock); struct task *t = queue; if (t) queue = t->next; pthread_mutex_unlock(&lock); return t; }
HOST void *work(void *unused) { for (struct task *t; (t = take()); ) t->result = t->call(t->argument); return unused; }
GUEST int main(void)
{
	static struct task tasks[100];
	pthread_t threads[3];
	long sum = 0;
	for (int i = 0; i < 100; i++) { tasks[i].call = i % 2 ? square : cube; tasks[i].argument = i; add(&tasks[i]); }
	for (int i = 0; i < 3; i++) pthread_create(&threads[i], 0, work, 0);
	for (int i = 0; i < 3; i++) pthread_join(threads[i], 0);
	for (int i = 0; i < 100; i++) sum += tasks[i].result;
	printf("%ld\n", sum);
	return 0;
}
