// Dense, sparse and wide switches, fall-through, Duff's device, statement expressions.
#include "sides.h"
HOST int dense(int x) { switch (x) { case 0: return 5; case 1: case 2: x += 3; case 3: return x; case 4: return 9; case 5 ... 9: return 1; default: return -1; } }
HOST int sparse(long x) { switch (x) { case -5: return 1; case 1000: return 2; case 1L << 40: return 3; default: return 0; } }
HOST int duff(char *to, const char *from, int n)
{
	int k = (n + 3) / 4;
	switch (n % 4) { case 0: do { *to++ = *from++; case 3: *to++ = *from++; case 2: *to++ = *from++; case 1: *to++ = *from++; } while (--k > 0); }
	return n;
}
HOST int expression(int x) { return ({ int y = x; for (int i = 0; i < 3; i++) y = y * 2 + ({ if (y > 50) break; y; }); y; }); }
GUEST int main(void)
{
	char text[20] = "";
	for (int i = -1; i < 11; i++) printf("%d ", dense(i));
	printf("%d %d %d %d\n", sparse(-5), sparse(1L << 40), duff(text, "device of Duff", 15), expression(3));
	puts(text);
	return 0;
}
