#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int work(int n) {
  return n * 2;
}

int main(int argc, char **argv) {
  if (argc > 1) {
    printf("again %d\n", work(4));
    return 7;
  }
  int status;
  pid_t child = fork();
  if (child == 0) _exit(work(3));
  waitpid(child, &status, 0);
  printf("child %d\n", WEXITSTATUS(status));
  fflush(stdout);
  execl("/proc/self/exe", argv[0], "again", NULL);
  return 1;
}
