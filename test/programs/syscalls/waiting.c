/* Waiting for descriptors: poll, select, epoll, and the descriptors made for it. */
#include "show.h"
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/select.h>
#include <sys/timerfd.h>
#include <time.h>

int main(void) {
  int ends[2];
  char byte;
  enter_scratch();
  SHOW(pipe(ends));
  struct pollfd p[2] = {{ends[0], POLLIN, 0}, {ends[1], POLLOUT, 0}};
  SHOW(poll(p, 1, 0));
  SHOW(poll(p, 2, -1));
  printf("revents %x %x\n", p[0].revents, p[1].revents);
  struct timespec brief = {0, 1000000};
  SHOW(ppoll(p, 1, &brief, NULL));
  sigset_t mask;
  sigfillset(&mask);
  SHOW(ppoll(p, 1, &brief, &mask));
  SHOW(write(ends[1], "x", 1));
  SHOW(ppoll(p, 2, NULL, &mask));
  printf("revents %x %x\n", p[0].revents, p[1].revents);
  SHOW(poll((void *)8, 1, 0));
  fd_set in, out;
  FD_ZERO(&in);
  FD_ZERO(&out);
  FD_SET(ends[0], &in);
  FD_SET(ends[1], &out);
  SHOW(select(ends[1] + 1, &in, &out, NULL, NULL));
  SHOW(pselect(ends[0] + 1, &in, NULL, NULL, &brief, &mask));
  HOLDS(FD_ISSET(ends[0], &in));
  SHOW(read(ends[0], &byte, 1));
  SHOW(pselect(ends[0] + 1, &in, NULL, NULL, &brief, NULL));
  HOLDS(!FD_ISSET(ends[0], &in));
  SHOW(select(-1, NULL, NULL, NULL, NULL));

  int queue = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event event = {.events = EPOLLIN, .data.u64 = 0x1122334455667788}, got[4];
  SHOW(epoll_ctl(queue, EPOLL_CTL_ADD, ends[0], &event));
  SHOW(epoll_ctl(queue, EPOLL_CTL_ADD, ends[0], &event));
  event = (struct epoll_event){.events = EPOLLOUT | EPOLLET, .data.u64 = UINT64_MAX - 1};
  SHOW(epoll_ctl(queue, EPOLL_CTL_ADD, ends[1], &event));
  SHOW(epoll_wait(queue, got, 4, -1));
  printf("events %x data %lx\n", got[0].events, (unsigned long)got[0].data.u64);
  SHOW(epoll_wait(queue, got, 4, 0));
  SHOW(write(ends[1], "abc", 3));
  SHOW(epoll_pwait(queue, got, 4, 10, &mask));
  for (int i = 0; i < 2; i++) {
    if (got[i].events & EPOLLIN) printf("in: data %lx\n", (unsigned long)got[i].data.u64);
  }
  SHOW(epoll_wait(queue, got, 0, 0));
  SHOW(epoll_ctl(queue, EPOLL_CTL_MOD, ends[0], (void *)8));
  SHOW(epoll_ctl(queue, EPOLL_CTL_DEL, ends[0], NULL));
  SHOW(epoll_ctl(queue, EPOLL_CTL_DEL, ends[0], NULL));

  int counter = eventfd(3, EFD_NONBLOCK);
  uint64_t value = 4;
  SHOW(write(counter, &value, 8));
  SHOW(read(counter, &value, 8));
  printf("value %lu\n", (unsigned long)value);
  SHOW(read(counter, &value, 8));
  int timer = timerfd_create(CLOCK_MONOTONIC, 0);
  struct itimerspec spec = {{0, 1000000}, {0, 1000000}};
  SHOW(timerfd_settime(timer, 0, &spec, NULL));
  SHOW(read(timer, &value, 8));
  HOLDS(value >= 1);
  SHOW(timerfd_gettime(timer, &spec));
  HOLDS(spec.it_interval.tv_nsec == 1000000);

  int watch = inotify_init1(IN_NONBLOCK);
  SHOW(inotify_add_watch(watch, ".", IN_CREATE | IN_DELETE));
  close(open("new", O_CREAT | O_WRONLY, 0600));
  unlink("new");
  char buffer[512];
  ssize_t length = read(watch, buffer, sizeof buffer);
  for (char *at = buffer; at < buffer + length;) {
    struct inotify_event *e = (struct inotify_event *)at;
    printf("%s %s\n", e->mask & IN_CREATE ? "created" : "deleted", e->name);
    at += sizeof *e + e->len;
  }
  SHOW(inotify_rm_watch(watch, 1));
  leave_scratch();
  return 0;
}
