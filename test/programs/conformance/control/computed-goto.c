// A threaded interpreter with computed goto, on both sides, with a table that is a local constant.
#include "sides.h"
#define INTERPRETER(name, side) \
	side long name(const unsigned char *code) \
	{ \
		static void *const labels[] = {&&add, &&twice, &&negate, &&loop, &&end}; \
		long a = 1, count = 0; \
		const unsigned char *at = code; \
		goto *labels[*at++]; \
	add: a += *at++; goto *labels[*at++]; \
	twice: a *= 2; goto *labels[*at++]; \
	negate: a = -a; goto *labels[*at++]; \
	loop: if (++count < *at++) at = code; goto *labels[*at++]; \
	end: return a; \
	}
INTERPRETER(on_host, HOST)
INTERPRETER(on_guest, GUEST)
static const unsigned char code[] = {0, 5, 1, 2, 0, 1, 3, 9, 4};
GUEST int main(void) { printf("%ld %ld\n", on_host(code), on_guest(code)); return 0; }
