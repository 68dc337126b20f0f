/*
 * What the programs for threads, signals, processes and generated code share. Each prints the same lines on every machine
 * that keeps the rules of Linux, so that the run of the native build says what the guest's must print.
 */
#include "syscalls/show.h"
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

/* Lines leave at once: a child never prints its parent's again. */
__attribute__((constructor)) static void print_lines(void) { setvbuf(stdout, NULL, _IOLBF, 0); }

/* A call that must succeed; the program ends otherwise. */
#define MUST(call) must(#call, (long)(call))
static inline long must(const char *text, long result) {
  if (result == -1) {
    printf("%s failed: %s\n", text, strerrorname_np(errno));
    exit(99);
  }
  return result;
}

/* The name of an error number that a pthread function returned. */
#define SHOW_ERROR(call) show_error(#call, (call))
static inline void show_error(const char *text, int error) {
  printf("%s = %s\n", text, error == 0 ? "0" : strerrorname_np(error));
}
#define MUST_0(call) must_0(#call, (call))
static inline void must_0(const char *text, int error) {
  if (error) {
    printf("%s failed: %s\n", text, strerrorname_np(error));
    exit(99);
  }
}

/* Runs `run` in `count` threads, with 0, 1, … as argument, and waits for all. */
static inline void run_threads(int count, void *(*run)(void *)) {
  pthread_t threads[count];
  for (long i = 0; i < count; i++) MUST_0(pthread_create(&threads[i], NULL, run, (void *)i));
  for (int i = 0; i < count; i++) MUST_0(pthread_join(threads[i], NULL));
}

static inline pthread_t start_thread(void *(*run)(void *), void *argument) {
  pthread_t thread;
  MUST_0(pthread_create(&thread, NULL, run, argument));
  return thread;
}

static inline long join(pthread_t thread) {
  void *result;
  MUST_0(pthread_join(thread, &result));
  return (long)result;
}

static inline void sleep_ms(long ms) {
  struct timespec left = {ms / 1000, ms % 1000 * 1000000};
  while (nanosleep(&left, &left)) {}
}

static inline long long now_ns(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* xorshift64: the same sequence everywhere. */
static inline uint64_t next_random(uint64_t *state) {
  *state ^= *state << 13;
  *state ^= *state >> 7;
  *state ^= *state << 17;
  return *state;
}

/* Waits until the condition holds; the test's limit ends a program in which it never does. */
#define WAIT_UNTIL(condition) \
  while (!(condition)) sleep_ms(1)

/* The state letter of a thread of this process in /proc: S sleeps in a system call, R runs, Z has ended. */
static inline char thread_state(pid_t process, pid_t thread) {
  char path[64], text[512];
  snprintf(path, sizeof path, "/proc/%d/task/%d/stat", process, thread);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return '?';
  ssize_t length = read(fd, text, sizeof text - 1);
  close(fd);
  text[length < 0 ? 0 : length] = 0;
  char *end = strrchr(text, ')');
  return end ? end[2] : '?';
}

static inline sigset_t signal_set(int number) {
  sigset_t set;
  sigemptyset(&set);
  if (number) sigaddset(&set, number);
  return set;
}
static inline sigset_t block_signal(int number) {
  sigset_t set = signal_set(number), old;
  pthread_sigmask(SIG_BLOCK, &set, &old);
  return old;
}
static inline void unblock_signal(int number) {
  sigset_t set = signal_set(number);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}
static inline void handle_signal(int number, void (*handler)(int, siginfo_t *, void *), int flags) {
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = flags | SA_SIGINFO};
  MUST(sigaction(number, &action, NULL));
}

static inline const char *signal_name(int number) {
  static char text[16];
  const char *name = sigabbrev_np(number);
  if (name) snprintf(text, sizeof text, "SIG%s", name);
  else snprintf(text, sizeof text, "signal %d", number);
  return text;
}

/* How a process ended, as waitpid tells. */
static inline void show_status(const char *what, int status) {
  if (WIFEXITED(status)) printf("%s: exit %d\n", what, WEXITSTATUS(status));
  else if (WIFSIGNALED(status)) printf("%s: %s\n", what, signal_name(WTERMSIG(status)));
  else if (WIFSTOPPED(status)) printf("%s: stopped by %s\n", what, signal_name(WSTOPSIG(status)));
  else if (WIFCONTINUED(status)) printf("%s: continued\n", what);
  else printf("%s: status %#x\n", what, status);
}
static inline int wait_for(pid_t pid) {
  int status;
  while (waitpid(pid, &status, 0) != pid) MUST(errno == EINTR ? 0 : -1);
  return status;
}
