/* A thread that waits, a child that exits, one that a signal ends, and programs that replace others. */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int ends[2];

static void *reader(void *argument) {
  char byte;
  (void)argument;
  if (read(ends[0], &byte, 1) != 1) abort();
  return NULL;
}

int main(int argc, char **argv) {
  if (argc > 1) _exit(4);
  pthread_t thread;
  int status;
  close_range(3, ~0u, 0);
  if (pipe(ends) != 0) return 1;
  pthread_create(&thread, NULL, reader, NULL);
  usleep(200000);
  if (write(ends[1], "x", 1) != 1) return 1;
  pthread_join(thread, NULL);
  pid_t child = fork();
  if (child == 0) _exit(3);
  waitpid(child, &status, 0);
  child = fork();
  if (child == 0) pause();
  usleep(200000);
  kill(child, SIGTERM);
  waitpid(child, &status, 0);
  child = vfork();
  if (child == 0) {
    execve(argv[0], (char *[]){"tree", "child", NULL}, (char *[]){NULL});
    _exit(5);
  }
  waitpid(child, &status, 0);
  execl("/bin/true", "true", NULL);
  return 1;
}
