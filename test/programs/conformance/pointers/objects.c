// Objects with methods of both sides, copied in memory and called by either.
#include "sides.h"
struct shape { double (*area)(const struct shape *); struct shape *(*clone)(const struct shape *); double a, b; };
HOST double rectangle(const struct shape *s) { return s->a * s->b; }
GUEST double triangle(const struct shape *s) { return s->a * s->b / 2; }
HOST struct shape *clone(const struct shape *s) { struct shape *c = malloc(sizeof *c); memcpy(c, s, sizeof *c); c->a += 1; return c; }
HOST double total(struct shape **list, int n) { double sum = 0; for (int i = 0; i < n; i++) sum += list[i]->area(list[i]); return sum; }
GUEST int main(void)
{
	struct shape r = {rectangle, clone, 3, 4}, t = {triangle, clone, 3, 4};
	struct shape *list[] = {&r, &t, r.clone(&r), t.clone(&t)};
	printf("%g\n", total(list, 4));
	return 0;
}
