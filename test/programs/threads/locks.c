/* Locks with properties: robust, priority-inheriting, recursive, error-checking, timed, shared between processes. */
#include "../probe.h"
#include <semaphore.h>

static pthread_mutex_t make(int type, int robust, int protocol, int shared) {
  pthread_mutexattr_t attributes;
  pthread_mutex_t mutex;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, type);
  pthread_mutexattr_setrobust(&attributes, robust);
  pthread_mutexattr_setprotocol(&attributes, protocol);
  pthread_mutexattr_setpshared(&attributes, shared);
  MUST_0(pthread_mutex_init(&mutex, &attributes));
  return mutex;
}

static pthread_mutex_t *current;
static long count;

static void *lock_and_end(void *argument) {
  pthread_mutex_lock(current);
  return NULL;
}
static void *try_lock(void *argument) { return (void *)(long)pthread_mutex_trylock(current); }
static void *unlock_other(void *argument) { return (void *)(long)pthread_mutex_unlock(current); }
static void *count_up(void *argument) {
  for (int i = 0; i < 5000; i++) {
    pthread_mutex_lock(current);
    count++;
    pthread_mutex_unlock(current);
  }
  return NULL;
}
static void *timed(void *argument) {
  struct timespec when;
  clock_gettime(CLOCK_REALTIME, &when);
  when.tv_nsec += 20000000;
  if (when.tv_nsec >= 1000000000) when.tv_sec++, when.tv_nsec -= 1000000000;
  return (void *)(long)pthread_mutex_timedlock(current, &when);
}

static struct timespec soon(clockid_t clock) {
  struct timespec when;
  clock_gettime(clock, &when);
  when.tv_nsec += 10000000;
  if (when.tv_nsec >= 1000000000) when.tv_sec++, when.tv_nsec -= 1000000000;
  return when;
}

static void contend(const char *name, pthread_mutex_t *mutex) {
  current = mutex;
  count = 0;
  run_threads(6, count_up);
  printf("%s: %ld\n", name, count);
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static _Atomic int once_calls, once_wrong;
static void initialise(void) {
  sleep_ms(5);
  once_calls++;
}
static void *call_once_first(void *argument) {
  pthread_once(&once, initialise);
  if (once_calls != 1) once_wrong++;
  return NULL;
}

static pthread_barrier_t barrier;
static _Atomic int serial;
static void *pass_barrier(void *argument) {
  for (int i = 0; i < 300; i++) serial += pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD;
  return NULL;
}

static pthread_mutex_t wait_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
static int generation, sleeping;
static _Atomic int woken;
static void *wait_for_all(void *argument) {
  for (int i = 1; i <= 100; i++) {
    pthread_mutex_lock(&wait_lock);
    sleeping++;
    while (generation < i) pthread_cond_wait(&wake, &wait_lock);
    pthread_mutex_unlock(&wait_lock);
    woken++;
  }
  return NULL;
}

int main(void) {
  pthread_mutex_t plain = make(PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_STALLED, PTHREAD_PRIO_NONE, 0);
  pthread_mutex_t recursive = make(PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_STALLED, PTHREAD_PRIO_NONE, 0);
  pthread_mutex_t checked = make(PTHREAD_MUTEX_ERRORCHECK, PTHREAD_MUTEX_STALLED, PTHREAD_PRIO_NONE, 0);
  pthread_mutex_t adaptive = make(PTHREAD_MUTEX_ADAPTIVE_NP, PTHREAD_MUTEX_STALLED, PTHREAD_PRIO_NONE, 0);
  pthread_mutex_t inherits = make(PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_STALLED, PTHREAD_PRIO_INHERIT, 0);
  contend("plain", &plain);
  contend("recursive", &recursive);
  contend("checked", &checked);
  contend("adaptive", &adaptive);
  contend("priority-inheriting", &inherits);

  SHOW_ERROR(pthread_mutex_lock(&recursive));
  SHOW_ERROR(pthread_mutex_lock(&recursive));
  current = &recursive;
  printf("another: %s\n", strerrorname_np(join(start_thread(try_lock, NULL))));
  printf("another: %s\n", strerrorname_np(join(start_thread(unlock_other, NULL))));
  SHOW_ERROR(pthread_mutex_unlock(&recursive));
  SHOW_ERROR(pthread_mutex_unlock(&recursive));
  SHOW_ERROR(pthread_mutex_unlock(&recursive));
  SHOW_ERROR(pthread_mutex_lock(&checked));
  SHOW_ERROR(pthread_mutex_lock(&checked));
  current = &checked;
  printf("timed: %s\n", strerrorname_np(join(start_thread(timed, NULL))));
  SHOW_ERROR(pthread_mutex_unlock(&checked));
  SHOW_ERROR(pthread_mutex_unlock(&checked));
  SHOW_ERROR(pthread_mutex_lock(&inherits));
  SHOW_ERROR(pthread_mutex_trylock(&inherits));
  current = &inherits;
  printf("timed: %s\n", strerrorname_np(join(start_thread(timed, NULL))));
  SHOW_ERROR(pthread_mutex_unlock(&inherits));

  for (int protocol = PTHREAD_PRIO_NONE; protocol <= PTHREAD_PRIO_INHERIT; protocol++) {
    pthread_mutex_t robust = make(PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_ROBUST, protocol, 0);
    contend("robust", &robust);
    join(start_thread(lock_and_end, NULL));
    SHOW_ERROR(pthread_mutex_lock(&robust));
    SHOW_ERROR(pthread_mutex_consistent(&robust));
    SHOW_ERROR(pthread_mutex_unlock(&robust));
    join(start_thread(lock_and_end, NULL));
    SHOW_ERROR(pthread_mutex_trylock(&robust));
    SHOW_ERROR(pthread_mutex_unlock(&robust));
    SHOW_ERROR(pthread_mutex_lock(&robust));
  }

  /* In memory that two processes share; the owner is killed. */
  struct {
    pthread_mutex_t mutex, counted;
    sem_t held, more;
    long count;
  } *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  shared->mutex = make(PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_ROBUST, PTHREAD_PRIO_NONE, PTHREAD_PROCESS_SHARED);
  shared->counted = make(PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_STALLED, PTHREAD_PRIO_NONE, PTHREAD_PROCESS_SHARED);
  sem_init(&shared->held, 1, 0);
  sem_init(&shared->more, 1, 0);
  pid_t child = MUST(fork());
  if (child == 0) {
    for (int i = 0; i < 5000; i++) {
      pthread_mutex_lock(&shared->counted);
      shared->count++;
      pthread_mutex_unlock(&shared->counted);
    }
    pthread_mutex_lock(&shared->mutex);
    sem_post(&shared->held);
    for (;;) pause();
  }
  for (int i = 0; i < 5000; i++) {
    pthread_mutex_lock(&shared->counted);
    shared->count++;
    pthread_mutex_unlock(&shared->counted);
  }
  sem_wait(&shared->held);
  printf("shared count %ld\n", shared->count);
  SHOW_ERROR(pthread_mutex_trylock(&shared->mutex));
  kill(child, SIGKILL);
  show_status("the owner", wait_for(child));
  SHOW_ERROR(pthread_mutex_lock(&shared->mutex));
  SHOW_ERROR(pthread_mutex_consistent(&shared->mutex));
  SHOW_ERROR(pthread_mutex_unlock(&shared->mutex));

  run_threads(8, call_once_first);
  printf("once: %d, too early: %d\n", once_calls, once_wrong);
  pthread_barrier_init(&barrier, NULL, 5);
  run_threads(5, pass_barrier);
  printf("serial threads: %d\n", serial);

  pthread_t waiters[10];
  for (int i = 0; i < 10; i++) waiters[i] = start_thread(wait_for_all, NULL);
  for (int i = 0; i < 100; i++) {
    for (bool all = false; !all;) {
      pthread_mutex_lock(&wait_lock);
      all = sleeping == 10 * (i + 1);
      if (all) generation++;
      if (all) pthread_cond_broadcast(&wake);
      pthread_mutex_unlock(&wait_lock);
      if (!all) sched_yield();
    }
  }
  for (int i = 0; i < 10; i++) join(waiters[i]);
  printf("woken %d\n", woken);

  pthread_condattr_t monotonic;
  pthread_cond_t never;
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init(&never, &monotonic);
  struct timespec when = soon(CLOCK_MONOTONIC);
  pthread_mutex_lock(&plain);
  SHOW_ERROR(pthread_cond_timedwait(&never, &plain, &when));
  when = soon(CLOCK_REALTIME);
  SHOW_ERROR(pthread_cond_timedwait(&wake, &plain, &when));
  when = soon(CLOCK_MONOTONIC);
  SHOW_ERROR(pthread_cond_clockwait(&wake, &plain, CLOCK_MONOTONIC, &when));
  when = soon(CLOCK_REALTIME);
  SHOW(sem_timedwait(&shared->more, &when));
  pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
  SHOW_ERROR(pthread_rwlock_wrlock(&rwlock));
  SHOW_ERROR(pthread_rwlock_tryrdlock(&rwlock));
  SHOW_ERROR(pthread_rwlock_rdlock(&rwlock));
  SHOW_ERROR(pthread_rwlock_unlock(&rwlock));
  SHOW_ERROR(pthread_rwlock_rdlock(&rwlock));
  when = soon(CLOCK_REALTIME);
  SHOW_ERROR(pthread_rwlock_timedwrlock(&rwlock, &when));
}
