// Calls through pointers in constant tables, structs and tables that change.
#include "sides.h"
typedef long operation(long, long);
HOST long add(long a, long b) { return a + b; }
GUEST long subtract(long a, long b) { return a - b; }
HOST long multiply(long a, long b) { return a * b; }
static operation *const fixed[] = {add, subtract, multiply};
static struct { const char *name; operation *call; } named[] = {{"add", add}, {"subtract", subtract}, {"multiply", multiply}};
HOST long run(long x) { for (int i = 0; i < 3; i++) x = fixed[i](x, i + 2) + named[2 - i].call(x, 3); return x; }
HOST operation *find(const char *name) { for (int i = 0; i < 3; i++) if (!strcmp(named[i].name, name)) return named[i].call; return 0; }
GUEST int main(void)
{
	printf("%ld\n", run(5));
	named[0].call = subtract;
	printf("%ld %d %d %ld\n", run(5), find("add") == subtract, find("multiply") == multiply, find("subtract")(9, 4));
	return 0;
}
