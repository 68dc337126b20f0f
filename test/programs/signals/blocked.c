/* A signal to one thread while it blocks in a call, computes, or waits for a lock: that thread handles it, and nothing is lost. */
#include "../probe.h"
#include <linux/futex.h>
#include <sys/epoll.h>

enum { KINDS = 7, ROUNDS = 40 };
static const char *const names[KINDS] = {"futex", "read", "epoll_wait", "nanosleep", "mutex", "condition", "computing"};
static pthread_t threads[KINDS];
static _Atomic int handled[KINDS], elsewhere, interrupted[KINDS], stop, ready;
static _Atomic pid_t ids[KINDS];
static _Thread_local int self = -1;
static uint32_t word;
static int ends[2], epoll_fd;
static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER, lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;

static void note(int number, siginfo_t *info, void *context) {
  int before = errno;
  if (self < 0 || info->si_value.sival_int != self) elsewhere++;
  else handled[self]++;
  close(-1);
  errno = before;
}

static void *run(void *argument) {
  self = (int)(long)argument;
  ids[self] = gettid();
  ready++;
  char byte;
  struct epoll_event event;
  volatile double x = 1;
  switch (self) {
  case 0:
    while (!stop) interrupted[0] += syscall(SYS_futex, &word, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 0, NULL, NULL, 0) == -1 && errno == EINTR;
    break;
  case 1:
    while (!stop) interrupted[1] += read(ends[0], &byte, 1) == -1 && errno == EINTR;
    break;
  case 2:
    while (!stop) interrupted[2] += epoll_wait(epoll_fd, &event, 1, -1) == -1 && errno == EINTR;
    break;
  case 3:
    while (!stop) interrupted[3] += nanosleep(&(struct timespec){1000, 0}, NULL) == -1 && errno == EINTR;
    break;
  case 4:
    pthread_mutex_lock(&held);
    pthread_mutex_unlock(&held);
    break;
  case 5:
    pthread_mutex_lock(&lock);
    while (!stop) pthread_cond_wait(&never, &lock);
    pthread_mutex_unlock(&lock);
    break;
  case 6:
    while (!stop) x = x * 1.0000001 + 0.5;
  }
  return NULL;
}

int main(void) {
  handle_signal(SIGRTMIN + 1, note, 0);
  MUST(pipe(ends));
  epoll_fd = MUST(epoll_create1(0));
  int unused[2];
  MUST(pipe(unused));
  MUST(epoll_ctl(epoll_fd, EPOLL_CTL_ADD, unused[0], &(struct epoll_event){.events = EPOLLIN}));
  pthread_mutex_lock(&held);
  for (long i = 0; i < KINDS; i++) threads[i] = start_thread(run, (void *)i);
  WAIT_UNTIL(ready == KINDS);
  for (int round = 1; round <= ROUNDS; round++)
    for (int i = 0; i < KINDS; i++) {
      if (round % 4 == 0 && i < 6) /* sleeping for certain */
        while (thread_state(getpid(), ids[i]) != 'S') sleep_ms(1);
      MUST_0(pthread_sigqueue(threads[i], SIGRTMIN + 1, (union sigval){.sival_int = i}));
      while (handled[i] < round) sched_yield();
    }
  for (int i = 0; i < KINDS; i++) printf("%s: handled %d, interrupted %s\n", names[i], handled[i], interrupted[i] ? "yes" : "no");
  printf("elsewhere %d\n", elsewhere);
  stop = 1;
  pthread_mutex_unlock(&held);
  pthread_mutex_lock(&lock);
  pthread_cond_broadcast(&never);
  pthread_mutex_unlock(&lock);
  /* The last signals end what still blocks. */
  for (int i = 0; i < 4; i++) {
    WAIT_UNTIL(thread_state(getpid(), ids[i]) == 'S' || thread_state(getpid(), ids[i]) == '?');
    pthread_sigqueue(threads[i], SIGRTMIN + 1, (union sigval){.sival_int = i});
  }
  for (int i = 0; i < KINDS; i++) join(threads[i]);
}
