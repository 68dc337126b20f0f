/*
 * Host objects: the shared objects for this machine that hybrid programs and libraries carry (base/manifest.ts). The
 * translator has put the bytes of one into a space of the shared memory.
 */
#define _GNU_SOURCE
#include "host_object.h"
#include "executor.h"
#include "guest_memory.h"
#include <dlfcn.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

/* Unwinders look at the code that is returned to: this is none, so that they take it for the end of the stack. */
static void map_return_gate(void) {
  mmap((void *)page_floor(FERRY_RETURN_GATE), GUEST_PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE,
       -1, 0);
}

/*
 * A path that is spelt differently each time: dlopen takes an object that it knows by the same name for the one that is asked
 * for, and descriptors have the same numbers again.
 */
static void object_name(char *name, size_t size, int fd) {
  static unsigned count;
  int end = snprintf(name, size, "/proc/self/");
  for (unsigned bits = __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED); bits; bits >>= 1)
    end += snprintf(name + end, size - end, bits & 1 ? "/" : "./");
  snprintf(name + end, size - end, "fd/%d", fd);
}

struct host_object host_object_load(uint64_t space, uint64_t length) {
  int fd = memory_copy(space * FERRY_SPACE_SIZE, length);
  char name[128];
  object_name(name, sizeof name, fd);
  void *object = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  close(fd);
  if (!object) executor_fail("the host object can not be loaded: %s", dlerror());
  struct host_object found = {
      .functions = (uint64_t)dlsym(object, "ferry_functions"),
      .thunks = (uint64_t)dlsym(object, "ferry_thunks"),
      .references = dlsym(object, "ferry_refs"),
  };
  if (!found.functions) executor_fail("the host object has no ferry_functions");
  map_return_gate();
  return found;
}
