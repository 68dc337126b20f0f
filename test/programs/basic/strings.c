// String functions of libc on every alignment, conversions, formatted text.
#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static uint32_t hash(const void *data, size_t n) {
  const unsigned char *p = data;
  uint32_t h = 2166136261u;
  while (n--) h = (h ^ *p++) * 16777619u;
  return h;
}

int main(void) {
  static char a[600], b[600];
  uint32_t h = 0;
  for (int from = 0; from < 17; from++)
    for (int to = 0; to < 17; to++)
      for (int n = 0; n < 140; n += 13) {
        for (int i = 0; i < 600; i++) a[i] = (char)('a' + (i * 7 + from) % 26), b[i] = (char)i;
        memcpy(b + to, a + from, (size_t)n);
        memmove(b + 200 + to, b + 195 + from, (size_t)n);
        memset(b + 400 + to, n, (size_t)n);
        a[from + n] = 0;
        h = h * 31 + hash(b, 600) + (uint32_t)strlen(a + from) + (uint32_t)(memcmp(a + from, b + to, (size_t)n) != 0);
        char *found = strchr(a + from, 'q'), *last = strrchr(a + from, 'e');
        h = h * 31 + (uint32_t)(found ? found - a : -1) + (uint32_t)(last ? last - a : -1);
      }
  printf("%08x\n", h);
  char text[] = "The quick  brown,fox;jumps over,the lazy dog";
  for (char *word = strtok(text, " ,;"); word; word = strtok(NULL, " ,;")) printf("[%s]", word);
  printf("\n%s %s\n", strstr("a needle in a haystack", "needle"), strpbrk("hello world", "ow"));
  printf("%zu %zu %d\n", strspn("aabbc", "ab"), strcspn("hello", "lo"), strcasecmp("HeLLo", "hEllO"));
  char *end;
  printf("%ld %s\n", strtol("  -0x1fz", &end, 0), end);
  errno = 0;
  printf("%ld %s\n", strtol("99999999999999999999", NULL, 10), strerror(errno));
  printf("%llu %ld\n", strtoull("18446744073709551615", NULL, 10), strtol("-777", NULL, 8));
  printf("%5d|%-5d|%05d|%+d|%x|%#X|%o|%c|%s|%.2s|%p|%%|%ld|%hhd|%zu|%jd\n", 42, 42, 42, 42, 255u, 255u, 8u, 'c', "str", "abc", (void *)0x1234, -5L, (signed char)200, (size_t)7, (intmax_t)-9);
  wchar_t wide[20];
  printf("%zu %d\n", mbstowcs(wide, "wide", 20), (int)wcslen(wide));
  for (int c = 0; c < 128; c++) printf("%d", !!isalpha(c) + 2 * !!isdigit(c) + 4 * !!ispunct(c));
  printf("\n%d %d\n", toupper('x'), atoi("12ab"));
  return 0;
}
