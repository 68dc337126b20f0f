/* Descriptors for events: epoll, eventfd, timerfd, signalfd, inotify, pidfd. */
#include "../syscalls/show.h"
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>

static void with_epoll(void) {
  int queue = epoll_create1(EPOLL_CLOEXEC), ends[2];
  SHOW(epoll_create1(1));
  SHOW(fcntl(queue, F_GETFD));
  pipe(ends);
  struct epoll_event event = {EPOLLIN, {.u64 = 0x0123456789abcdef}}, got[4];
  SHOW(epoll_ctl(queue, EPOLL_CTL_ADD, ends[0], &event));
  SHOW(epoll_ctl(queue, EPOLL_CTL_ADD, ends[0], &event));
  SHOW(epoll_ctl(queue, EPOLL_CTL_ADD, queue, &event));
  SHOW(epoll_ctl(queue, 9, ends[1], &event));
  SHOW(epoll_wait(queue, got, 4, 0));
  write(ends[1], "x", 1);
  SHOW(epoll_wait(queue, got, 4, 0));
  printf("%x %llx\n", got[0].events, (long long)got[0].data.u64);
  event = (struct epoll_event){EPOLLIN | EPOLLET | EPOLLONESHOT, {.ptr = &event}};
  SHOW(epoll_ctl(queue, EPOLL_CTL_MOD, ends[0], &event));
  SHOW(epoll_wait(queue, got, 4, 0));
  HOLDS(got[0].data.ptr == &event);
  SHOW(epoll_wait(queue, got, 4, 0));
  event = (struct epoll_event){EPOLLIN | EPOLLEXCLUSIVE, {.fd = 7}};
  SHOW(epoll_ctl(queue, EPOLL_CTL_MOD, ends[0], &event));
  SHOW(epoll_ctl(queue, EPOLL_CTL_DEL, ends[0], NULL));
  SHOW(epoll_ctl(queue, EPOLL_CTL_DEL, ends[0], NULL));
  SHOW(epoll_wait(queue, got, 0, 0));
  SHOW(epoll_wait(queue, got, -1, 0));
  SHOW(epoll_pwait2(queue, got, 4, &(struct timespec){0, 1000}, NULL));
  close(ends[1]);
  event = (struct epoll_event){EPOLLRDHUP, {.fd = 3}};
  SHOW(epoll_ctl(queue, EPOLL_CTL_ADD, ends[0], &event));
  SHOW(epoll_wait(queue, got, 4, 0));
  printf("%x %d\n", got[0].events, got[0].data.fd);
  close(ends[0]);
  /* More events than are converted at once. */
  enum { MANY = 300 };
  static struct epoll_event many[MANY];
  static int fds[MANY];
  setrlimit(RLIMIT_NOFILE, &(struct rlimit){1000, 1000});
  for (int i = 0; i < MANY; i++) {
    fds[i] = eventfd(1, 0);
    epoll_ctl(queue, EPOLL_CTL_ADD, fds[i], &(struct epoll_event){EPOLLIN | EPOLLET, {.u32 = i}});
  }
  int seen = 0, count;
  long sum = 0;
  while ((count = epoll_wait(queue, many, MANY, 0)) > 0)
    for (int i = 0; i < count; i++, seen++) sum += many[i].data.u32;
  printf("%d events, %ld\n", seen, sum);
  for (int i = 0; i < MANY; i++) close(fds[i]);
  close(queue);
}

static void with_eventfd(void) {
  int fd = eventfd(3, EFD_SEMAPHORE | EFD_NONBLOCK | EFD_CLOEXEC);
  uint64_t value = 5;
  HOLDS(fcntl(fd, F_GETFL) & O_NONBLOCK && fcntl(fd, F_GETFD) == FD_CLOEXEC);
  SHOW(write(fd, &value, 8));
  int reads = 0;
  while (read(fd, &value, 8) == 8) reads += (int)value;
  printf("%d reads, then %s\n", reads, strerrorname_np(errno));
  value = UINT64_MAX;
  SHOW(write(fd, &value, 8));
  SHOW(read(fd, &value, 4));
  SHOW(eventfd(0, 2));
  close(fd);
}

static void with_timerfd(void) {
  int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  struct itimerspec when = {{0, 1000000}, {0, 1000000}}, left;
  uint64_t count = 0;
  SHOW(timerfd_create(99, 0));
  SHOW(read(fd, &count, 8));
  SHOW(timerfd_settime(fd, 0, &when, NULL));
  struct pollfd polled = {fd, POLLIN, 0};
  SHOW(poll(&polled, 1, 10000));
  nanosleep(&(struct timespec){0, 5000000}, NULL);
  HOLDS(read(fd, &count, 8) == 8 && count >= 2);
  SHOW(timerfd_gettime(fd, &left));
  HOLDS(left.it_interval.tv_nsec == 1000000 && left.it_value.tv_nsec <= 1000000);
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  when = (struct itimerspec){{0, 0}, {now.tv_sec + 1000, 0}};
  SHOW(timerfd_settime(fd, TFD_TIMER_ABSTIME, &when, &left));
  SHOW(timerfd_gettime(fd, &left));
  HOLDS(left.it_value.tv_sec >= 998 && left.it_value.tv_sec <= 1000);
  SHOW(timerfd_settime(fd, 0, &(struct itimerspec){{0, 0}, {-1, 0}}, NULL));
  close(fd);
}

static void with_signalfd(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigaddset(&set, SIGRTMIN + 3);
  sigprocmask(SIG_BLOCK, &set, NULL);
  int fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
  struct signalfd_siginfo info;
  SHOW(read(fd, &info, sizeof info));
  kill(getpid(), SIGUSR1);
  sigqueue(getpid(), SIGRTMIN + 3, (union sigval){.sival_int = 77});
  SHOW(read(fd, &info, sizeof info));
  printf("signal %d code %d mine %d\n", info.ssi_signo, info.ssi_code, info.ssi_pid == (uint32_t)getpid());
  SHOW(read(fd, &info, sizeof info));
  printf("signal %d code %d value %d\n", info.ssi_signo, info.ssi_code, info.ssi_int);
  SHOW(read(fd, &info, 4));
  sigdelset(&set, SIGUSR1);
  SHOW(signalfd(fd, &set, 0) == fd);
  kill(getpid(), SIGUSR1);
  SHOW(read(fd, &info, sizeof info));
  SHOW(sigwaitinfo(&(sigset_t){{1ul << (SIGUSR1 - 1)}}, NULL));
  close(fd);
  sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void with_inotify(void) {
  int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  int watch = inotify_add_watch(fd, ".", IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_CLOSE_WRITE);
  char buffer[4096];
  close(open("made", O_CREAT | O_WRONLY, 0600));
  rename("made", "renamed");
  mkdir("folder", 0700);
  unlink("renamed");
  rmdir("folder");
  ssize_t size = read(fd, buffer, sizeof buffer);
  uint32_t cookie = 0;
  for (char *at = buffer; at < buffer + size;) {
    struct inotify_event *event = (struct inotify_event *)at;
    printf("%d %x %s %s\n", event->wd == watch, event->mask, event->len ? event->name : "",
           event->cookie == 0 ? "" : event->cookie == cookie ? "same" : "new");
    cookie = event->cookie;
    at += sizeof *event + event->len;
  }
  SHOW(read(fd, buffer, sizeof buffer));
  SHOW(inotify_rm_watch(fd, watch));
  SHOW(inotify_rm_watch(fd, watch));
  SHOW(inotify_add_watch(fd, "none", IN_ALL_EVENTS));
  SHOW(inotify_init1(1));
  close(fd);
}

static void with_pidfd(void) {
  pid_t child = fork();
  if (child == 0) {
    pause();
    _exit(1);
  }
  int fd = syscall(SYS_pidfd_open, child, 0);
  HOLDS(fd >= 0 && fcntl(fd, F_GETFD) == FD_CLOEXEC);
  struct pollfd polled = {fd, POLLIN, 0};
  SHOW(poll(&polled, 1, 0));
  SHOW(syscall(SYS_pidfd_send_signal, fd, 0, NULL, 0));
  int ends[2];
  pipe(ends);
  SHOW(syscall(SYS_pidfd_getfd, fd, 99, 0));
  SHOW(syscall(SYS_pidfd_send_signal, fd, SIGTERM, NULL, 0));
  SHOW(poll(&polled, 1, 10000));
  printf("%x\n", polled.revents);
  siginfo_t info = {0};
  SHOW(waitid(3 /* P_PIDFD */, (id_t)fd, &info, WEXITED));
  printf("signal %d code %d status %d child %d\n", info.si_signo, info.si_code, info.si_status, info.si_pid == child);
  SHOW(syscall(SYS_pidfd_send_signal, fd, SIGTERM, NULL, 0));
  SHOW(syscall(SYS_pidfd_open, -1, 0));
  close(fd);
}

static void with_select(void) {
  int ends[2], pair[2];
  pipe(ends);
  socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
  dup2(ends[0], 200);
  write(ends[1], "x", 1);
  fd_set in, out, except;
  FD_ZERO(&in);
  FD_ZERO(&out);
  FD_ZERO(&except);
  FD_SET(200, &in);
  FD_SET(pair[0], &in);
  FD_SET(pair[1], &out);
  struct timeval timeout = {1, 0};
  SHOW(select(201, &in, &out, &except, &timeout));
  printf("%d %d %d %ld\n", FD_ISSET(200, &in) != 0, FD_ISSET(pair[0], &in) != 0, FD_ISSET(pair[1], &out) != 0,
         (long)timeout.tv_sec);
  close(199);
  FD_ZERO(&in);
  FD_SET(199, &in);
  SHOW(select(200, &in, NULL, NULL, &timeout));
  SHOW(select(-1, NULL, NULL, NULL, NULL));
  struct timespec left = {0, 2000000};
  SHOW(syscall(SYS_pselect6, 0, NULL, NULL, NULL, &left, NULL));
  printf("%ld %ld\n", (long)left.tv_sec, left.tv_nsec);
  struct pollfd polled[] = {{ends[0], POLLIN | POLLRDNORM, 0}, {ends[1], POLLIN | POLLOUT, 0}, {999, POLLIN, 0}, {-5, POLLIN, 7}};
  SHOW(poll(polled, 4, -1));
  for (int i = 0; i < 4; i++) printf("%x ", polled[i].revents);
  printf("\n");
  left = (struct timespec){0, 2000000};
  SHOW(syscall(SYS_ppoll, NULL, 0, &left, NULL, 0));
  printf("%ld %ld\n", (long)left.tv_sec, left.tv_nsec);
  SHOW(syscall(SYS_ppoll, polled, 1, &(struct timespec){0, -1}, NULL, 0));
  close(200);
}

int main(void) {
  enter_scratch();
  with_epoll();
  with_eventfd();
  with_timerfd();
  with_signalfd();
  with_inotify();
  fflush(stdout);
  with_pidfd();
  with_select();
  leave_scratch();
  return 0;
}
