/* longjmp over frames of both sides: the levels in between end, and everything goes on as if they had returned. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#define GUEST __attribute__((noinline, annotate("ferry.guest")))
#define HOST __attribute__((noinline, annotate("ferry.offload")))

static jmp_buf target;
static int depth;

GUEST void leave(int value) { longjmp(target, value); }
HOST long descend(int n, long salt) {
  depth++;
  if (n == 0) leave((int)salt);
  return descend(n - 1, salt + 1) * 3 + salt;
}
GUEST long between(int n, long salt) { return descend(n, salt) + 1; }
HOST long nested(int n, long salt) { return between(n, salt) * 5 + salt; }

/* setjmp stays on the guest; its caller is host code, which keeps values in registers across the call */
GUEST int attempt(int n, long salt) {
  volatile long kept = salt * 7;
  int value = setjmp(target);
  if (value == 0) return (int)nested(n, salt);
  return value + (int)kept;
}
HOST long many(int times) {
  long total = 0, product = 1;
  for (int i = 1; i <= times; i++) {
    int result = attempt(i % 5, i);
    total += result * (long)i;
    product = product * 31 + result;
  }
  return total ^ product;
}

/* A jump within the guest frames of an inner level must not disturb the outer ones. */
HOST int call_back(int (*function)(int), int n) { return function(n) + 1; }
GUEST int local_jump(int n) {
  jmp_buf here;
  int value = setjmp(here);
  if (value == 0) longjmp(here, n);
  return value * 2;
}

int main(void) {
  printf("%d\n", attempt(3, 10));
  printf("%ld %d\n", many(1000), depth);
  printf("%d\n", call_back(local_jump, 21));
  printf("%ld\n", many(3));
  return 0;
}
