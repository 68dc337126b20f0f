/* Calls that take a path, on what the path names for the guest (sysroot.c). Arguments that are no path pass. */
#define _GNU_SOURCE
#include "syscall.h"
#include "sysroot.h"
#include <asm/unistd.h>
#include <fcntl.h>
#include <linux/limits.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>

ON_PATH(setxattr, AT_FDCWD, 0, true, __NR_setxattr, path, a[1], a[2], a[3], a[4], 0)
ON_PATH(getxattr, AT_FDCWD, 0, true, __NR_getxattr, path, a[1], a[2], a[3], 0, 0)
ON_PATH(listxattr, AT_FDCWD, 0, true, __NR_listxattr, path, a[1], a[2], 0, 0, 0)
ON_PATH(removexattr, AT_FDCWD, 0, true, __NR_removexattr, path, a[1], 0, 0, 0, 0)
ON_PATH(lsetxattr, AT_FDCWD, 0, false, fd < 0 ? __NR_lsetxattr : __NR_setxattr, path, a[1], a[2], a[3], a[4], 0)
ON_PATH(lgetxattr, AT_FDCWD, 0, false, fd < 0 ? __NR_lgetxattr : __NR_getxattr, path, a[1], a[2], a[3], 0, 0)
ON_PATH(llistxattr, AT_FDCWD, 0, false, fd < 0 ? __NR_llistxattr : __NR_listxattr, path, a[1], a[2], 0, 0, 0)
ON_PATH(lremovexattr, AT_FDCWD, 0, false, fd < 0 ? __NR_lremovexattr : __NR_removexattr, path, a[1], 0, 0, 0, 0)
ON_PATH(setxattrat, a[0], 1, FOLLOWS(a[2]), 463, a[0], path, flags_on(fd, a[2]), a[3], a[4], a[5])
ON_PATH(getxattrat, a[0], 1, FOLLOWS(a[2]), 464, a[0], path, flags_on(fd, a[2]), a[3], a[4], a[5])
ON_PATH(listxattrat, a[0], 1, FOLLOWS(a[2]), 465, a[0], path, flags_on(fd, a[2]), a[3], a[4], 0)
ON_PATH(removexattrat, a[0], 1, FOLLOWS(a[2]), 466, a[0], path, flags_on(fd, a[2]), a[3], 0, 0)
ON_PATH(inotify_add_watch, AT_FDCWD, 1, !(a[2] & IN_DONT_FOLLOW), __NR_inotify_add_watch, a[0], path,
        fd < 0 ? a[2] : a[2] & ~(uint64_t)IN_DONT_FOLLOW, 0, 0, 0)
ON_PATH(statfs, AT_FDCWD, 0, true, __NR_statfs, path, a[1], 0, 0, 0, 0)
ON_PATH(truncate, AT_FDCWD, 0, true, __NR_truncate, path, a[1], 0, 0, 0, 0)
ON_PATH(fchmodat, a[0], 1, true, __NR_fchmodat, a[0], path, a[2], 0, 0, 0)
ON_PATH(fchmodat2, a[0], 1, FOLLOWS(a[3]), 452, a[0], path, a[2], flags_on(fd, a[3]), 0, 0)
ON_PATH(fchownat, a[0], 1, FOLLOWS(a[4]), __NR_fchownat, a[0], path, a[2], a[3], flags_on(fd, a[4]), 0)
ON_PATH(utimensat, a[0], 1, FOLLOWS(a[3]), __NR_utimensat, a[0], path, a[2], flags_on(fd, a[3]), 0, 0)
ON_PATH(name_to_handle_at, a[0], 1, a[4] & AT_SYMLINK_FOLLOW, __NR_name_to_handle_at, a[0], path, a[2], a[3],
        fd < 0 ? a[4] : a[4] | AT_SYMLINK_FOLLOW, 0)
ON_PATH(fanotify_mark, a[3], 4, true, __NR_fanotify_mark, a[0], a[1], a[2], a[3], path, 0)

/* A look at a descriptor saves the walk through /proc, since Linux 5.8. */
static int64_t access_path(uint64_t path, int fd, const uint64_t *a) {
  if (fd < 0) return kernel_call(__NR_faccessat2, a[0], path, a[2], a[3], 0, 0);
  int64_t result = kernel_call(__NR_faccessat2, (uint64_t)fd, (uint64_t)"", a[2],
                               flags_on(fd, a[3]) | AT_EMPTY_PATH, 0, 0);
  return result == -ENOSYS ? kernel_call(__NR_faccessat, a[0], path, a[2], 0, 0, 0) : result;
}

int64_t call_faccessat2(ferry_state *state, const uint64_t *a) {
  (void)state;
  return sysroot_perform((int)a[0], a[1], FOLLOWS(a[3]), access_path, a);
}

static int64_t access_without_flags(uint64_t path, int fd, const uint64_t *a) {
  const uint64_t arguments[] = {a[0], a[1], a[2], 0};
  return fd < 0 ? kernel_call(__NR_faccessat, a[0], path, a[2], 0, 0, 0) : access_path(path, fd, arguments);
}

int64_t call_faccessat(ferry_state *state, const uint64_t *a) {
  (void)state;
  return sysroot_perform((int)a[0], a[1], true, access_without_flags, a);
}

/* ---- names in folders ---- */

static bool exists(int folder, const char *name) {
  struct stat status;
  return kernel_call(__NR_newfstatat, (uint64_t)folder, (uint64_t)name, (uint64_t)&status, AT_SYMLINK_NOFOLLOW, 0,
                     0) == 0;
}

/* Removes a name from the sysroot when it is there. */
static int64_t remove_name(uint64_t folder, uint64_t path, name_call *call, const uint64_t *a) {
  char name[NAME_MAX + 2];
  int64_t parent = sysroot_parent((int)folder, path, name);
  bool there = parent >= 0 && (exists((int)parent, name) || sysroot_alone());
  char text[SYSROOT_PATH];
  int64_t result = there ? call((uint64_t)parent, (uint64_t)name, a)
                         : call(folder, sysroot_outside(text, (int)folder, path), a);
  if (parent >= 0) kernel_call(__NR_close, (uint64_t)parent, 0, 0, 0, 0, 0);
  return result;
}

int64_t make_name(uint64_t folder, uint64_t path, name_call *call, const uint64_t *a) {
  char name[NAME_MAX + 2];
  int64_t parent = sysroot_parent((int)folder, path, name);
  int64_t result = -ENOENT;
  char text[SYSROOT_PATH];
  bool outside = parent < 0 || !(exists((int)parent, name) || sysroot_alone());
  if (outside) result = call(folder, sysroot_outside(text, (int)folder, path), a);
  if (parent >= 0 && sysroot_lacks(result)) result = call((uint64_t)parent, (uint64_t)name, a);
  if (parent >= 0) kernel_call(__NR_close, (uint64_t)parent, 0, 0, 0, 0, 0);
  return result;
}

#define ON_NAME(how, name, folder_argument, path_argument, number, ...) \
  static int64_t at_##name(uint64_t folder, uint64_t path, const uint64_t *a) { \
    (void)a; \
    return kernel_call(number, __VA_ARGS__); \
  } \
  int64_t call_##name(ferry_state *state, const uint64_t *a) { \
    (void)state; \
    return how(folder_argument, a[path_argument], at_##name, a); \
  }

ON_NAME(remove_name, unlinkat, a[0], 1, __NR_unlinkat, folder, path, a[2], 0, 0, 0)
ON_NAME(make_name, mkdirat, a[0], 1, __NR_mkdirat, folder, path, a[2], 0, 0, 0)
ON_NAME(make_name, mknodat, a[0], 1, __NR_mknodat, folder, path, a[2], a[3], 0, 0)
ON_NAME(make_name, symlinkat, a[1], 2, __NR_symlinkat, a[0], folder, path, 0, 0, 0)

/* A second name, for a file of the sysroot beside it where there is such a folder: file systems may differ. */
static int64_t make_second_name(bool in_sysroot, uint64_t folder, uint64_t path, name_call *call, const uint64_t *a) {
  char name[NAME_MAX + 2];
  int64_t parent = in_sysroot ? sysroot_parent((int)folder, path, name) : -ENOENT;
  if (parent < 0) return make_name(folder, path, call, a);
  int64_t result = call((uint64_t)parent, (uint64_t)name, a);
  kernel_call(__NR_close, (uint64_t)parent, 0, 0, 0, 0, 0);
  return result;
}

static int64_t link_as(uint64_t folder, uint64_t path, const uint64_t *a) {
  return kernel_call(__NR_linkat, a[0], a[1], folder, path, a[4], 0);
}

static int64_t link_from(uint64_t path, int fd, const uint64_t *a) {
  uint64_t flags = fd < 0 ? a[4] : (a[4] & ~(uint64_t)AT_EMPTY_PATH) | AT_SYMLINK_FOLLOW;
  const uint64_t arguments[] = {a[0], path, a[2], a[3], flags};
  return make_second_name(fd >= 0, a[2], a[3], link_as, arguments);
}

int64_t call_linkat(ferry_state *state, const uint64_t *a) {
  (void)state;
  return sysroot_perform((int)a[0], a[1], a[4] & AT_SYMLINK_FOLLOW, link_from, a);
}

static int64_t rename_as(uint64_t folder, uint64_t path, const uint64_t *a) {
  return kernel_call(__NR_renameat2, a[0], a[1], folder, path, a[4], 0);
}

static int64_t rename_from(uint64_t folder, uint64_t path, const uint64_t *a) {
  const uint64_t arguments[] = {folder, path, a[2], a[3], a[4]};
  return make_second_name(path != a[1], a[2], a[3], rename_as, arguments);
}

int64_t call_renameat2(ferry_state *state, const uint64_t *a) {
  (void)state;
  return remove_name(a[0], a[1], rename_from, a);
}
