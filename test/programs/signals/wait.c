/* Waiting for signals: sigsuspend, sigtimedwait, signalfd; real-time signals in their order, with their values. */
#include "../probe.h"
#include <poll.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>

static volatile int order[64], values[64], ordered;
static void note(int number, siginfo_t *info, void *context) {
  order[ordered % 64] = number - SIGRTMIN;
  values[ordered++ % 64] = info->si_value.sival_int;
}
static void queue(int number, int value) { MUST(sigqueue(getpid(), number, (union sigval){.sival_int = value})); }
static void show_order(const char *what) {
  printf("%s:", what);
  for (int i = 0; i < ordered && i < 64; i++) printf(" %d=%d", order[i], values[i]);
  printf(" (%d)\n", ordered);
  ordered = 0;
}
static void *send_soon(void *argument) {
  sleep_ms(10);
  kill(getpid(), (int)(long)argument);
  return NULL;
}

int main(void) {
  sigset_t set, old, all, none = signal_set(0);
  sigfillset(&all);
  for (int i = 0; i < 6; i++) {
    struct sigaction action = {.sa_sigaction = note, .sa_flags = SA_SIGINFO, .sa_mask = all};
    MUST(sigaction(SIGRTMIN + i, &action, NULL));
  }
  sigprocmask(SIG_BLOCK, &all, &old);
  int sent[] = {3, 1, 3, 0, 5, 1, 1, 3, 2};
  for (unsigned i = 0; i < sizeof sent / sizeof *sent; i++) queue(SIGRTMIN + sent[i], (int)i);
  sigpending(&set);
  printf("pending:");
  for (int i = 0; i < 6; i++) printf(" %d", sigismember(&set, SIGRTMIN + i));
  printf("\n");
  sigprocmask(SIG_SETMASK, &none, NULL);
  show_order("real-time");

  /* Without sa_mask a lower one interrupts the handler of a higher one at once: the frames stack. */
  for (int i = 0; i < 6; i++) {
    struct sigaction action = {.sa_sigaction = note, .sa_flags = SA_SIGINFO};
    MUST(sigaction(SIGRTMIN + i, &action, NULL));
  }
  sigprocmask(SIG_BLOCK, &all, NULL);
  for (unsigned i = 0; i < sizeof sent / sizeof *sent; i++) queue(SIGRTMIN + sent[i], (int)i);
  sigprocmask(SIG_SETMASK, &none, NULL);
  show_order("stacked");

  sigprocmask(SIG_BLOCK, &all, NULL);
  for (int i = 0; i < 1000; i++) queue(SIGRTMIN + 1, i);
  siginfo_t info;
  set = signal_set(SIGRTMIN + 1);
  long sum = 0;
  int in_order = 1;
  for (int i = 0; i < 1000; i++) {
    MUST(sigwaitinfo(&set, &info));
    in_order &= info.si_value.sival_int == i && info.si_code == SI_QUEUE;
    sum += info.si_value.sival_int;
  }
  printf("queue: sum %ld in order %d\n", sum, in_order);
  struct timespec brief = {0, 3000000}, zero = {0, 0};
  SHOW(sigtimedwait(&set, &info, &brief));
  SHOW(sigtimedwait(&set, &info, &zero));
  SHOW(sigtimedwait(&set, &info, &(struct timespec){0, 1000000000}));
  queue(SIGRTMIN + 4, 4), queue(SIGRTMIN + 2, 2), kill(getpid(), SIGUSR1), queue(SIGRTMIN + 3, 3);
  sigaddset(&set, SIGUSR1), sigaddset(&set, SIGRTMIN + 2), sigaddset(&set, SIGRTMIN + 3), sigaddset(&set, SIGRTMIN + 4);
  for (int i = 0; i < 4; i++) {
    int number = sigtimedwait(&set, &info, &zero);
    printf("waited: %s%d code %d\n", number == SIGUSR1 ? "USR1 " : "", number - SIGRTMIN, info.si_code);
  }
  int number;
  pthread_t sender = start_thread(send_soon, (void *)SIGUSR1);
  SHOW_ERROR(sigwait(&set, &number));
  printf("sigwait: %d\n", number == SIGUSR1);
  join(sender);

  /* A handler of a signal that is not waited for interrupts. */
  sigset_t only = all;
  sigdelset(&only, SIGRTMIN + 5);
  sigprocmask(SIG_SETMASK, &only, NULL);
  sender = start_thread(send_soon, (void *)(long)(SIGRTMIN + 5));
  SHOW(sigwaitinfo(&set, &info));
  show_order("meanwhile");
  join(sender);

  sigprocmask(SIG_SETMASK, &all, NULL);
  for (int i = 0; i < 3; i++) {
    queue(SIGRTMIN + 5, i);
    SHOW(sigsuspend(&only));
    sigprocmask(SIG_SETMASK, NULL, &set);
    show_order("sigsuspend");
    printf("blocked again %d\n", sigismember(&set, SIGRTMIN + 5));
  }
  sender = start_thread(send_soon, (void *)(long)(SIGRTMIN + 5));
  SHOW(sigsuspend(&only));
  show_order("sigsuspend that slept");
  join(sender);

  int fd = MUST(signalfd(-1, &all, SFD_NONBLOCK | SFD_CLOEXEC));
  struct signalfd_siginfo records[8];
  SHOW(read(fd, records, sizeof records));
  SHOW(read(fd, records, 100));
  queue(SIGRTMIN + 2, 22), queue(SIGRTMIN + 2, 23), kill(getpid(), SIGTERM), kill(getpid(), SIGTERM);
  struct pollfd waiting = {.fd = fd, .events = POLLIN};
  SHOW(poll(&waiting, 1, -1));
  ssize_t length = read(fd, records, sizeof records);
  for (int i = 0; i < length / (ssize_t)sizeof *records; i++)
    printf("signalfd: %d code %d pid %d uid %d int %d\n", (int)records[i].ssi_signo == SIGTERM ? -1 : (int)records[i].ssi_signo - SIGRTMIN,
           records[i].ssi_code, records[i].ssi_pid == getpid(), records[i].ssi_uid == getuid(), records[i].ssi_int);
  set = signal_set(SIGUSR2);
  SHOW(signalfd(fd, &set, 0) == fd);
  queue(SIGRTMIN, 1), kill(getpid(), SIGUSR2);
  length = read(fd, records, sizeof records);
  printf("changed: %zd, USR2 %d\n", length / (ssize_t)sizeof *records, records[0].ssi_signo == SIGUSR2);
  int epoll = MUST(epoll_create1(0));
  MUST(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &(struct epoll_event){.events = EPOLLIN, .data.u64 = 42}));
  struct epoll_event event;
  SHOW(epoll_wait(epoll, &event, 1, 0));
  sender = start_thread(send_soon, (void *)SIGUSR2);
  SHOW(epoll_wait(epoll, &event, 1, -1));
  printf("data %d\n", (int)event.data.u64);
  join(sender);

  /* The limit of queued signals. */
  struct rlimit limit, few = {0, 0};
  getrlimit(RLIMIT_SIGPENDING, &limit);
  few.rlim_max = limit.rlim_max;
  setrlimit(RLIMIT_SIGPENDING, &few);
  SHOW(sigqueue(getpid(), SIGRTMIN + 4, (union sigval){.sival_int = 1}));
  SHOW(kill(getpid(), SIGHUP));
}
