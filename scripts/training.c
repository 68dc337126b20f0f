/**
 * What scripts/bytecode.cjs runs: a little of everything that compiled programs do, so that most functions of the translator
 * are called. Freestanding.
 */
typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long u64;

static long call(long number, long a, long b, long c) {
  register long a0 asm("a0") = a, a1 asm("a1") = b, a2 asm("a2") = c, a7 asm("a7") = number;
  asm volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a7) : "memory");
  return a0;
}

enum { WRITE = 64, EXIT = 93, GETPID = 172 };

static volatile u64 sink;
static volatile double float_sink;
static u8 bytes[256];
static u32 words[64];
static u64 longs[64];
static double doubles[16];
static float floats[16];

__attribute__((noinline)) static u64 hash(const u8 *data, u64 length) {
  u64 value = 0xcbf29ce484222325;
  for (u64 i = 0; i < length; i++) value = (value ^ data[i]) * 0x100000001b3;
  return value;
}

__attribute__((noinline)) static u32 rotate(u32 value, int count) {
  return value << (count & 31) | value >> (-count & 31);
}

__attribute__((noinline)) static long fibonacci(long n) {
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

__attribute__((noinline)) static long choose(long kind, long a, long b) {
  switch (kind) {
  case 0: return a + b;
  case 1: return a - b;
  case 2: return a * b;
  case 3: return b ? a / b : 0;
  case 4: return b ? a % b : 0;
  case 5: return (int)a + (int)b;
  case 6: return a < b ? a : b;
  case 7: return (u64)a < (u64)b;
  case 8: return (short)a ^ (signed char)b;
  case 9: return (long)((unsigned __int128)a * b >> 64);
  default: return a == b;
  }
}

__attribute__((noinline)) static void sort(u32 *values, int count) {
  for (int i = 1; i < count; i++) {
    u32 value = values[i];
    int k = i;
    for (; k > 0 && values[k - 1] > value; k--) values[k] = values[k - 1];
    values[k] = value;
  }
}

__attribute__((noinline)) static double polynomial(const double *terms, int count, double x) {
  double sum = 0;
  for (int i = 0; i < count; i++) sum = sum * x + terms[i];
  return sum;
}

__attribute__((noinline)) static float scale(float *values, int count, float by) {
  float sum = 0;
  for (int i = 0; i < count; i++) {
    values[i] = values[i] * by - (float)i / 3;
    if (values[i] > sum) sum = values[i];
  }
  return sum;
}

__attribute__((noinline)) static u64 length(const char *text) {
  const char *end = text;
  while (*end) end++;
  return end - text;
}

__attribute__((noinline)) static void copy(u8 *to, const u8 *from, u64 count) {
  for (u64 i = 0; i < count; i++) to[i] = from[i];
}

static long (*volatile pointer)(long, long, long) = choose;

static void work(void) {
  static const char text[] = "training\n";
  u64 total = length(text);
  copy(bytes, (const u8 *)text, sizeof text);
  for (int i = 0; i < 64; i++) {
    words[i] = rotate(i * 2654435761u, i);
    longs[i] = (u64)words[i] << 7 ^ i;
    bytes[i + 16] = words[i] >> 24;
    ((short *)bytes)[i] ^= (short)i;
  }
  sort(words, 64);
  for (long i = 0; i < 12; i++) total += pointer(i, longs[i], longs[63 - i] | 1);
  for (int i = 0; i < 16; i++) {
    doubles[i] = (double)(long)longs[i] / 3;
    floats[i] = (float)doubles[i];
  }
  float_sink = polynomial(doubles, 16, 0.5) + scale(floats, 16, 1.5f) + __builtin_sqrt(doubles[3]);
  float_sink = __builtin_fabs(float_sink) < 10 ? -float_sink : (double)(int)float_sink;
  total += __atomic_fetch_add(&sink, fibonacci(8), __ATOMIC_SEQ_CST);
  u64 expected = sink;
  __atomic_compare_exchange_n(&sink, &expected, total, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
  sink = hash(bytes, sizeof bytes) + (u64)float_sink;
}

void _start(void) {
  work();
  call(GETPID, 0, 0, 0);
  call(WRITE, 1, (long)"\n", 1);
  call(EXIT, 0, 0, 0);
  __builtin_unreachable();
}
