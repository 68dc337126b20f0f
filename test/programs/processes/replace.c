/* execve while seven other threads run, from main and from another thread; execve that fails there; fork with threads. */
#include "../probe.h"

extern char **environ;
static char self[4096];
static _Atomic long work;
static _Atomic int ready;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *compute(void *argument) {
  ready++;
  for (;;) {
    if (argument) {
      pthread_mutex_lock(&lock);
      work++;
      pthread_mutex_unlock(&lock);
    } else {
      free(malloc(100));
      work++;
    }
  }
  return NULL;
}
static void *sleep_on(void *argument) {
  ready++;
  for (;;) pause();
  return NULL;
}
static void *replace(void *argument) {
  ready++;
  while (ready < 7) sched_yield();
  if (argument) {
    execl("/no/such/program", "none", NULL);
    printf("  failed: %s, threads go on\n", strerrorname_np(errno));
    long before = work;
    while (work == before) sched_yield();
  }
  execl(self, "program", "told", argument ? "after a failure" : "by a thread", NULL);
  return NULL;
}

static void start_threads(int count) {
  for (long i = 0; i < count; i++) start_thread(i % 3 == 2 ? sleep_on : compute, (void *)(i % 2));
}
static void from_main(void) {
  start_threads(7);
  WAIT_UNTIL(ready == 7);
  execl(self, "program", "told", "by main", NULL);
}
static void from_thread(void) {
  start_threads(6);
  join(start_thread(replace, NULL));
}
static void after_failure(void) {
  start_threads(6);
  join(start_thread(replace, "fail"));
}
static void main_is_gone(void) {
  start_threads(6);
  start_thread(replace, NULL);
  pthread_exit(NULL);
}
static void to_host_program(void) {
  start_threads(7);
  WAIT_UNTIL(ready == 7);
  execl("/bin/echo", "echo", "  the host's echo", NULL);
}

static void run(const char *what, void (*begin)(void)) {
  printf("%s\n", what);
  pid_t pid = MUST(fork());
  if (pid == 0) {
    begin();
    _exit(100);
  }
  show_status("  end", wait_for(pid));
}

int main(int argc, char **argv) {
  if (argc > 2) {
    char threads[64];
    snprintf(threads, sizeof threads, "/proc/%d/task", getpid());
    printf("  started %s, main thread %d\n", argv[2], getpid() == gettid());
    return 4;
  }
  self[MUST(readlink("/proc/self/exe", self, sizeof self - 1))] = 0;
  for (int round = 0; round < 5; round++) {
    run("from main", from_main);
    run("from a thread", from_thread);
    run("after a failure", after_failure);
    run("when main is gone", main_is_gone);
    run("to a host program", to_host_program);
  }
}
