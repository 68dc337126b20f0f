/*
 * What the machine says of its extensions, in riscv_hwprobe, in /proc/cpuinfo and in AT_HWCAP, beside what happens to an
 * instruction of each.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef __NR_riscv_hwprobe
#define __NR_riscv_hwprobe 258
#endif

struct probe {
  int64_t key;
  uint64_t value;
};

static sigjmp_buf back;
static void handle(int number) { siglongjmp(back, number); }
static char block[128] __attribute__((aligned(64)));

#define RUN(name, text)                                                             \
  static void name(void) {                                                          \
    __asm__ volatile("mv a1, %0\n" text ::"r"(block) : "a0", "a1", "fa0", "memory"); \
  }
RUN(zba, ".4byte 0x20a52533") /* sh1add a0, a0, a0 */
RUN(zbb, ".4byte 0x60051513") /* clz a0, a0 */
RUN(zbs, ".4byte 0x48a55533") /* bext a0, a0, a0 */
RUN(zicboz, ".4byte 0x0045a00f") /* cbo.zero (a1) */
RUN(zicbom, ".4byte 0x0015a00f") /* cbo.clean (a1) */
RUN(zicbop, ".4byte 0x0015e013") /* prefetch.r 0(a1) */
RUN(zbc, ".4byte 0x0aa51533") /* clmul a0, a0, a0 */
RUN(zfhmin, ".4byte 0x40250553") /* fcvt.s.h fa0, fa0 */
RUN(zfh, ".4byte 0x04a57553") /* fadd.h fa0, fa0, fa0 */
RUN(zfa, ".4byte 0xf2180553") /* fli.d fa0, 1.0 */
RUN(zicond, ".4byte 0x0ea55533") /* czero.eqz a0, a0, a0 */
RUN(zihintpause, ".4byte 0x0100000f") /* pause */
RUN(zihintntl, ".4byte 0x00200033") /* ntl.p1 */
RUN(zca, ".2byte 0x0001") /* c.nop */
RUN(zcb, ".2byte 0x9d75") /* c.not a0 */
RUN(zcd, ".2byte 0x2188") /* c.fld fa0, 0(a1) */
RUN(zacas, ".4byte 0x28a5a52f") /* amocas.w a0, a0, (a1) */
RUN(zawrs, ".4byte 0x01d00073") /* wrs.sto */
RUN(zabha, ".4byte 0x00a5852f") /* amoadd.b a0, a0, (a1) */
RUN(zaamo, ".4byte 0x00a5a52f") /* amoadd.w a0, a0, (a1) */
RUN(zalrsc, ".4byte 0x1005a52f") /* lr.w a0, (a1) */
RUN(zicntr, ".4byte 0xc0102573") /* rdtime a0 */
RUN(v, ".4byte 0x0d007057") /* vsetvli zero, zero, e32, m1, ta, ma */

/* Bits of RISCV_HWPROBE_KEY_IMA_EXT_0. */
static const struct {
  const char *name;
  int bit;
  void (*run)(void);
} extensions[] = {
    {"v", 2, v},
    {"zba", 3, zba},
    {"zbb", 4, zbb},
    {"zbs", 5, zbs},
    {"zicboz", 6, zicboz},
    {"zbc", 7, zbc},
    {"zfh", 27, zfh},
    {"zfhmin", 28, zfhmin},
    {"zihintntl", 29, zihintntl},
    {"zfa", 32, zfa},
    {"zacas", 34, zacas},
    {"zicond", 35, zicond},
    {"zihintpause", 36, zihintpause},
    {"zca", 43, zca},
    {"zcb", 44, zcb},
    {"zcd", 45, zcd},
    {"zawrs", 48, zawrs},
    {"zicntr", 50, zicntr},
    {"zicbom", 55, zicbom},
    {"zaamo", 56, zaamo},
    {"zalrsc", 57, zalrsc},
    {"zabha", 58, zabha},
    {"zicbop", 60, zicbop},
};

static bool runs(void (*run)(void)) {
  if (sigsetjmp(back, 1)) return false;
  run();
  return true;
}

/* Whether the isa line names it: single letters stand before the first underscore. */
static bool named(const char *isa, const char *name) {
  const char *rest = strchr(isa, '_');
  if (strlen(name) == 1) return memchr(isa + 4, *name, (size_t)(rest - isa - 4));
  size_t length = strlen(name);
  for (; rest; rest = strchr(rest + 1, '_'))
    if (!strncmp(rest + 1, name, length) && (rest[1 + length] == '_' || rest[1 + length] == '\n')) return true;
  return false;
}

int main(void) {
  char line[512], isa[512] = "";
  FILE *file = fopen("/proc/cpuinfo", "r");
  while (fgets(line, sizeof line, file))
    if (sscanf(line, "isa : %511[^\n]", isa) == 1) break;
  fclose(file);
  strcat(isa, "\n");

  struct probe pairs[16];
  for (int key = 0; key < 16; key++) pairs[key] = (struct probe){key, 0};
  long result = syscall(__NR_riscv_hwprobe, pairs, 16, 0, NULL, 0);
  printf("hwprobe %ld: base %lu, scalar %lu %lu, vector %lu\n", result, pairs[3].value, pairs[5].value, pairs[9].value,
         pairs[10].value);
  printf("blocks %lu %lu %lu\n", pairs[6].value, pairs[12].value, pairs[15].value);
  printf("hwcap %#lx, isa %.10s, F D %d, C %d\n", getauxval(AT_HWCAP), isa, (int)(pairs[4].value & 1),
         (int)(pairs[4].value >> 1 & 1));

  struct sigaction action = {.sa_handler = handle};
  sigaction(SIGILL, &action, NULL);
  uint64_t known = 3;
  for (unsigned i = 0; i < sizeof extensions / sizeof *extensions; i++) {
    bool told = pairs[4].value >> extensions[i].bit & 1;
    known |= UINT64_C(1) << extensions[i].bit;
    printf("%s: %d %d %d\n", extensions[i].name, told, named(isa, extensions[i].name), runs(extensions[i].run));
  }
  printf("others %#lx\n", pairs[4].value & ~known);
  return 0;
}
