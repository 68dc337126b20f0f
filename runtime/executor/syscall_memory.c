/* Memory: calls on guest ranges only. The record of mappings is in guest_map.c. */
#define _GNU_SOURCE
#include "settings.h"
#include "syscall.h"
#include <asm/unistd.h>
#include <linux/membarrier.h>
#include <linux/mman.h>
#include <sys/mman.h>

/* Whether a range lies where guest mappings can be: calls on other memory would act on the executor. */
static bool guest_range(uint64_t address, uint64_t length) {
  return length <= FERRY_CALL_STACK && address <= FERRY_CALL_STACK - page_ceil(length);
}

int64_t call_brk(ferry_state *state, const uint64_t *a) {
  (void)state;
  return guest_brk(a[0]);
}

int64_t call_mmap(ferry_state *state, const uint64_t *a) {
  (void)state;
  return guest_mmap(a[0], a[1], (int)a[2], (int)a[3], (int)a[4], a[5]);
}

int64_t call_munmap(ferry_state *state, const uint64_t *a) {
  (void)state;
  return guest_munmap(a[0], a[1]);
}

int64_t call_mprotect(ferry_state *state, const uint64_t *a) {
  (void)state;
  return guest_mprotect(a[0], a[1], (int)a[2]);
}

int64_t call_mremap(ferry_state *state, const uint64_t *a) {
  (void)state;
  return guest_mremap(a[0], a[1], a[2], (int)a[3], a[4]);
}

static int64_t on_guest_range(int64_t number, const uint64_t *a) {
  if (!guest_range(a[0], a[1])) return -ENOMEM;
  return kernel_call(number, a[0], a[1], a[2], 0, 0, 0);
}

int64_t call_msync(ferry_state *state, const uint64_t *a) {
  (void)state;
  return on_guest_range(__NR_msync, a);
}

int64_t call_mlock(ferry_state *state, const uint64_t *a) {
  (void)state;
  return on_guest_range(__NR_mlock, a);
}

int64_t call_mlock2(ferry_state *state, const uint64_t *a) {
  (void)state;
  return on_guest_range(__NR_mlock2, a);
}

int64_t call_munlock(ferry_state *state, const uint64_t *a) {
  (void)state;
  return on_guest_range(__NR_munlock, a);
}

int64_t call_mincore(ferry_state *state, const uint64_t *a) {
  (void)state;
  return on_guest_range(__NR_mincore, a);
}

int64_t call_mseal(ferry_state *state, const uint64_t *a) {
  (void)state;
  return on_guest_range(462, a);
}

/* Pages of a shared mapping in another order: the kernel makes a mapping of each range. */
int64_t call_remap_file_pages(ferry_state *state, const uint64_t *a) {
  (void)state;
  if (!guest_range(a[0], a[1])) return -EINVAL;
  return kernel_call(__NR_remap_file_pages, a[0], a[1], a[2], a[3], a[4], 0);
}

int64_t call_mlockall(ferry_state *state, const uint64_t *a) {
  (void)state;
  return guest_lock_all((int)a[0]);
}

int64_t call_munlockall(ferry_state *state, const uint64_t *a) {
  (void)state, (void)a;
  settings.lock_future = 0;
  return kernel_call(__NR_munlockall, 0, 0, 0, 0, 0, 0);
}

/* Drops the translations of what is executable in a range whose bytes changed, or, with `unseen`, may have changed without a fault. */
static void invalidate_executable(uint64_t start, uint64_t end, bool unseen) {
  for (uint64_t at = page_floor(start); at < end;) {
    struct guest_mapping mapping = guest_mapping_at(at);
    if (mapping.end == 0) {
      at += GUEST_PAGE;
      continue;
    }
    uint64_t stop = mapping.end < end ? mapping.end : end;
    bool seen = mapping.protection & PROT_WRITE && !mapping.shared;
    if (mapping.protection & PROT_EXEC && !(unseen && seen)) space_invalidate(at, stop, mapping.file.inode != 0);
    at = stop;
  }
}

int64_t call_madvise(ferry_state *state, const uint64_t *a) {
  (void)state;
  int64_t result = on_guest_range(__NR_madvise, a);
  bool discards = a[2] == MADV_DONTNEED || a[2] == MADV_FREE || a[2] == MADV_REMOVE || a[2] == MADV_DONTNEED_LOCKED;
  if (result == 0 && discards) invalidate_executable(a[0], a[0] + page_ceil(a[1]), false);
  return result;
}

int64_t call_riscv_flush_icache(ferry_state *state, const uint64_t *a) {
  (void)state;
  if (a[2] & ~UINT64_C(1)) return -EINVAL;
  /* Linux takes the range as a hint and flushes everything; callers that pass none mean that. */
  if (a[0] < a[1]) invalidate_executable(a[0], a[1] < FERRY_GUEST_END ? a[1] : FERRY_GUEST_END, true);
  else guest_map_invalidate_unseen();
  return 0;
}

/* What a riscv64 kernel without restartable sequences offers: rseq answers ENOSYS here. */
int64_t call_membarrier(ferry_state *state, const uint64_t *a) {
  (void)state;
  const uint64_t of_rseq = MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ | MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ;
  if ((int)a[0] != MEMBARRIER_CMD_QUERY && a[0] & of_rseq) return -EINVAL;
  int64_t result = kernel_call(__NR_membarrier, a[0], a[1], a[2], 0, 0, 0);
  return (int)a[0] == MEMBARRIER_CMD_QUERY && result > 0 ? result & (int64_t)~of_rseq : result;
}
