#include <stddef.h>

static int calls;
int own_calls(void) { return calls; }

void *memcpy(void *to, const void *from, size_t size) {
  calls++;
  for (size_t k = 0; k < size; k++) ((volatile char *)to)[k] = ((const char *)from)[k];
  return to;
}

size_t strlen(const char *text) {
  size_t length = 0;
  calls++;
  while (((const volatile char *)text)[length]) length++;
  return length;
}
