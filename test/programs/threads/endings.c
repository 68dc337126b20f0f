/* The ways a process with threads ends; the first argument chooses one. */
#include "../probe.h"

static void *compute(void *argument) {
  for (volatile unsigned long i = 0;; i++) {}
  return NULL;
}
static void *sleep_on(void *argument) {
  for (;;) pause();
  return NULL;
}
static void *call_exit(void *argument) { exit(5); }
static void *call__exit(void *argument) { _exit(6); }
static void *call_abort(void *argument) { abort(); }
static volatile int *nowhere = (volatile int *)8;
static void *fault(void *argument) { return (void *)(long)**(volatile int **)argument; }
static void *kill_process(void *argument) {
  kill(getpid(), SIGTERM);
  return sleep_on(NULL);
}
static void *kill_thread(void *argument) {
  /* An uncaught signal ends all, whichever thread it was for. */
  pthread_kill((pthread_t)argument, SIGUSR1);
  return sleep_on(NULL);
}
static void *exit_thread(void *argument) {
  syscall(SYS_exit, 77);
  return NULL;
}
static void at_exit(void) { printf("atexit function\n"); }

int main(int argc, char **argv) {
  const char *mode = argc > 1 ? argv[1] : "";
  pthread_t thread;
  atexit(at_exit);
  for (int i = 0; i < 3; i++) pthread_create(&thread, NULL, i ? sleep_on : compute, NULL);
  if (!strcmp(mode, "return")) return 3;
  if (!strcmp(mode, "exit")) exit(4);
  if (!strcmp(mode, "thread-exit")) pthread_create(&thread, NULL, call_exit, NULL);
  if (!strcmp(mode, "thread-_exit")) pthread_create(&thread, NULL, call__exit, NULL);
  if (!strcmp(mode, "thread-abort")) pthread_create(&thread, NULL, call_abort, NULL);
  if (!strcmp(mode, "thread-fault")) pthread_create(&thread, NULL, fault, &nowhere);
  if (!strcmp(mode, "thread-kill")) pthread_create(&thread, NULL, kill_process, NULL);
  if (!strcmp(mode, "kill-thread")) pthread_create(&thread, NULL, kill_thread, (void *)thread);
  if (!strcmp(mode, "main-gone-exit")) {
    pthread_create(&thread, NULL, call_exit, NULL);
    pthread_exit(NULL);
  }
  if (!strcmp(mode, "main-gone-fault")) {
    pthread_create(&thread, NULL, fault, &nowhere);
    pthread_exit(NULL);
  }
  sleep_on(NULL);
}
