/* Calls on descriptors, so that the guest neither sees nor closes the one that the sysroot is open under. */
#define _GNU_SOURCE
#include "syscall.h"
#include <asm/unistd.h>
#include <dirent.h>
#include <linux/magic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>

static bool hidden(uint64_t fd) { return (int)fd >= 0 && (int)fd == sysroot_descriptor(); }

int64_t call_close(ferry_state *state, const uint64_t *a) {
  (void)state;
  return hidden(a[0]) ? -EBADF : kernel_call(__NR_close, a[0], 0, 0, 0, 0, 0);
}

int64_t call_dup3(ferry_state *state, const uint64_t *a) {
  (void)state;
  if (hidden(a[0])) return -EBADF;
  if (hidden(a[1])) sysroot_forget();
  return kernel_call(__NR_dup3, a[0], a[1], a[2], 0, 0, 0);
}

int64_t call_close_range(ferry_state *state, const uint64_t *a) {
  (void)state;
  int kept = sysroot_descriptor();
  uint32_t first = (uint32_t)a[0], last = (uint32_t)a[1], middle = (uint32_t)kept;
  if (kept < 0 || first > middle || last < middle) return kernel_call(__NR_close_range, first, last, a[2], 0, 0, 0);
  int64_t result = first < middle ? kernel_call(__NR_close_range, first, middle - 1, a[2], 0, 0, 0) : 0;
  if (result == 0 && last > middle) result = kernel_call(__NR_close_range, middle + 1, last, a[2], 0, 0, 0);
  return result;
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

/* Takes the sysroot's descriptor out of entries that the kernel wrote; what is left of their size. */
static int64_t without_hidden(uint64_t fd, uint64_t entries, int64_t size) {
  char name[12];
  struct entry entry;
  for (int64_t at = 0; at < size; at += entry.length) {
    uint64_t place = entries + (uint64_t)at;
    if (guest_read(&entry, place, sizeof entry) || entry.length < sizeof entry) return size;
    if (entry.type == DT_DIR || guest_read_string(name, place + offsetof(struct entry, name), sizeof name) <= 0) continue;
    char *end;
    if (!hidden((uint64_t)strtol(name, &end, 10)) || *end || !in_proc(fd)) continue;
    int64_t rest = size - at - entry.length;
    memmove((void *)place, (void *)(place + entry.length), (size_t)rest);
    return at + rest;
  }
  return size;
}

int64_t call_getdents64(ferry_state *state, const uint64_t *a) {
  (void)state;
  for (;;) {
    int64_t size = kernel_call(__NR_getdents64, a[0], a[1], a[2], 0, 0, 0);
    int64_t left = size > 0 && sysroot_descriptor() >= 0 ? without_hidden(a[0], a[1], size) : size;
    /* Nothing at all would mean the end of the folder. */
    if (left != 0 || size == 0) return left;
  }
}
