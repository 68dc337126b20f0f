// Mutexes, conditions, barriers and semaphores used by host code.
// options: -pthread
#include "sides.h"
#include <pthread.h>
#include <semaphore.h>
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static sem_t full;
static int turn, log_[40], n;
HOST void *play(void *who)
{
	pthread_barrier_wait(&barrier);
	for (int i = 0; i < 10; i++) {
		pthread_mutex_lock(&lock);
		while (turn != (long)who) pthread_cond_wait(&changed, &lock);
		log_[n++] = (int)(long)who;
		turn = (turn + 1) % 4;
		pthread_cond_broadcast(&changed);
		pthread_mutex_unlock(&lock);
		sem_post(&full);
	}
	return 0;
}
HOST int drain(void) { int count = 0; while (sem_trywait(&full) == 0) count++; return count; }
GUEST int main(void)
{
	pthread_t threads[4];
	pthread_barrier_init(&barrier, 0, 4);
	sem_init(&full, 0, 0);
	for (long i = 0; i < 4; i++) pthread_create(&threads[i], 0, play, (void *)i);
	for (int i = 0; i < 4; i++) pthread_join(threads[i], 0);
	for (int i = 0; i < 40; i++) if (log_[i] != i % 4) puts("wrong");
	printf("%d %d\n", n, drain());
	return 0;
}
