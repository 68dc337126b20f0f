/* A hybrid program whose child outlives it: host functions that call back go on there, in its children, and in its threads. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

typedef unsigned mix_function(unsigned);
unsigned mix(unsigned value) { return value * 2654435761u ^ value >> 13; }
unsigned fold(const unsigned *values, int count, mix_function *function) {
  unsigned result = 0;
  for (int i = 0; i < count; i++) result = function(result + values[i]);
  return result;
}
static unsigned values[1000];

static void *fold_all(void *argument) {
  unsigned result = 0;
  for (int i = 0; i < 200; i++) result += fold(values, 1000, mix);
  printf("%s: %08x\n", (const char *)argument, result);
  return NULL;
}

static void in_child(const char *name) {
  pid_t pid = fork();
  int status;
  if (pid == 0) {
    fold_all((void *)name);
    exit(0);
  }
  waitpid(pid, &status, 0);
}

int main(void) {
  int ends[2];
  char byte;
  pipe(ends);
  setvbuf(stdout, NULL, _IOLBF, 0);
  for (int i = 0; i < 1000; i++) values[i] = i * i;
  fold_all("first");
  if (fork()) exit(3);
  close(ends[1]);
  read(ends[0], &byte, 1); /* until the parent has ended */
  usleep(200000);
  fold_all("survivor");
  in_child("child");
  pthread_t thread;
  pthread_create(&thread, NULL, fold_all, "thread");
  pthread_join(thread, NULL);
  in_child("another child");
  return 0;
}
