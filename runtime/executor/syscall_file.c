/* Files: the stat family, whose struct differs from x86-64, opening, and what tells paths to the guest. */
#define _GNU_SOURCE
#include "syscall.h"
#include "sysroot.h"
#include <asm/unistd.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>

/* struct stat of riscv64 (include/uapi/asm-generic/stat.h). */
struct guest_stat {
  uint64_t st_dev, st_ino;
  uint32_t st_mode, st_nlink, st_uid, st_gid;
  uint64_t st_rdev, pad1;
  int64_t st_size;
  int32_t st_blksize, pad2;
  int64_t st_blocks;
  int64_t st_atime_s, st_atime_ns, st_mtime_s, st_mtime_ns, st_ctime_s, st_ctime_ns;
  uint32_t unused[2];
};
_Static_assert(sizeof(struct guest_stat) == 128, "struct stat of riscv64");

static int64_t write_stat(uint64_t to, const struct stat *from) {
  struct guest_stat guest = {
      .st_dev = from->st_dev,
      .st_ino = from->st_ino,
      .st_mode = from->st_mode,
      .st_nlink = from->st_nlink,
      .st_uid = from->st_uid,
      .st_gid = from->st_gid,
      .st_rdev = from->st_rdev,
      .st_size = from->st_size,
      .st_blksize = from->st_blksize,
      .st_blocks = from->st_blocks,
      .st_atime_s = from->st_atim.tv_sec,
      .st_atime_ns = from->st_atim.tv_nsec,
      .st_mtime_s = from->st_mtim.tv_sec,
      .st_mtime_ns = from->st_mtim.tv_nsec,
      .st_ctime_s = from->st_ctim.tv_sec,
      .st_ctime_ns = from->st_ctim.tv_nsec,
  };
  return guest_write(to, &guest, sizeof guest);
}

int64_t call_fstat(ferry_state *state, const uint64_t *a) {
  (void)state;
  struct stat host;
  int64_t result = kernel_call(__NR_fstat, a[0], (uint64_t)&host, 0, 0, 0, 0);
  return result < 0 ? result : write_stat(a[1], &host);
}

/* A descriptor itself, instead of its magic link: saves the walk through /proc. */
static uint64_t path_at(uint64_t path, int fd) { return fd < 0 ? path : (uint64_t)""; }
static uint64_t folder_at(uint64_t folder, int fd) { return fd < 0 ? folder : (uint64_t)fd; }
static uint64_t flags_at(uint64_t flags, int fd) {
  return fd < 0 ? flags : (flags & ~(uint64_t)AT_SYMLINK_NOFOLLOW) | AT_EMPTY_PATH;
}

static int64_t stat_path(uint64_t path, int fd, const uint64_t *a) {
  struct stat host;
  int64_t result = kernel_call(__NR_newfstatat, folder_at(a[0], fd), path_at(path, fd), (uint64_t)&host,
                               flags_at(a[3], fd), 0, 0);
  return result < 0 ? result : write_stat(a[2], &host);
}

int64_t call_newfstatat(ferry_state *state, const uint64_t *a) {
  (void)state;
  return sysroot_perform((int)a[0], a[1], !(a[3] & AT_SYMLINK_NOFOLLOW), stat_path, a);
}

static int64_t statx_path(uint64_t path, int fd, const uint64_t *a) {
  return kernel_call(__NR_statx, folder_at(a[0], fd), path_at(path, fd), flags_at(a[2], fd), a[3], a[4], 0);
}

int64_t call_statx(ferry_state *state, const uint64_t *a) {
  (void)state;
  return sysroot_perform((int)a[0], a[1], !(a[2] & AT_SYMLINK_NOFOLLOW), statx_path, a);
}

/* ---- opening ---- */

enum { OPEN_FLAGS = 037777703, PATH_FLAGS = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };

static bool is_there(uint64_t covered) {
  int64_t fd = sysroot_open(covered, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0, 0);
  if (fd >= 0) kernel_call(__NR_close, (uint64_t)fd, 0, 0, 0, 0, 0);
  return fd >= 0;
}

/* What openat makes of its arguments; openat2 takes no others. */
static struct open_how how_of(uint64_t flags, uint64_t mode) {
  bool temporary = (flags & O_TMPFILE) == O_TMPFILE;
  flags &= flags & O_PATH ? PATH_FLAGS : OPEN_FLAGS;
  return (struct open_how){.flags = flags, .mode = flags & O_CREAT || temporary ? mode & 07777 : 0};
}

/* New files are made on the host, unless only the sysroot has the folder. */
static int64_t open_covered(uint64_t covered, struct open_how how, uint64_t number, const uint64_t *a) {
  bool temporary = (how.flags & O_TMPFILE) == O_TMPFILE, makes = how.flags & O_CREAT || temporary;
  if (sysroot_alone()) {
    int64_t result = sysroot_open(covered, how.flags, how.mode, how.resolve);
    bool magic = result == -ELOOP || result == -EXDEV;
    return magic && !makes && !(how.flags & O_NOFOLLOW) ? sysroot_open_through(covered, how.flags) : result;
  }
  if (how.flags & O_CREAT && how.flags & O_EXCL && is_there(covered)) return -EEXIST;
  int64_t result = -ENOENT;
  if (!makes) result = sysroot_open(covered, how.flags, how.mode, how.resolve);
  else if (!temporary && !(how.flags & O_EXCL))
    result = sysroot_open(covered, how.flags & ~(uint64_t)O_CREAT, 0, how.resolve);
  if (!sysroot_lacks(result)) return result;
  bool no_folder = result == -ENOTDIR;
  result = host_call((int64_t)number, a[0], a[1], a[2], a[3], 0, 0);
  if (!sysroot_lacks(result)) return result;
  int64_t again = makes ? sysroot_open(covered, how.flags, how.mode, how.resolve)
                        : sysroot_open_through(covered, how.flags);
  if (!sysroot_lacks(again)) return again;
  return no_folder ? -ENOTDIR : result;
}

/* What is not in the sysroot: `number` is openat or openat2, `a` its arguments. */
static int64_t open_host(int64_t number, const uint64_t *a, uint64_t flags) {
  int64_t file = proc_open((int)a[0], a[1], flags);
  if (file != PROC_PASSES) return file;
  return host_call(number, a[0], proc_followed((int)a[0], a[1], !(flags & O_NOFOLLOW)), a[2], a[3], 0, 0);
}

int64_t call_openat(ferry_state *state, const uint64_t *a) {
  (void)state;
  char text[SYSROOT_PATH];
  uint64_t covered = sysroot_covers(text, (int)a[0], a[1], !(a[2] & O_NOFOLLOW));
  if (covered) return open_covered(covered, how_of(a[2], a[3]), __NR_openat, a);
  return open_host(__NR_openat, a, a[2]);
}

int64_t call_openat2(ferry_state *state, const uint64_t *a) {
  (void)state;
  struct open_how how;
  char text[SYSROOT_PATH];
  bool simple = a[3] >= sizeof how && guest_read(&how, a[2], sizeof how) == 0 &&
                !(how.resolve & (RESOLVE_BENEATH | RESOLVE_IN_ROOT));
  uint64_t covered = simple ? sysroot_covers(text, (int)a[0], a[1], !(how.flags & O_NOFOLLOW)) : 0;
  if (covered) return open_covered(covered, how, __NR_openat2, a);
  if (simple && how.resolve == 0) return open_host(__NR_openat2, a, how.flags);
  return host_call(__NR_openat2, a[0], a[1], a[2], a[3], 0, 0);
}

/* ---- the current folder, and paths that the guest is told ---- */

static int64_t change_folder(uint64_t path, int fd, const uint64_t *a) {
  (void)fd, (void)a;
  return kernel_call(__NR_chdir, path, 0, 0, 0, 0, 0);
}

int64_t call_chdir(ferry_state *state, const uint64_t *a) {
  (void)state;
  int64_t result = sysroot_perform(AT_FDCWD, a[0], true, change_folder, a);
  sysroot_moved();
  return result;
}

int64_t call_fchdir(ferry_state *state, const uint64_t *a) {
  (void)state;
  int64_t result = kernel_call(__NR_fchdir, a[0], 0, 0, 0, 0, 0);
  sysroot_moved();
  return result;
}

static int64_t write_path(uint64_t to, uint64_t size, const char *path, size_t length) {
  if (length > size) length = size;
  return guest_write(to, path, length) ? -EFAULT : (int64_t)length;
}

/* A link of /proc names a file by where it is here; the text of any other link is the guest's own. */
static bool proc_tells(uint64_t folder, uint64_t path) {
  const uint64_t flags = O_PATH | O_NOFOLLOW | O_CLOEXEC;
  struct statfs status = {0};
  int64_t link = kernel_call(__NR_openat, folder, path, flags, 0, 0, 0);
  if (link < 0) return false;
  kernel_call(__NR_fstatfs, (uint64_t)link, (uint64_t)&status, 0, 0, 0, 0);
  kernel_call(__NR_close, (uint64_t)link, 0, 0, 0, 0, 0);
  return status.f_type == PROC_SUPER_MAGIC;
}

static int64_t read_link(uint64_t path, int fd, const uint64_t *a) {
  char text[SYSROOT_PATH];
  if ((int)a[3] <= 0) return -EINVAL;
  int64_t length = kernel_call(__NR_readlinkat, folder_at(a[0], fd), path_at(path, fd), (uint64_t)text,
                               sizeof text - 1, 0, 0);
  if (length == -ENOENT && fd >= 0) return -EINVAL; /* what the kernel says of an empty path to no link */
  if (length < 0) return length;
  text[length] = 0;
  const char *shown = sysroot_strip(text);
  if (shown != text && (fd >= 0 || !proc_tells(a[0], path))) shown = text;
  return write_path(a[2], a[3], shown, strlen(shown));
}

int64_t call_readlinkat(ferry_state *state, const uint64_t *a) {
  (void)state;
  const char *program = (int)a[3] > 0 ? proc_link((int)a[0], a[1]) : NULL;
  if (program) return write_path(a[2], a[3], program, strlen(program));
  return sysroot_perform((int)a[0], a[1], false, read_link, a);
}

int64_t call_getcwd(ferry_state *state, const uint64_t *a) {
  (void)state;
  char text[SYSROOT_PATH];
  int64_t length = kernel_call(__NR_getcwd, (uint64_t)text, sizeof text, 0, 0, 0, 0);
  if (length < 0) return length;
  const char *shown = sysroot_strip(text);
  size_t size = strlen(shown) + 1;
  return size > a[1] ? -ERANGE : guest_write(a[0], shown, size) ? -EFAULT : (int64_t)size;
}
