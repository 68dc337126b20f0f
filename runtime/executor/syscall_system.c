/* What machine this is. */
#define _GNU_SOURCE
#include "machine.h"
#include "settings.h"
#include "syscall.h"
#include <asm/unistd.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/utsname.h>

int64_t call_uname(ferry_state *state, const uint64_t *a) {
  (void)state;
  struct utsname name;
  unsigned major = 0, minor = 0;
  if (uname(&name) != 0) return -errno;
  memset(name.machine, 0, sizeof name.machine);
  strcpy(name.machine, (settings.personality & PER_MASK) == PER_LINUX32 ? "riscv32" : "riscv64");
  /* glibc for riscv64 may refuse older kernels than it was built for. */
  sscanf(name.release, "%u.%u", &major, &minor);
  if (major < 5 || (major == 5 && minor < 15)) {
    memset(name.release, 0, sizeof name.release);
    strcpy(name.release, "5.15.0");
  }
  return guest_write(a[0], &name, sizeof name);
}

/* riscv_hwprobe: Documentation/arch/riscv/hwprobe.rst, include/uapi/asm/hwprobe.h. */
struct probe {
  int64_t key;
  uint64_t value;
};

/* A misaligned scalar access costs what the host's costs; there are no vectors, and no vendor's extensions (11, 13, 14). */
enum { MISALIGNED_FAST = 3, MISALIGNED_VECTOR_UNSUPPORTED = 4, TIME_CSR_FREQUENCY = 8 };
static const uint64_t probe_values[] = {
    [0] = 0,                              /* MVENDORID */
    [1] = 0,                              /* MARCHID */
    [2] = 0,                              /* MIMPID */
    [3] = 1,                              /* BASE_BEHAVIOR: IMA */
    [4] = MACHINE_EXTENSIONS,             /* IMA_EXT_0 */
    [5] = MISALIGNED_FAST,                /* CPUPERF_0 */
    [6] = MACHINE_BLOCK_SIZE,             /* ZICBOZ_BLOCK_SIZE */
    [7] = FERRY_GUEST_END - 1,            /* HIGHEST_VIRT_ADDRESS */
    [9] = MISALIGNED_FAST,                /* MISALIGNED_SCALAR_PERF */
    [10] = MISALIGNED_VECTOR_UNSUPPORTED, /* MISALIGNED_VECTOR_PERF */
    [12] = MACHINE_BLOCK_SIZE,            /* ZICBOM_BLOCK_SIZE */
    [15] = MACHINE_BLOCK_SIZE,            /* ZICBOP_BLOCK_SIZE */
};
#define PROBE_KEYS ((int64_t)(sizeof probe_values / sizeof *probe_values))
/* The host does not tell its time-stamp counter's frequency: that key is as good as unknown. */
static bool probe_known(int64_t key) { return key >= 0 && key < PROBE_KEYS && key != TIME_CSR_FREQUENCY; }
#define PROBE_WHICH_CPUS 1

static int64_t read_cpus(cpu_set_t *cpus, uint64_t size, uint64_t address) {
  CPU_ZERO(cpus);
  return guest_read(cpus, address, size < sizeof *cpus ? size : sizeof *cpus);
}

static int64_t online_cpus(cpu_set_t *online) {
  CPU_ZERO(online);
  int64_t result = kernel_call(__NR_sched_getaffinity, 0, sizeof *online, (uint64_t)online, 0, 0, 0);
  return result < 0 ? result : 0;
}

/* Values of the keys on the given CPUs, which are all alike. */
static int64_t probe_pairs(uint64_t pairs, uint64_t count, uint64_t size, uint64_t cpus) {
  cpu_set_t asked, online;
  if (size != 0 || cpus != 0) {
    if (read_cpus(&asked, size, cpus) || online_cpus(&online)) return -EFAULT;
    CPU_AND(&asked, &asked, &online);
    if (CPU_COUNT(&asked) == 0) return -EINVAL;
  }
  for (uint64_t i = 0; i < count; i++, pairs += sizeof(struct probe)) {
    struct probe pair;
    if (guest_read(&pair.key, pairs, sizeof pair.key) != 0) return -EFAULT;
    pair = probe_known(pair.key) ? (struct probe){pair.key, probe_values[pair.key]} : (struct probe){-1, 0};
    if (guest_write(pairs, &pair, sizeof pair) != 0) return -EFAULT;
  }
  return 0;
}

/* Which of the given CPUs (all when none is given) have the values: all or none. */
static int64_t probe_cpus(uint64_t pairs, uint64_t count, uint64_t size, uint64_t cpus) {
  cpu_set_t asked, online;
  bool match = true;
  if (size == 0 || cpus == 0) return -EINVAL;
  if (read_cpus(&asked, size, cpus) || online_cpus(&online)) return -EFAULT;
  if (CPU_COUNT(&asked) == 0) asked = online;
  CPU_AND(&asked, &asked, &online);
  for (uint64_t i = 0; i < count; i++, pairs += sizeof(struct probe)) {
    struct probe pair;
    if (guest_read(&pair, pairs, sizeof pair) != 0) return -EFAULT;
    if (!probe_known(pair.key)) {
      pair = (struct probe){-1, 0};
      if (guest_write(pairs, &pair, sizeof pair) != 0) return -EFAULT;
      match = false;
      continue;
    }
    uint64_t value = probe_values[pair.key];
    bool bits = pair.key == 3 || pair.key == 4; /* bit masks match when all asked bits are there */
    match &= bits ? (value & pair.value) == pair.value : value == pair.value;
  }
  if (!match) CPU_ZERO(&asked);
  return guest_write(cpus, &asked, size < sizeof asked ? size : sizeof asked);
}

int64_t call_riscv_hwprobe(ferry_state *state, const uint64_t *a) {
  (void)state;
  if (a[4] == 0) return probe_pairs(a[0], a[1], a[2], a[3]);
  if (a[4] == PROBE_WHICH_CPUS) return probe_cpus(a[0], a[1], a[2], a[3]);
  return -EINVAL;
}
