/* Nested functions of gcc: their trampolines are code on the stack, new at the same addresses again and again. */
#include "../probe.h"

static long apply(long (*f)(long), long x) { return f(x); }

static long sum_with(long add, int depth) {
  long calls = 0;
  long inner(long x) {
    calls++;
    return x + add;
  }
  long result = 0;
  for (int i = 0; i < 5; i++) result += apply(inner, i);
  if (depth > 0) result += sum_with(add * 3 + 1, depth - 1);
  /* Still this call's variables. */
  result += apply(inner, 100) + calls;
  return result;
}

static int compare_with(int *values, int count, int factor) {
  int compare(const void *a, const void *b) {
    int x = *(const int *)a * factor % 1009, y = *(const int *)b * factor % 1009;
    return (x > y) - (x < y);
  }
  qsort(values, (size_t)count, sizeof *values, compare);
  int hash = 0;
  for (int i = 0; i < count; i++) hash = hash * 31 + values[i];
  return hash;
}

static void *in_thread(void *argument) {
  long self = (long)argument, sum = 0;
  for (int i = 0; i < 60; i++) sum += sum_with(self + i, 4);
  return (void *)sum;
}

int main(void) {
  long sum = 0;
  for (int i = 0; i < 600; i++) sum += sum_with(i, i % 7);
  printf("sum %ld\n", sum);
  int values[300], hash = 0;
  for (int factor = 1; factor < 60; factor++) {
    for (int i = 0; i < 300; i++) values[i] = i * 7919 % 1009;
    hash = hash * 31 + compare_with(values, 300, factor);
  }
  printf("sorted %d\n", hash);
  pthread_t threads[6];
  sum = 0;
  for (long i = 0; i < 6; i++) threads[i] = start_thread(in_thread, (void *)i);
  for (int i = 0; i < 6; i++) sum += join(threads[i]);
  printf("in threads %ld\n", sum);
  pid_t pid = MUST(fork());
  if (pid == 0) _exit((int)(sum_with(5, 3) & 0x7f));
  show_status("in a child", wait_for(pid));
}
