/*
 * Memory and string functions of the C library: nanoseconds of CPU time for a call, by function and size. Each is called
 * through a pointer that no compiler knows. The argument is the work: about a tenth of a second natively for 10.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LARGEST = 1 << 20 };
static char a[LARGEST + 64], b[LARGEST + 64];

static void *(*volatile copy)(void *, const void *, size_t) = memcpy;
static void *(*volatile move)(void *, const void *, size_t) = memmove;
static void *(*volatile fill)(void *, int, size_t) = memset;
static int (*volatile compare)(const void *, const void *, size_t) = memcmp;
static void *(*volatile find)(const void *, int, size_t) = memchr;
static size_t (*volatile measure)(const char *) = strlen;
static int (*volatile compare_strings)(const char *, const char *) = strcmp;
static char *(*volatile copy_string)(char *, const char *) = strcpy;
static char *(*volatile find_in_string)(const char *, int) = strchr;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec * 1e9 + time.tv_nsec;
}

/* Strings of n bytes, terminator included. */
static void prepare(long n) {
  memset(a, 'x', sizeof a);
  memset(b, 'x', sizeof b);
  a[n - 1] = b[n - 1] = 0;
}

#define MEASURE(name, call)                                                  \
  do {                                                                       \
    prepare(n);                                                              \
    for (long k = 0; k < 200; k++) call;                                     \
    double start = now();                                                    \
    for (long k = 0; k < rounds; k++) call;                                  \
    printf("%s %ld %.2f ns\n", name, n, (now() - start) / (double)rounds);   \
  } while (0)

int main(int argc, char **argv) {
  long work = (argc > 1 ? atol(argv[1]) : 10) * 1000000;
  for (long n = 8; n <= LARGEST; n *= n < 64 ? 2 : 4) {
    long rounds = work / (n + 60) + 1;
    MEASURE("memcpy", copy(b, a, n));
    MEASURE("memmove", move(b + 24, b, n));
    MEASURE("memset", fill(b, 'x', n));
    MEASURE("memcmp", compare(a, b, n));
    MEASURE("memchr", find(a, 0, n));
    MEASURE("strlen", measure(a));
    MEASURE("strcmp", compare_strings(a, b));
    MEASURE("strcpy", copy_string(b, a));
    MEASURE("strchr", find_in_string(a, 'q'));
  }
  return 0;
}
