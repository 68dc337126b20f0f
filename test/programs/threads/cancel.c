/* pthread_cancel at every kind of cancellation point, deferred, disabled and asynchronous; clean-up handlers. */
#include "../probe.h"
#include <poll.h>
#include <semaphore.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>

static _Atomic pid_t waiting;
static int pipe_ends[2], full_pipe[2], epoll_fd, listener;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
static sem_t none;
static pthread_t sleeper;

static void clean_up(void *text) { printf("  cleaned up: %s\n", (char *)text); }
static void unlock(void *mutex) { printf("  unlocked: %s\n", pthread_mutex_unlock(mutex) == 0 ? "held" : "not held"); }
static void in_read(void) { char byte; read(pipe_ends[0], &byte, 1); }
static void in_write(void) { char bytes[4096] = {0}; write(full_pipe[1], bytes, sizeof bytes); }
static void in_nanosleep(void) { nanosleep(&(struct timespec){1000, 0}, NULL); }
static void in_poll(void) { poll(&(struct pollfd){.fd = pipe_ends[0], .events = POLLIN}, 1, -1); }
static void in_select(void) {
  fd_set set;
  FD_ZERO(&set);
  FD_SET(pipe_ends[0], &set);
  select(pipe_ends[0] + 1, &set, NULL, NULL, NULL);
}
static void in_epoll(void) { struct epoll_event event; epoll_wait(epoll_fd, &event, 1, -1); }
static void in_accept(void) { accept(listener, NULL, NULL); }
static void in_pause(void) { pause(); }
static void in_sigwait(void) { int number; sigset_t set = signal_set(SIGUSR1); sigwait(&set, &number); }
static void in_sem_wait(void) { sem_wait(&none); }
static void in_cond_wait(void) {
  pthread_mutex_lock(&lock);
  pthread_cleanup_push(unlock, &lock);
  for (;;) pthread_cond_wait(&never, &lock);
  pthread_cleanup_pop(0);
}
static void in_join(void) { pthread_join(sleeper, NULL); }
static void in_test(void) {
  for (;;) pthread_testcancel();
}

static void *call(void *function) {
  pthread_cleanup_push(clean_up, "outer");
  pthread_cleanup_push(clean_up, "inner");
  waiting = gettid();
  ((void (*)(void))function)();
  pthread_cleanup_pop(0);
  pthread_cleanup_pop(0);
  return "not cancelled";
}

static void *disabled(void *argument) {
  int old;
  SHOW_ERROR(pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old));
  waiting = gettid();
  char byte = 0;
  read(pipe_ends[0], &byte, 1);
  printf("  read %c while cancelling was disabled\n", byte);
  pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &old);
  pthread_cleanup_push(clean_up, "when enabled");
  pthread_testcancel();
  pthread_cleanup_pop(0);
  return "not cancelled";
}

static void *asynchronous(void *argument) {
  int old;
  pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old);
  pthread_cleanup_push(clean_up, "in a loop");
  waiting = gettid();
  for (volatile long i = 0;; i++) {}
  pthread_cleanup_pop(0);
  return "not cancelled";
}

static void cancel(const char *name, pthread_t thread) {
  WAIT_UNTIL(waiting);
  /* Asleep in the call, as far as its kind sleeps. */
  for (int i = 0; i < 50 && thread_state(getpid(), waiting) != 'S'; i++) sleep_ms(1);
  MUST_0(pthread_cancel(thread));
  if (!strcmp(name, "disabled")) write(pipe_ends[1], "x", 1);
  void *result;
  MUST_0(pthread_join(thread, &result));
  printf("  %s\n", result == PTHREAD_CANCELED ? "cancelled" : (char *)result);
  waiting = 0;
}

static void start_and_cancel(const char *name, void *(*run)(void *), void *argument) {
  printf("%s\n", name);
  cancel(name, start_thread(run, argument));
}

int main(void) {
  MUST(pipe(pipe_ends));
  MUST(pipe(full_pipe));
  MUST(fcntl(full_pipe[1], F_SETFL, O_NONBLOCK));
  char bytes[4096] = {0};
  while (write(full_pipe[1], bytes, sizeof bytes) > 0) {}
  MUST(fcntl(full_pipe[1], F_SETFL, 0));
  epoll_fd = MUST(epoll_create1(0));
  listener = MUST(socket(AF_UNIX, SOCK_STREAM, 0));
  MUST(bind(listener, (struct sockaddr *)&(struct sockaddr){AF_UNIX}, sizeof(sa_family_t)));
  MUST(listen(listener, 1));
  sem_init(&none, 0, 0);
  block_signal(SIGUSR1);
  sleeper = start_thread(call, in_pause);
  WAIT_UNTIL(waiting);
  waiting = 0;

#define CANCEL(name) start_and_cancel(#name, call, name)
  CANCEL(in_read);
  CANCEL(in_write);
  CANCEL(in_nanosleep);
  CANCEL(in_poll);
  CANCEL(in_select);
  CANCEL(in_epoll);
  CANCEL(in_accept);
  CANCEL(in_pause);
  CANCEL(in_sigwait);
  CANCEL(in_sem_wait);
  CANCEL(in_cond_wait);
  CANCEL(in_join);
  CANCEL(in_test);
  start_and_cancel("disabled", disabled, NULL);
  start_and_cancel("asynchronous", asynchronous, NULL);
  waiting = gettid();
  printf("the sleeper\n");
  cancel("the sleeper", sleeper);
  SHOW_ERROR(pthread_mutex_trylock(&lock));
}
