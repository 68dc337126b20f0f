/*
 * Executes one encoding after the other, each with registers of its own, and writes what became of it: the signal that it
 * ended by (a breakpoint stands behind it and everywhere else), where, and a digest of all registers and of the memory that
 * it may touch. All is done by one signal handler, which changes the frame that it returns to. Without a libc.
 *
 * `words` has COUNT of them; the output is a struct outcome for each.
 */
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;

enum { SIGILL = 4, SIGTRAP = 5, SIGBUS = 7, SIGSEGV = 11, SLOTS = 64, STRIDE = 4096, DATA = 768, COMPRESSED_EBREAK = 0x9002 };
enum { SYS_WRITE = 64, SYS_EXIT_GROUP = 94, SYS_SIGALTSTACK = 132, SYS_SIGACTION = 134 };
/* Of what registers point to: up to 128 bytes more, and compressed instructions add up to 512. */
#define ADDRESS ((u64)data + 64)

struct frame {
  u64 info[16], flags, link, stack[3], mask[16], padding;
  u64 pc, x[31], f[32];
  u32 fcsr;
};
struct outcome {
  u32 word, signal;
  u64 pc, digest;
};

extern const u32 words[];
static struct outcome outcomes[COUNT];
static u8 stack[16384] __attribute__((aligned(16)));
__attribute__((used)) static u8 first_stack[1024] __attribute__((aligned(16)));
static u8 data[DATA] __attribute__((aligned(64)));
extern u16 code[SLOTS * STRIDE / 2];
__asm__(".section .slots, \"awx\", @nobits\n.balign 4096\ncode: .zero 64 * 4096\n.text");

static u32 done;
static int running;
static u64 seed;

static u64 next(void) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return seed * 0x2545f4914f6cdd1d;
}

#define PICK(table) (table)[next() % (sizeof(table) / sizeof *(table))]

static u64 any_double(void) {
  static const u64 edges[] = {
      0, 1, 0x000fffffffffffff, 0x0010000000000000, 0x7fefffffffffffff, 0x7ff0000000000000, 0x7ff0000000000001,
      0x7ff8000000000000, 0x7ff8000000000123, 0x3ff0000000000000, 0x3fe0000000000000, 0x3fefffffffffffff, 0x41dfffffffc00000,
      0x41dfffffffe00000, 0x41e0000000000000, 0x41e0000000200000, 0x41efffffffe00000, 0x41effffffff00000, 0x43dfffffffffffff,
      0x43e0000000000000, 0x43efffffffffffff, 0x43f0000000000000, 0x4330000000000001, 0x40effc0000000000, 0x40effe0000000000,
      0x3e70000000000000, 0x3f0fffffffffffff, 0x47efffffe0000000, 0x47efffffefffffff, 0x3810000000000000, 0x3690000000000000};
  u64 sign = next() << 63;
  switch (next() % 4) {
  case 0: return sign | PICK(edges);
  case 1: return next();
  case 2: return sign | (1023 + next() % 66) << 52 | (next() & 0xfffffff000000);
  default: return sign | (1023 - 160 + next() % 320) << 52 | (next() & (next() & 1 ? 0xfffffe0000000 : 0xfffffffffffff));
  }
}

static u32 any_single(void) {
  static const u32 edges[] = {0,          1,          0x007fffff, 0x00800000, 0x7f7fffff, 0x7f800000, 0x7f800001, 0x7fc00000,
                              0x7fc00001, 0x3f800000, 0x3f000000, 0x3f7fffff, 0x4effffff, 0x4f000000, 0x4f000001, 0x4f7fffff,
                              0x4f800000, 0x5effffff, 0x5f000000, 0x5f7fffff, 0x5f800000, 0x477fe000, 0x477ff000, 0x33800000,
                              0x33000000, 0x33000001, 0x38800000, 0x387fffff, 0x387fe000};
  u32 sign = (u32)next() << 31;
  switch (next() % 4) {
  case 0: return sign | PICK(edges);
  case 1: return (u32)next();
  case 2: return sign | (u32)(127 - 20 + next() % 40) << 23 | ((u32)next() & 0x7fffff);
  default: return sign | (u32)(127 - 30 + next() % 60) << 23 | ((u32)next() & 0x7ff000);
  }
}

/* A double, a single or a half in its box, or in a broken one. */
static u64 any_float(void) {
  static const u16 halves[] = {0, 1, 0x3ff, 0x400, 0x7bff, 0x7c00, 0x7c01, 0x7e00, 0x7e01, 0x3c00};
  switch (next() % 12) {
  case 0: return 0xffffffff00000000 | any_single() & ~(1ul << (32 + next() % 32));
  case 1: return 0xffffffffffff0000 | PICK(halves) | (next() & 0x8000);
  case 2: return (0xffffffffffff0000 | (next() & 0xffff)) & ~(1ul << (next() % 48 + 16));
  case 3: return 0xffffffffffff0000 | (next() & 0xffff);
  case 4: case 5: case 6: case 7: return 0xffffffff00000000 | any_single();
  default: return any_double();
  }
}

static u64 any_integer(void) {
  static const u64 edges[] = {0,  1,  2,  -1,  -2,  0x7fffffff, 0x80000000, 0xffffffff80000000, 0xffffffff, 0x100000000, 1ul << 63,
                              31, 32, 63, 64,  127, 128,        255,        256,                0x7fff,     0x8000,      ~(1ul << 63)};
  switch (next() % 8) {
  case 0: case 1: return ADDRESS + next() % 128;
  case 2: case 3: return PICK(edges);
  case 4: return (u64)(long)(int)next();
  case 5: return next() & 0xfff;
  default: return next();
  }
}

/* A base for what a load, a store or an atomic of 32 bits adds to it, mostly aligned. */
static u64 any_base(u32 word) {
  u32 major = word & 0x7f;
  long offset = 0;
  if (major == 0x03 || major == 0x07) offset = (int)word >> 20;
  if (major == 0x23 || major == 0x27) offset = (int)word >> 25 << 5 | (word >> 7 & 31);
  return ADDRESS + (next() % 8 ? next() % 16 * 8 : next() % 128) - (u64)offset;
}

static void prepare(struct frame *frame) {
  u32 word = words[done];
  u64 slot = done % SLOTS;
  u16 *at = code + (slot * STRIDE + STRIDE / 2) / 2;
  seed = (u64)word * 0x9e3779b97f4a7c15 ^ (u64)done << 32 ^ 0xda942042e4dd58b5;
  next();
  if (slot == 0)
    for (u32 i = 0; i < SLOTS; i++)
      for (u32 k = 0; k < 2; k++) code[(i * STRIDE + STRIDE / 2) / 2 + k] = COMPRESSED_EBREAK;
  at[0] = (u16)word;
  if ((word & 3) == 3) at[1] = (u16)(word >> 16);
  __asm__ volatile("fence.i" ::: "memory");
  for (u32 i = 0; i < DATA / 8; i++) ((u64 *)data)[i] = (i + 1) * 0xf1bbcdcbfa53e0a9;
  frame->pc = (u64)at;
  for (int r = 0; r < 31; r++) frame->x[r] = any_integer();
  u32 rs1 = word >> 15 & 31;
  if ((word & 3) == 3 && rs1 && next() % 16) {
    u32 major = word & 0x7f;
    if (major == 0x03 || major == 0x07 || major == 0x23 || major == 0x27 || major == 0x2f) frame->x[rs1 - 1] = any_base(word);
  }
  for (int r = 0; r < 32; r++) frame->f[r] = any_float();
  frame->fcsr = next() % 16 ? (u32)(next() % 5 << 5 | next() % 32) : (u32)next() & 255;
}

static u64 digest;
static void mix(u64 value) {
  digest = (digest ^ value) * 0x9e3779b97f4a7c15;
  digest ^= digest >> 29;
}

static long call(long number, long a, long b, long c, long d) {
  register long a0 __asm__("a0") = a, a1 __asm__("a1") = b, a2 __asm__("a2") = c, a3 __asm__("a3") = d;
  register long a7 __asm__("a7") = number;
  __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a3), "r"(a7) : "memory");
  return a0;
}

static void finish(void) {
  const u8 *at = (const u8 *)outcomes, *end = (const u8 *)(outcomes + COUNT);
  while (at < end) {
    long written = call(SYS_WRITE, 1, (long)at, end - at, 0);
    if (written <= 0) call(SYS_EXIT_GROUP, 1, 0, 0, 0);
    at += written;
  }
  call(SYS_EXIT_GROUP, 0, 0, 0, 0);
}

/* gp and tp may be anything here: the program is linked without relaxation and uses neither. */
static void handler(int number, struct frame *frame) {
  if (running) {
    digest = 0;
    for (int r = 0; r < 31; r++) mix(frame->x[r]);
    for (int r = 0; r < 32; r++) mix(frame->f[r]);
    mix(frame->fcsr);
    for (u32 i = 0; i < DATA / 8; i++) mix(((u64 *)data)[i]);
    outcomes[done] = (struct outcome){words[done], (u32)number, frame->pc, digest};
    if (++done == COUNT) finish();
  }
  running = 1;
  prepare(frame);
}

__attribute__((used)) static void start(void) {
  u64 alternate[] = {(u64)stack, 0, sizeof stack};
  /* SA_SIGINFO | SA_ONSTACK */
  u64 action[] = {(u64)handler, 0x08000004, 0};
  static const int signals[] = {SIGILL, SIGTRAP, SIGBUS, SIGSEGV};
  for (u32 i = 0; i < SLOTS * STRIDE / 2; i++) code[i] = COMPRESSED_EBREAK;
  call(SYS_SIGALTSTACK, (long)alternate, 0, 0, 0);
  for (int i = 0; i < 4; i++) call(SYS_SIGACTION, signals[i], (long)action, 0, 8);
  __asm__ volatile("ebreak");
}
__asm__(".globl _start\n_start:\n  lla sp, first_stack + 1024\n  call start\n");
