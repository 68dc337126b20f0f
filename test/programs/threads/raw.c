/*
 * Threads as a small C library starts them, by system calls alone: clone with a stack and a thread pointer of its own,
 * waiting for the thread's number to be cleared, robust list, exit of one thread. No libc.
 */
#include <linux/futex.h>
#include <linux/sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>

enum { THREADS = 8, ROUNDS = 20000, STACK = 65536 };

#ifdef __riscv
__asm__(".globl _start\n_start:\n  .option push\n  .option norelax\n  la gp, __global_pointer$\n  .option pop\n"
        "  mv a0, sp\n  andi sp, sp, -16\n  tail begin\n"
        /* long clone_thread(flags, stack, parent_tid, tls, child_tid, function, argument) */
        "clone_thread:\n  addi a1, a1, -16\n  sd a5, 0(a1)\n  sd a6, 8(a1)\n  li a7, 220\n  ecall\n  beqz a0, 1f\n  ret\n"
        "1: ld a5, 0(sp)\n  ld a0, 8(sp)\n  addi sp, sp, 16\n  jalr a5\n  li a7, 93\n  ecall\n");
static long call(long n, long a, long b, long c, long d, long e, long f) {
  register long a7 __asm__("a7") = n, a0 __asm__("a0") = a, a1 __asm__("a1") = b, a2 __asm__("a2") = c,
                a3 __asm__("a3") = d, a4 __asm__("a4") = e, a5 __asm__("a5") = f;
  __asm__ volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5) : "memory");
  return a0;
}
#define THREAD_POINTER() ({ uint64_t tp; __asm__ volatile("mv %0, tp" : "=r"(tp)); tp; })
#define SET_THREAD_POINTER(value) __asm__ volatile("mv tp, %0" ::"r"(value))
#else
__asm__(".globl _start\n_start:\n  mov %rsp, %rdi\n  and $-16, %rsp\n  call begin\n"
        /* The kernel's order of arguments is flags, stack, parent_tid, child_tid, tls. */
        "clone_thread:\n  mov 8(%rsp), %rax\n  sub $16, %rsi\n  mov %r9, (%rsi)\n  mov %rax, 8(%rsi)\n  mov %r8, %r10\n"
        "  mov %rcx, %r8\n  mov $56, %eax\n  syscall\n  test %eax, %eax\n  jz 1f\n  ret\n"
        "1: pop %rax\n  pop %rdi\n  call *%rax\n  mov %eax, %edi\n  mov $60, %eax\n  syscall\n");
static long call(long n, long a, long b, long c, long d, long e, long f) {
  register long r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;
  __asm__ volatile("syscall" : "+a"(n) : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
  return n;
}
#define THREAD_POINTER() ({ uint64_t fs; __asm__ volatile("mov %%fs:0, %0" : "=r"(fs)); fs; })
#define SET_THREAD_POINTER(value) call(158, 0x1002, (long)(value), 0, 0, 0, 0)
#endif
long clone_thread(uint64_t flags, void *stack, uint32_t *parent_tid, void *tls, uint32_t *child_tid,
                  int (*function)(void *), void *argument);

#define CALL_1(n, a) call(n, (long)(a), 0, 0, 0, 0, 0)
#define CALL_3(n, a, b, c) call(n, (long)(a), (long)(b), (long)(c), 0, 0, 0)
static long wait_while(uint32_t *place, uint32_t value) {
  return call(SYS_futex, (long)place, FUTEX_WAIT, value, 0, 0, 0);
}

static void print(const char *text) {
  long length = 0;
  while (((const volatile char *)text)[length]) length++;
  CALL_3(SYS_write, 1, text, length);
}
static void print_number(const char *name, uint64_t value) {
  char digits[24] = {0}, *at = digits + 22;
  *at = '\n';
  do *--at = (char)('0' + value % 10);
  while (value /= 10);
  print(name);
  print(at);
}

struct block {
  struct block *self; /* what the thread pointer names */
  uint64_t counter, number, wrong;
  uint32_t parent_tid, child_tid;
};
static struct block blocks[THREADS + 1];
static char stacks[THREADS][STACK] __attribute__((aligned(64)));
static uint64_t locked_count, atomic_count;
static uint32_t lock;

static void acquire(void) {
  uint32_t free = 0;
  if (__atomic_compare_exchange_n(&lock, &free, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) return;
  while (__atomic_exchange_n(&lock, 2, __ATOMIC_ACQUIRE)) wait_while(&lock, 2);
}
static void release(void) {
  if (__atomic_exchange_n(&lock, 0, __ATOMIC_RELEASE) == 2) CALL_3(SYS_futex, &lock, FUTEX_WAKE, 1);
}

static int run(void *argument) {
  struct block *mine = argument;
  for (int i = 0; i < ROUNDS; i++) {
    struct block *block = (struct block *)THREAD_POINTER();
    if (block != mine) mine->wrong++;
    block->counter++;
    acquire();
    locked_count++;
    release();
    __atomic_fetch_add(&atomic_count, 1, __ATOMIC_RELAXED);
  }
  if ((uint32_t)CALL_1(SYS_gettid, 0) != mine->parent_tid) mine->wrong++;
  return 0;
}

__attribute__((used)) void begin(long *stack) {
  print_number("arguments ", (uint64_t)stack[0]);
  blocks[THREADS].self = &blocks[THREADS];
  SET_THREAD_POINTER(&blocks[THREADS]);
  const uint64_t flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |
                         CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID;
  for (int round = 0; round < 5; round++) {
    for (int i = 0; i < THREADS; i++) {
      struct block *block = &blocks[i];
      block->self = block;
      block->child_tid = 1;
      long tid = clone_thread(flags, stacks[i] + STACK, &block->parent_tid, block, &block->child_tid, run, block);
      if (tid < 0) print_number("clone failed ", (uint64_t)-tid);
      if ((uint32_t)tid != block->parent_tid) print("another number\n");
    }
    for (int i = 0; i < THREADS; i++)
      for (uint32_t tid; (tid = __atomic_load_n(&blocks[i].child_tid, __ATOMIC_ACQUIRE));)
        wait_while(&blocks[i].child_tid, tid);
  }
  uint64_t wrong = 0, own = 0;
  for (int i = 0; i < THREADS; i++) wrong += blocks[i].wrong, own += blocks[i].counter;
  print_number("own ", own);
  print_number("locked ", locked_count);
  print_number("atomic ", atomic_count);
  print_number("wrong ", wrong + ((struct block *)THREAD_POINTER() != &blocks[THREADS]));
  print_number("bad flags ", (uint64_t)-clone_thread(CLONE_THREAD, stacks[0] + STACK, 0, 0, 0, run, 0));
  print_number("bad flags ", (uint64_t)-clone_thread(CLONE_SIGHAND, stacks[0] + STACK, 0, 0, 0, run, 0));
  CALL_1(SYS_exit_group, 11);
}
