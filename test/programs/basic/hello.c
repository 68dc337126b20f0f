// The smallest program of a user: text out, a status.
#include <stdio.h>

int main(void) {
  puts("hello, world");
  fprintf(stderr, "and to stderr\n");
  return 42;
}
