// Hidden, protected and internal symbols, sections, and inline definitions.
#include "sides.h"
__attribute__((visibility("hidden"))) int hidden = 1;
HOST __attribute__((visibility("protected"))) int shown(int a) { return a + hidden; }
HOST __attribute__((section(".text.special"))) int special(int a) { return a * 2; }
HOST __attribute__((section(".text_other"))) int other(int a) { return a * 3; }
static inline int small(int a) { return a - 1; }
inline __attribute__((gnu_inline, always_inline)) int forced(int a) { return a - 2; }
HOST __attribute__((cold, noreturn)) void fail(int code) { printf("fail %d\n", code); exit(code); }
HOST __attribute__((pure)) int pure(const int *p) { return *p + 1; }
GUEST int main(void) { printf("%d %d %d %d %d %d\n", shown(1), special(2), other(3), small(4), forced(5), pure(&hidden)); fail(4); }
