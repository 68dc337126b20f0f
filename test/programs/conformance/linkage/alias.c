// Aliases of functions and variables name the same thing on both sides.
#include "sides.h"
HOST int first(int a) { return a * 3; }
int second(int) __attribute__((alias("first")));
int number = 5;
extern int same_number __attribute__((alias("number")));
HOST int use(int a) { same_number += a; return second(number) + (&number == &same_number) + (first == second); }
GUEST int main(void) { printf("%d %d\n", use(1), second(2)); return 0; }
