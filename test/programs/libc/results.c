/* Results and effects of memory and string functions: random lengths, alignments, distances; often at the end of a page. */
#include "functions.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

POINTER(char *, strrchr, const char *, int);
POINTER(char *, strcat, char *, const char *);
POINTER(char *, strncpy, char *, const char *, size_t);
POINTER(size_t, strnlen, const char *, size_t);

enum { PAGE = 4096, ROOM = 3 * PAGE };
static unsigned char *a, *b;
static unsigned long seen = 14695981039346656037ul;

static void mix(unsigned long value) {
  for (int i = 0; i < 8; i++, value >>= 8) seen = (seen ^ (value & 255)) * 1099511628211ul;
}

/* A pointer as a distance. */
static void mix_place(const void *place, const unsigned char *base) {
  mix(place ? (unsigned long)((const unsigned char *)place - base) : 77);
}

static void mix_room(const unsigned char *room) {
  unsigned long sum = 0;
  for (int i = 0; i < ROOM; i++) sum = sum * 31 + room[i];
  mix(sum);
}

static unsigned word(void) {
  static unsigned state = 1;
  state ^= state << 13;
  state ^= state >> 17;
  return state ^= state << 5;
}

static size_t length(void) {
  static const unsigned limits[] = {9, 36, 140, 600, 4000};
  return word() % limits[word() % 5];
}

static size_t place(size_t n) {
  if (word() % 3 == 0) return ROOM - n;
  return word() % 3 == 0 ? word() % 64 : word() % (ROOM - n);
}

static void fill(unsigned char *room, int zeros) {
  for (int i = 0; i < ROOM; i++) room[i] = (unsigned char)(!zeros ? 1 + word() % 255 : word() % 7 ? 254 + word() % 3 : 0);
}

/* Between pages that can not be accessed. */
static unsigned char *room(void) {
  unsigned char *start = mmap(NULL, ROOM + 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  mprotect(start + PAGE, ROOM, PROT_READ | PROT_WRITE);
  fill(start + PAGE, 0);
  return start + PAGE;
}

static void memory(size_t n, size_t at, size_t from) {
  mix_place(p_memcpy(a + at, b + from, n), a);
  mix_room(a);
  size_t source = place(n), distance = word() % 200, target = source + distance;
  if (word() & 1) target = source > distance ? source - distance : 0;
  if (target + n > ROOM) target = ROOM - n;
  mix_place(p_memmove(a + target, a + source, n), a);
  mix_room(a);
  mix_place(p_memset(b + from, (int)word(), n), b);
  mix_room(b);
  fill(b, 0);
  memcpy(a, b, ROOM);
  if (n) a[at + word() % n] ^= (unsigned char)(word() & 3);
  mix((unsigned long)p_memcmp(a + at, b + at, n));
  mix((unsigned long)p_memcmp(a + at, b + from, n));
  mix_place(p_memchr(a + at, (int)(word() % 256), n), a);
  mix_place(p_memrchr(a + at, (int)(word() % 512), n), a);
}

static void copies(const char *string, size_t l, size_t n) {
  size_t at = word() & 1 ? ROOM - (l + 1) : word() % (ROOM - l - 1);
  char *copy = (char *)b + at;
  mix_place(p_strcpy(copy, string), b);
  mix_room(b);
  fill(b, 0);
  mix_place(p_stpcpy(copy, string), b);
  mix_room(b);
  mix((unsigned long)p_strcmp(copy, string));
  if (l) copy[word() % l] ^= 1;
  mix((unsigned long)p_strcmp(copy, string));
  mix((unsigned long)p_strncmp(copy, string, n));
  mix((unsigned long)p_strncmp(copy, string, word() % 9));
  if (at + 2 * l + 2 < ROOM) mix_place(p_strcat(copy, string), b);
  p_strncpy((char *)b, string, n);
  mix_room(b);
}

static void strings(size_t n, size_t at, int zeros) {
  if (at == ROOM) at--;
  fill(a, zeros);
  fill(b, 0);
  a[ROOM - 1] = 0;
  const char *string = (char *)a + at;
  size_t l = p_strlen(string);
  mix(l);
  mix(p_strnlen(string, n));
  mix_place(p_strchr(string, (int)(word() % 512)), a);
  mix_place(p_strchr(string, 0), a);
  mix_place(p_strchrnul(string, (int)(word() % 256)), a);
  mix_place(p_strrchr(string, (int)(word() % 256)), a);
  if (l + 1 < ROOM / 2) copies(string, l, n);
}

int main(int argc, char **argv) {
  int rounds = argc > 1 ? atoi(argv[1]) : 1500;
  a = room();
  b = room();
  for (int k = 1; k <= rounds; k++) {
    size_t n = length(), at = place(n), from = place(n);
    memory(n, at, from);
    strings(n, at, k & 1);
    if (k % 50 == 0) printf("%d %lx\n", k, seen);
  }
  return 0;
}
