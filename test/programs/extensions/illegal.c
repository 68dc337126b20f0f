/*
 * How programs look for extensions: they execute an instruction, and a handler of SIGILL goes on behind it. The handler
 * sees the instruction's address and every register as it was.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <ucontext.h>

#define STRING(text) #text
#define DATA(words) STRING(words)

/* An instruction between two markers: x5 to x31 hold their numbers times 0x101 at it, and a0 what came of it after. */
#define INSTRUCTION(name, data)                                    \
  __attribute__((naked, used)) static uint64_t name(void) {        \
    __asm__(".option push\n.option norvc\n"                        \
            "addi sp, sp, -128\n"                                  \
            "sd s0, 0(sp)\nsd s1, 8(sp)\nsd s2, 16(sp)\n"          \
            "sd s3, 24(sp)\nsd s4, 32(sp)\nsd s5, 40(sp)\n"        \
            "sd s6, 48(sp)\nsd s7, 56(sp)\nsd s8, 64(sp)\n"        \
            "sd s9, 72(sp)\nsd s10, 80(sp)\nsd s11, 88(sp)\n"      \
            ".irp r,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n" \
            "li x\\r, 0x101 * \\r\n"                               \
            ".endr\n"                                              \
            "addw a1, a1, a1\n"                                    \
            "fcvt.d.l fa0, a0\n"                                   \
            ".globl " #name "_at\n" #name "_at:\n" DATA(data) "\n" \
            "add a0, a0, a1\n"                                     \
            "add a0, a0, t6\n"                                     \
            "ld s0, 0(sp)\nld s1, 8(sp)\nld s2, 16(sp)\n"          \
            "ld s3, 24(sp)\nld s4, 32(sp)\nld s5, 40(sp)\n"        \
            "ld s6, 48(sp)\nld s7, 56(sp)\nld s8, 64(sp)\n"        \
            "ld s9, 72(sp)\nld s10, 80(sp)\nld s11, 88(sp)\n"      \
            "addi sp, sp, 128\n"                                   \
            "ret\n.option pop\n");                                 \
  }                                                                \
  extern const char name##_at[];

/* name, length, data */
#define INSTRUCTIONS(X)                                                    \
  X(vsetvli, 4, .4byte 0x0d007057)                                         \
  X(vector_load, 4, .4byte 0x02050007)                                     \
  X(vector_add, 4, .4byte 0x02110057)                                      \
  X(vector_csr, 4, .4byte 0xc2202573)                                      \
  X(carry_less_multiply, 4, .4byte 0x0ac51533)                             \
  X(compare_and_swap, 4, .4byte 0x28c5252f)                                \
  X(wait_on_reservation, 4, .4byte 0x00d00073)                             \
  X(add_halves, 4, .4byte 0x04b57553)                                      \
  X(block_invalidate, 4, .4byte 0x0005200f)                                \
  X(custom, 4, .4byte 0x0000000b)                                          \
  X(reserved_operation, 4, .4byte 0xfec58533)                              \
  X(all_ones, 4, .4byte 0xffffffff)                                        \
  X(machine_return, 4, .4byte 0x30200073)                                  \
  X(all_zeros, 2, .2byte 0x0000; .2byte 0x0001)                            \
  X(reserved_short, 2, .2byte 0x9c7d; .2byte 0x0001)                       \
  X(unknown_csr, 4, .4byte 0x80002573)

#define DEFINE(name, length, data) INSTRUCTION(name, data)
INSTRUCTIONS(DEFINE)

static const struct {
  const char *name;
  uint64_t (*run)(void);
  const char *at;
  int length;
} instructions[] = {
#define ROW(name, length, data) {#name, name, name##_at, length},
    INSTRUCTIONS(ROW)};
enum { COUNT = sizeof instructions / sizeof *instructions };

static volatile int current, traps, wrong, advance;

static void handle(int number, siginfo_t *info, void *data) {
  ucontext_t *context = data;
  uint64_t *x = context->uc_mcontext.__gregs;
  const char *at = instructions[current].at;
  traps++;
  if (number != SIGILL || info->si_code != ILL_ILLOPC) wrong |= 1;
  if (x[0] != (uint64_t)at || info->si_addr != at) wrong |= 2;
  for (int r = 5; r < 32; r++)
    if (x[r] != (uint64_t)(0x101 * r * (r == 11 ? 2 : 1))) wrong |= 4;
  double value;
  memcpy(&value, &context->uc_mcontext.__fpregs.__d.__f[10], sizeof value);
  if (value != 0x101 * 10) wrong |= 8;
  x[0] += (uint64_t)advance;
  x[10] = 1;
}

int main(void) {
  struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO};
  sigaction(SIGILL, &action, NULL);
  for (current = 0; current < COUNT; current++) {
    uint64_t sum = 0;
    traps = wrong = 0;
    advance = instructions[current].length;
    for (int i = 0; i < 50; i++) sum += instructions[current].run();
    printf("%s: %d traps, wrong %d, sum %d\n", instructions[current].name, traps, wrong,
           sum == 50u * (1 + 2 * 0x101 * 11 + 0x101 * 31));
  }
  return 0;
}
