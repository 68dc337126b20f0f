/*
 * Eight threads share the operations given as argument (10 million without one) over every way that they can meet:
 * mutexes, condition variables, read-write locks, barriers, semaphores, spin locks, atomics, thread-local variables.
 * Only sums that no schedule changes are printed.
 */
#include "../probe.h"
#include <semaphore.h>

enum { THREADS = 8, KINDS = 8, STRIPES = 16, QUEUE = 64 };
static long rounds; /* operations of one kind in one thread */

static pthread_mutex_t stripe_locks[STRIPES];
static long stripes[STRIPES];
static pthread_rwlock_t table_lock = PTHREAD_RWLOCK_INITIALIZER;
static long table[2];
static pthread_barrier_t barrier;
static long phase_values[THREADS];
static sem_t slots, items;
static pthread_spinlock_t spin;
static long spun;
static _Atomic long counter;
static _Atomic uint64_t mixed;
static _Atomic int bits;
static _Thread_local long mine = 7;
static _Atomic long torn, mismatches, sum_of_mine;

static pthread_mutex_t queue_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t not_full = PTHREAD_COND_INITIALIZER, not_empty = PTHREAD_COND_INITIALIZER;
static long queue[QUEUE], queued, head;
static _Atomic long produced, consumed;

static void put(long value) {
  pthread_mutex_lock(&queue_lock);
  while (queued == QUEUE) pthread_cond_wait(&not_full, &queue_lock);
  queue[(head + queued++) % QUEUE] = value;
  pthread_cond_signal(&not_empty);
  pthread_mutex_unlock(&queue_lock);
}

static long get(void) {
  pthread_mutex_lock(&queue_lock);
  while (queued == 0) pthread_cond_wait(&not_empty, &queue_lock);
  long value = queue[head++ % QUEUE];
  queued--;
  pthread_cond_signal(&not_full);
  pthread_mutex_unlock(&queue_lock);
  return value;
}

static void use_stripes(uint64_t *random) {
  for (long i = 0; i < rounds; i++) {
    uint64_t which = next_random(random) % STRIPES;
    pthread_mutex_lock(&stripe_locks[which]);
    stripes[which]++;
    pthread_mutex_unlock(&stripe_locks[which]);
  }
}

static void use_table(uint64_t *random) {
  for (long i = 0; i < rounds; i++) {
    if (i % 8 == 0) {
      pthread_rwlock_wrlock(&table_lock);
      table[0]++;
      table[1] = table[0] * 3;
    } else {
      pthread_rwlock_rdlock(&table_lock);
      if (table[1] != table[0] * 3) torn++;
    }
    pthread_rwlock_unlock(&table_lock);
  }
}

/* Fewer, because each is a meeting of all. */
static void use_barrier(long self) {
  for (long i = 1; i <= rounds / 256; i++) {
    phase_values[self] = i;
    pthread_barrier_wait(&barrier);
    for (int other = 0; other < THREADS; other++)
      if (phase_values[other] != i) mismatches++;
    pthread_barrier_wait(&barrier);
  }
}

static void use_semaphores(long self) {
  for (long i = 0; i < rounds / 4; i++) {
    if (self % 2) {
      sem_wait(&slots);
      sem_post(&items);
    } else {
      sem_wait(&items);
      sem_post(&slots);
    }
  }
}

static void use_spin_lock(void) {
  for (long i = 0; i < rounds; i++) {
    pthread_spin_lock(&spin);
    spun++;
    pthread_spin_unlock(&spin);
  }
}

static void use_atomics(uint64_t *random) {
  for (long i = 0; i < rounds; i++) {
    atomic_fetch_add(&counter, i & 7);
    uint64_t value = next_random(random);
    atomic_fetch_xor(&mixed, value);
    uint64_t old = atomic_load(&mixed);
    while (!atomic_compare_exchange_weak(&mixed, &old, old ^ value ^ (value >> 7))) {}
    atomic_fetch_or(&bits, 1 << (value & 31));
  }
}

static void use_queue(long self) {
  for (long i = 0; i < rounds / 4; i++) {
    if (self % 2) {
      put(i);
      produced += i;
    } else {
      consumed += get();
    }
  }
}

static void use_own(void) {
  for (long i = 0; i < rounds; i++) *(volatile long *)&mine += i;
  sum_of_mine += mine;
}

static void *work(void *argument) {
  long self = (long)argument;
  uint64_t random = 88172645463325252u * (uint64_t)(2 * self + 1);
  use_stripes(&random);
  use_table(&random);
  use_barrier(self);
  use_semaphores(self);
  use_spin_lock();
  use_atomics(&random);
  use_queue(self);
  use_own();
  return NULL;
}

int main(int argc, char **argv) {
  long operations = argc > 1 ? atol(argv[1]) : 10000000;
  rounds = operations / (THREADS * KINDS);
  for (int i = 0; i < STRIPES; i++) pthread_mutex_init(&stripe_locks[i], NULL);
  pthread_barrier_init(&barrier, NULL, THREADS);
  pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
  sem_init(&slots, 0, 5);
  sem_init(&items, 0, 0);
  run_threads(THREADS, work);

  long total = 0;
  int free_slots, ready_items;
  for (int i = 0; i < STRIPES; i++) total += stripes[i];
  sem_getvalue(&slots, &free_slots);
  sem_getvalue(&items, &ready_items);
  printf("stripes %ld\ntable %ld %ld torn %ld\n", total, table[0], table[1], torn);
  printf("barrier mismatches %ld\nsemaphores %d %d\n", mismatches, free_slots, ready_items);
  printf("spin %ld\ncounter %ld mixed %016lx bits %x\n", spun, counter, (long)mixed, bits);
  printf("queue %ld, %s\nown %ld, main's %ld\n", produced, produced == consumed ? "all consumed" : "lost", sum_of_mine, mine);
}
