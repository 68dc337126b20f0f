/* Where the parts of a program are, and that they hold what they should; built with unusual layouts. */
#include <elf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#ifndef LARGE
#define LARGE 1000
#endif
static char large[LARGE];
static char data[70000] = {1, 2, 3};
static const char constant[5000] = {4};

static int zero(const char *bytes, size_t size, size_t step) {
  for (size_t i = 0; i < size; i += step)
    if (bytes[i]) return 0;
  return bytes[size - 1] == 0;
}

extern char __executable_start __attribute__((weak)), end;

int main(void) {
  size_t step = sizeof large > 1 << 20 ? 4096 * 1021 + 1 : 1;
  printf("bss %d, data %d %d %d, constants %d %d\n", zero(large, sizeof large, step), data[0], data[2], zero(data + 3, 60000, 1),
         constant[0], zero(constant + 1, 4000, 1));
  for (size_t i = 0; i < sizeof large; i += step) large[i] = (char)(i >> 3 | 1);
  int wrong = 0;
  for (size_t i = 0; i < sizeof large; i += step) wrong += large[i] != (char)(i >> 3 | 1);
  printf("wrong %d\n", wrong);
  const Elf64_Phdr *headers = (const Elf64_Phdr *)getauxval(AT_PHDR);
  unsigned long aligned = 0, loads = 0, bias = 0;
  for (unsigned long i = 0; i < getauxval(AT_PHNUM); i++)
    if (headers[i].p_type == PT_PHDR) bias = (unsigned long)headers - headers[i].p_vaddr;
  for (unsigned long i = 0; i < getauxval(AT_PHNUM); i++) {
    if (headers[i].p_type != PT_LOAD) continue;
    loads++;
    aligned += headers[i].p_align <= 4096 || bias % headers[i].p_align == 0;
  }
  printf("segments are aligned: %d\n", aligned == loads);
  char *heap = sbrk(0);
  printf("brk %s\n", sbrk(3 << 20) == heap && sbrk(0) == heap + (3 << 20) ? "grows" : "stays");
  heap[0] = heap[(3 << 20) - 1] = 1;
  char *block = malloc(300 << 20);
  memset(block + (200 << 20), 1, 4096);
  printf("malloc %d, brk apart from the stack: %d\n", block != NULL, heap < (char *)&block);
  return 0;
}
