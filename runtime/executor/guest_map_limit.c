/* The guest's limits on memory (settings.c), which the host kernel does not know. */
#define _GNU_SOURCE
#include "guest_map.h"
#include "settings.h"

static uint64_t reserved;

void map_reserved(uint64_t bytes) { reserved += bytes; }

/* The first stack, above map_top, counts as what the kernel begins with: mostly the rest of it is unused. */
#define STACK_BEGINNING (132 << 10)

/* Bytes of a mapping outside of a range. */
static uint64_t size_without(const struct guest_mapping *mapping, uint64_t start, uint64_t end) {
  if (mapping->start >= map_top) return 0;
  uint64_t from = mapping->start > start ? mapping->start : start, to = mapping->end < end ? mapping->end : end;
  return mapping->end - mapping->start - (from < to ? to - from : 0);
}

uint64_t guest_map_size(void) {
  uint64_t size = STACK_BEGINNING - reserved;
  lock_take(&map_lock);
  for (const struct guest_mapping *at = map_first(0); at < map_end(); at++) size += size_without(at, 0, 0);
  lock_release(&map_lock);
  return size;
}

unsigned map_exceeded(uint64_t more, bool data, uint64_t start, uint64_t end) {
  if (!(settings.limits_kept & (1u << RLIMIT_AS | 1u << RLIMIT_DATA))) return 0;
  uint64_t all = more + STACK_BEGINNING - reserved, of_data = more;
  for (const struct guest_mapping *at = map_first(0); at < map_end(); at++) {
    uint64_t size = size_without(at, start, end);
    all += size;
    if (is_data(at->protection, at->shared)) of_data += size;
  }
  bool too_much_data = data && of_data > settings_limit(RLIMIT_DATA).rlim_cur;
  return (all > settings_limit(RLIMIT_AS).rlim_cur ? TOO_MUCH : 0) | (too_much_data ? TOO_MUCH_DATA : 0);
}

uint64_t map_no_data_in(uint64_t start, uint64_t end) {
  uint64_t size = 0;
  for (const struct guest_mapping *at = map_first(start); at < map_end() && at->start < end; at++)
    if (!at->shared && !is_data(at->protection, false))
      size += at->end - at->start - size_without(at, start, end);
  return size;
}
