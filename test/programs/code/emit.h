/*
 * Machine code for the programs that write code: a function that returns a constant, and a few others, for the processor
 * that runs it. Each gives the number of bytes; BYTES is enough for any.
 */
#pragma once
#include "../probe.h"

enum { BYTES = 64, PAGE = 4096 };
typedef long function(long);

#ifdef __riscv
static inline size_t put(void *to, const uint32_t *words, size_t count) {
  memcpy(to, words, count * 4);
  return count * 4;
}
/* lui a0, high; addi a0, a0, low; ret */
static inline uint32_t constant_high(int value) { return 0x00000537 | ((uint32_t)value + 0x800 & 0xfffff000); }
static inline uint32_t constant_low(int value) { return 0x0005051b | (uint32_t)value << 20; }
static inline size_t return_constant(void *to, int value) {
  const uint32_t words[] = {constant_high(value), constant_low(value), 0x00008067};
  return put(to, words, 3);
}
/* return argument + value, |value| < 2048 */
static inline size_t add_constant(void *to, int value) {
  const uint32_t words[] = {0x00050513 | (uint32_t)value << 20, 0x00008067};
  return put(to, words, 2);
}
/* A loop: adds value to a sum as often as the argument says, at least once. */
static inline size_t add_in_loop(void *to, int value) {
  const uint32_t words[] = {0x00000593, 0x00058593 | (uint32_t)value << 20, 0xfff50513, 0xfea04ce3, 0x00058513, 0x00008067};
  return put(to, words, 6);
}
static inline void fence_i(void) { __asm__ volatile("fence.i" ::: "memory"); }
#else
static inline size_t put(void *to, const void *bytes, size_t count) {
  memcpy(to, bytes, count);
  return count;
}
/* movslq $value, %rax; ret */
static inline size_t return_constant(void *to, int value) {
  unsigned char bytes[] = {0x48, 0xc7, 0xc0, 0, 0, 0, 0, 0xc3};
  memcpy(bytes + 3, &value, 4);
  return put(to, bytes, sizeof bytes);
}
/* lea value(%rdi), %rax; ret */
static inline size_t add_constant(void *to, int value) {
  unsigned char bytes[] = {0x48, 0x8d, 0x87, 0, 0, 0, 0, 0xc3};
  memcpy(bytes + 3, &value, 4);
  return put(to, bytes, sizeof bytes);
}
/* xor %eax, %eax; 1: add $value, %rax; dec %rdi; jg 1b; ret */
static inline size_t add_in_loop(void *to, int value) {
  unsigned char bytes[] = {0x31, 0xc0, 0x48, 0x05, 0, 0, 0, 0, 0x48, 0xff, 0xcf, 0x7f, 0xf5, 0xc3};
  memcpy(bytes + 4, &value, 4);
  return put(to, bytes, sizeof bytes);
}
static inline void fence_i(void) {}
#endif

static inline void flush(void *start, size_t size) { __builtin___clear_cache((char *)start, (char *)start + size); }
static inline long call(void *code, long argument) { return ((function *)code)(argument); }
static inline void *map_code(size_t size, int protection) {
  void *place = mmap(NULL, size, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (place == MAP_FAILED) MUST(-1);
  return place;
}

/* Resident memory of this process in MB. */
static inline long resident(void) {
  long pages = 0, ignored;
  FILE *file = fopen("/proc/self/statm", "r");
  if (file && fscanf(file, "%ld %ld", &ignored, &pages) != 2) pages = 0;
  if (file) fclose(file);
  return pages * 4 / 1024;
}
