// at_quick_exit, and a buffer that nobody flushes but the host.
#include "sides.h"
HOST void bye(void) { puts("bye"); fflush(stdout); }
HOST void leave(void) { quick_exit(9); }
GUEST int main(void)
{
	at_quick_exit(bye);
	puts("hello");
	leave();
}
