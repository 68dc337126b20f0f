/* Files: the stat family, whose struct differs from x86-64, and paths below /proc that would show the executor. */
#define _GNU_SOURCE
#include "syscall.h"
#include <asm/unistd.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

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

enum special { ORDINARY, PROGRAM, PROCESSORS };

/* Whether a guest path names a file of /proc that answers for the guest program. */
static enum special special_path(uint64_t path) {
  char text[64], own[32];
  if (guest_read(text, path, 6) != 0 || memcmp(text, "/proc/", 6) != 0) return ORDINARY;
  if (guest_read_string(text, path, sizeof text) < 0) return ORDINARY;
  if (strcmp(text, "/proc/cpuinfo") == 0) return PROCESSORS;
  if (strcmp(text, "/proc/self/exe") == 0 || strcmp(text, "/proc/thread-self/exe") == 0) return PROGRAM;
  snprintf(own, sizeof own, "/proc/%d/exe", getpid());
  return strcmp(text, own) == 0 ? PROGRAM : ORDINARY;
}

/* The path to give to the kernel where the guest gave `path` and links are followed. */
static uint64_t followed(uint64_t path) {
  return special_path(path) == PROGRAM ? (uint64_t)guest_path : path;
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

/* /proc/cpuinfo as a riscv64 kernel prints it, in a file without a name. */
static int64_t open_processors(uint64_t flags) {
  int fd = memfd_create("cpuinfo", flags & O_CLOEXEC ? MFD_CLOEXEC : 0);
  if (fd < 0) return -errno;
  long count = sysconf(_SC_NPROCESSORS_ONLN);
  for (long i = 0; i < count; i++)
    dprintf(fd, "processor\t: %ld\nhart\t\t: %ld\nisa\t\t: rv64imafdc_zicsr_zifencei\nmmu\t\t: sv39\nuarch\t\t: ferry\n\n", i, i);
  lseek(fd, 0, SEEK_SET);
  return fd;
}

int64_t call_openat(ferry_state *state, const uint64_t *a) {
  (void)state;
  uint64_t path = a[1];
  switch (special_path(path)) {
  case PROGRAM:
    if (!(a[2] & O_NOFOLLOW)) path = (uint64_t)guest_path;
    break;
  case PROCESSORS:
    if ((a[2] & O_ACCMODE) == O_RDONLY && !(a[2] & (O_DIRECTORY | O_CREAT))) return open_processors(a[2]);
    break;
  default:
    break;
  }
  return host_call(__NR_openat, a[0], path, a[2], a[3], 0, 0);
}

int64_t call_readlinkat(ferry_state *state, const uint64_t *a) {
  (void)state;
  if (special_path(a[1]) != PROGRAM) return kernel_call(__NR_readlinkat, a[0], a[1], a[2], a[3], 0, 0);
  if ((int)a[3] <= 0) return -EINVAL;
  size_t length = strlen(guest_path);
  if (length > a[3]) length = a[3];
  int error = guest_write(a[2], guest_path, length);
  return error ? error : (int64_t)length;
}
