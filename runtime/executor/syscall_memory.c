/* Memory: calls on guest ranges only. The record of mappings is in guest_map.c. */
#define _GNU_SOURCE
#include "syscall.h"
#include <asm/unistd.h>
#include <linux/mman.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/shm.h>

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
  if (!guest_range(a[0], a[1])) return -ENOMEM;
  return host_call(__NR_msync, a[0], a[1], a[2], 0, 0, 0);
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

/* Drops the translations of what is executable in a range whose bytes changed. */
static void invalidate_executable(uint64_t start, uint64_t end) {
  for (uint64_t at = page_floor(start); at < end;) {
    const struct guest_mapping *mapping = guest_mapping_at(at);
    if (!mapping) {
      at += GUEST_PAGE;
      continue;
    }
    uint64_t stop = mapping->end < end ? mapping->end : end;
    if (mapping->protection & PROT_EXEC) POST(REQUEST_INVALIDATE, at, stop - at);
    at = stop;
  }
}

int64_t call_madvise(ferry_state *state, const uint64_t *a) {
  (void)state;
  int64_t result = on_guest_range(__NR_madvise, a);
  bool discards = a[2] == MADV_DONTNEED || a[2] == MADV_FREE || a[2] == MADV_REMOVE || a[2] == MADV_DONTNEED_LOCKED;
  if (result == 0 && discards) invalidate_executable(a[0], a[0] + page_ceil(a[1]));
  return result;
}

int64_t call_riscv_flush_icache(ferry_state *state, const uint64_t *a) {
  (void)state;
  if (a[2] & ~UINT64_C(1)) return -EINVAL;
  /* Linux takes the range as a hint and flushes everything; callers that pass none mean that. */
  if (a[0] < a[1]) POST(REQUEST_INVALIDATE, a[0], a[1] - a[0]);
  else POST(REQUEST_INVALIDATE, 0, FERRY_GUEST_END);
  return 0;
}

/* System V shared memory: the address comes from guest_mmap, which knows the guest's region; the segment then replaces
 * that mapping. shmdt has no length, so sizes are remembered. */
struct attachment {
  uint64_t address, size;
  struct attachment *next;
};
static struct attachment *attachments;
static pthread_mutex_t attachments_lock = PTHREAD_MUTEX_INITIALIZER;

int64_t call_shmat(ferry_state *state, const uint64_t *a) {
  (void)state;
  uint64_t address = a[1];
  int flags = (int)a[2];
  struct shmid_ds segment;
  int64_t error = kernel_call(__NR_shmctl, a[0], IPC_STAT, (uint64_t)&segment, 0, 0, 0);
  if (error) return error;
  int place = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
  if (address % GUEST_PAGE) {
    if (!(flags & SHM_RND)) return -EINVAL;
    address = page_floor(address);
  }
  if (address) place |= flags & SHM_REMAP ? MAP_FIXED : MAP_FIXED_NOREPLACE;
  else if (flags & SHM_REMAP) return -EINVAL;

  int protection = PROT_READ | (flags & SHM_RDONLY ? 0 : PROT_WRITE) | (flags & SHM_EXEC ? PROT_EXEC : 0);
  uint64_t size = page_ceil(segment.shm_segsz);
  int64_t at = guest_mmap(address, size, protection, place, -1, 0);
  if (at == -EEXIST) return -EINVAL;
  if (at < 0 && at > -4096) return at;
  int64_t result = kernel_call(__NR_shmat, a[0], at, (flags & ~(SHM_RND | SHM_EXEC)) | SHM_REMAP, 0, 0, 0);
  struct attachment *entry = result == at ? malloc(sizeof *entry) : NULL;
  if (!entry) {
    guest_munmap(at, size);
    return result == at ? -ENOMEM : result;
  }
  pthread_mutex_lock(&attachments_lock);
  *entry = (struct attachment){at, size, attachments};
  attachments = entry;
  pthread_mutex_unlock(&attachments_lock);
  return at;
}

int64_t call_shmdt(ferry_state *state, const uint64_t *a) {
  (void)state;
  int64_t result = -EINVAL;
  pthread_mutex_lock(&attachments_lock);
  for (struct attachment **link = &attachments; *link; link = &(*link)->next) {
    struct attachment *entry = *link;
    if (entry->address != a[0]) continue;
    *link = entry->next;
    /* Fails when the guest has unmapped the segment and something else is there now. */
    result = kernel_call(__NR_shmdt, a[0], 0, 0, 0, 0, 0);
    if (result == 0) guest_munmap(entry->address, entry->size);
    free(entry);
    break;
  }
  pthread_mutex_unlock(&attachments_lock);
  return result;
}
