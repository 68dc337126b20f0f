/*
 * A daemon: the process that is started ends with status 7 when its grandchild listens on the socket that the first argument
 * names. That has threads, and answers lines with lines. The second argument says which descriptors it keeps open.
 */
#include "../code/emit.h"
#include <setjmp.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>

extern char **environ;
static char self[4096];
static atomic_long ticks;
static sigjmp_buf recovery;

static long generate(int first, int count) {
  char *code = map_code(PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
  long sum = 0;
  for (int i = first; i < first + count; i++) {
    return_constant(code, i);
    flush(code, BYTES);
    sum += call(code, 0);
  }
  MUST(munmap(code, PAGE));
  return sum;
}
/* With or without a pause, from before the end of the first process on. */
static void *tick(void *argument) {
  for (;;) {
    if (generate(1, 10) != 55) abort();
    ticks++;
    if (argument) sleep_ms(1);
  }
  return NULL;
}

/* Code from before the end of the first process, which is changed afterwards. */
static char *old_code;

static void *sum_in_thread(void *argument) { return (void *)generate((long)argument * 1000, 100); }
static long sum_in_threads(void) {
  pthread_t threads[4];
  long sum = 0;
  for (long i = 0; i < 4; i++) threads[i] = start_thread(sum_in_thread, (void *)i);
  for (int i = 0; i < 4; i++) sum += join(threads[i]);
  return sum;
}

static void recover(int number, siginfo_t *info, void *context) { siglongjmp(recovery, 1 + ((long)info->si_addr == 0x18)); }
static int fault(void) {
  handle_signal(SIGSEGV, recover, 0);
  int result = sigsetjmp(recovery, 1);
  if (result == 0) *(volatile int *)0x18 = 1;
  return result;
}

/* Status of a child that does `what`. */
static int child(int (*what)(void)) {
  pid_t pid = MUST(fork());
  if (pid == 0) _exit(what());
  return WEXITSTATUS(wait_for(pid));
}
static int fault_and_code(void) { return fault() * 10 + generate(0, 4) + child(fault); }
static int run_program(char *mode) {
  char *arguments[] = {self, "program", mode, NULL};
  pid_t pid;
  MUST_0(posix_spawn(&pid, self, NULL, NULL, arguments, environ));
  return WEXITSTATUS(wait_for(pid));
}

static int listen_at(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strcpy(address.sun_path, path);
  int fd = MUST(socket(AF_UNIX, SOCK_STREAM, 0));
  MUST(bind(fd, (struct sockaddr *)&address, sizeof address));
  MUST(listen(fd, 5));
  return fd;
}

static void answer(int listening, FILE *to, char *line) {
  char *word = strtok(line, " \n"), *argument = strtok(NULL, " \n");
  long number = argument ? atol(argument) : 0;
  if (!strcmp(word, "write")) fprintf(to, "wrote %d\n", close(MUST(creat(argument, 0644))));
  if (!strcmp(word, "code")) fprintf(to, "sum %ld\n", generate(number, 100));
  if (!strcmp(word, "old")) {
    fprintf(to, "was %ld", call(old_code, 0));
    return_constant(old_code, number);
    fprintf(to, ", is %ld\n", call(old_code, 0));
  }
  if (!strcmp(word, "threads")) fprintf(to, "sum %ld\n", sum_in_threads());
  if (!strcmp(word, "fault")) fprintf(to, "recovered %d\n", fault());
  if (!strcmp(word, "child")) fprintf(to, "status %d\n", child(fault_and_code));
  if (!strcmp(word, "program")) fprintf(to, "status %d\n", run_program("once"));
  if (!strcmp(word, "system")) fprintf(to, "status %d\n", WEXITSTATUS(system("exit 9")));
  if (!strcmp(word, "ticks")) {
    long before = ticks;
    WAIT_UNTIL(ticks > before + 5);
    fprintf(to, "ticks\n");
  }
  if (!strcmp(word, "parent")) fprintf(to, "session %d, group %d\n", getsid(0) != getpid(), getpgrp() != getpid());
  if (!strcmp(word, "become")) {
    char fd[16];
    snprintf(fd, sizeof fd, "%d", listening);
    fprintf(to, "becomes another\n");
    fclose(to);
    execl(self, self, "serve", fd, NULL);
  }
  if (!strcmp(word, "end")) {
    fprintf(to, "ends\n");
    fclose(to);
    exit(0);
  }
}

static void serve(int listening, int ready) {
  old_code = map_code(PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
  return_constant(old_code, 1);
  call(old_code, 0);
  for (long i = 0; i < 2; i++) start_thread(tick, (void *)i);
  WAIT_UNTIL(ticks > 10);
  if (ready >= 0) MUST(write(ready, "x", 1));
  close(ready);
  for (;;) {
    char line[4096];
    FILE *stream = fdopen(MUST(accept(listening, NULL, NULL)), "r+");
    setvbuf(stream, NULL, _IONBF, 0);
    while (fgets(line, sizeof line, stream)) answer(listening, stream, line);
    fclose(stream);
  }
}

static void become_daemon(const char *path, const char *keep) {
  int ends[2];
  char byte;
  MUST(pipe(ends));
  if (MUST(fork()) == 0) {
    MUST(setsid());
    if (MUST(fork())) _exit(0);
    chdir("/");
    int null = MUST(open("/dev/null", O_RDWR));
    for (int fd = 0; fd < 3; fd++)
      if (!strchr(keep, '0' + fd)) dup2(null, fd);
    close(null);
    serve(listen_at(path), ends[1]);
  }
  MUST(read(ends[0], &byte, 1));
  printf("started\n");
  exit(7);
}

/* Their parent is killed. */
static void leave_orphans(void) {
  for (int i = 0; i < 3; i++)
    if (MUST(fork()) == 0)
      for (;;) i == 0 ? generate(0, 10) : pause();
  kill(getpid(), SIGKILL);
}

int main(int argc, char **argv) {
  self[MUST(readlink("/proc/self/exe", self, sizeof self - 1))] = 0;
  if (argc > 2 && !strcmp(argv[1], "program")) return (int)generate(0, 5) + 20;
  if (argc > 2 && !strcmp(argv[1], "serve")) serve(atoi(argv[2]), -1);
  if (argc > 1 && !strcmp(argv[1], "orphans")) leave_orphans();
  if (argc > 2) become_daemon(argv[1], argv[2]);
  return 99;
}
