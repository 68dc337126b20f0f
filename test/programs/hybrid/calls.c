/* From host code to the guest: its C library, variadic functions, callbacks both ways, recursion across the boundary. */
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEEP __attribute__((noinline))
#define GUEST __attribute__((noinline, annotate("ferry.guest")))
#define HOST __attribute__((noinline, annotate("ferry.offload")))

static int comparisons;
HOST static int by_value(const void *a, const void *b) {
  comparisons++;
  int x = *(const int *)a, y = *(const int *)b;
  return (x > y) - (x < y);
}

HOST int sort_numbers(void) {
  int *numbers = malloc(100 * sizeof *numbers);
  unsigned seed = 1;
  for (int i = 0; i < 100; i++) numbers[i] = (int)((seed = seed * 1103515245 + 12345) >> 16) % 1000;
  qsort(numbers, 100, sizeof *numbers, by_value);
  int wrong = 0;
  for (int i = 1; i < 100; i++) wrong += numbers[i - 1] > numbers[i];
  printf("sorted: %d wrong, first %d, last %d, compared %s\n", wrong, numbers[0], numbers[99], comparisons > 99 ? "yes" : "no");
  free(numbers);
  return wrong;
}

HOST void print_all(double d, float f, long double l, const char *s, char c, short h, unsigned long u, void *p) {
  printf("%d %s %c %hd %lu %g %g %Lg %p\n", 1, s, c, h, u, d, f, l, p);
  char text[100];
  int length = snprintf(text, sizeof text, "%5.2f|%-8s|%08lx|%Lf|%d|%d|%d|%d|%g|%g", d, s, u, l, 1, 2, 3, 4, d, d);
  printf("%d %s\n", length, text);
}

/* odd on the guest, even on the host, thousands of levels deep */
GUEST int odd(int n);
HOST int even(int n) { return n == 0 ? 1 : odd(n - 1); }
GUEST int odd(int n) { return n == 0 ? 0 : even(n - 1); }

typedef int (*Operation)(int, int);
HOST int add(int a, int b) { return a + b; }
GUEST int subtract(int a, int b) { return a - b; }
HOST static int multiply(int a, int b) { return a * b; }
struct Entry {
  const char *name;
  Operation operation;
};
static const struct Entry table[] = {{"add", add}, {"subtract", subtract}, {"multiply", multiply}};
HOST int apply_all(const struct Entry *entries, int count, int a, int b) {
  int total = 0;
  for (int i = 0; i < count; i++) total = total * 100 + entries[i].operation(a, b);
  return total;
}
GUEST int apply_on_guest(Operation operation, int a, int b) { return operation(a, b); }
HOST int through_guest(int a, int b) { return apply_on_guest(multiply, a, b) + apply_on_guest(subtract, a, b); }
HOST int same_address(Operation operation) { return operation == add && table[0].operation == add; }
HOST Operation choose(int n) { return n == 0 ? add : n == 1 ? subtract : multiply; }

HOST int errors(double x) {
  errno = 0;
  double root = sqrt(x);
  int first = errno;
  errno = 0;
  long value = strtol("99999999999999999999", NULL, 10);
  return first * 1000 + errno * 10 + (root != root) + (value == __LONG_MAX__);
}

HOST int compare_strings(const char *a, const char *b) {
  if (strcmp(a, b) == 0) return 0;
  return strcmp(a, b) < 0 ? -1 : 1;
}

HOST static int sum_list(int count, va_list list) {
  va_list copy;
  va_copy(copy, list);
  int total = 0;
  for (int i = 0; i < count; i++) total += va_arg(copy, int);
  va_end(copy);
  return total + (int)va_arg(list, int);
}
GUEST int sum(int count, ...) {
  va_list list;
  va_start(list, count);
  int total = sum_list(count, list);
  va_end(list);
  return total;
}

static void at_end(void) { puts("at exit"); }
HOST void finish(int status) {
  printf("leaving");
  exit(status);
}

int main(void) {
  atexit(at_end);
  sort_numbers();
  print_all(1.5, 2.25f, 3.125L, "text", 'c', -5, 123456789012, NULL);
  printf("%d %d\n", even(10), even(9999));
  printf("%d\n", apply_all(table, 3, 7, 5));
  printf("%d %d %d\n", through_guest(6, 4), same_address(add), choose(1)(9, 4) + choose(2)(9, 4));
  printf("%d %d\n", errors(-1), errors(4));
  printf("%d %d %d\n", compare_strings("abc", "abd"), compare_strings("b", "a"), compare_strings("same", "same"));
  printf("%d\n", sum(4, 1, 2, 3, 4, 5));
  finish(7);
}
