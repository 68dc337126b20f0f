/* Globals, statics, constants, string literals and function tables that both sides use. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define KEEP __attribute__((noinline))
#define GUEST __attribute__((noinline, annotate("ferry.guest")))
#define HOST __attribute__((noinline, annotate("ferry.offload")))

int counter = 5;
static long history[8];
static int used;
char buffer[64];
const char *const names[] = {"zero", "one", "two"};
const char *current = names[0] ? "initial" : "";
static const uint8_t squares[16] = {0, 1, 4, 9, 16, 25, 36, 49, 64, 81, 100, 121, 144, 169, 196, 225};
const double weights[4] = {0.1, 0.2, 0.3, 0.4};
struct Node { int value; struct Node *next; };
static struct Node tail = {3, NULL}, middle = {2, &tail}, head = {1, &middle};
extern int weak_symbol __attribute__((weak));
volatile int flag = 1;
_Alignas(64) static char block[64];

HOST void remember(long value) {
  history[used++ & 7] = value;
  counter += (int)value;
}
GUEST void remember_on_guest(long value) {
  history[used++ & 7] = -value;
  counter -= (int)value;
}
HOST int once(void) {
  static int calls = 100;
  return calls++;
}
HOST int square(int n) { return squares[n & 15]; }
HOST double weighted(const double *x) {
  double total = 0;
  for (int i = 0; i < 4; i++) total += weights[i] * x[i];
  return total;
}
HOST const char *name_of(int n) { return names[n]; }
HOST const char *literal(void) { return "a literal from host code"; }
HOST int sum_nodes(void) {
  int total = 0;
  for (struct Node *node = &head; node; node = node->next) total = total * 10 + node->value;
  return total;
}
HOST void fill(const char *text) {
  strcpy(buffer, text);
  memset(buffer + strlen(text), '!', 3);
  buffer[strlen(text) + 3] = 0;
  current = buffer;
}
HOST int has_weak(void) { return &weak_symbol != NULL; }
HOST int is_aligned(void) { return ((uintptr_t)block & 63) == 0 && ((uintptr_t)&block[7] & 63) == 7; }
HOST const void *address_of(int n) { return n == 0 ? (const void *)&counter : n == 1 ? (const void *)squares : (const void *)&history[3]; }
HOST int state_machine(const char *text) {
  static const void *const labels[] = {&&start, &&word, &&space};
  int words = 0, state = 0;
  goto *labels[state];
start:
  if (!*text) return words;
  state = *text == ' ' ? 2 : 1;
  goto *labels[state];
word:
  words++;
  while (*text && *text != ' ') text++;
  goto start;
space:
  while (*text == ' ') text++;
  goto start;
}
HOST int describe(int n) {
  switch (n) {
  case 0: return 'z';
  case 1: return 'o';
  case 2: return 't';
  case 3: return 'h';
  case 4: return 'f';
  case 9: return 'n';
  default: return '?';
  }
}

int main(void) {
  remember(10);
  remember_on_guest(3);
  remember(20);
  printf("%d %ld %ld %ld %d\n", counter, history[0], history[1], history[2], used);
  printf("%d %d %d\n", once(), once(), once());
  int total = 0;
  for (int i = 0; i < 20; i++) total += square(i);
  double x[4] = {1, 2, 3, 4};
  printf("%d %.17g\n", total, weighted(x));
  printf("%s %s %s\n", current, name_of(2), literal());
  fill("filled");
  printf("%s %s %d\n", buffer, current, current == buffer);
  printf("%d %d %d\n", sum_nodes(), has_weak(), is_aligned());
  printf("%d %d %d\n", address_of(0) == &counter, address_of(1) == squares, address_of(2) == &history[3]);
  printf("%d %c%c%c\n", state_machine("  three short  words "), describe(0), describe(9), describe(7));
  printf("%d\n", flag);
  return 0;
}
