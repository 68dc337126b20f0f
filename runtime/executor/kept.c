/* The file of kept translations (runtime/kept.ts), checked and mapped, and its way into the shared memory. */
#define _GNU_SOURCE
#include "executor.h"
#include "guest_memory.h"
#include "lone.h"
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

const void *kept_at(const ferry_kept *kept, uint64_t offset) { return (const char *)kept + offset; }

static bool inside(const ferry_kept *kept, uint64_t offset, uint64_t rows, uint64_t size) {
  return offset % 4 == 0 && offset <= kept->size && rows <= (kept->size - offset) / size;
}

static bool in_cache(const ferry_kept *kept, const ferry_kept_bridge *bridge, uint64_t offset, uint64_t rows, uint64_t size) {
  uint64_t start = kept->code_size - bridge->code_length;
  return offset % 8 == 0 && offset >= start && offset <= kept->code_size && rows <= (kept->code_size - offset) / size;
}

static bool bridge_is_whole(const ferry_kept *kept) {
  if (!kept->bridge_at) return true;
  if (!inside(kept, kept->bridge_at, 1, sizeof(ferry_kept_bridge))) return false;
  const ferry_kept_bridge *bridge = kept_bridge(kept);
  bool whole = bridge->object_length && bridge->code_length <= kept->code_size - kept->code_length &&
               inside(kept, bridge->code_at, bridge->code_length, 1) && inside(kept, bridge->thunks_at, bridge->thunks, 8) &&
               inside(kept, bridge->stubs_at, bridge->stubs, 16) && in_cache(kept, bridge, bridge->hosts, bridge->functions, 8) &&
               in_cache(kept, bridge, bridge->entries, bridge->entry_count, 16);
  const uint64_t *stub = kept_at(kept, whole ? bridge->stubs_at : 0);
  for (uint64_t i = 0; whole && i < bridge->stubs; i++, stub += 2)
    whole = stub[0] < FERRY_GUEST_END && stub[0] % 2 == 0 && stub[1] < kept->code_size;
  return whole;
}

static uint64_t checksum(const ferry_kept *kept) {
  const uint32_t *word = kept_at(kept, offsetof(ferry_kept, size)), *end = kept_at(kept, kept->size);
  uint32_t sum = 0, sums = 0;
  for (; word < end; word++) sums += sum += *word;
  return (uint64_t)sums << 32 | sum;
}

static bool whole(const ferry_kept *kept, uint64_t size) {
  if (size < sizeof *kept || memcmp(&kept->magic, KEPT_MAGIC, 8) || kept->size != size || size % 4) return false;
  if (kept->checksum != checksum(kept)) return false;
  bool tables = inside(kept, kept->code_at, kept->code_length, 1) &&
                inside(kept, kept->places_at, kept->places, sizeof(ferry_kept_place)) &&
                inside(kept, kept->groups_at, kept->groups, sizeof(ferry_kept_group)) && kept->code_length < kept->code_size && bridge_is_whole(kept);
  for (uint64_t i = 0; tables && i < kept->groups; i++) {
    const ferry_kept_group *group = kept_groups(kept) + i;
    tables = inside(kept, group->entries_at, group->entries, 8) && group->start % GUEST_PAGE == 0 &&
             group->start < group->end && group->end <= FERRY_GUEST_END;
  }
  return tables;
}

static ferry_kept *map_file(int fd, int protection) {
  struct stat status;
  uint64_t size = fstat(fd, &status) || !S_ISREG(status.st_mode) ? 0 : (uint64_t)status.st_size;
  ferry_kept *kept = size ? mmap(NULL, size, protection, MAP_PRIVATE | MAP_POPULATE, fd, 0) : MAP_FAILED;
  return kept != MAP_FAILED && whole(kept, size) ? kept : NULL;
}

static bool is_own(int fd) {
  struct stat status;
  return fstat(fd, &status) == 0 && status.st_uid == geteuid() && !(status.st_mode & 022);
}

const ferry_kept *kept_open(const char *path, const struct file_identity *program) {
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return NULL;
  const ferry_kept *kept = is_own(fd) ? map_file(fd, PROT_READ) : NULL;
  /* Those that were not used for the longest time go first (runtime/kept.ts). */
  if (kept) futimens(fd, NULL);
  close(fd);
  bool fits = kept && kept->device == program->device && kept->inode == program->inode &&
              kept->changed == program->changed && kept->cpu == control->cpu;
  return fits ? kept : NULL;
}

const ferry_kept *kept_nothing(const char *path, const struct file_identity *program) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return NULL;
  ferry_kept *kept = map_file(fd, PROT_READ | PROT_WRITE);
  close(fd);
  if (!kept) return NULL;
  kept->device = program->device;
  kept->inode = program->inode;
  kept->changed = program->changed;
  kept->cpu = control->cpu;
  kept->checksum = checksum(kept);
  return kept;
}

const ferry_kept_group *kept_groups(const ferry_kept *kept) { return kept_at(kept, kept->groups_at); }
const ferry_kept_place *kept_places(const ferry_kept *kept) { return kept_at(kept, kept->places_at); }

bool kept_covers(const ferry_kept *kept, const ferry_kept_group *group, uint64_t start, uint64_t end) {
  const uint32_t *entry = kept_at(kept, group->entries_at);
  if (end <= group->start || start >= group->end) return false;
  for (uint64_t i = 0; i < group->entries; i++, entry += 2) {
    uint64_t pc = group->start + entry[0];
    if (pc >= start && pc < end) return true;
  }
  return false;
}

void kept_copy_code(const ferry_kept *kept) {
  uint32_t leave = (uint32_t)kept->gate_leave;
  memory_write(KEPT_SPACE + FERRY_DISPATCH_SIZE, kept_at(kept, kept->code_at), kept->code_length);
  memory_write(KEPT_SPACE + FERRY_RETURN_GATE * 2, &leave, sizeof leave);
}

uint32_t *kept_dispatch(uint64_t start, uint64_t end) {
  uint32_t *table = memory_map(NULL, (end - start) * 2, PROT_READ | PROT_WRITE, KEPT_SPACE + start * 2);
  if (table == MAP_FAILED) executor_fail("can not map the dispatch table: %m");
  return table;
}

static void publish(const ferry_kept *kept, const ferry_kept_group *group, bool reachable) {
  const uint32_t *entry = kept_at(kept, group->entries_at);
  uint64_t end = page_ceil(group->end), size = (end - group->start) * 2;
  uint32_t *table = kept_dispatch(group->start, end);
  for (uint64_t i = 0; i < group->entries; i++, entry += 2)
    if (entry[0] / 2 < size / 4 && entry[1] < kept->code_length)
      __atomic_store_n(&table[entry[0] / 2], reachable ? entry[1] : 0, __ATOMIC_RELAXED);
  munmap(table, size);
}

void kept_enter(const ferry_kept *kept, const ferry_kept_group *group) { publish(kept, group, true); }
void kept_leave(const ferry_kept *kept, const ferry_kept_group *group) { publish(kept, group, false); }
