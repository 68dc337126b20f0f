// Addresses of literals, constants and static variables are one address on both sides.
#include "sides.h"
static const int table[] = {1, 2, 3};
static int counter;
HOST const char *literal(void) { return "the same"; }
HOST const int *constant(int i) { return &table[i]; }
HOST int *variable(void) { static int local = 5; local++; return &local; }
HOST int is_counter(int *p) { return p == &counter; }
GUEST int main(void)
{
	printf("%d %d %d %d\n", literal() == literal(), constant(1) == &table[1], *variable() + (variable() == variable()), is_counter(&counter));
	printf("%s\n", literal());
	return 0;
}
