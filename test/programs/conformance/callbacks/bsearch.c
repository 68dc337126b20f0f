// bsearch, lfind and lsearch with comparisons of both sides.
#include "sides.h"
#include <search.h>
HOST int compare(const void *key, const void *entry) { return strcmp(key, *(char *const *)entry); }
GUEST int same(const void *key, const void *entry) { return strcmp(key, *(char *const *)entry); }
HOST void find(char **names, size_t n, char *name)
{
	char **at = bsearch(name, names, n, sizeof *names, compare), **also = lfind(name, names, &n, sizeof *names, same);
	printf("%s %ld %d\n", name, at ? (long)(at - names) : -1L, at == also);
}
GUEST int main(void)
{
	char *names[] = {"ash", "birch", "cedar", "elm", "fir"};
	find(names, 5, "cedar");
	find(names, 5, "oak");
	find(names, 5, "ash");
	return 0;
}
