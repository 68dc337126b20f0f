// va_list values handed on: to the library, to the guest, copied, and through a struct.
#include "sides.h"
#include <stdarg.h>
struct arguments { va_list list; };
GUEST int take(struct arguments *a) { return va_arg(a->list, int); }
HOST int format(char *to, int size, const char *text, ...) { va_list l; va_start(l, text); int n = vsnprintf(to, size, text, l); va_end(l); return n; }
HOST int shared(int n, ...)
{
	struct arguments a;
	int sum = 0;
	va_start(a.list, n);
	for (int i = 0; i < n; i++) sum = sum * 10 + (i % 2 ? take(&a) : va_arg(a.list, int));
	va_end(a.list);
	return sum;
}
GUEST int main(void)
{
	char text[100];
	printf("%d ", format(text, sizeof text, "%s %d %g %c %ld %s", "six", 1, 2.5, 'x', -7L, "values"));
	puts(text);
	printf("%d %d\n", shared(5, 1, 2, 3, 4, 5), shared(9, 1, 2, 3, 4, 5, 6, 7, 8, 9));
	return 0;
}
