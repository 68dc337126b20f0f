/* Faults of every kind: signal, code, address and pc; recovery by a change of pc, in loops and under pressure. */
#include "../probe.h"
#include <setjmp.h>
#include <ucontext.h>

/* Each is one faulting instruction at a label, and a return behind it. */
#ifdef __riscv
#define FUNCTION(name, instruction) \
  __asm__(".globl " #name ", at_" #name ", behind_" #name "\n" #name ":\nat_" #name ": " instruction "\nbehind_" #name ": ret\n"); \
  long name(void *, ...); \
  extern const char at_##name[], behind_##name[];
FUNCTION(load_byte, "lb a0, 0(a0)")
FUNCTION(load_half, "lhu a0, 0(a0)")
FUNCTION(load_word, "lw a0, 0(a0)")
FUNCTION(load_double, "ld a0, 0(a0)")
FUNCTION(load_real, "fld fa0, 0(a0)")
FUNCTION(store_byte, "sb a1, 0(a0)")
FUNCTION(store_half, "sh a1, 0(a0)")
FUNCTION(store_word, "sw a1, 0(a0)")
FUNCTION(store_double, "sd a1, 0(a0)")
FUNCTION(store_single, "fsw fa0, 0(a0)")
FUNCTION(swap, "amoswap.w a0, a1, (a0)")
FUNCTION(reserve, "lr.d a0, (a0)")
FUNCTION(trap, "ebreak")
FUNCTION(illegal, "unimp")
#define PC(context) ((context)->uc_mcontext.__gregs[REG_PC])
#define ILLEGAL_CODE ILL_ILLOPC
#define TRAP_CODE TRAP_BRKPT
#define TRAP_LENGTH 0
/* A call whose target could not be fetched goes back to the caller. */
static void return_to_caller(ucontext_t *context) { PC(context) = context->uc_mcontext.__gregs[REG_RA]; }
#else
#define FUNCTION(name, instruction) \
  __asm__(".globl " #name ", at_" #name ", behind_" #name "\n" #name ":\nat_" #name ": " instruction "\nbehind_" #name ": ret\n"); \
  long name(void *, ...); \
  extern const char at_##name[], behind_##name[];
FUNCTION(load_byte, "movsbl (%rdi), %eax")
FUNCTION(load_half, "movzwl (%rdi), %eax")
FUNCTION(load_word, "mov (%rdi), %eax")
FUNCTION(load_double, "mov (%rdi), %rax")
FUNCTION(load_real, "movsd (%rdi), %xmm0")
FUNCTION(store_byte, "mov %sil, (%rdi)")
FUNCTION(store_half, "mov %si, (%rdi)")
FUNCTION(store_word, "mov %esi, (%rdi)")
FUNCTION(store_double, "mov %rsi, (%rdi)")
FUNCTION(store_single, "movss %xmm0, (%rdi)")
FUNCTION(swap, "xchg %esi, (%rdi)")
FUNCTION(reserve, "mov (%rdi), %rax")
FUNCTION(trap, "int3")
FUNCTION(illegal, "ud2")
#define PC(context) ((context)->uc_mcontext.gregs[REG_RIP])
#define ILLEGAL_CODE ILL_ILLOPN
#define TRAP_CODE SI_KERNEL
#define TRAP_LENGTH 1
static void return_to_caller(ucontext_t *context) {
  uint64_t **sp = (uint64_t **)&context->uc_mcontext.gregs[REG_RSP];
  PC(context) = (long long)*(*sp)++;
}
#endif
typedef long function(void *, ...);
static const struct {
  const char *name;
  function *call;
  const char *at, *behind;
} accesses[] = {
#define ROW(name) {#name, name, at_##name, behind_##name}
    ROW(load_byte), ROW(load_half), ROW(load_word), ROW(load_double), ROW(load_real), ROW(store_byte),
    ROW(store_half), ROW(store_word), ROW(store_double), ROW(store_single), ROW(swap), ROW(reserve)};
enum { ACCESSES = sizeof accesses / sizeof *accesses };

static struct {
  int number, code;
  uint64_t address, pc;
} got;
static uint64_t next_pc;
static long faults;
static sigjmp_buf back;

static void handle(int number, siginfo_t *info, void *context) {
  got.number = number, got.code = info->si_code, got.address = (uint64_t)info->si_addr;
  got.pc = (uint64_t)PC((ucontext_t *)context);
  faults++;
  if (next_pc) PC((ucontext_t *)context) = (long)next_pc;
  else return_to_caller(context);
}
static void handle_and_jump(int number, siginfo_t *info, void *context) {
  got.number = number, got.code = info->si_code, got.address = (uint64_t)info->si_addr;
  siglongjmp(back, 1);
}
static void show(const char *what, const void *address, const void *pc) {
  printf("%s: SIG%s code %d address %s pc %s\n", what, sigabbrev_np(got.number), got.code,
         got.address == (uint64_t)address ? "right" : "wrong", got.pc == (uint64_t)pc ? "right" : "wrong");
  memset(&got, 0, sizeof got);
}

static long divide(volatile long a, volatile long b) {
#ifdef __riscv
  long q, r;
  __asm__ volatile("div %0, %2, %3\n  rem %1, %2, %3" : "=&r"(q), "=&r"(r) : "r"(a), "r"(b));
  return q * 1000 + r;
#else
  return b == 0 ? -1 * 1000 + a : b == -1 ? (long)(0 - (unsigned long)a) * 1000 : a / b * 1000 + a % b;
#endif
}

int main(void) {
  char *none = mmap(NULL, 3 * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  char *read_only = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  char *gone = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  int file = MUST(memfd_create("short", 0));
  MUST(ftruncate(file, 100));
  char *beyond = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  munmap(gone, 4096);
  int numbers[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE};
  for (int i = 0; i < 5; i++) handle_signal(numbers[i], handle, 0);

  for (int i = 0; i < ACCESSES; i++) {
    next_pc = (uint64_t)accesses[i].behind;
    printf("%s\n", accesses[i].name);
#define TRY(place, offset) (accesses[i].call((place) + (offset), 5), show("  " #place, (place) + (offset), accesses[i].at))
    TRY(none, 16);
    TRY(none, 8192);
    if (strncmp(accesses[i].name, "load", 4) && strcmp(accesses[i].name, "reserve")) TRY(read_only, 256);
    TRY(gone, 48);
    TRY((char *)NULL, 64);
    TRY(beyond, 4096);
  }

  next_pc = 0;
#define FETCH(place) (((function *)(place))(NULL), show("call of " #place, place, place))
  FETCH(none + 4096);
  FETCH(gone + 16);
  FETCH(read_only + 64);
  FETCH((char *)NULL + 256);
  next_pc = (uint64_t)behind_illegal;
  illegal(NULL);
  printf("code %d ", got.code == ILLEGAL_CODE), got.code = 0;
  show("illegal", at_illegal, at_illegal);
  next_pc = (uint64_t)behind_trap;
  trap(NULL);
  /* x86 tells no address, and the pc behind the instruction. */
  printf("code %d ", got.code == TRAP_CODE), got.code = 0;
  show("trap", TRAP_LENGTH ? NULL : at_trap, at_trap + TRAP_LENGTH);

  faults = 0;
  printf("%ld %ld %ld, faults %ld\n", divide(7, 0), divide(-9223372036854775807 - 1, -1), divide(7, -2), faults);

  /* The same place faults, works, faults. */
  long sum = 0;
  next_pc = (uint64_t)behind_load_word;
  for (int i = 0; i < 3000; i++) {
    int good = i;
    long value = load_word(i % 3 == 0 ? (void *)none : &good);
    if (i % 3) sum += value;
  }
  printf("sum %ld faults %ld\n", sum, faults);

  handle_signal(SIGSEGV, handle_and_jump, SA_NODEFER);
  faults = 0;
  volatile long caught = 0;
  volatile int data[64] = {0};
  for (volatile int i = 0; i < 2000; i++) {
    if (sigsetjmp(back, i % 2) == 0) {
      volatile int *place = i % 2 ? data + i % 64 : (volatile int *)none + i;
      for (int j = 0; j < 8; j++) data[j] += j;
      *place += i;
    } else {
      caught += got.address == (uint64_t)((int *)none + i);
    }
  }
  sum = 0;
  for (int i = 0; i < 64; i++) sum += data[i];
  printf("caught %ld sum %ld\n", caught, sum);

  /* System calls do not fault: they tell. */
  SHOW(write(1, none, 10));
  SHOW(read(0, read_only, 0));
  SHOW(pipe((int *)read_only));
  SHOW(syscall(SYS_clock_getres, CLOCK_REALTIME, gone));
}
