/* Files: the stat family, whose struct differs from x86-64, and opening, where files of /proc answer for the guest. */
#define _GNU_SOURCE
#include "syscall.h"
#include <asm/unistd.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

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

/* The path to give to the kernel where the guest gave `path` and links are followed. */
static uint64_t followed(uint64_t path) {
  return proc_file(path) == PROC_EXE ? (uint64_t)guest_path : path;
}

int64_t call_fstat(ferry_state *state, const uint64_t *a) {
  (void)state;
  struct stat host;
  int64_t result = kernel_call(__NR_fstat, a[0], (uint64_t)&host, 0, 0, 0, 0);
  return result < 0 ? result : write_stat(a[1], &host);
}

int64_t call_newfstatat(ferry_state *state, const uint64_t *a) {
  (void)state;
  struct stat host;
  uint64_t path = a[3] & AT_SYMLINK_NOFOLLOW ? a[1] : followed(a[1]);
  int64_t result = kernel_call(__NR_newfstatat, a[0], path, (uint64_t)&host, a[3], 0, 0);
  return result < 0 ? result : write_stat(a[2], &host);
}

int64_t call_statx(ferry_state *state, const uint64_t *a) {
  (void)state;
  uint64_t path = a[2] & AT_SYMLINK_NOFOLLOW ? a[1] : followed(a[1]);
  return kernel_call(__NR_statx, a[0], path, a[2], a[3], a[4], 0);
}

int64_t call_openat(ferry_state *state, const uint64_t *a) {
  (void)state;
  uint64_t path = a[1];
  enum proc_file file = proc_file(path);
  if (file == PROC_EXE) {
    if (!(a[2] & O_NOFOLLOW)) path = (uint64_t)guest_path;
  } else if (file != PROC_OTHER && (a[2] & O_ACCMODE) == O_RDONLY && !(a[2] & (O_DIRECTORY | O_CREAT))) {
    return proc_open(file, a[2]);
  }
  return host_call(__NR_openat, a[0], path, a[2], a[3], 0, 0);
}

int64_t call_readlinkat(ferry_state *state, const uint64_t *a) {
  (void)state;
  if (proc_file(a[1]) != PROC_EXE) return kernel_call(__NR_readlinkat, a[0], a[1], a[2], a[3], 0, 0);
  if ((int)a[3] <= 0) return -EINVAL;
  size_t length = strlen(guest_path);
  if (length > a[3]) length = a[3];
  int error = guest_write(a[2], guest_path, length);
  return error ? error : (int64_t)length;
}
