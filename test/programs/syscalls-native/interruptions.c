/*
 * Which waiting calls a handler ends, with and without SA_RESTART (signal(7)). A child interrupts each call again and again; a call
 * that starts again ends by what the child does after that.
 */
#include "../syscalls/show.h"
#include <linux/aio_abi.h>
#include <linux/futex.h>
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

static volatile sig_atomic_t caught;
static void handler(int number) {
  (void)number;
  caught++;
}

static int ends[2], pair[2], listener, timed, queue, semaphores, posix_queue, events, counter, locked;
static int *word, *ended;
static char *big;
static struct sockaddr_un address = {AF_UNIX, "socket"};

/* What ends a call that started again; in the child. */
static void finish_pipe(void) { write(ends[1], "x", 1); }
static void finish_write(void) { read(ends[0], big, 1 << 20); }
static void finish_socket(void) { write(pair[1], "x", 1); }
static void finish_accept(void) {
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  connect(fd, (void *)&address, sizeof address);
  usleep(100000);
}
static void finish_futex(void) {
  __atomic_store_n(word, 1, __ATOMIC_SEQ_CST);
  syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}
static void finish_nothing(void) {}
static void finish_message(void) { msgsnd(queue, &(struct { long type; char text; }){1, 'x'}, 1, 0); }
static void finish_semaphore(void) { semop(semaphores, &(struct sembuf){0, 1, 0}, 1); }
static void finish_queue(void) { mq_send(posix_queue, "x", 1, 0); }
static void finish_fifo(void) { close(open("fifo", O_WRONLY | O_NONBLOCK)); }
static void finish_counter(void) { write(counter, &(uint64_t){1}, 8); }
static void finish_inotify(void) { close(open("created", O_CREAT | O_WRONLY, 0600)); }

static char byte;
static long try_read(void) { return read(ends[0], &byte, 1); }
static long try_readv(void) { return syscall(SYS_readv, ends[0], &(struct { void *p; size_t n; }){&byte, 1}, 1); }
static long try_write(void) {
  fcntl(ends[1], F_SETFL, O_NONBLOCK);
  while (write(ends[1], big, 4096) > 0) continue;
  fcntl(ends[1], F_SETFL, 0);
  errno = 0;
  return write(ends[1], big, 4096);
}
static long try_recv(void) { return recv(pair[0], &byte, 1, 0); }
static long try_recvmsg(void) {
  struct iovec { void *p; size_t n; } vector = {&byte, 1};
  return recvmsg(pair[0], &(struct msghdr){.msg_iov = (void *)&vector, .msg_iovlen = 1}, 0);
}
static long try_timed_recv(void) { return recv(timed, &byte, 1, 0); }
static long try_timed_read(void) { return read(timed, &byte, 1); }
static long try_accept(void) { return accept(listener, NULL, NULL); }
static long try_futex(void) { return syscall(SYS_futex, word, FUTEX_WAIT, 0, NULL, NULL, 0); }
static long try_timed_futex(void) { return syscall(SYS_futex, word, FUTEX_WAIT, 0, &(struct timespec){60, 0}, NULL, 0); }
static long try_bitset(void) {
  struct timespec end;
  clock_gettime(CLOCK_MONOTONIC, &end);
  end.tv_sec += 60;
  return syscall(SYS_futex, word, FUTEX_WAIT_BITSET, 0, &end, NULL, FUTEX_BITSET_MATCH_ANY);
}
static long try_nanosleep(void) { return nanosleep(&(struct timespec){60, 0}, NULL); }
static long try_clock(void) {
  int error = clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){60, 0}, NULL);
  errno = error;
  return error ? -1 : 0;
}
static long try_poll(void) { return poll(&(struct pollfd){ends[0], POLLIN, 0}, 1, 60000); }
static long try_select(void) {
  fd_set set;
  FD_ZERO(&set);
  FD_SET(ends[0], &set);
  return select(ends[0] + 1, &set, NULL, NULL, &(struct timeval){60, 0});
}
static long try_epoll(void) { return epoll_wait(events, &(struct epoll_event){0}, 1, 60000); }
static long try_suspend(void) { return sigsuspend(&(sigset_t){0}); }
static long try_timed_wait(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  return sigtimedwait(&set, NULL, &(struct timespec){60, 0});
}
static long try_message(void) { return msgrcv(queue, &(struct { long type; char text[8]; }){0}, 8, 0, 0); }
static long try_semaphore(void) { return semop(semaphores, &(struct sembuf){0, -1, 0}, 1); }
static long try_queue(void) {
  char text[64];
  return mq_receive(posix_queue, text, sizeof text, NULL);
}
static long try_fifo(void) { return open("fifo", O_RDONLY); }
static long try_flock(void) { return flock(locked, LOCK_EX); }
static long try_lock(void) { return fcntl(locked, F_SETLKW, &(struct flock){.l_type = F_WRLCK, .l_len = 1}); }
static long try_counter(void) { return read(counter, &(uint64_t){0}, 8); }
static long try_inotify(void) {
  static int watcher;
  char buffer[256];
  if (!watcher) {
    watcher = inotify_init();
    inotify_add_watch(watcher, ".", IN_CREATE);
  }
  return read(watcher, buffer, sizeof buffer);
}
static long try_wait(void) { return wait4(-1, NULL, 0, NULL); }
static long try_waitid(void) { return waitid(P_ALL, 0, &(siginfo_t){0}, WEXITED); }

/* The child has a lock of the file that the parent wants. */
static void hold_flock(void) {
  int fd = open("locked", O_RDWR);
  flock(fd, LOCK_EX);
}
static void hold_lock(void) {
  int fd = open("locked", O_RDWR);
  fcntl(fd, F_SETLK, &(struct flock){.l_type = F_WRLCK, .l_len = 1});
}

static void probe(const char *name, long (*call)(void), void (*finish)(void), void (*prepare)(void)) {
  for (int restart = 0; restart < 2; restart++) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = restart ? SA_RESTART : 0};
    sigaction(SIGUSR1, &action, NULL);
    int ready[2];
    pipe(ready);
    *word = *ended = 0;
    pid_t parent = getpid(), child = fork();
    if (child == 0) {
      if (prepare) prepare();
      write(ready[1], "x", 1);
      /* Without SA_RESTART until one has come during the call; on a machine that is busy the first ones may not. */
      for (int i = 0; restart ? i < 3 : i < 2000 && !__atomic_load_n(ended, __ATOMIC_SEQ_CST); i++) {
        usleep(10000);
        kill(parent, SIGUSR1);
      }
      usleep(10000);
      if (restart) finish();
      _exit(0);
    }
    read(ready[0], &byte, 1);
    caught = 0;
    errno = 0;
    long result = call();
    int error = result < 0 ? errno : 0;
    __atomic_store_n(ended, 1, __ATOMIC_SEQ_CST);
    printf("%s, %s: %s\n", name, restart ? "SA_RESTART" : "no flags",
           error ? strerrorname_np(error) : caught ? "started again" : "not interrupted");
    if (call == try_accept || call == try_fifo) close((int)result);
    close(ready[0]);
    close(ready[1]);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR) continue;
    /* Takes what an interrupted call left behind. */
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    char rest[4096];
    while (read(ends[0], rest, sizeof rest) > 0) continue;
    fcntl(ends[0], F_SETFL, 0);
    while (recv(pair[0], &byte, 1, MSG_DONTWAIT) > 0) continue;
    fcntl(listener, F_SETFL, O_NONBLOCK);
    int connection = accept(listener, NULL, NULL);
    if (connection >= 0) close(connection);
    fcntl(listener, F_SETFL, 0);
    msgrcv(queue, &(struct { long type; char text[8]; }){0}, 8, 0, IPC_NOWAIT);
    semop(semaphores, &(struct sembuf){0, -1, IPC_NOWAIT}, 1);
    if (posix_queue >= 0) {
      struct mq_attr attributes = {.mq_flags = O_NONBLOCK};
      mq_setattr(posix_queue, &attributes, NULL);
      mq_receive(posix_queue, rest, 64, NULL);
      attributes.mq_flags = 0;
      mq_setattr(posix_queue, &attributes, NULL);
    }
    struct pollfd counted = {counter, POLLIN, 0};
    if (poll(&counted, 1, 0) > 0) read(counter, &(uint64_t){0}, 8);
    unlink("created");
  }
}

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  enter_scratch();
  pipe(ends);
  socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
  int other[2];
  socketpair(AF_UNIX, SOCK_STREAM, 0, other);
  timed = other[0];
  setsockopt(timed, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){60, 0}, sizeof(struct timeval));
  listener = socket(AF_UNIX, SOCK_STREAM, 0);
  bind(listener, (void *)&address, sizeof address);
  listen(listener, 5);
  queue = msgget(IPC_PRIVATE, 0600);
  semaphores = semget(IPC_PRIVATE, 1, 0600);
  char name[64];
  snprintf(name, sizeof name, "/ferry-%d", getpid());
  posix_queue = mq_open(name, O_CREAT | O_RDWR, 0600, &(struct mq_attr){.mq_maxmsg = 4, .mq_msgsize = 64});
  mq_unlink(name);
  mkfifo("fifo", 0600);
  locked = open("locked", O_CREAT | O_RDWR, 0600);
  counter = eventfd(0, 0);
  events = epoll_create1(0);
  word = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  ended = word + 1;
  big = calloc(1, 1 << 20);

  probe("read of a pipe", try_read, finish_pipe, NULL);
  probe("readv of a pipe", try_readv, finish_pipe, NULL);
  probe("write to a full pipe", try_write, finish_write, NULL);
  probe("recv", try_recv, finish_socket, NULL);
  probe("recvmsg", try_recvmsg, finish_socket, NULL);
  probe("recv with a timeout", try_timed_recv, finish_nothing, NULL);
  probe("read of a socket with a timeout", try_timed_read, finish_nothing, NULL);
  probe("accept", try_accept, finish_accept, NULL);
  probe("futex", try_futex, finish_futex, NULL);
  probe("futex with a timeout", try_timed_futex, finish_futex, NULL);
  probe("futex with an end", try_bitset, finish_futex, NULL);
  probe("nanosleep", try_nanosleep, finish_nothing, NULL);
  probe("clock_nanosleep", try_clock, finish_nothing, NULL);
  probe("poll", try_poll, finish_pipe, NULL);
  probe("select", try_select, finish_pipe, NULL);
  probe("epoll_wait", try_epoll, finish_nothing, NULL);
  probe("sigsuspend", try_suspend, finish_nothing, NULL);
  probe("sigtimedwait", try_timed_wait, finish_nothing, NULL);
  probe("msgrcv", try_message, finish_message, NULL);
  probe("semop", try_semaphore, finish_semaphore, NULL);
  probe("mq_receive", try_queue, finish_queue, NULL);
  probe("open of a FIFO", try_fifo, finish_fifo, NULL);
  probe("flock", try_flock, finish_nothing, hold_flock);
  flock(locked, LOCK_UN);
  probe("F_SETLKW", try_lock, finish_nothing, hold_lock);
  probe("read of an eventfd", try_counter, finish_counter, NULL);
  probe("read of an inotify descriptor", try_inotify, finish_inotify, NULL);
  probe("wait4", try_wait, finish_nothing, NULL);
  probe("waitid", try_waitid, finish_nothing, NULL);
  msgctl(queue, IPC_RMID, NULL);
  semctl(semaphores, 0, IPC_RMID);
  unlink("fifo");
  unlink("locked");
  unlink("socket");
  leave_scratch();
  return 0;
}
