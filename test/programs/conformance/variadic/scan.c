// Calls of the library's variadic functions with pointers into host frames.
#include "sides.h"
HOST int scan(const char *text) { int a; double b; char word[20]; int n = sscanf(text, "%d %lf %19s", &a, &b, word); return n * 1000 + a + (int)b + word[0]; }
HOST void print(int n) { for (int i = 0; i < n; i++) printf("%*d|%-*s|%.*f\n", i + 3, i, 6, "left", i, 3.14159265); }
GUEST int main(void) { printf("%d\n", scan("42 3.5 word")); print(4); return 0; }
