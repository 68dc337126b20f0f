/*
 * The memory that all processes of the tree share: one file, under a descriptor that every executor inherits, that stays
 * open when the guest executes another program, and that the guest does not see (syscall_descriptor.c). No path leads to it: a
 * guest that became another user could not follow one.
 */
#define _GNU_SOURCE
#include "syscall.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <unistd.h>

static int descriptor = -1;
/* Of the vfork child that runs in this thread's place, which has descriptors of its own, when it moved that. */
static _Thread_local int of_child = -1;
/* Held while the number is in use or changes. */
static struct lock descriptor_lock;

int memory_descriptor(void) {
  return thread.vfork_child && of_child >= 0 ? of_child : __atomic_load_n(&descriptor, __ATOMIC_ACQUIRE);
}

void memory_start(int fd) { descriptor = (int)descriptor_hide(fd); }

int memory_inherited(const char *number) {
  char *end;
  long fd = strtol(number, &end, 10);
  if (*end || end == number || fd < 0 || fcntl((int)fd, F_GETFD) < 0)
    executor_fail("'%s' is not a descriptor; ferry starts the executor itself", number);
  return (int)fd;
}

void memory_after_fork(void) { descriptor_lock = (struct lock){0}; }

void memory_after_vfork(void) { of_child = -1; }

void *memory_map(void *place, size_t size, int protection, uint64_t offset) {
  int flags = MAP_SHARED | MAP_NORESERVE | (place ? MAP_FIXED : 0);
  lock_take(&descriptor_lock);
  void *mapped = mmap(place, size, protection, flags, memory_descriptor(), (off_t)offset);
  lock_release(&descriptor_lock);
  /* A core dump would fill the holes of the sparse file: tens of gigabytes. */
  if (mapped != MAP_FAILED) madvise(mapped, size, MADV_DONTDUMP);
  return mapped;
}

int memory_copy(uint64_t offset, uint64_t length) {
  int copy = memfd_create("ferry-host", MFD_CLOEXEC);
  lock_take(&descriptor_lock);
  for (off_t at = (off_t)offset, end = at + (off_t)length; copy >= 0 && at < end;)
    if (sendfile(copy, memory_descriptor(), &at, (size_t)(end - at)) <= 0) {
      close(copy);
      copy = -1;
    }
  lock_release(&descriptor_lock);
  return copy;
}

void memory_write(uint64_t offset, const void *bytes, uint64_t length) {
  for (uint64_t done = 0; done < length;) {
    ssize_t n = pwrite(memory_descriptor(), (const char *)bytes + done, length - done, (off_t)(offset + done));
    if (n <= 0) executor_fail("can not fill the shared memory: %m");
    done += (uint64_t)n;
  }
}

const char *memory_pass(bool on) {
  static _Thread_local char text[16];
  int fd = memory_descriptor();
  fcntl(fd, F_SETFD, on ? 0 : FD_CLOEXEC);
  snprintf(text, sizeof text, "%d", fd);
  return text;
}

bool memory_move(void) {
  lock_take(&descriptor_lock);
  int fd = memory_descriptor();
  int64_t other = descriptor_duplicate(fd);
  if (other >= 0) {
    if (thread.vfork_child) of_child = (int)other;
    else __atomic_store_n(&descriptor, (int)other, __ATOMIC_RELEASE);
  }
  lock_release(&descriptor_lock);
  return other >= 0;
}
