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

static const void *at(const ferry_kept *kept, uint64_t offset) { return (const char *)kept + offset; }

const ferry_kept_bridge *kept_bridge(const ferry_kept *kept) { return kept->bridge_at ? at(kept, kept->bridge_at) : NULL; }

static void put(uint64_t offset, const void *bytes, uint64_t length) {
  for (uint64_t done = 0; done < length;) {
    ssize_t n = pwrite(memory_descriptor(), (const char *)bytes + done, length - done, (off_t)(offset + done));
    if (n <= 0) executor_fail("can not fill the shared memory: %m");
    done += (uint64_t)n;
  }
}

bool kept_bridge_object(const ferry_kept *kept, const char *program, uint64_t space) {
  const ferry_kept_bridge *bridge = kept_bridge(kept);
  uint64_t start = page_floor(bridge->object_at), inside = bridge->object_at - start;
  int fd = open(program, O_RDONLY | O_CLOEXEC);
  void *file = fd < 0 ? MAP_FAILED : mmap(NULL, inside + bridge->object_length, PROT_READ, MAP_PRIVATE, fd, (off_t)start);
  close(fd);
  if (file == MAP_FAILED) return false;
  put(space * FERRY_SPACE_SIZE, (char *)file + inside, bridge->object_length);
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
  put(CACHE + bridge->entries, table, words * sizeof *table);
  free(table);
}

bool kept_bridge_install(const ferry_kept *kept, uint64_t functions, uint64_t thunks, uint64_t bias) {
  const ferry_kept_bridge *bridge = kept_bridge(kept);
  if (bridge->bias != bias || !functions) return false;
  put(CACHE + control->code_size - bridge->code_length, at(kept, bridge->code_at), bridge->code_length);
  put(CACHE + bridge->hosts, (const void *)functions, bridge->functions * sizeof functions);
  put_entries(bridge, at(kept, bridge->code_at), (const void *)functions);
  const uint64_t *offset = at(kept, bridge->thunks_at), *stub = at(kept, bridge->stubs_at);
  uint64_t *thunk = (uint64_t *)thunks, *lookup = (uint64_t *)(thunks + bridge->lookup);
  if (bridge->lookup) {
    lookup[0] = FERRY_CODE_CACHE + bridge->entries;
    lookup[1] = (bridge->entry_count - 1) * 2;
  }
  for (uint64_t i = 0; i < bridge->thunks; i++) thunk[i] = FERRY_CODE_CACHE + offset[i];
  for (uint64_t i = 0; i < bridge->stubs; i++, stub += 2) {
    uint32_t entry = (uint32_t)stub[1];
    put(KEPT_SPACE + stub[0] * 2, &entry, sizeof entry);
  }
  return true;
}
