/*
 * Code that modifies itself: the next instruction, an instruction behind a loop, its own loop, the instruction after a
 * call of what modifies; with fence.i and, where the processor's rules leave the time open but every program here waits long
 * enough (another call), without.
 */
#include "emit.h"

#ifdef __riscv
/* Adds 1 … 100 by replacing the immediate of the addi right behind the fence. a0 place of addi, a1 its new word. */
extern char self_code[], self_code_end[], self_place[], loop_code[], loop_code_end[], loop_place[];
__asm__(".balign 4\n.option push\n.option norvc\n"
        "self_code:\n  li a0, 0\n  auipc t0, 0\n  addi t0, t0, 32\n  lw t1, 0(t0)\n  li t2, 100\n  li t3, 1<<20\n"
        "1: add t1, t1, t3\n  sw t1, 0(t0)\n  fence.i\n"
        "self_place: addi a0, a0, 0\n  addi t2, t2, -1\n  bnez t2, 1b\n  ret\nself_code_end:\n"
        /* A loop of a0 rounds whose body, ahead of the store, becomes another in the middle round. */
        "loop_code:\n  mv a1, a0\n  li a0, 0\n  srli a2, a1, 1\n  auipc t0, 0\n  addi t0, t0, 16\n  lw t1, 0(t0)\n  li t3, 1<<20\n"
        "loop_place: addi a0, a0, 1\n  addi a1, a1, -1\n  bne a1, a2, 2f\n  add t1, t1, t3\n  sw t1, 0(t0)\n  fence.i\n"
        "2: bnez a1, loop_place\n  ret\nloop_code_end:\n.option pop\n");
static long run_self(char *page) {
  memcpy(page, self_code, (size_t)(self_code_end - self_code));
  fence_i();
  return call(page, 0);
}
static long run_loop(char *page, long rounds) {
  memcpy(page, loop_code, (size_t)(loop_code_end - loop_code));
  fence_i();
  return call(page, rounds);
}
/* A function that rewrites the one that it returns to, behind the call. */
extern char outer_code[], outer_code_end[];
__asm__(".balign 4\n.option push\n.option norvc\n"
        "outer_code:\n  addi sp, sp, -16\n  sd ra, 8(sp)\n  mv a0, a1\n  jalr a2\n  addi a0, a0, 1\n  ld ra, 8(sp)\n  addi sp, sp, 16\n  ret\n"
        "outer_code_end:\n.option pop\n");
static int next_add;
static char *outer_page;
static long rewrite(long x) {
  uint32_t word = 0x00050513 | (uint32_t)next_add << 20;
  memcpy(outer_page + 16, &word, 4);
  fence_i();
  return x;
}
static long run_outer(char *page, int add) {
  outer_page = page;
  next_add = add;
  memcpy(page, outer_code, (size_t)(outer_code_end - outer_code));
  fence_i();
  return ((long (*)(long, long, long (*)(long)))page)(0, 1000, rewrite);
}
#else
static long run_self(char *page) { return 100 * 101 / 2; }
static long run_loop(char *page, long rounds) { return rounds - rounds / 2 + rounds / 2 * 2; }
static long run_outer(char *page, int add) { return 1000 + add; }
#endif

/* Without a fence: what is written now is called later, by way of other code. */
static __attribute__((noinline)) long later(char *code, long x) { return call(code, x); }

int main(void) {
  char *page = map_code(2 * PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
  long sum = 0;
  for (int i = 0; i < 50; i++) sum += run_self(page + i * 4 * 8);
  printf("next instruction: %ld\n", sum);
  sum = 0;
  for (int i = 0; i < 50; i++) sum += run_loop(page + i * 4 * 8, 10 + i * 2);
  printf("in a loop: %ld\n", sum);
  sum = 0;
  for (int i = 0; i < 200; i++) sum += run_outer(page + i % 7 * 64, i);
  printf("behind a call: %ld\n", sum);
  /* Code that crosses a page, of which one half changes. */
  sum = 0;
  for (int i = 0; i < 500; i++) {
    add_in_loop(page + PAGE - 8, i % 100);
    sum += later(page + PAGE - 8, 3);
    if (i % 3 == 0) sum += later(page + PAGE - 8, 4);
  }
  printf("across pages: %ld\n", sum);
  /* Data on the page of code: the code stays, the data changes. */
  return_constant(page, 17);
  fence_i();
  volatile long *data = (long *)(page + 2048);
  sum = 0;
  for (int i = 0; i < 20000; i++) {
    *data += i;
    sum += call(page, 0);
  }
  printf("data beside code: %ld %ld\n", *data, sum);
  /* One function writes the other, and that the first, in turns. */
  sum = 0;
  for (int i = 0; i < 1000; i++) {
    add_constant(page + 512, i % 1000);
    sum = later(page + 512, sum);
    return_constant(page + 256, (int)(sum & 0xffff));
    sum += later(page + 256, 0);
  }
  printf("in turns: %ld\n", sum);
  /* The kernel writes the code. */
  int ends[2];
  MUST(pipe(ends));
  sum = 0;
  for (int i = 0; i < 500; i++) {
    char bytes[BYTES];
    size_t size = return_constant(bytes, i * 11);
    MUST(write(ends[1], bytes, size));
    MUST(read(ends[0], page, size));
    flush(page, size);
    sum += call(page, 0);
  }
  printf("by read: %ld\n", sum);
}
