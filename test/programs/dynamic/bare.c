/* A program without a C library, for layouts that linkers do not make with one. */
#define SIZE 9000
static char data[SIZE] = {1, 2};
static char bss[SIZE];
static const char constant[SIZE] = {3};
/* Allocated, neither in the file nor writable: read-only pages of zeros behind the constants. */
__asm__(".section .empty, \"a\", @nobits\n.balign 8\nempty: .zero 9000\n.text\n");
extern const char empty[SIZE] __attribute__((visibility("hidden")));

static long call(long number, long a, long b, long c) {
  register long a7 __asm__("a7") = number, a0 __asm__("a0") = a, a1 __asm__("a1") = b, a2 __asm__("a2") = c;
  __asm__ volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2) : "memory");
  return a0;
}

static int wrong(const char *bytes, int from) {
  int count = 0;
  for (int i = from; i < SIZE; i++) count += ((const volatile char *)bytes)[i] != 0;
  return count;
}

__attribute__((used)) static void run(void) {
  int failures = data[0] != 1 || data[1] != 2 || constant[0] != 3;
  failures += wrong(data, 2) + wrong(bss, 0) + wrong(constant, 1) + wrong(empty, 0);
  for (int i = 0; i < SIZE; i++) ((volatile char *)bss)[i] = data[i] + 1;
  failures += bss[0] != 2 || bss[SIZE - 1] != 1;
  static const char good[] = "as it should be\n", bad[] = "wrong\n";
  if (failures) call(64, 1, (long)bad, sizeof bad - 1);
  else call(64, 1, (long)good, sizeof good - 1);
  call(94, failures != 0, 0, 0);
}

__asm__(".globl _start\n_start: j run\n");
