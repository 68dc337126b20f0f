/* What the kernel stores into this process through /proc/self/mem, where no protection counts: no fault tells of it. */
#define _GNU_SOURCE
#include "proc.h"
#include "syscall.h"
#include <asm/unistd.h>
#include <unistd.h>

bool proc_memory_open;

/* Whether a descriptor is for the memory of this process: one that was inherited is for a parent's. */
static bool is_memory(uint64_t fd) {
  char link[32], path[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", (int)fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  path[length > 0 ? length : 0] = 0;
  struct proc_path file = proc_path(AT_FDCWD, (uint64_t)path);
  return file.file == PROC_MEM && file.own;
}

void proc_memory_stored(uint64_t number, const uint64_t *a, uint64_t size) {
  enum { WRITE = 64, WRITEV = 66, PWRITE64 = 68, PWRITEV = 70, PWRITEV2 = 287 };
  bool at_position = number == WRITE || number == WRITEV || (number == PWRITEV2 && (int64_t)a[3] == -1);
  if (!at_position && number != PWRITE64 && number != PWRITEV && number != PWRITEV2) return;
  if (!is_memory(a[0])) return;
  uint64_t start = at_position ? (uint64_t)kernel_call(__NR_lseek, a[0], 0, SEEK_CUR, 0, 0, 0) - size : a[3];
  guest_map_stored(start, start + size);
}
