/*
 * The space that this process runs from: one code cache and one dispatch table, mapped at fixed addresses. Processes
 * with the same code share one. The translator's answer to a request may tell the process to move to another one
 * (REQUEST in base/layout.ts): then all threads get out of translated code, the new pair replaces the old, and the
 * frames of the host call stacks, which are predictions, are dropped.
 */
#define _GNU_SOURCE
#include "executor.h"
#include "guest_memory.h"
#include "host_object.h"
#include "lone.h"
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <unistd.h>

volatile uint64_t space_generation;
/* Moves that one thread waits for while another makes it. */
static struct lock move_lock;

uint64_t space_number;

static void attach_memory(int identifier, uint64_t address, size_t size) {
  void *place = shmat(identifier, (void *)address, SHM_RDONLY | SHM_EXEC | SHM_REMAP);
  if (place == (void *)-1) executor_fail("can not attach the code cache (shared memory %d): %s", identifier, strerror(errno));
  madvise(place, size, MADV_DONTDUMP);
}

/* `system_v`: 0, or 1 more than the identifier of the code cache's own memory. */
static void map_space(uint64_t number, uint64_t system_v) {
  uint64_t start = number * FERRY_SPACE_SIZE;
  if (memory_map((void *)FERRY_DISPATCH, FERRY_DISPATCH_SIZE, PROT_READ, start) == MAP_FAILED)
    executor_fail("can not map the dispatch table: %s", strerror(errno));
  if (system_v)
    attach_memory((int)(system_v - 1), FERRY_CODE_CACHE, control->code_size);
  else if (memory_map((void *)FERRY_CODE_CACHE, control->code_size, PROT_READ | PROT_EXEC,
                      start + FERRY_DISPATCH_SIZE) == MAP_FAILED)
    executor_fail("can not map the code cache: %s", strerror(errno));
  space_number = number;
}

void space_start(void) { map_space(thread.mailbox->results[6], thread.mailbox->results[7]); }

void space_enter(void) {
  uint64_t number = thread.mailbox->results[6], system_v = thread.mailbox->results[7];
  if (number == space_number) return;
  world_stop();
  map_space(number, system_v);
  space_generation++;
  world_start();
}

void space_lock(bool taken) {
  if (taken) lock_take(&move_lock);
  else lock_release(&move_lock);
}

bool space_moved(uint64_t generation) {
  uint64_t number = thread.mailbox->results[6], system_v = thread.mailbox->results[7];
  if (number == 0) return generation != space_generation;
  lock_take(&move_lock);
  if (generation == space_generation) {
    world_stop();
    map_space(number, system_v);
    space_generation++;
    POST(REQUEST_MOVED, 0);
    world_start();
  }
  lock_release(&move_lock);
  return true;
}

uint64_t space_changed(const struct stat *status) {
  return (uint64_t)status->st_ctim.tv_sec * 1000000000 + (uint64_t)status->st_ctim.tv_nsec;
}

static struct file_identity identify(int fd) {
  struct stat status;
  if (fd < 0 || fstat(fd, &status) || !S_ISREG(status.st_mode)) return (struct file_identity){0};
  return (struct file_identity){status.st_dev, status.st_ino, space_changed(&status)};
}

/* Loads the host object of a hybrid library that was mapped. */
static void host_library(uint64_t object_space, uint64_t length, uint64_t references) {
  struct host_object object = host_object_load(object_space, length);
  if (object.references) *object.references = (void *)references;
  uint64_t generation = space_generation;
  POST(REQUEST_HOSTED, references, object.functions, object.thunks);
  space_moved(generation);
}

void space_announce(uint64_t start, uint64_t end) {
  while (start < end) {
    struct guest_mapping mapping = guest_mapping_at(start);
    if (mapping.end == 0) return;
    uint64_t stop = mapping.end < end ? mapping.end : end;
    if (mapping.protection & PROT_EXEC) {
      uint64_t generation = space_generation;
      *thread.mailbox->text = 0;
      POST(REQUEST_MAPPED, start, stop - start, mapping.file.device, mapping.file.inode, mapping.file.changed,
           mapping.offset + (start - mapping.start));
      const ferry_mailbox *mailbox = thread.mailbox;
      uint64_t object_space = mailbox->results[1], references = mailbox->results[2], length = mailbox->results[4];
      lone_print((const char *)mailbox->text);
      space_moved(generation);
      if (object_space) host_library(object_space, length, references);
    }
    start = stop;
  }
}

void space_mapped(uint64_t start, uint64_t length, int fd, uint64_t offset) {
  struct file_identity file = identify(fd);
  bool wanted = control->alone && !(control->flags & CONTROL_FLAG_EMULATED);
  if (wanted && fd >= 0 && !lone_is_program(&file) && hybrid_file(fd)) lone_end();
  guest_map_identify(start, start + page_ceil(length), file, offset);
  space_announce(start, start + page_ceil(length));
}

uint64_t space_place(int fd, uint64_t length) {
  struct file_identity file = identify(fd);
  if (file.inode == 0) return 0;
  return POST(REQUEST_PLACE, file.device, file.inode, file.changed, page_ceil(length));
}

void space_invalidate(uint64_t start, uint64_t end, bool of_file) {
  uint64_t generation = space_generation;
  world_stop();
  POST(REQUEST_INVALIDATE, start, end - start, of_file);
  /* Frames of the host call stacks may lead into what was dropped. */
  bool moves = thread.mailbox->results[6] != 0;
  if (!moves) space_generation++;
  world_start();
  if (moves) space_moved(generation);
}

void space_rounding(uint32_t frm) {
  enum { HOST_MODES = 4 };
  uint64_t generation;
  if (frm < HOST_MODES) return;
  do {
    generation = space_generation;
    POST(REQUEST_ROUNDING, 0);
  } while (space_moved(generation));
}

uint64_t space_resolve(uint64_t pc, const struct guest_mapping *mapping) {
  uint64_t start = mapping->start, end = mapping->end, behind = page_floor(pc) + 2 * GUEST_PAGE;
  bool changing = mapping->file.inode == 0;
  int protection = mapping->protection;
  /* One watched page makes three mappings of one: an instruction may lie across their border. */
  while (end < behind) {
    struct guest_mapping next = guest_mapping_at(end);
    if (!next.end || !(next.protection & PROT_EXEC)) break;
    changing |= next.file.inode == 0;
    protection |= next.protection;
    end = next.end;
  }
  if (protection & PROT_WRITE) {
    /* Watch what the translator is about to read; no more than a page behind pc, so that few stores fault. */
    if (page_floor(pc) > start) start = page_floor(pc);
    if (behind < end) end = behind;
    guest_map_watch(start, end);
  }
  for (;;) {
    uint64_t generation = space_generation;
    uint64_t address = POST(REQUEST_RESOLVE, pc, start, end, changing);
    if (!space_moved(generation)) return address;
  }
}
