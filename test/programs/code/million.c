/*
 * Writes and runs new code as often as the first argument says (a million times without one), in every way that programs
 * do: each result is checked, and the memory of the process stays bounded.
 */
#include "emit.h"

static long count, wrong, sum;
static uint64_t random_state = 0x1234567;

static void check(long result, long expected) {
  sum += result;
  if (result != expected) wrong++;
}

/* One function in a page that stays writable. */
static void in_place(void (*announce)(void *)) {
  char *code = map_code(PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
  for (int i = 0; i < count / 10; i++) {
    int value = (int)next_random(&random_state) >> 1;
    return_constant(code, value);
    announce(code);
    check(call(code, 0), value);
  }
  munmap(code, PAGE);
}
static void by_fence(void *code) { fence_i(); }
static void by_flush(void *code) { flush(code, BYTES); }
static void by_nothing(void *code) {}

/* Many small functions on one page, of which one changes at a time while the others stay. */
static void among_others(void) {
  enum { SLOTS = PAGE / BYTES };
  int values[SLOTS] = {0};
  char *code = map_code(PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
  for (int i = 0; i < SLOTS; i++) add_constant(code + i * BYTES, 0);
  fence_i();
  for (int i = 0; i < count / 10; i++) {
    uint64_t r = next_random(&random_state);
    int slot = (int)(r % SLOTS), other = (int)(r >> 8) % SLOTS;
    if (other < 0) other = -other;
    values[slot] = (int)(r >> 16 & 0x7ff) - 1024;
    add_constant(code + slot * BYTES, values[slot]);
    by_flush(code + slot * BYTES);
    check(call(code + slot * BYTES, i), i + values[slot]);
    check(call(code + other * BYTES, i), i + values[other]);
  }
  munmap(code, PAGE);
}

/* Writable or executable, never both. */
static void switched(void) {
  char *code = map_code(PAGE, PROT_READ | PROT_WRITE);
  for (int i = 0; i < count / 10; i++) {
    int value = (int)(next_random(&random_state) & 0x7ff) - 1024, times = i % 5 + 1;
    mprotect(code, PAGE, PROT_READ | PROT_WRITE);
    add_in_loop(code, value);
    mprotect(code, PAGE, PROT_READ | PROT_EXEC);
    if (i % 2) by_flush(code);
    check(call(code, times), (long)value * times);
  }
  munmap(code, PAGE);
}

/* One memory, mapped twice: written here, run there. */
static void dual(bool flushed) {
  int fd = MUST(memfd_create("code", MFD_CLOEXEC));
  MUST(ftruncate(fd, PAGE));
  char *writable = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  char *executable = mmap(NULL, PAGE, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
  for (int i = 0; i < count / 10; i++) {
    int value = (int)next_random(&random_state) >> 1;
    return_constant(writable, value);
    if (flushed) flush(executable, BYTES);
    else fence_i();
    check(call(executable, 0), value);
  }
  munmap(writable, PAGE), munmap(executable, PAGE);
  close(fd);
}

/* A new mapping for each, mostly at the address of the last. */
static void mapped_anew(void) {
  for (int i = 0; i < count / 10; i++) {
    int value = (int)next_random(&random_state) >> 1;
    char *code = map_code(PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
    return_constant(code, value);
    check(call(code, 0), value);
    munmap(code, PAGE);
  }
}

/* A buffer that fills up with functions and starts over, as simple compilers have it. */
static void in_a_buffer(void) {
  enum { SIZE = 64 * PAGE };
  char *code = map_code(SIZE, PROT_READ | PROT_WRITE | PROT_EXEC);
  size_t at = 0;
  for (int i = 0; i < count / 5; i++) {
    int value = (int)next_random(&random_state) >> 1;
    if (at + BYTES > SIZE) at = 0;
    size_t size = return_constant(code + at, value);
    flush(code + at, size);
    check(call(code + at, 0), value);
    if (i % 3 == 0 && at >= BYTES) check(call(code + at, 0), value);
    at += (size + 15) & ~(size_t)15;
  }
  munmap(code, SIZE);
}

int main(int argc, char **argv) {
  count = argc > 1 ? atol(argv[1]) : 1000000;
  long before = resident();
#define TIME(what) (what, printf("%s: sum %ld, wrong %ld\n", #what, sum, wrong))
  TIME(in_place(by_fence));
  TIME(in_place(by_flush));
  TIME(in_place(by_nothing));
  TIME(among_others());
  TIME(switched());
  TIME(dual(true));
  TIME(dual(false));
  TIME(mapped_anew());
  TIME(in_a_buffer());
  long after = resident();
  if (after - before > 200) printf("resident memory grew from %ld to %ld MB\n", before, after);
}
