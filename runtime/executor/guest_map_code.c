/*
 * Guest pages that translations were made from: which a change of the mappings makes stale, and the watch on those that
 * the guest may write, whose host mappings are read-only so that a store faults.
 */
#define _GNU_SOURCE
#include "guest_map.h"

enum code map_code_in(uint64_t start, uint64_t end) {
  enum code found = NO_CODE;
  for (const struct guest_mapping *at = map_first(start); at < map_end() && at->start < end; at++) {
    if (!(at->protection & PROT_EXEC)) continue;
    if (at->file.inode == 0) return OWN_CODE;
    found = FILE_CODE;
  }
  return found;
}

void map_drop(enum code code, uint64_t start, uint64_t end) {
  if (code != NO_CODE) space_invalidate(start, end, code == FILE_CODE);
}

/* Stores to private pages fault while there are translations of them. */
static bool changes_unseen(const struct guest_mapping *mapping) {
  return mapping->protection & PROT_EXEC && mapping->shared;
}

void guest_map_invalidate_unseen(void) {
  for (uint64_t at = 0;;) {
    lock_take(&map_lock);
    struct guest_mapping found = map_search(at, changes_unseen);
    lock_release(&map_lock);
    if (found.end == 0) return;
    space_invalidate(found.start, found.end, false);
    at = found.end;
  }
}

static bool executable(const struct guest_mapping *mapping) { return mapping->protection & PROT_EXEC; }

void guest_map_announce(void) {
  for (uint64_t at = 0;;) {
    lock_take(&map_lock);
    struct guest_mapping found = map_search(at, executable);
    lock_release(&map_lock);
    if (found.end == 0) return;
    space_announce(found.start, found.end);
    at = found.end;
  }
}

static void watch(struct guest_mapping *mapping, const void *with) {
  (void)with;
  if (mapping->watched || !(mapping->protection & PROT_WRITE) || mapping->shared) return;
  mapping->watched = !mprotect((void *)mapping->start, mapping->end - mapping->start, PROT_READ);
}

void guest_map_watch(uint64_t start, uint64_t end) {
  lock_take(&map_lock);
  map_change(start, end, watch, NULL);
  lock_release(&map_lock);
}

static void unwatch(struct guest_mapping *mapping, const void *with) {
  (void)with;
  mapping->watched = false;
  mprotect((void *)mapping->start, mapping->end - mapping->start, host_protection(mapping->protection));
}

bool guest_map_unwatch(uint64_t address) {
  lock_take(&map_lock);
  struct guest_mapping found = map_at(address);
  bool writable = found.protection & PROT_WRITE;
  uint64_t page = page_floor(address);
  if (writable && found.watched) map_change(page, page + GUEST_PAGE, unwatch, NULL);
  lock_release(&map_lock);
  if (writable && found.watched) space_invalidate(page, page + GUEST_PAGE, false);
  /* Without the mark another thread was faster. */
  return writable;
}

static bool is_watched(const struct guest_mapping *mapping) {
  return mapping->watched && mapping->protection & PROT_WRITE;
}

/* The first watched mapping that ends behind `from`, as far as it is in front of `end`. */
static bool unwatch_first(uint64_t from, uint64_t end) {
  lock_take(&map_lock);
  struct guest_mapping found = map_search(from, is_watched);
  uint64_t start = found.start > from ? found.start : from, stop = found.end < end ? found.end : end;
  if (start < stop) map_change(start, stop, unwatch, NULL);
  lock_release(&map_lock);
  if (start < stop) space_invalidate(start, stop, false);
  return start < stop;
}

void guest_map_unwatch_range(uint64_t start, uint64_t end) {
  while (unwatch_first(page_floor(start), page_ceil(end))) {}
}

bool guest_map_unwatch_all(void) {
  bool any = false;
  while (unwatch_first(0, FERRY_GUEST_END)) any = true;
  return any;
}

static void forget_file(struct guest_mapping *mapping, const void *with) {
  (void)with;
  mapping->file = (struct file_identity){0};
}

void guest_map_stored(uint64_t start, uint64_t end) {
  start = page_floor(start);
  end = page_ceil(end);
  lock_take(&map_lock);
  enum code code = map_code_in(start, end);
  if (code != NO_CODE) map_change(start, end, forget_file, NULL);
  lock_release(&map_lock);
  map_drop(code, start, end);
  /* It is code of its own now. */
  if (code == FILE_CODE) space_announce(start, end);
}
