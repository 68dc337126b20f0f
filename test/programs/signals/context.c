/*
 * The ucontext that a handler gets is true, register by register, at traps, illegal instructions, loads, stores and
 * asynchronous signals; and what the handler makes of it is what the program goes on with. RISC-V alone: what holds there is
 * printed elsewhere without a look.
 */
#include "../probe.h"
#include <stddef.h>
#include <ucontext.h>

enum { KINDS = 8 };
static const char *const names[KINDS] = {"ebreak", "c.ebreak", "illegal", "c.illegal", "load", "store", "float load", "amo"};

#ifdef __riscv
/* What the registers hold before, what they must hold behind the instruction, and what they held. sp is a pointer to save areas. */
struct registers {
  uint64_t x[32], f[32], fcsr;
};
static struct registers before, after, found;
struct save {
  struct registers store;
  uint64_t sp, s[12], ra;
};
static struct save save;
static char stack[65536] __attribute__((aligned(16)));

/* void probe_KIND(struct registers *before): loads all but sp, gp and tp; the handler lets sp be &save. */
#define EACH(m) m(1) m(5) m(6) m(7) m(8) m(9) m(11) m(12) m(13) m(14) m(15) m(16) m(17) m(18) m(19) m(20) m(21) m(22) \
  m(23) m(24) m(25) m(26) m(27) m(28) m(29) m(30) m(31)
#define EACH_FLOAT(m) m(0) m(1) m(2) m(3) m(4) m(5) m(6) m(7) m(8) m(9) m(10) m(11) m(12) m(13) m(14) m(15) m(16) \
  m(17) m(18) m(19) m(20) m(21) m(22) m(23) m(24) m(25) m(26) m(27) m(28) m(29) m(30) m(31)
#define LOAD(n) "  ld x" #n ", 8*" #n "(a0)\n"
#define LOAD_FLOAT(n) "  fld f" #n ", 256+8*" #n "(a0)\n"
#define STORE(n) "  sd x" #n ", 8*" #n "(sp)\n"
#define STORE_FLOAT(n) "  fsd f" #n ", 256+8*" #n "(sp)\n"
#define SAVE(n) "  sd s" #n ", 528+8*" #n "(a1)\n"
#define RESTORE(n) "  ld s" #n ", 528+8*" #n "(a1)\n"
#define EACH_SAVED(m) m(0) m(1) m(2) m(3) m(4) m(5) m(6) m(7) m(8) m(9) m(10) m(11)
#define PROBE(name, instruction)                                                                               \
  __asm__(".globl probe_" #name ", at_" #name "\nprobe_" #name ":\n"                                           \
          "  la a1, save\n  sd sp, 520(a1)\n  sd ra, 624(a1)\n" EACH_SAVED(SAVE)                               \
          "  ld t0, 512(a0)\n  fscsr t0\n" EACH_FLOAT(LOAD_FLOAT) "  mv sp, a0\n" EACH(LOAD) "  ld a0, 80(a0)\n" \
          "  .option push\n  .option norelax\nat_" #name ": " instruction "\n  .option pop\n"                   \
          EACH(STORE) "  sd a0, 80(sp)\n" EACH_FLOAT(STORE_FLOAT) "  frcsr t0\n  sd t0, 512(sp)\n"              \
          "  mv a1, sp\n" EACH_SAVED(RESTORE) "  ld ra, 624(a1)\n  ld sp, 520(a1)\n  ret\n");                   \
  void probe_##name(struct registers *);                                                                       \
  extern const char at_##name[];
_Static_assert(offsetof(struct save, sp) == 520 && offsetof(struct save, s) == 528 && offsetof(struct save, ra) == 624, "");
PROBE(ebreak, ".option norvc\n  ebreak")
PROBE(c_ebreak, "c.ebreak")
PROBE(illegal, ".word 0xffffffff")
PROBE(c_illegal, ".half 0")
PROBE(load, ".option norvc\n  lw s3, 64(t5)")
PROBE(store, ".option norvc\n  sd s3, -8(t5)")
PROBE(float_load, ".option norvc\n  fld fa3, 8(t5)")
PROBE(amo, "amoadd.d s4, s5, (t5)")
static void (*const probes[KINDS])(struct registers *) = {probe_ebreak, probe_c_ebreak, probe_illegal, probe_c_illegal,
                                                          probe_load, probe_store, probe_float_load, probe_amo};
static const char *const places[KINDS] = {at_ebreak, at_c_ebreak, at_illegal, at_c_illegal, at_load, at_store, at_float_load, at_amo};
static const int numbers[KINDS] = {SIGTRAP, SIGTRAP, SIGILL, SIGILL, SIGSEGV, SIGSEGV, SIGSEGV, SIGSEGV};
static const int codes[KINDS] = {TRAP_BRKPT, TRAP_BRKPT, ILL_ILLOPC, ILL_ILLOPC, SEGV_MAPERR, SEGV_MAPERR, SEGV_MAPERR, SEGV_MAPERR};
static const int lengths[KINDS] = {4, 2, 4, 2, 4, 4, 4, 4};
static const int offsets[KINDS] = {0, 0, 0, 0, 64, -8, 8, 0};
static int kind, wrong_info, wrong_pc;

static bool fixed(int n) { return n == 0 || n == 2 || n == 3 || n == 4; }

static void handle(int number, siginfo_t *info, void *context) {
  unsigned long *x = ((ucontext_t *)context)->uc_mcontext.__gregs;
  struct __riscv_mc_d_ext_state *f = &((ucontext_t *)context)->uc_mcontext.__fpregs.__d;
  found.x[0] = 0;
  for (int i = 1; i < 32; i++) found.x[i] = x[i];
  for (int i = 0; i < 32; i++) found.f[i] = f->__f[i];
  found.fcsr = f->__fcsr;
  uint64_t address = kind < 4 ? (uint64_t)places[kind] : before.x[30] + (uint64_t)(int64_t)offsets[kind];
  if (number != numbers[kind] || info->si_code != codes[kind] || (uint64_t)info->si_addr != address) wrong_info++;
  if (x[0] != (uint64_t)places[kind]) wrong_pc++;
  for (int i = 1; i < 32; i++)
    if (!fixed(i)) x[i] = after.x[i];
  for (int i = 0; i < 32; i++) f->__f[i] = after.f[i];
  f->__fcsr = (unsigned)after.fcsr;
  x[2] = (uint64_t)&save;
  x[0] += (unsigned)lengths[kind];
}

static int differences(const struct registers *a, const struct registers *b) {
  int count = a->fcsr != b->fcsr;
  for (int i = 1; i < 32; i++) {
    if (!fixed(i) && a->x[i] != b->x[i]) count++;
    if (a->f[i] != b->f[i]) count++;
  }
  return count + (a->f[0] != b->f[0]);
}

static void test(int which, uint64_t *random) {
  kind = which;
  struct registers *sets[] = {&before, &after};
  for (int s = 0; s < 2; s++) {
    for (int i = 1; i < 32; i++) sets[s]->x[i] = next_random(random);
    for (int i = 0; i < 32; i++) sets[s]->f[i] = next_random(random);
    /* Some boxed singles and NaNs with payloads among them. */
    for (int i = 0; i < 32; i += 3) sets[s]->f[i] |= 0xffffffff00000000;
    sets[s]->f[7] = 0x7ff4000000000123, sets[s]->f[21] = 0xfff8000000000456, sets[s]->f[12] = 0xffffffff7fa00077;
    sets[s]->fcsr = next_random(random) % 4 << 5 | (next_random(random) & 31);
  }
  before.x[30] = 0x100 + (next_random(random) & 0xf8);
  wrong_info = wrong_pc = 0;
  probes[which](&before);
  int seen = differences(&before, &found), kept = differences(&after, &save.store);
  if (seen || kept || wrong_info || wrong_pc)
    printf("%s: registers wrong in the handler %d, behind it %d, info %d, pc %d\n", names[which], seen, kept, wrong_info, wrong_pc);
}

/* A loop without a system call, which an asynchronous signal's handler ends through a register; all others stay. */
static volatile int interrupted;
extern const char spin_start[], spin_end[];
uint64_t spin_all(void);
__asm__("spin_all:\n  li a0, 0\n  li t1, 11\n  li t2, 22\n  li t3, 33\n  li a5, 0\n  fcvt.d.w ft5, t3\n  fcvt.d.w fa7, t2\n"
        ".globl spin_start, spin_end\nspin_start:\n  addi a0, a0, 1\n  andi a1, a0, 0xff\n  beqz a5, spin_start\nspin_end:\n"
        "  fcvt.w.d a2, ft5\n  fcvt.w.d a3, fa7\n  sub a2, a2, t3\n  sub a3, a3, t2\n  sltu a4, x0, a0\n"
        "  or a2, a2, a3\n  addi t1, t1, -11\n  or a2, a2, t1\n  xori a0, a4, 1\n  or a0, a0, a2\n  ret\n");
static void end_loop(int number, siginfo_t *info, void *context) {
  unsigned long *x = ((ucontext_t *)context)->uc_mcontext.__gregs;
  if (x[0] < (uint64_t)spin_start || x[0] >= (uint64_t)spin_end || x[15] == 1) return;
  if (x[6] != 11 || x[7] != 22 || x[28] != 33 || x[15] != 0) wrong_info++;
  x[15] = 1;
  interrupted++;
}

int main(void) {
  uint64_t random = 20240229;
  MUST(sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof stack}, NULL));
  handle_signal(SIGTRAP, handle, SA_ONSTACK);
  handle_signal(SIGILL, handle, SA_ONSTACK);
  handle_signal(SIGSEGV, handle, SA_ONSTACK);
  for (int i = 0; i < KINDS; i++) {
    for (int round = 0; round < 50; round++) test(i, &random);
    printf("%s: done\n", names[i]);
  }
  handle_signal(SIGALRM, end_loop, SA_ONSTACK);
  wrong_info = 0;
  timer_t timer;
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
  MUST(timer_create(CLOCK_MONOTONIC, &event, &timer));
  MUST(timer_settime(timer, 0, &(struct itimerspec){{0, 1000000}, {0, 1000000}}, NULL));
  uint64_t wrong = 0;
  for (int i = 0; i < 30; i++) wrong += spin_all();
  MUST(timer_delete(timer));
  printf("interrupted loops %d, wrong %d\n", interrupted, (int)wrong + wrong_info);
}
#else
int main(void) {
  for (int i = 0; i < KINDS; i++) printf("%s: done\n", names[i]);
  printf("interrupted loops 30, wrong 0\n");
}
#endif
