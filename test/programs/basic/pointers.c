// Function pointers of every shape, tables of them, callbacks with state, variadic functions, structures by value.
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef long (*binary)(long, long);
static long add(long a, long b) { return a + b; }
static long subtract(long a, long b) { return a - b; }
static long multiply(long a, long b) { return a * b; }
static binary const table[] = {add, subtract, multiply};

struct pair { long a; double b; };
struct floats { float x, y; };
struct big { int values[20]; };
static struct pair swap(struct pair p) { return (struct pair){(long)p.b, (double)p.a}; }
static struct floats turn(struct floats f) { return (struct floats){-f.y, f.x}; }
static struct big reverse(struct big b) {
  struct big r;
  for (int i = 0; i < 20; i++) r.values[i] = b.values[19 - i];
  return r;
}
static double many(int a, double b, long c, float d, char e, double f, short g, double h, long i, double j, unsigned k, double l, double m, double n, double o, long p, long q) {
  return a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p + q;
}
static long variadic(const char *kinds, ...) {
  va_list list, copy;
  va_start(list, kinds);
  va_copy(copy, list);
  long total = 0;
  for (const char *k = kinds; *k; k++) {
    switch (*k) {
      case 'i': total += va_arg(list, int); break;
      case 'l': total += va_arg(list, long); break;
      case 'd': total += (long)(va_arg(list, double) * 10); break;
      case 's': total += (long)strlen(va_arg(list, char *)); break;
    }
  }
  total += *kinds == 'i' ? va_arg(copy, int) : 0;
  va_end(list);
  va_end(copy);
  return total;
}

int main(int argc, char **argv) {
  (void)argv;
  long value = argc;
  for (int i = 0; i < 3000; i++) value = table[(value ^ i) % 3 < 0 ? 0 : (value ^ i) % 3](value, i) % 100003;
  printf("%ld\n", value);
  struct pair (*volatile exchange)(struct pair) = swap;
  struct pair p = exchange((struct pair){7, 2.5});
  struct floats f = turn((struct floats){1.5f, -2.5f});
  struct big b = {{0}};
  for (int i = 0; i < 20; i++) b.values[i] = i * i;
  b = reverse(b);
  printf("%ld %g %g %g %d %d\n", p.a, p.b, f.x, f.y, b.values[0], b.values[19]);
  printf("%g\n", many(1, 2.5, 3, 4.5f, 5, 6.5, 7, 8.5, 9, 10.5, 11, 12.5, 13.5, 14.5, 15.5, 16, 17));
  printf("%ld\n", variadic("ildsdlsiidds", 1, 2L, 3.5, "four", 5.5, 6L, "seven", 8, 9, 1.1, 1.2, "x"));
  return 0;
}
