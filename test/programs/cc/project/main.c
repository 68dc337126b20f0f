#include "mix.h"
#include <stdio.h>
#include <string.h>

long twice(long);
int next(void);
static unsigned char bytes[1 << 16];

int main(void) {
  memset(bytes, 7, sizeof bytes);
  printf("%08x %ld\n", mix(bytes, sizeof bytes), each(10, twice));
  printf("%d %d\n", calls, next());
  return 3;
}
