// C11 threads: thrd_create, mtx, cnd, tss, call_once.
// options: -pthread
#include "sides.h"
#include <threads.h>
static once_flag flag = ONCE_FLAG_INIT;
static mtx_t lock;
static tss_t key;
static int made, ended, count;
HOST void make(void) { made++; }
HOST void end(void *value) { ended += *(int *)value; }
HOST int work(void *n)
{
	call_once(&flag, make);
	tss_set(key, n);
	for (int i = 0; i < 1000; i++) { mtx_lock(&lock); count++; mtx_unlock(&lock); }
	return *(int *)n * 2;
}
GUEST int main(void)
{
	thrd_t threads[3];
	int values[3] = {1, 2, 3}, sum = 0, result;
	mtx_init(&lock, mtx_plain);
	tss_create(&key, end);
	for (int i = 0; i < 3; i++) thrd_create(&threads[i], work, &values[i]);
	for (int i = 0; i < 3; i++) { thrd_join(threads[i], &result); sum += result; }
	printf("%d %d %d %d\n", made, ended, count, sum);
	return 0;
}
