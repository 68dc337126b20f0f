// A stream whose functions are the host's.
#define _GNU_SOURCE
#include "sides.h"
struct upper { char text[64]; int length, closed; };
HOST ssize_t put(void *cookie, const char *text, size_t n)
{
	struct upper *u = cookie;
	for (size_t i = 0; i < n && u->length < 63; i++) u->text[u->length++] = text[i] >= 'a' && text[i] <= 'z' ? text[i] - 32 : text[i];
	return n;
}
HOST int shut(void *cookie) { ((struct upper *)cookie)->closed = 1; return 0; }
HOST void use(struct upper *u)
{
	FILE *f = fopencookie(u, "w", (cookie_io_functions_t){.write = put, .close = shut});
	fprintf(f, "pi %.3f and %d", 3.14159, 42);
	fclose(f);
}
GUEST int main(void)
{
	struct upper u = {0};
	use(&u);
	printf("%s %d\n", u.text, u.closed);
	return 0;
}
