/* Mounts, roots, swap files and accounting: the paths of calls that administrators' programs make (sysroot.c). */
#define _GNU_SOURCE
#include "lone.h"
#include "syscall.h"
#include "sysroot.h"
#include <asm/unistd.h>
#include <linux/capability.h>
#include <linux/limits.h>
#include <linux/mount.h>
#include <stdio.h>
#include <unistd.h>

ON_PATH(swapon, AT_FDCWD, 0, true, __NR_swapon, path, a[1], 0, 0, 0, 0)
ON_PATH(swapoff, AT_FDCWD, 0, true, __NR_swapoff, path, 0, 0, 0, 0, 0)
ON_PATH(open_tree, a[0], 1, FOLLOWS(a[2]), __NR_open_tree, a[0], path, flags_on(fd, a[2]), 0, 0, 0)
ON_PATH(mount_setattr, a[0], 1, FOLLOWS(a[2]), __NR_mount_setattr, a[0], path, flags_on(fd, a[2]), a[3], a[4], 0)
ON_PATH(fspick, a[0], 1, !(a[2] & FSPICK_SYMLINK_NOFOLLOW), __NR_fspick, a[0], path,
        fd < 0 ? a[2] : a[2] & ~(uint64_t)FSPICK_SYMLINK_NOFOLLOW, 0, 0, 0)
ON_PATH(acct, AT_FDCWD, 0, true, __NR_acct, path, 0, 0, 0, 0, 0)

static int64_t set_path(uint64_t path, int fd, const uint64_t *a) {
  (void)fd;
  return kernel_call(__NR_fsconfig, a[0], a[1], a[2], path, a[4], 0);
}

int64_t call_fsconfig(ferry_state *state, const uint64_t *a) {
  (void)state;
  if (a[1] != FSCONFIG_SET_PATH) return kernel_call(__NR_fsconfig, a[0], a[1], a[2], a[3], a[4], 0);
  return sysroot_perform((int)a[4], a[3], true, set_path, a);
}

/* ---- calls with two paths ---- */

static int64_t mount_from(uint64_t path, int fd, const uint64_t *a) {
  (void)fd;
  return kernel_call(__NR_mount, path, a[1], a[2], a[3], a[4], 0);
}

static int64_t mount_on(uint64_t path, int fd, const uint64_t *a) {
  (void)fd;
  const uint64_t arguments[] = {a[0], path, a[2], a[3], a[4]};
  bool from_path = a[0] && a[3] & (MS_BIND | MS_MOVE) && !(a[3] & MS_REMOUNT);
  return from_path ? sysroot_perform(AT_FDCWD, a[0], true, mount_from, arguments) : mount_from(a[0], -1, arguments);
}

int64_t call_mount(ferry_state *state, const uint64_t *a) {
  (void)state;
  int64_t result = sysroot_perform(AT_FDCWD, a[1], true, mount_on, a);
  /* The sysroot is no mount, which the root has to be that is made private. */
  bool propagates = a[3] & (MS_PRIVATE | MS_SLAVE | MS_SHARED | MS_UNBINDABLE);
  return result == -EINVAL && propagates ? mount_on(a[1], -1, a) : result;
}

static int64_t move_to(uint64_t path, int fd, const uint64_t *a) {
  uint64_t flags = fd < 0 ? a[4] : a[4] | MOVE_MOUNT_T_SYMLINKS;
  return kernel_call(__NR_move_mount, a[0], a[1], a[2], path, flags, 0);
}

static int64_t move_from(uint64_t path, int fd, const uint64_t *a) {
  const uint64_t arguments[] = {a[0], path, a[2], a[3], fd < 0 ? a[4] : a[4] | MOVE_MOUNT_F_SYMLINKS};
  return sysroot_perform((int)a[2], a[3], a[4] & MOVE_MOUNT_T_SYMLINKS, move_to, arguments);
}

int64_t call_move_mount(ferry_state *state, const uint64_t *a) {
  (void)state;
  return sysroot_perform((int)a[0], a[1], a[4] & MOVE_MOUNT_F_SYMLINKS, move_from, a);
}

static int64_t pivot_with(uint64_t path, int fd, const uint64_t *a) {
  (void)fd;
  return kernel_call(__NR_pivot_root, a[0], path, 0, 0, 0, 0);
}

static int64_t pivot_to(uint64_t path, int fd, const uint64_t *a) {
  (void)fd;
  return sysroot_perform(AT_FDCWD, a[1], true, pivot_with, (const uint64_t[]){path});
}

int64_t call_pivot_root(ferry_state *state, const uint64_t *a) {
  lone_end();
  (void)state;
  return sysroot_perform(AT_FDCWD, a[0], true, pivot_to, a);
}

/* ---- roots ---- */

static bool may_change_root(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2] = {{0, 0, 0}, {0, 0, 0}};
  return kernel_call(__NR_capget, (uint64_t)&header, (uint64_t)data, 0, 0, 0, 0) == 0 &&
         data[0].effective >> CAP_SYS_CHROOT & 1;
}

static int64_t change_root(uint64_t path, int fd, const uint64_t *a) {
  (void)fd, (void)a;
  char link[32], root[SYSROOT_PATH];
  int64_t folder = kernel_call(__NR_openat, (uint64_t)AT_FDCWD, path, O_PATH | O_DIRECTORY | O_CLOEXEC, 0, 0, 0);
  if (folder < 0) return folder;
  snprintf(link, sizeof link, "/proc/self/fd/%d", (int)folder);
  int64_t length = kernel_call(__NR_faccessat, folder, (uint64_t)".", X_OK, 0, 0, 0);
  if (length == 0) length = may_change_root() ? 0 : -EPERM;
  if (length == 0)
    length = kernel_call(__NR_readlinkat, (uint64_t)AT_FDCWD, (uint64_t)link, (uint64_t)root, sizeof root - 1, 0, 0);
  kernel_call(__NR_close, (uint64_t)folder, 0, 0, 0, 0, 0);
  if (length < 0) return length;
  root[length] = 0;
  return sysroot_confine(root);
}

int64_t call_chroot(ferry_state *state, const uint64_t *a) {
  lone_end();
  (void)state;
  return sysroot_perform(AT_FDCWD, a[0], true, change_root, a);
}

/* Not through a descriptor, which would keep the file system busy. */
int64_t call_umount2(ferry_state *state, const uint64_t *a) {
  (void)state;
  char name[PATH_MAX], path[SYSROOT_PATH];
  int64_t length = guest_read_string(name, a[0], sizeof name);
  if (length < 0) return length;
  int error = sysroot_find(path, AT_FDCWD, name, sizeof path);
  return error ? error : kernel_call(__NR_umount2, (uint64_t)path, a[1], 0, 0, 0, 0);
}
