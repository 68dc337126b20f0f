// The program of the golden test: each verdict of the analyser stands for one function here.
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define N 64

static double a[N][N], b[N][N], c[N][N];
static jmp_buf escape;
static _Thread_local int depth;

static double dot(const double *x, const double *y) {
  double sum = 0;
  for (int i = 0; i < N; i++) sum += x[i] * y[i];
  return sum;
}

static void multiply(void) {
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) c[i][j] = dot(a[i], b[j]);
}

static int compare(const void *x, const void *y) { return *(const int *)x - *(const int *)y; }

static unsigned long cycles(void) {
  unsigned long now;
  __asm__ volatile("rdcycle %0" : "=r"(now));
  return now;
}

static int nest(int n) { return n == 0 ? depth : nest(n - 1) + depth++; }

static void complain(const char *format, ...) {
  va_list list;
  va_start(list, format);
  vfprintf(stdout, format, list);
  va_end(list);
}

static int guarded(void) {
  if (setjmp(escape)) return 1;
  multiply();
  longjmp(escape, 1);
}

__attribute__((annotate("ferry.offload"))) static int tiny(int n) { return n + 1; }

__attribute__((annotate("ferry.guest"))) static int kept(int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) sum += i * i;
  return sum;
}

int never(void) { return 3; }

int main(int argc, char **argv) {
  int numbers[100];
  for (int i = 0; i < 100; i++) numbers[i] = rand();
  qsort(numbers, 100, sizeof *numbers, compare);
  unsigned long before = cycles();
  int jumped = guarded();
  if (argc > 5) complain("%s: %d arguments\n", argv[0], argc);
  printf("%f %d %d %d %d %lu\n", c[1][2], jumped, tiny(argc), kept(argc), nest(argc), cycles() - before);
  return 0;
}
