/*
 * Which guest pages are mapped how, and the guest's memory system calls. The host kernel does the mapping; this table
 * adds what it can not know: where the guest's region ends, which pages the guest may execute (host mappings of
 * guest memory never have PROT_EXEC) and therefore which translations a change makes stale.
 */
#define _GNU_SOURCE
#include "executor.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Sorted, disjoint; neighbours that are alike are merged. */
static struct guest_mapping *table;
static size_t count, capacity;
static uint64_t break_start, break_now;
static uint64_t region_top = FERRY_CALL_STACK;

#define LOWEST_ADDRESS 0x10000 /* the usual vm.mmap_min_addr */

void guest_map_set_break(uint64_t start) { break_start = break_now = page_ceil(start); }
void guest_map_set_top(uint64_t top) { region_top = top; }

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

static bool is_free(uint64_t start, uint64_t end) {
  size_t i = find(start);
  return i == count || table[i].start >= end;
}

const struct guest_mapping *guest_mapping_at(uint64_t address) {
  size_t i = find(address);
  return i < count && table[i].start <= address ? &table[i] : NULL;
}

bool guest_mapped(uint64_t address, uint64_t length) {
  if (address % GUEST_PAGE || length > FERRY_GUEST_END || address > FERRY_GUEST_END - length) return false;
  uint64_t end = address + page_ceil(length);
  for (size_t i = find(address); address < end; i++) {
    if (i == count || table[i].start > address) return false;
    address = table[i].end;
  }
  return true;
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
  tail.start = address;
  table[i].end = address;
  insert_at(i + 1, tail);
}

static bool alike(size_t i) {
  return table[i].end == table[i + 1].start && table[i].protection == table[i + 1].protection &&
         table[i].shared == table[i + 1].shared;
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

static bool executable_in(uint64_t start, uint64_t end) {
  for (size_t i = find(start); i < count && table[i].start < end; i++)
    if (table[i].protection & PROT_EXEC) return true;
  return false;
}

static void invalidate(uint64_t start, uint64_t end) { POST(REQUEST_INVALIDATE, start, end - start); }

/* Forgets a range; true when the guest could execute from it. */
static bool forget(uint64_t start, uint64_t end) {
  bool executable = executable_in(start, end);
  split(start);
  split(end);
  size_t first = find(start);
  remove_at(first, find(end) - first);
  return executable;
}

void guest_map_record(uint64_t start, uint64_t end, int protection, bool shared) {
  forget(start, end);
  insert_at(find(start), (struct guest_mapping){start, end, protection, shared});
  merge_around(start, end);
}

void guest_map_invalidate_writable(void) {
  for (size_t i = 0; i < count; i++)
    if ((table[i].protection & PROT_EXEC) && ((table[i].protection & PROT_WRITE) || table[i].shared))
      invalidate(table[i].start, table[i].end);
}

/* Guest code is data for the host: readable, never executable. */
static int host_protection(int protection) {
  return (protection & ~PROT_EXEC) | (protection & PROT_EXEC ? PROT_READ : 0);
}

/* The highest free range below the top of the guest's region, as the kernel searches; 0 = none. */
static uint64_t find_free(uint64_t length) {
  uint64_t ceiling = region_top;
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

/* Whether the range lies where the guest may map; the call stack and what is above it are not the guest's. */
static bool in_region(uint64_t address, uint64_t length) {
  return length <= FERRY_CALL_STACK && address <= FERRY_CALL_STACK - length;
}

int64_t guest_mmap(uint64_t address, uint64_t length, int protection, int flags, int fd, uint64_t offset) {
  /* x86 only: MAP_32BIT and MAP_ABOVE4G, which riscv64 ignores. */
  flags &= ~0xc0;
  if (length == 0) return -EINVAL;
  if (length > FERRY_GUEST_END) return -ENOMEM;
  length = page_ceil(length);
  bool fixed = flags & (MAP_FIXED | MAP_FIXED_NOREPLACE);
  if (fixed) {
    if (address % GUEST_PAGE) return -EINVAL;
    if (!in_region(address, length)) return -ENOMEM;
    if ((flags & MAP_FIXED_NOREPLACE) && !is_free(address, address + length)) return -EEXIST;
  } else {
    address = page_ceil(address);
    if (address < LOWEST_ADDRESS || !in_region(address, length) || !is_free(address, address + length))
      address = find_free(length);
    if (address == 0) return -ENOMEM;
  }
  int64_t result = host_call(9 /* mmap */, address, length, (uint64_t)host_protection(protection),
                             (uint64_t)((flags & ~MAP_FIXED_NOREPLACE) | MAP_FIXED), (uint64_t)(int64_t)fd, offset);
  if (result < 0) return result;
  bool stale = executable_in(address, address + length);
  guest_map_record(address, address + length, protection, (flags & MAP_TYPE) != MAP_PRIVATE);
  if (stale) invalidate(address, address + length);
  return (int64_t)address;
}

int64_t guest_munmap(uint64_t address, uint64_t length) {
  if (address % GUEST_PAGE || length == 0 || length > FERRY_GUEST_END) return -EINVAL;
  length = page_ceil(length);
  if (!in_region(address, length)) return -EINVAL;
  if (munmap((void *)address, length)) return -errno;
  if (forget(address, address + length)) invalidate(address, address + length);
  return 0;
}

int64_t guest_mprotect(uint64_t address, uint64_t length, int protection) {
  if (address % GUEST_PAGE) return -EINVAL;
  if (length == 0) return 0;
  if (length > FERRY_GUEST_END || !in_region(address, page_ceil(length))) return -ENOMEM;
  uint64_t end = address + page_ceil(length);
  int result = mprotect((void *)address, end - address, host_protection(protection)) ? -errno : 0;
  if (result && result != -ENOMEM) return result;
  /* At a hole the kernel stops with ENOMEM and leaves what it changed before. */
  bool stale = false;
  split(address);
  split(end);
  uint64_t next = address;
  for (size_t i = find(address); i < count && table[i].start == next && next < end; i++) {
    stale |= (table[i].protection | protection) & PROT_EXEC && table[i].protection != protection;
    table[i].protection = protection;
    next = table[i].end;
  }
  merge_around(address, end);
  if (stale) invalidate(address, end);
  return result;
}

int64_t guest_mremap(uint64_t old, uint64_t old_length, uint64_t new_length, int flags, uint64_t new_address) {
  bool fixed = flags & MREMAP_FIXED, may_move = flags & MREMAP_MAYMOVE, keeps = flags & MREMAP_DONTUNMAP;
  if (flags & ~(MREMAP_FIXED | MREMAP_MAYMOVE | MREMAP_DONTUNMAP) || (fixed && !may_move)) return -EINVAL;
  if (keeps && (!may_move || page_ceil(old_length) != page_ceil(new_length))) return -EINVAL;
  if (old % GUEST_PAGE || new_length == 0) return -EINVAL;
  if (old_length > FERRY_GUEST_END || new_length > FERRY_GUEST_END) return -EINVAL;
  old_length = page_ceil(old_length);
  new_length = page_ceil(new_length);
  if (!in_region(old, old_length)) return -EFAULT;
  const struct guest_mapping *found = guest_mapping_at(old);
  /* The kernel refuses a range that is not one mapping; so does mremap below, but not where the guest's tables differ. */
  if (!found || found->end < old + old_length) return -EFAULT;
  struct guest_mapping mapping = *found;

  if (!fixed && !keeps && old_length && new_length <= old_length) {
    if (new_length < old_length) guest_munmap(old + new_length, old_length - new_length);
    return (int64_t)old;
  }
  uint64_t target = new_address;
  if (fixed) {
    if (new_address % GUEST_PAGE || !in_region(new_address, new_length)) return -EINVAL;
    if (new_address < old + old_length && old < new_address + new_length) return -EINVAL;
  } else if (!keeps && old_length && in_region(old, new_length) && is_free(old + old_length, old + new_length)) {
    target = old;
  } else {
    if (!may_move) return -ENOMEM;
    target = find_free(new_length);
    if (target == 0) return -ENOMEM;
  }
  void *result = target == old ? mremap((void *)old, old_length, new_length, 0)
                               : mremap((void *)old, old_length, new_length, flags | MREMAP_FIXED, (void *)target);
  if (result == MAP_FAILED) return -errno;
  bool stale = (mapping.protection & PROT_EXEC) || executable_in(target, target + new_length);
  if (target != old && !keeps && old_length) forget(old, old + old_length);
  guest_map_record(target, target + new_length, mapping.protection, mapping.shared);
  if (stale) {
    invalidate(old, old + old_length);
    invalidate(target, target + new_length);
  }
  return (int64_t)target;
}

int64_t guest_brk(uint64_t address) {
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
