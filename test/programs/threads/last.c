/* The main thread ends first; the process ends with its last thread, with status 0 and what atexit registered. */
#include "../probe.h"

static void at_exit(void) { printf("atexit function\n"); }
static void *outlive(void *main_thread) {
  pthread_join((pthread_t)main_thread, NULL);
  char state = 0;
  WAIT_UNTIL((state = thread_state(getpid(), getpid())) == 'Z');
  printf("main's state %c, still process %d\n", state, getpid() != gettid());
  int status;
  pid_t child = MUST(fork());
  if (child == 0) _exit(9);
  show_status("a child of the survivor", wait_for(child));
  return NULL;
}

int main(void) {
  atexit(at_exit);
  start_thread(outlive, (void *)pthread_self());
  pthread_exit((void *)1);
}
