// Functions without prototypes, called with other types than they have.
// options: -std=gnu89 -Wno-everything
#include "sides.h"
HOST int old(a, b, c) int a; double b; char c; { return a + (int)b + c; }
GUEST int guest_old(a, b) short a; float b; { return a * 2 + (int)b; }
HOST int use() { int (*f)() = old; return old(1, 2.5, 'a') + f(2, 3.5, 'b') + guest_old(4, 5.5); }
GUEST int main() { printf("%d\n", use()); return 0; }
