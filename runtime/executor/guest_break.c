/* The guest's brk. */
#define _GNU_SOURCE
#include "guest_map.h"

struct lock break_lock;
static uint64_t break_start, break_now;

void guest_map_set_break(uint64_t start) { break_start = break_now = page_ceil(start); }

static int64_t set_break(uint64_t address) {
  uint64_t end = page_ceil(address), now = page_ceil(break_now);
  if (address < break_start || !in_region(address, 0)) return (int64_t)break_now;
  if (end > now) {
    if (guest_mmap(now, end - now, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | MAP_NORESERVE, -1, 0) < 0)
      return (int64_t)break_now;
  } else if (end < now) {
    guest_munmap(end, now - end);
  }
  return (int64_t)(break_now = address);
}

int64_t guest_brk(uint64_t address) {
  lock_take(&break_lock);
  int64_t result = set_break(address);
  lock_release(&break_lock);
  return result;
}
