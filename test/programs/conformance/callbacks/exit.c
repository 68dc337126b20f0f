// atexit and on_exit call the host when the program ends; what they print still gets out.
#define _DEFAULT_SOURCE
#include "sides.h"
HOST void first(void) { puts("first"); }
GUEST void second(void) { puts("second"); }
HOST void third(void) { puts("third"); atexit(first); }
HOST void status(int code, void *argument) { printf("%d %s\n", code, (char *)argument); }
HOST void leave(int code) { on_exit(status, "argument"); exit(code); }
GUEST int main(void)
{
	atexit(first);
	atexit(second);
	atexit(third);
	leave(7);
}
