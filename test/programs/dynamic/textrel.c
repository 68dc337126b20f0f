/* Relocations in code: the loader writes to it before it runs. */
#include <stdio.h>

const char *one(void) { return "one"; }
const char *two(void) { return "two"; }
__asm__(".text\n.balign 8\ntable: .dword one, two\n");
extern const char *(*const table[])(void) __attribute__((visibility("hidden")));

int main(void) {
  printf("%s %s\n", table[0](), table[1]());
  return 0;
}
