/* setegid and seteuid while other threads run: libc sends them a signal of its own, so that all change. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { THREADS = 3, OTHER = 65534 };
static pthread_barrier_t ready, changed;
static long user[THREADS], group[THREADS];

static void *run(void *place) {
  long self = (long)place;
  for (int i = 0; i < 2; i++) {
    pthread_barrier_wait(&ready);
    pthread_barrier_wait(&changed);
    user[self] += syscall(SYS_geteuid);
    group[self] += syscall(SYS_getegid);
  }
  return NULL;
}

int main(void) {
  int root = getuid() == 0;
  gid_t groups[2] = {root ? OTHER : getegid(), getegid()};
  uid_t users[2] = {root ? OTHER : geteuid(), geteuid()};
  pthread_t threads[THREADS];
  pthread_barrier_init(&ready, NULL, THREADS + 1);
  pthread_barrier_init(&changed, NULL, THREADS + 1);
  for (long i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, run, (void *)i);
  for (int i = 0; i < 2; i++) {
    pthread_barrier_wait(&ready);
    /* Back again in the other order: without root's user id the group can not be changed. */
    if (i == 0) printf("group %d\n", setegid(groups[0]));
    printf("user %d\n", seteuid(users[i]));
    if (i == 1) printf("group %d\n", setegid(groups[1]));
    pthread_barrier_wait(&changed);
  }
  for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
  for (int i = 0; i < THREADS; i++)
    printf("thread %d: %d\n", i, user[i] == (long)users[0] + users[1] && group[i] == (long)groups[0] + groups[1]);
  return 0;
}
