#include <stdio.h>

static int calls;

double half(double value) {
  return value / 2;
}

int add(int a, int b) {
  calls++;
  int sum = a + b;
  return sum;
}

int main(int argc, char **argv) {
  int total = 0;
  for (int i = 1; i < argc; i++)
    total = add(total, argv[i][0] - '0');
  printf("total %d, half %g\n", total, half(total));
  return total;
}
