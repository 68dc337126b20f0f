/*
 * The bridge of a hybrid program as an earlier run has kept it (runtime/bridge/template.ts), put in place for the host object of this
 * process.
 */
#define _GNU_SOURCE
#include "executor.h"
#include "guest_memory.h"
#include "lone.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define CACHE (KEPT_SPACE + FERRY_DISPATCH_SIZE)

const ferry_kept_bridge *kept_bridge(const ferry_kept *kept) { return kept->bridge_at ? kept_at(kept, kept->bridge_at) : NULL; }

bool kept_bridge_object(const ferry_kept *kept, const char *program, uint64_t space) {
  const ferry_kept_bridge *bridge = kept_bridge(kept);
  uint64_t start = page_floor(bridge->object_at), inside = bridge->object_at - start;
  int fd = open(program, O_RDONLY | O_CLOEXEC);
  void *file = fd < 0 ? MAP_FAILED : mmap(NULL, inside + bridge->object_length, PROT_READ, MAP_PRIVATE, fd, (off_t)start);
  close(fd);
  if (file == MAP_FAILED) return false;
  memory_write(space * FERRY_SPACE_SIZE, (char *)file + inside, bridge->object_length);
  munmap(file, inside + bridge->object_length);
  return true;
}

/* The table of entries has numbers of functions, from 1 on, where addresses are wanted. */
static void put_entries(const ferry_kept_bridge *bridge, const uint64_t *code, const uint64_t *functions) {
  uint64_t first = (bridge->entries - (control->code_size - bridge->code_length)) / sizeof *code, words = 2 * bridge->entry_count;
  uint64_t *table = malloc(words * sizeof *table);
  if (!table) executor_fail("out of memory for the bridge");
  memcpy(table, code + first, words * sizeof *table);
  for (uint64_t i = 1; i < words; i += 2)
    if (table[i] && table[i] <= bridge->functions) table[i] = functions[table[i] - 1];
  memory_write(CACHE + bridge->entries, table, words * sizeof *table);
  free(table);
}

/* stubs: pairs of guest pc and offset in the code cache. */
static void publish_stubs(const uint64_t *stubs, uint64_t count) {
  uint64_t low = FERRY_GUEST_END, high = 0;
  for (uint64_t i = 0; i < count; i++) {
    if (stubs[2 * i] < low) low = stubs[2 * i];
    if (stubs[2 * i] > high) high = stubs[2 * i];
  }
  if (count == 0) return;
  uint64_t start = page_floor(low), end = page_floor(high) + GUEST_PAGE;
  uint32_t *table = kept_dispatch(start, end);
  for (uint64_t i = 0; i < count; i++) table[(stubs[2 * i] - start) / 2] = (uint32_t)stubs[2 * i + 1];
  munmap(table, (end - start) * 2);
}

bool kept_bridge_install(const ferry_kept *kept, uint64_t functions, uint64_t thunks, uint64_t bias) {
  const ferry_kept_bridge *bridge = kept_bridge(kept);
  if (bridge->bias != bias || !functions) return false;
  memory_write(CACHE + control->code_size - bridge->code_length, kept_at(kept, bridge->code_at), bridge->code_length);
  memory_write(CACHE + bridge->hosts, (const void *)functions, bridge->functions * sizeof functions);
  put_entries(bridge, kept_at(kept, bridge->code_at), (const void *)functions);
  const uint64_t *offset = kept_at(kept, bridge->thunks_at);
  uint64_t *thunk = (uint64_t *)thunks, *lookup = (uint64_t *)(thunks + bridge->lookup);
  if (bridge->lookup) {
    lookup[0] = FERRY_CODE_CACHE + bridge->entries;
    lookup[1] = (bridge->entry_count - 1) * 2;
  }
  for (uint64_t i = 0; i < bridge->thunks; i++) thunk[i] = FERRY_CODE_CACHE + offset[i];
  publish_stubs(kept_at(kept, bridge->stubs_at), bridge->stubs);
  return true;
}
