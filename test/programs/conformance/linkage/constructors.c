// Constructors and destructors by priority, on both sides.
#include "sides.h"
static int order;
HOST __attribute__((constructor(101))) void first(void) { order = order * 10 + 1; }
GUEST __attribute__((constructor(102))) void second(void) { order = order * 10 + 2; }
HOST __attribute__((constructor)) void third(void) { order = order * 10 + 3; puts("constructed"); }
HOST __attribute__((destructor(101))) void last(void) { printf("last %d\n", order); }
GUEST __attribute__((destructor)) void before(void) { order++; puts("before"); }
GUEST int main(void) { printf("%d\n", order); return 0; }
