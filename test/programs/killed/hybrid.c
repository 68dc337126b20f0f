/* Offloaded code that never ends. */
#include <stdio.h>

__attribute__((noinline)) double forever(double x) {
  for (volatile unsigned long i = 0;; i++) x = x * 0.5 + (double)i;
  return x;
}

int main(void) {
  setvbuf(stdout, NULL, _IONBF, 0);
  printf("ready\n");
  printf("%f\n", forever(1));
}
