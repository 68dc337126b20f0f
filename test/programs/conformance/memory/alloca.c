// alloca and arrays of variable length, in loops and as parameters.
#include "sides.h"
#include <alloca.h>
GUEST long sum(int n, int m, int v[n][m]) { long s = 0; for (int i = 0; i < n; i++) for (int j = 0; j < m; j++) s = s * 3 + v[i][j]; return s; }
HOST long fill(int n, int m)
{
	int v[n][m];
	for (int i = 0; i < n; i++) for (int j = 0; j < m; j++) v[i][j] = i * m + j;
	return sum(n, m, v) + (long)sizeof v;
}
HOST long chain(int n)
{
	struct node { struct node *next; int value; } *list = 0;
	long s = 0;
	for (int i = 0; i < n; i++) { struct node *one = alloca(sizeof *one); *one = (struct node){list, i}; list = one; }
	for (; list; list = list->next) s = s * 2 + list->value;
	return s;
}
HOST long loop(int n)
{
	long s = 0;
	for (int i = 1; i < n; i++) { char text[i * 100]; memset(text, i, sizeof text); s += text[i * 100 - 1] + (long)strlen(strcpy(text, "text")); }
	return s;
}
GUEST int main(void) { printf("%ld %ld %ld\n", fill(3, 5), chain(20), loop(100)); return 0; }
