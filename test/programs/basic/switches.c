// Dense and sparse switches, computed goto, and an interpreter of byte code.
#include <stdio.h>

static int dense(int x) {
  switch (x) {
    case 0: return 11;
    case 1: return 7;
    case 2: return -3;
    case 3: return 99;
    case 4: return 5;
    case 5: return x * 2;
    case 6: return 1;
    case 7: return 0;
    case 8: return 12;
    default: return -1;
  }
}

static int sparse(long x) {
  switch (x) {
    case -1000000: return 1;
    case -5: return 2;
    case 0: return 3;
    case 77: return 4;
    case 4096: return 5;
    case 1L << 40: return 6;
    default: return x < 0 ? 7 : 8;
  }
}

enum { PUSH, ADD, MUL, SUB, DUP, SWAP, DEC, JNZ, HALT };
static long interpret(const int *code) {
  static void *const labels[] = {&&push, &&add, &&mul, &&sub, &&dup, &&swap, &&dec, &&jnz, &&halt};
  long stack[32], *sp = stack, t;
  const int *pc = code;
#define NEXT goto *labels[*pc++]
  NEXT;
push: *sp++ = *pc++; NEXT;
add: sp--; sp[-1] += *sp; NEXT;
mul: sp--; sp[-1] = sp[-1] * *sp % 1000003; NEXT;
sub: sp--; sp[-1] -= *sp; NEXT;
dup: *sp = sp[-1]; sp++; NEXT;
swap: t = sp[-1]; sp[-1] = sp[-2]; sp[-2] = t; NEXT;
dec: sp[-1]--; NEXT;
jnz: if (sp[-1]) pc = code + *pc; else pc++; NEXT;
halt: return sp[-2];
}

int main(void) {
  int sum = 0;
  for (int i = -5; i < 2000; i++) sum = sum * 3 + dense(i % 11);
  printf("%d\n", sum);
  static const long keys[] = {-1000000, -5, 0, 77, 4096, 1L << 40, -6, 78};
  for (int i = 0; i < 8; i++) printf("%d ", sparse(keys[i]));
  static const int code[] = {PUSH, 1, PUSH, 50000, SWAP, PUSH, 7, MUL, PUSH, 3, ADD, SWAP, DEC, JNZ, 4, HALT};
  printf("\n%ld\n", interpret(code));
  return 0;
}
