// String functions of the library at the ends of pages, from host code.
#include "sides.h"
#include <sys/mman.h>
static char *end;
HOST int lengths(void) { int sum = 0; for (int i = 1; i < 64; i++) { memset(end - i, 'a', i - 1); end[-1] = 0; sum += (int)strlen(end - i) + (strchr(end - i, 'a') != 0) + (memchr(end - i, 0, i) == end - 1); } return sum; }
HOST int compares(void) { char text[] = "compare"; memcpy(end - 8, text, 8); return (strcmp(end - 8, text) == 0) + (strncmp(end - 8, "company", 8) > 0) * 2 + (memcmp(end - 8, text, 8) == 0) * 4; }
HOST void moves(char *text) { memmove(text + 2, text, 6); memmove(text, text + 1, 5); strncat(text, "xyz", 2); }
GUEST int main(void)
{
	char *pages = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mprotect(pages + 4096, 4096, PROT_NONE);
	end = pages + 4096;
	char text[32] = "abcdef";
	printf("%d %d\n", lengths(), compares());
	moves(text);
	puts(text);
	return 0;
}
