/*
 * Which guest pages are mapped how. The host kernel does the mapping; this table
 * adds what it can not know: where the guest's region ends, which pages the guest may execute (host mappings of
 * guest memory never have PROT_EXEC) and therefore which translations a change makes stale.
 */
#define _GNU_SOURCE
#include "guest_map.h"
#include <stdlib.h>
#include <string.h>

/* Sorted, disjoint; neighbours that are alike are merged. */
static struct guest_mapping *table;
static size_t count, capacity;
struct lock map_lock;
volatile uint64_t guest_map_changes;
uint64_t map_top = FERRY_CALL_STACK;

void guest_map_set_top(uint64_t top) { map_top = top; }

/* Index of the first mapping that ends behind the address. */
static size_t find(uint64_t address) {
  size_t low = 0, high = count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (table[middle].end <= address) low = middle + 1;
    else high = middle;
  }
  return low;
}

const struct guest_mapping *map_first(uint64_t address) { return table + find(address); }
const struct guest_mapping *map_end(void) { return table + count; }

struct guest_mapping map_search(uint64_t address, bool (*matches)(const struct guest_mapping *)) {
  size_t i = find(address);
  while (i < count && !matches(&table[i])) i++;
  return i < count ? table[i] : (struct guest_mapping){0};
}

bool map_is_free(uint64_t start, uint64_t end) {
  size_t i = find(start);
  return i == count || table[i].start >= end;
}

struct guest_mapping map_at(uint64_t address) {
  size_t i = find(address);
  return i < count && table[i].start <= address ? table[i] : (struct guest_mapping){0};
}

struct guest_mapping guest_mapping_at(uint64_t address) {
  lock_take(&map_lock);
  struct guest_mapping mapping = map_at(address);
  lock_release(&map_lock);
  return mapping;
}

void guest_map_lock(bool taken) {
  if (taken) {
    lock_take(&break_lock);
    lock_take(&map_lock);
  } else {
    lock_release(&map_lock);
    lock_release(&break_lock);
  }
}

bool guest_mapped(uint64_t address, uint64_t length) {
  if (address % GUEST_PAGE || length > FERRY_GUEST_END || address > FERRY_GUEST_END - length) return false;
  uint64_t end = address + page_ceil(length);
  lock_take(&map_lock);
  for (size_t i = find(address); address < end && i < count && table[i].start <= address; i++) address = table[i].end;
  lock_release(&map_lock);
  return address >= end;
}

static void insert_at(size_t i, struct guest_mapping mapping) {
  if (count == capacity) {
    capacity = capacity ? capacity * 2 : 64;
    table = realloc(table, capacity * sizeof *table);
    if (!table) executor_fail("out of memory for the table of guest mappings");
  }
  memmove(table + i + 1, table + i, (count - i) * sizeof *table);
  table[i] = mapping;
  count++;
}

static void remove_at(size_t i, size_t number) {
  if (number == 0) return;
  memmove(table + i, table + i + number, (count - i - number) * sizeof *table);
  count -= number;
}

/* Splits the mapping that contains the address, so that one starts there. */
static void split(uint64_t address) {
  size_t i = find(address);
  if (i == count || table[i].start >= address) return;
  struct guest_mapping tail = table[i];
  tail.offset += address - tail.start;
  tail.start = address;
  table[i].end = address;
  insert_at(i + 1, tail);
}

static bool alike(size_t i) {
  const struct guest_mapping *a = &table[i], *b = &table[i + 1];
  return a->end == b->start && a->protection == b->protection && a->shared == b->shared && a->watched == b->watched &&
         !memcmp(&a->file, &b->file, sizeof a->file) && (!a->file.inode || a->offset + (a->end - a->start) == b->offset);
}

static void merge_around(uint64_t start, uint64_t end) {
  size_t i = find(start ? start - 1 : 0);
  while (i + 1 < count && table[i].start <= end) {
    if (!alike(i)) {
      i++;
      continue;
    }
    table[i].end = table[i + 1].end;
    remove_at(i + 1, 1);
  }
}

void map_forget(uint64_t start, uint64_t end) {
  guest_map_changes++;
  split(start);
  split(end);
  size_t first = find(start);
  remove_at(first, find(end) - first);
}

void map_record(struct guest_mapping mapping) {
  map_forget(mapping.start, mapping.end);
  insert_at(find(mapping.start), mapping);
  merge_around(mapping.start, mapping.end);
}

void guest_map_record(uint64_t start, uint64_t end, int protection, bool shared) {
  lock_take(&map_lock);
  map_record((struct guest_mapping){.start = start, .end = end, .protection = protection, .shared = shared});
  lock_release(&map_lock);
}

void map_change(uint64_t start, uint64_t end, void (*change)(struct guest_mapping *, const void *), const void *with) {
  guest_map_changes++;
  split(start);
  split(end);
  for (size_t i = find(start); i < count && table[i].start < end; i++) change(&table[i], with);
  merge_around(start, end);
}

static void set_file(struct guest_mapping *mapping, const void *with) {
  const struct guest_mapping *file = with;
  if (mapping->shared || mapping->protection & PROT_WRITE) return;
  mapping->file = file->file;
  mapping->offset = file->offset + (mapping->start - file->start);
}

void guest_map_identify(uint64_t start, uint64_t end, struct file_identity file, uint64_t offset) {
  struct guest_mapping with = {.start = start, .file = file, .offset = offset};
  lock_take(&map_lock);
  map_change(start, end, set_file, &with);
  lock_release(&map_lock);
}

uint64_t map_find_free(uint64_t length) {
  uint64_t ceiling = map_top;
  size_t i = find(ceiling - 1);
  if (i < count && table[i].start < ceiling) ceiling = table[i].start;
  while (ceiling >= LOWEST_ADDRESS + length) {
    uint64_t floor = i > 0 ? table[i - 1].end : LOWEST_ADDRESS;
    if (floor <= ceiling - length) return ceiling - length;
    if (i-- == 0) return 0;
    ceiling = table[i].start;
  }
  return 0;
}
