/* The guest's mremap. */
#define _GNU_SOURCE
#include "guest_map.h"
#include <errno.h>

static int64_t remap(uint64_t old, uint64_t old_length, uint64_t new_length, int flags, uint64_t new_address,
                     enum code *moved, enum code *replaced) {
  bool fixed = flags & MREMAP_FIXED, may_move = flags & MREMAP_MAYMOVE, keeps = flags & MREMAP_DONTUNMAP;
  struct guest_mapping mapping = map_at(old);
  /* The kernel refuses a range that is not one mapping; so does mremap below, but not where the guest's tables differ. */
  if (mapping.end == 0 || mapping.end < old + old_length) return -EFAULT;
  uint64_t target = new_address, kept = keeps ? 0 : old_length;
  bool data = is_data(mapping.protection, mapping.shared);
  if (new_length > kept && map_exceeded(new_length - kept, data, 0, 0)) return -ENOMEM;
  if (fixed) {
    if (new_address % GUEST_PAGE || !in_region(new_address, new_length)) return -EINVAL;
    if (new_address < old + old_length && old < new_address + new_length) return -EINVAL;
  } else if (!keeps && old_length && in_region(old, new_length) && map_is_free(old + old_length, old + new_length)) {
    target = old;
  } else {
    if (!may_move) return -ENOMEM;
    target = map_find_free(new_length);
    if (target == 0) return -ENOMEM;
  }
  void *result = target == old ? mremap((void *)old, old_length, new_length, 0)
                               : mremap((void *)old, old_length, new_length, flags | MREMAP_FIXED, (void *)target);
  if (result == MAP_FAILED) return -errno;
  if (target != old || keeps) *moved = map_code_in(old, old + old_length);
  *replaced = map_code_in(target, target + new_length);
  if (target != old && !keeps && old_length) map_forget(old, old + old_length);
  mapping.offset += old - mapping.start;
  mapping.start = target;
  mapping.end = target + new_length;
  map_record(mapping);
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
  lock_take(&map_lock);
  int64_t result = remap(old, old_length, new_length, flags, new_address, &moved, &replaced);
  lock_release(&map_lock);
  if (result < 0) return result;
  map_drop(moved, old, old + old_length);
  map_drop(replaced, (uint64_t)result, (uint64_t)result + new_length);
  space_announce((uint64_t)result, (uint64_t)result + new_length);
  return result;
}
