/* The guest's mmap, munmap and mprotect. */
#define _GNU_SOURCE
#include "guest_map.h"
#include <errno.h>

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
    if ((flags & MAP_FIXED_NOREPLACE) && !map_is_free(address, address + length)) return -EEXIST;
  } else {
    address = page_ceil(address);
    if (address < LOWEST_ADDRESS || !in_region(address, length) || !map_is_free(address, address + length))
      address = map_find_free(length);
    if (address == 0) return -ENOMEM;
  }
  bool shared = (flags & MAP_TYPE) != MAP_PRIVATE;
  if (map_exceeded(length, is_data(protection, shared), address, address + length)) return -ENOMEM;
  void *place = mmap((void *)address, length, host_protection(protection), (flags & ~MAP_FIXED_NOREPLACE) | MAP_FIXED,
                     fd, (off_t)offset);
  int64_t result = place == MAP_FAILED ? -errno : (int64_t)place;
  if (result < 0) return result;
  *replaced = map_code_in(address, address + length);
  uint64_t end = address + length;
  map_record((struct guest_mapping){.start = address, .end = end, .protection = protection, .shared = shared});
  return (int64_t)address;
}

int64_t guest_mmap(uint64_t address, uint64_t length, int protection, int flags, int fd, uint64_t offset) {
  bool code = protection & PROT_EXEC;
  bool anonymous = flags & MAP_ANONYMOUS;
  uint64_t place = 0;
  if (code && address == 0 && !anonymous && (flags & MAP_TYPE) == MAP_PRIVATE) place = space_place(fd, length);
  enum code replaced = NO_CODE;
  lock_take(&map_lock);
  int64_t result = map(place ? place : address, length, protection, flags, fd, offset, &replaced);
  lock_release(&map_lock);
  if (result < 0) return result;
  map_drop(replaced, (uint64_t)result, (uint64_t)result + page_ceil(length));
  guest_lock_new((uint64_t)result, (uint64_t)result + page_ceil(length), protection, (flags & MAP_TYPE) != MAP_PRIVATE);
  if (code) space_mapped((uint64_t)result, length, anonymous ? -1 : fd, offset);
  return result;
}

int64_t guest_munmap(uint64_t address, uint64_t length) {
  if (address % GUEST_PAGE || length == 0 || length > FERRY_GUEST_END) return -EINVAL;
  length = page_ceil(length);
  if (!in_region(address, length)) return -EINVAL;
  lock_take(&map_lock);
  int result = munmap((void *)address, length) ? -errno : 0;
  enum code code = result ? NO_CODE : map_code_in(address, address + length);
  if (result == 0) map_forget(address, address + length);
  lock_release(&map_lock);
  map_drop(code, address, address + length);
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
  lock_take(&map_lock);
  if (protection & PROT_WRITE && map_exceeded(map_no_data_in(address, end), true, 0, 0) & TOO_MUCH_DATA) {
    lock_release(&map_lock);
    return -ENOMEM;
  }
  int result = mprotect((void *)address, end - address, host_protection(protection)) ? -errno : 0;
  if (result && result != -ENOMEM) {
    lock_release(&map_lock);
    return result;
  }
  /* At a hole the kernel stops with ENOMEM and leaves what it changed before. */
  uint64_t stop = address;
  for (const struct guest_mapping *at = map_first(address); at < map_end() && at->start <= stop && stop < end; at++)
    stop = at->end;
  if (stop < end) end = stop;
  enum code before = map_code_in(address, end);
  map_change(address, end, set_protection, &protection);
  lock_release(&map_lock);
  if (!(protection & PROT_EXEC)) map_drop(before, address, end);
  else space_announce(address, end);
  return result;
}

uint64_t guest_map_reserve(uint64_t length) {
  enum code replaced;
  lock_take(&map_lock);
  map_reserved(length);
  int64_t result = map(0, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0, &replaced);
  if (result < 0) map_reserved(-length);
  lock_release(&map_lock);
  return result < 0 ? 0 : (uint64_t)result;
}
