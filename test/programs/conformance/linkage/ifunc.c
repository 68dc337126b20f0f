// An ifunc and its resolver, called from both sides and through a pointer.
#include "sides.h"
HOST int fast(int a) { return a + 10; }
GUEST int slow(int a) { return a + 20; }
static void *choose(void) { return sizeof(long) == 8 ? (void *)fast : (void *)slow; }
int chosen(int) __attribute__((ifunc("choose")));
HOST int use(int a) { int (*volatile pointer)(int) = chosen; return chosen(a) + pointer(a); }
GUEST int main(void) { printf("%d %d\n", use(1), chosen(2)); return 0; }
