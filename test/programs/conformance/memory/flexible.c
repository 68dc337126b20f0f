// Flexible and zero-length array members that grow on one side and are read on the other.
#include "sides.h"
struct list { int length; double items[]; };
struct old { int length; char text[0]; };
HOST struct list *push(struct list *l, double x) { l = realloc(l, sizeof *l + (l->length + 1) * sizeof x); l->items[l->length++] = x; return l; }
GUEST double sum(const struct list *l) { double s = 0; for (int i = 0; i < l->length; i++) s = s * 1.5 + l->items[i]; return s; }
HOST struct old *copy(const char *text) { struct old *o = malloc(sizeof *o + strlen(text) + 1); o->length = (int)strlen(text); strcpy(o->text, text); return o; }
static struct list fixed = {3, {1, 2, 3}};
GUEST int main(void)
{
	struct list *l = calloc(1, sizeof *l);
	for (int i = 0; i < 50; i++) { l = push(l, i); }
	struct old *o = copy("zero-length");
	printf("%g %g %s %d\n", sum(l), sum(&fixed), o->text, o->length);
	free(l);
	free(o);
	return 0;
}
