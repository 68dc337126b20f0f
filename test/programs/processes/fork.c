/* fork in many shapes: statuses, a thousand times, trees, from threads, with locks held, orphans and zombies. */
#include "../probe.h"
#include <sys/prctl.h>

static pid_t start(void (*run)(long), long argument) {
  pid_t pid = MUST(fork());
  if (pid == 0) {
    run(argument);
    _exit(0);
  }
  return pid;
}

static long global = 5;
static int *shared;
static void change(long value) {
  global = value;
  *shared += (int)value;
  _exit((int)(global + 1));
}
static void end(long status) { exit((int)status); }

/* Width 2, depth 8: 255 processes, each adds itself and the sums of its children. */
static int tree(int depth) {
  int sum = 1;
  if (depth > 1) {
    int ends[2];
    MUST(pipe(ends));
    pid_t children[2];
    for (int i = 0; i < 2; i++) {
      children[i] = MUST(fork());
      if (children[i] == 0) {
        int below = tree(depth - 1);
        MUST(write(ends[1], &below, sizeof below));
        _exit(depth);
      }
    }
    for (int i = 0; i < 2; i++) {
      int below, status = wait_for(children[i]);
      if (status != depth << 8) printf("status %#x at depth %d\n", status, depth);
      MUST(read(ends[0], &below, sizeof below));
      sum += below;
    }
    close(ends[0]), close(ends[1]);
  }
  return sum;
}

static void *fork_in_thread(void *argument) {
  long self = (long)argument, sum = 0;
  for (int i = 0; i < 25; i++) {
    pid_t pid = MUST(fork());
    if (pid == 0) {
      /* The only thread of the child. */
      char *text = malloc(1000);
      snprintf(text, 1000, "%ld", self);
      _exit(gettid() == getpid() ? atoi(text) + 10 : 99);
    }
    int status = wait_for(pid);
    sum += WEXITSTATUS(status);
  }
  return (void *)sum;
}

static _Atomic bool stop;
static void *use_malloc(void *argument) {
  uint64_t random = (uint64_t)argument + 1;
  void *held[64] = {0};
  while (!stop) {
    uint64_t r = next_random(&random);
    free(held[r % 64]);
    held[r % 64] = malloc(r >> 8 & 0x3fff);
  }
  for (int i = 0; i < 64; i++) free(held[i]);
  return NULL;
}

static int prepared, in_parent, in_child;
static void prepare(void) { prepared++; }
static void parent(void) { in_parent++; }
static void child(void) { in_child++; }

static char state_of(pid_t pid) { return thread_state(pid, pid); }

int main(void) {
  shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  show_status("changed", wait_for(start(change, 40)));
  printf("parent's %ld, shared %d\n", global, *shared);
  for (int i = 0; i < 3; i++) show_status("status", wait_for(start(end, i * 127 + 1)));
  pid_t pid = MUST(fork());
  if (pid == 0) _exit(getppid() == *shared ? 1 : getpid() > 1 && getpgrp() == getpgid(getppid()) ? 2 : 3);
  show_status("relations", wait_for(pid));

  long sum = 0;
  for (int i = 0; i < 1000; i++) {
    int status = wait_for(start(end, i % 200));
    sum += WEXITSTATUS(status);
  }
  printf("a thousand: %ld\n", sum);
  pid_t many[60];
  sum = 0;
  for (int i = 0; i < 60; i++) many[i] = start(end, i);
  for (int i = 59; i >= 0; i--) sum += WEXITSTATUS(wait_for(many[i])) * i;
  printf("sixty at once: %ld\n", sum);
  printf("tree: %d\n", tree(8));

  pthread_t threads[6];
  for (long i = 0; i < 6; i++) threads[i] = start_thread(fork_in_thread, (void *)i);
  sum = 0;
  for (int i = 0; i < 6; i++) sum += join(threads[i]);
  printf("from threads: %ld\n", sum);

  pthread_t users[3];
  for (long i = 0; i < 3; i++) users[i] = start_thread(use_malloc, (void *)i);
  sum = 0;
  for (int i = 0; i < 100; i++) {
    pid = MUST(fork());
    if (pid == 0) {
      int ok = 0;
      for (int j = 0; j < 100; j++) {
        char *bytes = malloc(100 + (size_t)j * 50);
        memset(bytes, j, 100);
        ok += bytes[99] == j;
        free(bytes);
      }
      char text[32];
      snprintf(text, sizeof text, "%.3f", 1.5);
      _exit(ok == 100 && !strcmp(text, "1.500") ? 1 : 0);
    }
    sum += WEXITSTATUS(wait_for(pid));
  }
  stop = true;
  for (int i = 0; i < 3; i++) join(users[i]);
  printf("with malloc's locks: %ld\n", sum);

  pthread_atfork(prepare, parent, child);
  pid = MUST(fork());
  if (pid == 0) _exit(prepared * 100 + in_parent * 10 + in_child);
  show_status("atfork in the child", wait_for(pid));
  printf("atfork in the parent: %d %d %d\n", prepared, in_parent, in_child);

  /* A zombie until it is waited for. */
  pid = start(end, 3);
  WAIT_UNTIL(state_of(pid) == 'Z');
  printf("zombie, kill %d\n", kill(pid, 0));
  show_status("zombie", wait_for(pid));
  SHOW(kill(pid, 0));
  SHOW(waitpid(pid, NULL, 0));

  /* An orphan comes to this process, which adopts. */
  MUST(prctl(PR_SET_CHILD_SUBREAPER, 1));
  int ends[2];
  MUST(pipe(ends));
  pid = MUST(fork());
  if (pid == 0) {
    pid_t middle = getpid(), orphan = fork();
    if (orphan == 0) {
      WAIT_UNTIL(getppid() != middle);
      pid_t adopter = getppid();
      write(ends[1], &adopter, sizeof adopter);
      _exit(17);
    }
    _exit(0);
  }
  wait_for(pid);
  pid_t adopter;
  MUST(read(ends[0], &adopter, sizeof adopter));
  int status;
  MUST(waitpid(-1, &status, 0));
  printf("adopted %d, ", adopter == getpid());
  show_status("the orphan", status);

  /* A child of a child of a child goes on with what it has: stack, heap, files, time. */
  pid = MUST(fork());
  if (pid == 0) {
    FILE *file = tmpfile();
    fprintf(file, "first");
    fflush(file);
    if ((pid = fork()) == 0) {
      fprintf(file, " second");
      fflush(file);
      if ((pid = fork()) == 0) {
        fprintf(file, " third");
        fflush(file);
        char text[64] = "";
        pread(fileno(file), text, 63, 0);
        printf("%s\n", text);
        _exit(0);
      }
      _exit(wait_for(pid));
    }
    _exit(wait_for(pid));
  }
  show_status("generations", wait_for(pid));
}
