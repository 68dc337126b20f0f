/* Calls on descriptors, so that the guest neither sees nor closes those of the sysroot and of the shared memory. */
#define _GNU_SOURCE
#include "syscall.h"
#include "sysroot.h"
#include <asm/unistd.h>
#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>

/* Hidden descriptors are above those that programs choose for themselves, as shells do. */
#define FIRST_HIDDEN 1000

/* As high as the limit on descriptors lets it be. */
int64_t descriptor_duplicate(int64_t fd) {
  int64_t other = -EMFILE;
  for (int lowest = FIRST_HIDDEN; other < 0 && lowest > 10; lowest /= 2)
    other = kernel_call(__NR_fcntl, (uint64_t)fd, F_DUPFD_CLOEXEC, (uint64_t)lowest, 0, 0, 0);
  return other;
}

int64_t descriptor_hide(int64_t fd) {
  int64_t high = fd >= 0 && fd < FIRST_HIDDEN ? descriptor_duplicate(fd) : -EBADF;
  if (fd < 0) return fd;
  if (high >= 0) kernel_call(__NR_close, (uint64_t)fd, 0, 0, 0, 0, 0);
  else kernel_call(__NR_fcntl, (uint64_t)fd, F_SETFD, FD_CLOEXEC, 0, 0, 0);
  return high >= 0 ? high : fd;
}

bool descriptor_hidden(uint64_t fd) {
  return (int)fd >= 0 && ((int)fd == sysroot_descriptor() || (int)fd == memory_descriptor());
}

int64_t call_close(ferry_state *state, const uint64_t *a) {
  (void)state;
  return descriptor_hidden(a[0]) ? -EBADF : kernel_call(__NR_close, a[0], 0, 0, 0, 0, 0);
}

int64_t call_dup(ferry_state *state, const uint64_t *a) {
  (void)state;
  return descriptor_hidden(a[0]) ? -EBADF : kernel_call(__NR_dup, a[0], 0, 0, 0, 0, 0);
}

int64_t call_dup3(ferry_state *state, const uint64_t *a) {
  (void)state;
  if (descriptor_hidden(a[0])) return -EBADF;
  if ((int)a[1] == sysroot_descriptor()) sysroot_forget();
  if ((int)a[1] == memory_descriptor() && !memory_move()) return -EMFILE;
  return kernel_call(__NR_dup3, a[0], a[1], a[2], 0, 0, 0);
}

/* Around the hidden ones. */
int64_t call_close_range(ferry_state *state, const uint64_t *a) {
  (void)state;
  uint32_t first = (uint32_t)a[0], last = (uint32_t)a[1];
  uint32_t one = (uint32_t)sysroot_descriptor(), other = (uint32_t)memory_descriptor();
  const uint32_t kept[] = {one < other ? one : other, one < other ? other : one};
  for (int i = 0; i < 2; i++) {
    if (kept[i] < first || kept[i] > last || (int)kept[i] < 0) continue;
    int64_t result = first < kept[i] ? kernel_call(__NR_close_range, first, kept[i] - 1, a[2], 0, 0, 0) : 0;
    if (result || kept[i] == last) return result;
    first = kept[i] + 1;
  }
  return kernel_call(__NR_close_range, first, last, a[2], 0, 0, 0);
}

/* linux_dirent64 (getdents64(2)), with the start of the name. */
struct entry {
  uint64_t inode;
  int64_t offset;
  uint16_t length;
  uint8_t type;
  char name[5];
};
_Static_assert(sizeof(struct entry) == 24, "the shortest entry");

/* Folders of /proc have the descriptors of a process as their entries: links in fd, files in fdinfo. */
static bool in_proc(uint64_t fd) {
  struct statfs status;
  return kernel_call(__NR_fstatfs, fd, (uint64_t)&status, 0, 0, 0, 0) == 0 && status.f_type == PROC_SUPER_MAGIC;
}

/* Takes hidden descriptors out of entries that the kernel wrote; what is left of their size. */
static int64_t without_hidden(uint64_t entries, int64_t size) {
  char name[12];
  struct entry entry;
  for (int64_t at = 0; at < size;) {
    uint64_t place = entries + (uint64_t)at;
    if (guest_read(&entry, place, sizeof entry) || entry.length < sizeof entry) return size;
    char *end = name;
    bool digits = entry.type != DT_DIR && guest_read_string(name, place + offsetof(struct entry, name), sizeof name) > 0;
    bool taken = digits && descriptor_hidden((uint64_t)strtol(name, &end, 10)) && end > name && !*end;
    if (taken) {
      size -= entry.length;
      memmove((void *)place, (void *)(place + entry.length), (size_t)(size - at));
    } else {
      at += entry.length;
    }
  }
  return size;
}

int64_t call_getdents64(ferry_state *state, const uint64_t *a) {
  (void)state;
  for (;;) {
    int64_t size = kernel_call(__NR_getdents64, a[0], a[1], a[2], 0, 0, 0);
    int64_t left = size > 0 && in_proc(a[0]) ? without_hidden(a[1], size) : size;
    /* Nothing at all would mean the end of the folder. */
    if (left != 0 || size == 0) return left;
  }
}
