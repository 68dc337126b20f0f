/* The guest's mlockall: the executor's own memory is not locked. */
#define _GNU_SOURCE
#include "guest_map.h"
#include "settings.h"
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Locks a range; what of it can not be read or written is left alone. */
static int lock_range(uint64_t start, uint64_t end, int protection, bool shared, bool on_fault) {
  if (syscall(SYS_mlock2, start, end - start, MLOCK_ONFAULT)) return -errno;
  if (on_fault || !(protection & PROT_READ)) return 0;
  madvise((void *)start, end - start, is_data(protection, shared) ? MADV_POPULATE_WRITE : MADV_POPULATE_READ);
  return 0;
}

void guest_lock_new(uint64_t start, uint64_t end, int protection, bool shared) {
  if (settings.lock_future) lock_range(start, end, protection, shared, settings.lock_future & MCL_ONFAULT);
}

static bool any(const struct guest_mapping *mapping) { return mapping->end != 0; }

int64_t guest_lock_all(int flags) {
  if (flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) || !(flags & (MCL_CURRENT | MCL_FUTURE))) return -EINVAL;
  settings.lock_future = flags & MCL_FUTURE ? (uint32_t)flags : 0;
  for (uint64_t at = 0; flags & MCL_CURRENT;) {
    lock_take(&map_lock);
    struct guest_mapping found = map_search(at, any);
    lock_release(&map_lock);
    if (found.end == 0) break;
    bool stack = found.start >= map_top;
    int error = lock_range(found.start, found.end, found.protection, found.shared, stack || flags & MCL_ONFAULT);
    if (error && !stack) return error;
    at = found.end;
  }
  return 0;
}
