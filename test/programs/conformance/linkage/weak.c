// Weak functions: defined, undefined, and behind aliases.
#include "sides.h"
__attribute__((weak)) int defined(int a) { return a * 2; }
extern int undefined(int) __attribute__((weak));
HOST int strong(int a) { return a + 1; }
int also(int) __attribute__((weak, alias("strong")));
HOST int use(int a) { return defined(a) + also(a) + (undefined ? undefined(a) : 100); }
GUEST int main(void) { printf("%d %d %d\n", use(5), defined(7), &undefined == 0); return 0; }
