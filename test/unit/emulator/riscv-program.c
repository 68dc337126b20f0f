/* Control flow, calls, switch tables, 32- and 64-bit arithmetic, floating point and atomics: run by the interpreter and by qemu. */
typedef unsigned long u64;
typedef unsigned int u32;
static long call(long n, long a, long b, long c) {
  register long a0 asm("a0") = a, a1 asm("a1") = b, a2 asm("a2") = c, a7 asm("a7") = n;
  asm volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a7) : "memory");
  return a0;
}
static char line[128];
static int length;
static void put(char c) { line[length++] = c; }
static void flush(void) { put('\n'); call(64, 1, (long)line, length); length = 0; }
static void hex(u64 v) { for (int i = 60; i >= 0; i -= 4) put("0123456789abcdef"[v >> i & 15]); put(' '); }
static int table[200];
static void sort(int *a, int lo, int hi) {
  if (lo >= hi) return;
  int p = a[(lo + hi) / 2], i = lo, j = hi;
  while (i <= j) {
    while (a[i] < p) i++;
    while (a[j] > p) j--;
    if (i <= j) { int t = a[i]; a[i++] = a[j]; a[j--] = t; }
  }
  sort(a, lo, j);
  sort(a, i, hi);
}
static u32 crc(const void *data, int n) {
  const unsigned char *p = data;
  u32 c = ~0u;
  while (n--) { c ^= *p++; for (int k = 0; k < 8; k++) c = c >> 1 ^ (0xedb88320u & -(c & 1)); }
  return ~c;
}
static double power(double x, int n) { double r = 1; for (; n; n >>= 1, x *= x) if (n & 1) r *= x; return r; }
static int ackermann(int m, int n) { return m == 0 ? n + 1 : n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1)); }
static int (*volatile operation)(int, int) = ackermann;
static u64 bits(double d) { union { double d; u64 u; } v = {d}; return v.u; }
static _Atomic long counter;
__attribute__((noinline)) static int classify(int n) {
  switch (n) { case 0: return 7; case 1: return 11; case 2: return -3; case 3: return 99; case 4: return 5; case 5: return 1000; default: return -1; }
}
__attribute__((section(".entry"))) void _start(void) {
  u32 s = 1;
  for (int i = 0; i < 200; i++) { s = s * 1103515245u + 12345; table[i] = (int)(s >> 3) - 100000000; }
  hex(crc(table, sizeof table));
  sort(table, 0, 199);
  for (int i = 1; i < 200; i++) if (table[i - 1] > table[i]) put('!');
  hex(crc(table, sizeof table)); flush();
  hex(operation(2, 5)); hex(s % 1000u * (u64)s / 77); hex((long)table[0] * table[199] >> 7); flush();
  double sum = 0; float f = 1;
  for (int i = 1; i < 300; i++) { sum += 1.0 / i; f = f * 1.01f + (float)i / 3; sum += (long)(f / 7) % 5; }
  hex(bits(sum)); hex(bits(f)); hex(bits(power(1.0000001, 1000))); hex((u64)(sum * 1e10)); flush();
  for (int i = 0; i < 50; i++) counter += i;
  long expected = 1225; 
  hex(__c11_atomic_compare_exchange_strong(&counter, &expected, 77, 5, 5)); hex(counter); flush();
  int total = 0;
  for (int i = 0; i < 9; i++) total = total * 3 + classify(i);
  hex(total); flush();
  call(93, 0, 0, 0);
  __builtin_unreachable();
}
