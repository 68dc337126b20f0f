/* Shows what it was started with, and uses as much stack as its argument says (in KiB). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

int main(int argc, char **argv) {
  printf("argv0 [%s]\n", argv[0]);
  for (char **variable = environ; *variable; variable++) printf("%s\n", *variable);
  if (argc > 1) {
    size_t size = (size_t)atoi(argv[1]) << 10;
    char *room = __builtin_alloca(size);
    memset(room, 1, size);
    printf("used %d\n", room[size / 2]);
  }
  return 3;
}
