/* Prints how it was started and its arguments; with --exec, starts another program instead. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

int main(int argc, char **argv) {
  char text[4096] = "";
  if (argc > 2 && !strcmp(argv[1], "--exec")) {
    execv(argv[2], argv + 2);
    puts(strerrorname_np(errno));
    return 0;
  }
  int fd = open("/proc/self/comm", O_RDONLY);
  if (read(fd, text, sizeof text - 1) > 0) printf("comm %s", text);
  ssize_t length = readlink("/proc/self/exe", text, sizeof text - 1);
  printf("exe %.*s\n", (int)length, text);
  printf("execfn %s\n", (const char *)getauxval(AT_EXECFN));
  for (int i = 0; i < argc; i++) printf("[%s]\n", argv[i]);
  return 0;
}
