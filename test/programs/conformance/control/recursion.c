// Mutual recursion over the bridge: Ackermann, Hofstadter, even and odd.
#include "sides.h"
HOST int ackermann(int m, int n);
GUEST int ackermann_guest(int m, int n) { return m == 0 ? n + 1 : n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1)); }
HOST int ackermann(int m, int n) { return m == 0 ? n + 1 : n == 0 ? ackermann_guest(m - 1, 1) : ackermann_guest(m - 1, ackermann(m, n - 1)); }
HOST int male(int n);
GUEST int female(int n) { return n == 0 ? 1 : n - male(female(n - 1)); }
HOST int male(int n) { return n == 0 ? 0 : n - female(male(n - 1)); }
HOST int odd(unsigned n);
GUEST int even(unsigned n) { return n == 0 ? 1 : odd(n - 1); }
HOST int odd(unsigned n) { return n == 0 ? 0 : even(n - 1); }
GUEST int main(void) { printf("%d %d %d %d\n", ackermann(2, 6), female(30), even(4000), odd(4000)); return 0; }
