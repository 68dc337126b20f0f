/*
 * A signal meets each call that blocks: EINTR without SA_RESTART; with it the call goes on until what it waits for
 * happens, or gives EINTR all the same where signal(7) says so.
 */
#include "../probe.h"
#include <linux/futex.h>
#include <mqueue.h>
#include <poll.h>
#include <semaphore.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/un.h>

static int ends[2], full[2], pair[2], full_pair[2], listener, event_fd, timer_fd, signal_fd, watch_fd, epoll_fd, file, queue, set;
static pid_t child, second_child;
static uint32_t word;
static sem_t none;
static char bytes[65536];
static _Atomic int handled;

static void note(int number) { handled++; }
static void use_handler(int flags) {
  struct sigaction action = {.sa_handler = note, .sa_flags = flags};
  MUST(sigaction(SIGALRM, &action, NULL));
}

static long in_read(void) { return read(ends[0], bytes, 1); }
static long in_readv(void) { return readv(ends[0], &(struct iovec){bytes, 1}, 1); }
static long in_write(void) { return write(full[1], bytes, 4096); }
static long in_splice(void) { return splice(ends[0], NULL, full[1], NULL, 1, 0); }
static long in_recv(void) { return recv(pair[0], bytes, 1, 0); }
static long in_recvmsg(void) {
  struct iovec vector = {bytes, 1};
  return recvmsg(pair[0], &(struct msghdr){.msg_iov = &vector, .msg_iovlen = 1}, 0);
}
static long in_send(void) { return send(full_pair[0], bytes, sizeof bytes, 0); }
static long in_accept(void) { return accept(listener, NULL, NULL) < 0 ? -1 : 0; }
static long in_eventfd(void) { return read(event_fd, bytes, 8); }
static long in_timerfd(void) { return read(timer_fd, bytes, 8); }
static long in_signalfd(void) { return read(signal_fd, bytes, 128); }
static long in_inotify(void) { return read(watch_fd, bytes, 4096) > 0 ? 1 : -1; }
static long in_nanosleep(void) {
  struct timespec left = {0, 0};
  long result = nanosleep(&(struct timespec){0, 300000000}, &left);
  return result == -1 && (left.tv_sec > 0 || left.tv_nsec <= 0 || left.tv_nsec > 301000000) ? -2 : result;
}
static long in_clock_nanosleep(void) {
  int error = clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){0, 300000000}, NULL);
  return error ? (errno = error, -1) : 0;
}
static long in_poll(void) { return poll(&(struct pollfd){.fd = ends[0], .events = POLLIN}, 1, 300); }
static long in_ppoll(void) {
  sigset_t mask;
  sigemptyset(&mask);
  return ppoll(&(struct pollfd){.fd = ends[0], .events = POLLIN}, 1, &(struct timespec){0, 300000000}, &mask);
}
static long in_select(void) {
  fd_set fds;
  FD_ZERO(&fds);
  FD_SET(ends[0], &fds);
  return select(ends[0] + 1, &fds, NULL, NULL, &(struct timeval){0, 300000});
}
static long in_pselect(void) {
  sigset_t mask;
  sigemptyset(&mask);
  return pselect(0, NULL, NULL, NULL, &(struct timespec){0, 300000000}, &mask);
}
static long in_epoll_wait(void) { return epoll_wait(epoll_fd, &(struct epoll_event){0}, 1, 300); }
static long in_epoll_pwait(void) {
  sigset_t mask;
  sigemptyset(&mask);
  return epoll_pwait(epoll_fd, &(struct epoll_event){0}, 1, 300, &mask);
}
static long in_sigtimedwait(void) {
  sigset_t mask = signal_set(SIGUSR2);
  return sigtimedwait(&mask, NULL, &(struct timespec){0, 300000000});
}
static long in_pause(void) { return pause(); }
static long in_futex(void) { return syscall(SYS_futex, &word, FUTEX_WAIT, 0, &(struct timespec){0, 300000000}, NULL, 0); }
static long in_futex_bitset(void) {
  struct timespec until;
  clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_nsec += 300000000;
  if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
  return syscall(SYS_futex, &word, FUTEX_WAIT_BITSET, 0, &until, NULL, 1);
}
static long in_sem_wait(void) { return sem_wait(&none); }
static long in_waitpid(void) { return waitpid(second_child, NULL, 0) > 0 ? 1 : -1; }
static long in_waitid(void) { return waitid(P_PID, (id_t)child, &(siginfo_t){0}, WEXITED | WNOWAIT); }
static long in_flock(void) { return flock(file, LOCK_EX); }
static long in_setlkw(void) { return fcntl(file, F_SETLKW, &(struct flock){.l_type = F_WRLCK}); }
static long in_open(void) {
  int fd = open("fifo", O_RDONLY);
  return fd < 0 ? -1 : (close(fd), 1);
}
static long in_msgrcv(void) { return msgrcv(queue, bytes, 64, 0, 0); }
static long in_semop(void) { return semop(set, &(struct sembuf){0, -1, 0}, 1); }

/* What ends the wait of each that would last, done by a helper after some signals. */
static int other_file;
static void put(void) { write(ends[1], "x", 1); }
static void drain(void) { for (int i = 0; i < 16; i++) read(full[0], bytes, 4096); }
static void put_full(void) { drain(), put(); }
static void put_pair(void) { write(pair[1], "x", 1); }
static void drain_pair(void) { while (recv(full_pair[1], bytes, sizeof bytes, MSG_DONTWAIT) > 0) sleep_ms(2); }
static void connect_now(void) {
  struct sockaddr_un name;
  socklen_t length = sizeof name;
  getsockname(listener, (struct sockaddr *)&name, &length);
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  connect(fd, (struct sockaddr *)&name, length);
}
static void add_event(void) { eventfd_write(event_fd, 1); }
static void set_timer(void) { timerfd_settime(timer_fd, 0, &(struct itimerspec){{0, 0}, {0, 1}}, NULL); }
static void send_usr1(void) { kill(getpid(), SIGUSR1); }
static void touch(void) { close(open("watched/touched", O_CREAT | O_WRONLY, 0600)), unlink("watched/touched"); }
static void end_child(void) { kill(child, SIGKILL); }
static void end_second(void) { kill(second_child, SIGKILL); }
static void unlock(void) { flock(other_file, LOCK_UN); }
static void open_fifo(void) { close(open("fifo", O_WRONLY)); }
static void send_message(void) { msgsnd(queue, &(struct { long type; char text[4]; }){1, "abc"}, 4, 0); }
static void raise_semaphore(void) { semctl(set, 0, SETVAL, 1); }
static void post(void) { sem_post(&none); }

static const struct {
  const char *name;
  long (*call)(void);
  void (*end)(void);
} rows[] = {
#define ROW(name, end) {#name, in_##name, end}
    ROW(read, put), ROW(readv, put), ROW(write, drain), ROW(splice, put_full), ROW(recv, put_pair), ROW(recvmsg, put_pair),
    ROW(send, drain_pair), ROW(accept, connect_now), ROW(eventfd, add_event), ROW(timerfd, set_timer), ROW(signalfd, send_usr1),
    ROW(inotify, touch), ROW(nanosleep, NULL), ROW(clock_nanosleep, NULL), ROW(poll, NULL), ROW(ppoll, NULL),
    ROW(select, NULL), ROW(pselect, NULL), ROW(epoll_wait, NULL), ROW(epoll_pwait, NULL), ROW(sigtimedwait, NULL),
    ROW(pause, NULL), ROW(futex, NULL), ROW(futex_bitset, NULL), ROW(sem_wait, post), ROW(waitid, end_child),
    ROW(waitpid, end_second), ROW(flock, unlock), ROW(open, open_fifo), ROW(msgrcv, send_message), ROW(semop, raise_semaphore)};

static pthread_t main_thread;
static _Atomic bool stop;
/* A signal every other millisecond, and after some the end of the wait. */
static void *disturb(void *end) {
  for (int i = 0; !stop; i++) {
    pthread_kill(main_thread, SIGALRM);
    sleep_ms(2);
    if (i == 12 && end) ((void (*)(void))end)();
  }
  return NULL;
}
static void test(int row, bool restart) {
  stop = false;
  handled = 0;
  use_handler(restart ? SA_RESTART : 0);
  pthread_t helper = start_thread(disturb, restart ? (void *)rows[row].end : NULL);
  errno = 0;
  long result = rows[row].call();
  int error = errno;
  stop = true;
  join(helper);
  printf("%s: %ld %s, handled %s\n", rows[row].name, result, result < 0 ? strerrorname_np(error) : "", handled ? "some" : "none");
}

static void prepare(void) {
  MUST(pipe(ends));
  MUST(pipe(full));
  MUST(fcntl(full[1], F_SETFL, O_NONBLOCK));
  while (write(full[1], bytes, sizeof bytes) > 0) {}
  MUST(fcntl(full[1], F_SETFL, 0));
  MUST(fcntl(full[0], F_SETFL, O_NONBLOCK));
  MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
  MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, full_pair));
  while (send(full_pair[0], bytes, sizeof bytes, MSG_DONTWAIT) > 0) {}
  listener = MUST(socket(AF_UNIX, SOCK_STREAM, 0));
  MUST(bind(listener, (struct sockaddr *)&(struct sockaddr){AF_UNIX}, sizeof(sa_family_t)));
  MUST(listen(listener, 1));
  event_fd = MUST(eventfd(0, 0));
  timer_fd = MUST(timerfd_create(CLOCK_MONOTONIC, 0));
  block_signal(SIGUSR1);
  block_signal(SIGUSR2);
  sigset_t usr1 = signal_set(SIGUSR1);
  signal_fd = MUST(signalfd(-1, &usr1, 0));
  MUST(mkdir("watched", 0700));
  watch_fd = MUST(inotify_init());
  MUST(inotify_add_watch(watch_fd, "watched", IN_CREATE));
  epoll_fd = MUST(epoll_create1(0));
  MUST(epoll_ctl(epoll_fd, EPOLL_CTL_ADD, ends[0], &(struct epoll_event){.events = EPOLLIN}));
  file = MUST(open("lock", O_CREAT | O_RDWR, 0600));
  other_file = MUST(open("lock", O_RDWR));
  MUST(flock(other_file, LOCK_EX));
  MUST(mkfifo("fifo", 0600));
  queue = MUST(msgget(IPC_PRIVATE, 0600));
  set = MUST(semget(IPC_PRIVATE, 1, 0600));
  sem_init(&none, 0, 0);
  if ((child = MUST(fork())) == 0 || (second_child = MUST(fork())) == 0) {
    for (;;) pause();
  }
}

int main(void) {
  enter_scratch();
  main_thread = pthread_self();
  prepare();
  for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) test((int)i, false);
  printf("with SA_RESTART\n");
  for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) test((int)i, true);
  msgctl(queue, IPC_RMID, NULL);
  semctl(set, 0, IPC_RMID);
  unlink("lock"), unlink("fifo"), rmdir("watched");
  leave_scratch();
}
