/*
 * Which guest pages are mapped how, and the guest's memory system calls. The host kernel does the mapping; this table
 * adds what it can not know: where the guest's region ends, which pages the guest may execute (host mappings of
 * guest memory never have PROT_EXEC) and therefore which translations a change makes stale.
 */
#define _GNU_SOURCE
#include "executor.h"
#include "settings.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Sorted, disjoint; neighbours that are alike are merged. */
static struct guest_mapping *table;
static size_t count, capacity;
static struct lock table_lock, break_lock;
static uint64_t break_start, break_now;
static uint64_t region_top = FERRY_CALL_STACK;
/* Bytes in the table that are the executor's (guest_map_reserve). */
static uint64_t reserved;

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

static struct guest_mapping mapping_at(uint64_t address) {
  size_t i = find(address);
  return i < count && table[i].start <= address ? table[i] : (struct guest_mapping){0};
}

struct guest_mapping guest_mapping_at(uint64_t address) {
  lock_take(&table_lock);
  struct guest_mapping mapping = mapping_at(address);
  lock_release(&table_lock);
  return mapping;
}

void guest_map_lock(bool taken) {
  if (taken) {
    lock_take(&break_lock);
    lock_take(&table_lock);
  } else {
    lock_release(&table_lock);
    lock_release(&break_lock);
  }
}

bool guest_mapped(uint64_t address, uint64_t length) {
  if (address % GUEST_PAGE || length > FERRY_GUEST_END || address > FERRY_GUEST_END - length) return false;
  uint64_t end = address + page_ceil(length);
  lock_take(&table_lock);
  for (size_t i = find(address); address < end && i < count && table[i].start <= address; i++) address = table[i].end;
  lock_release(&table_lock);
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

/* What of a range the guest can execute: nothing, pages as files hold them, or code that it wrote. */
enum code { NO_CODE, FILE_CODE, OWN_CODE };

static enum code code_in(uint64_t start, uint64_t end) {
  enum code found = NO_CODE;
  for (size_t i = find(start); i < count && table[i].start < end; i++) {
    if (!(table[i].protection & PROT_EXEC)) continue;
    if (table[i].file.inode == 0) return OWN_CODE;
    found = FILE_CODE;
  }
  return found;
}

static void drop(enum code code, uint64_t start, uint64_t end) {
  if (code != NO_CODE) space_invalidate(start, end, code == FILE_CODE);
}

/* Forgets a range. */
static void forget(uint64_t start, uint64_t end) {
  split(start);
  split(end);
  size_t first = find(start);
  remove_at(first, find(end) - first);
}

static void record(struct guest_mapping mapping) {
  forget(mapping.start, mapping.end);
  insert_at(find(mapping.start), mapping);
  merge_around(mapping.start, mapping.end);
}

void guest_map_record(uint64_t start, uint64_t end, int protection, bool shared) {
  lock_take(&table_lock);
  record((struct guest_mapping){.start = start, .end = end, .protection = protection, .shared = shared});
  lock_release(&table_lock);
}

/* Changes what the table says of a range that may have holes; `change` gets whole mappings. */
static void for_range(uint64_t start, uint64_t end, void (*change)(struct guest_mapping *, const void *), const void *with) {
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
  lock_take(&table_lock);
  for_range(start, end, set_file, &with);
  lock_release(&table_lock);
}

/* Stores to private pages fault while there are translations of them. */
static bool changes_unseen(const struct guest_mapping *mapping) {
  return mapping->protection & PROT_EXEC && mapping->shared;
}

void guest_map_invalidate_unseen(void) {
  for (uint64_t at = 0;;) {
    lock_take(&table_lock);
    size_t i = find(at);
    while (i < count && !changes_unseen(&table[i])) i++;
    struct guest_mapping found = i < count ? table[i] : (struct guest_mapping){0};
    lock_release(&table_lock);
    if (found.end == 0) return;
    space_invalidate(found.start, found.end, false);
    at = found.end;
  }
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

/* ---- limits (settings.c) ---- */

enum { TOO_MUCH = 1, TOO_MUCH_DATA = 2 };

static bool is_data(int protection, bool shared) { return protection & PROT_WRITE && !shared; }

/* The first stack, above region_top, counts as what the kernel begins with: mostly the rest of it is unused. */
#define STACK_BEGINNING (132 << 10)

/* Bytes of a mapping outside of a range. */
static uint64_t size_without(const struct guest_mapping *mapping, uint64_t start, uint64_t end) {
  if (mapping->start >= region_top) return 0;
  uint64_t from = mapping->start > start ? mapping->start : start, to = mapping->end < end ? mapping->end : end;
  return mapping->end - mapping->start - (from < to ? to - from : 0);
}

uint64_t guest_map_size(void) {
  uint64_t size = STACK_BEGINNING - reserved;
  lock_take(&table_lock);
  for (size_t i = 0; i < count; i++) size += size_without(&table[i], 0, 0);
  lock_release(&table_lock);
  return size;
}

/* Which limits are exceeded when the guest gets `more` bytes and [start, end) goes. */
static unsigned exceeded(uint64_t more, bool data, uint64_t start, uint64_t end) {
  if (!(settings.limits_kept & (1u << RLIMIT_AS | 1u << RLIMIT_DATA))) return 0;
  uint64_t all = more + STACK_BEGINNING - reserved, of_data = more;
  for (size_t i = 0; i < count; i++) {
    uint64_t size = size_without(&table[i], start, end);
    all += size;
    if (is_data(table[i].protection, table[i].shared)) of_data += size;
  }
  bool too_much_data = data && of_data > settings_limit(RLIMIT_DATA).rlim_cur;
  return (all > settings_limit(RLIMIT_AS).rlim_cur ? TOO_MUCH : 0) | (too_much_data ? TOO_MUCH_DATA : 0);
}

/* Bytes of [start, end) that are not yet private data. */
static uint64_t no_data_in(uint64_t start, uint64_t end) {
  uint64_t size = 0;
  for (size_t i = find(start); i < count && table[i].start < end; i++)
    if (!table[i].shared && !is_data(table[i].protection, false))
      size += table[i].end - table[i].start - size_without(&table[i], start, end);
  return size;
}

/* Whether the range lies where the guest may map; the call stack and what is above it are not the guest's. */
static bool in_region(uint64_t address, uint64_t length) {
  return length <= FERRY_CALL_STACK && address <= FERRY_CALL_STACK - length;
}

/* The call without what it means for translations; `replaced` is what was there. */
static int64_t map(uint64_t address, uint64_t length, int protection, int flags, int fd, uint64_t offset,
                   enum code *replaced) {
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
  bool shared = (flags & MAP_TYPE) != MAP_PRIVATE;
  if (exceeded(length, is_data(protection, shared), address, address + length)) return -ENOMEM;
  void *place = mmap((void *)address, length, host_protection(protection), (flags & ~MAP_FIXED_NOREPLACE) | MAP_FIXED,
                     fd, (off_t)offset);
  int64_t result = place == MAP_FAILED ? -errno : (int64_t)place;
  if (result < 0) return result;
  *replaced = code_in(address, address + length);
  record((struct guest_mapping){.start = address,
                                .end = address + length,
                                .protection = protection,
                                .shared = shared});
  return (int64_t)address;
}

/* ---- mlockall ---- */

/* Locks a range; what of it can not be read or written is left alone. */
static int lock_range(uint64_t start, uint64_t end, int protection, bool shared, bool on_fault) {
  if (syscall(SYS_mlock2, start, end - start, MLOCK_ONFAULT)) return -errno;
  if (on_fault || !(protection & PROT_READ)) return 0;
  madvise((void *)start, end - start, is_data(protection, shared) ? MADV_POPULATE_WRITE : MADV_POPULATE_READ);
  return 0;
}

int64_t guest_lock_all(int flags) {
  if (flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) || !(flags & (MCL_CURRENT | MCL_FUTURE))) return -EINVAL;
  settings.lock_future = flags & MCL_FUTURE ? (uint32_t)flags : 0;
  for (uint64_t at = 0; flags & MCL_CURRENT;) {
    lock_take(&table_lock);
    size_t i = find(at);
    struct guest_mapping found = i < count ? table[i] : (struct guest_mapping){0};
    lock_release(&table_lock);
    if (found.end == 0) break;
    bool stack = found.start >= region_top;
    int error = lock_range(found.start, found.end, found.protection, found.shared, stack || flags & MCL_ONFAULT);
    if (error && !stack) return error;
    at = found.end;
  }
  return 0;
}

int64_t guest_mmap(uint64_t address, uint64_t length, int protection, int flags, int fd, uint64_t offset) {
  bool code = protection & PROT_EXEC;
  bool anonymous = flags & MAP_ANONYMOUS;
  uint64_t place = 0;
  if (code && address == 0 && !anonymous && (flags & MAP_TYPE) == MAP_PRIVATE) place = space_place(fd, length);
  enum code replaced = NO_CODE;
  lock_take(&table_lock);
  int64_t result = map(place ? place : address, length, protection, flags, fd, offset, &replaced);
  lock_release(&table_lock);
  if (result < 0) return result;
  drop(replaced, (uint64_t)result, (uint64_t)result + page_ceil(length));
  if (settings.lock_future)
    lock_range((uint64_t)result, (uint64_t)result + page_ceil(length), protection, (flags & MAP_TYPE) != MAP_PRIVATE,
               settings.lock_future & MCL_ONFAULT);
  if (code) space_mapped((uint64_t)result, length, anonymous ? -1 : fd, offset);
  return result;
}

int64_t guest_munmap(uint64_t address, uint64_t length) {
  if (address % GUEST_PAGE || length == 0 || length > FERRY_GUEST_END) return -EINVAL;
  length = page_ceil(length);
  if (!in_region(address, length)) return -EINVAL;
  lock_take(&table_lock);
  int result = munmap((void *)address, length) ? -errno : 0;
  enum code code = result ? NO_CODE : code_in(address, address + length);
  if (result == 0) forget(address, address + length);
  lock_release(&table_lock);
  drop(code, address, address + length);
  return result;
}

static void set_protection(struct guest_mapping *mapping, const void *with) {
  const int protection = *(const int *)with;
  /* What stays executable and becomes writable may be translated already: watched as if it were (guest_map_watch). */
  mapping->watched = mapping->protection & protection & PROT_EXEC && protection & PROT_WRITE;
  if (mapping->watched) mprotect((void *)mapping->start, mapping->end - mapping->start, PROT_READ);
  if (protection & PROT_WRITE) mapping->file = (struct file_identity){0};
  mapping->protection = protection;
}

int64_t guest_mprotect(uint64_t address, uint64_t length, int protection) {
  if (address % GUEST_PAGE) return -EINVAL;
  if (length == 0) return 0;
  if (length > FERRY_GUEST_END || !in_region(address, page_ceil(length))) return -ENOMEM;
  uint64_t end = address + page_ceil(length);
  lock_take(&table_lock);
  if (protection & PROT_WRITE && exceeded(no_data_in(address, end), true, 0, 0) & TOO_MUCH_DATA) {
    lock_release(&table_lock);
    return -ENOMEM;
  }
  int result = mprotect((void *)address, end - address, host_protection(protection)) ? -errno : 0;
  if (result && result != -ENOMEM) {
    lock_release(&table_lock);
    return result;
  }
  /* At a hole the kernel stops with ENOMEM and leaves what it changed before. */
  uint64_t stop = address;
  for (size_t i = find(address); i < count && table[i].start <= stop && stop < end; i++) stop = table[i].end;
  if (stop < end) end = stop;
  enum code before = code_in(address, end);
  for_range(address, end, set_protection, &protection);
  lock_release(&table_lock);
  if (!(protection & PROT_EXEC)) drop(before, address, end);
  else space_announce(address, end);
  return result;
}

static int64_t remap(uint64_t old, uint64_t old_length, uint64_t new_length, int flags, uint64_t new_address,
                     enum code *moved, enum code *replaced) {
  bool fixed = flags & MREMAP_FIXED, may_move = flags & MREMAP_MAYMOVE, keeps = flags & MREMAP_DONTUNMAP;
  struct guest_mapping mapping = mapping_at(old);
  /* The kernel refuses a range that is not one mapping; so does mremap below, but not where the guest's tables differ. */
  if (mapping.end == 0 || mapping.end < old + old_length) return -EFAULT;
  uint64_t target = new_address, kept = keeps ? 0 : old_length;
  if (new_length > kept && exceeded(new_length - kept, is_data(mapping.protection, mapping.shared), 0, 0)) return -ENOMEM;
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
  if (target != old || keeps) *moved = code_in(old, old + old_length);
  *replaced = code_in(target, target + new_length);
  if (target != old && !keeps && old_length) forget(old, old + old_length);
  mapping.offset += old - mapping.start;
  mapping.start = target;
  mapping.end = target + new_length;
  record(mapping);
  return (int64_t)target;
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
  if (!fixed && !keeps && old_length && new_length <= old_length) {
    if (!guest_mapped(old, old_length)) return -EFAULT;
    if (new_length < old_length) guest_munmap(old + new_length, old_length - new_length);
    return (int64_t)old;
  }
  enum code moved = NO_CODE, replaced = NO_CODE;
  lock_take(&table_lock);
  int64_t result = remap(old, old_length, new_length, flags, new_address, &moved, &replaced);
  lock_release(&table_lock);
  if (result < 0) return result;
  drop(moved, old, old + old_length);
  drop(replaced, (uint64_t)result, (uint64_t)result + new_length);
  space_announce((uint64_t)result, (uint64_t)result + new_length);
  return result;
}

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

uint64_t guest_map_reserve(uint64_t length) {
  enum code replaced;
  lock_take(&table_lock);
  reserved += length;
  int64_t result = map(0, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0, &replaced);
  if (result < 0) reserved -= length;
  lock_release(&table_lock);
  return result < 0 ? 0 : (uint64_t)result;
}

/* ---- pages that translated code came from ---- */

static void watch(struct guest_mapping *mapping, const void *with) {
  (void)with;
  if (mapping->watched || !(mapping->protection & PROT_WRITE) || mapping->shared) return;
  mapping->watched = !mprotect((void *)mapping->start, mapping->end - mapping->start, PROT_READ);
}

void guest_map_watch(uint64_t start, uint64_t end) {
  lock_take(&table_lock);
  for_range(start, end, watch, NULL);
  lock_release(&table_lock);
}

static void unwatch(struct guest_mapping *mapping, const void *with) {
  (void)with;
  mapping->watched = false;
  mprotect((void *)mapping->start, mapping->end - mapping->start, host_protection(mapping->protection));
}

bool guest_map_unwatch(uint64_t address) {
  lock_take(&table_lock);
  struct guest_mapping found = mapping_at(address);
  bool writable = found.protection & PROT_WRITE;
  uint64_t page = page_floor(address);
  if (writable && found.watched) for_range(page, page + GUEST_PAGE, unwatch, NULL);
  lock_release(&table_lock);
  if (writable && found.watched) space_invalidate(page, page + GUEST_PAGE, false);
  /* Without the mark another thread was faster. */
  return writable;
}

bool guest_map_unwatch_all(void) {
  bool any = false;
  for (;;) {
    lock_take(&table_lock);
    size_t i = 0;
    while (i < count && !(table[i].watched && table[i].protection & PROT_WRITE)) i++;
    struct guest_mapping found = i < count ? table[i] : (struct guest_mapping){0};
    if (found.end) for_range(found.start, found.end, unwatch, NULL);
    lock_release(&table_lock);
    if (found.end == 0) return any;
    space_invalidate(found.start, found.end, false);
    any = true;
  }
}
