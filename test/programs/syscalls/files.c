/* Files: opening, reading, writing, the stat family, links, locks, copies between descriptors. */
#include "show.h"
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/xattr.h>

static void show_stat(const char *what, const struct stat *s) {
  printf("%s: mode %o nlink %lu size %ld blksize>0 %d mtime %ld.%09ld atime %ld.%09ld own %d rdev %lx\n", what, s->st_mode,
         (unsigned long)s->st_nlink, (long)s->st_size, s->st_blksize > 0, (long)s->st_mtim.tv_sec, s->st_mtim.tv_nsec,
         (long)s->st_atim.tv_sec, s->st_atim.tv_nsec, s->st_uid == getuid() && s->st_gid == getgid(),
         (unsigned long)s->st_rdev);
}

int main(void) {
  struct stat s;
  char buffer[256];
  enter_scratch();
  umask(022);
  SHOW(umask(027));
  int fd = open("a", O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0666);
  HOLDS(fd >= 3);
  SHOW(open("a", O_CREAT | O_EXCL | O_RDWR, 0666));
  SHOW(open("missing", O_RDONLY));
  SHOW(open("a", O_RDONLY | O_DIRECTORY));
  SHOW(write(fd, "hello, world\n", 13));
  SHOW(pwrite(fd, "HELLO", 5, 0));
  SHOW(lseek(fd, 0, SEEK_CUR));
  SHOW(lseek(fd, -6, SEEK_END));
  SHOW(read(fd, buffer, 100));
  printf("%.6s", buffer);
  SHOW(pread(fd, buffer, 5, 0));
  printf("%.5s\n", buffer);
  SHOW(lseek(fd, -1, SEEK_SET));
  struct iovec out[3] = {{"one ", 4}, {"two ", 4}, {"three\n", 6}};
  SHOW(lseek(fd, 0, SEEK_SET));
  SHOW(writev(fd, out, 3));
  char first[5] = "", second[20] = "";
  struct iovec in[2] = {{first, 4}, {second, 19}};
  SHOW(preadv(fd, in, 2, 0));
  printf("[%s][%s]\n", first, second);
  SHOW(fcntl(fd, F_GETFD));
  HOLDS((fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR);
  SHOW(fcntl(fd, F_SETFL, O_APPEND));
  HOLDS((fcntl(fd, F_GETFL) & ~0100000) == (O_RDWR | O_APPEND));

  struct timespec times[2] = {{1000000001, 123456789}, {1600000002, 987654321}};
  SHOW(utimensat(AT_FDCWD, "a", times, 0));
  SHOW(fstat(fd, &s));
  show_stat("fstat", &s);
  SHOW(chmod("a", 0640));
  SHOW(stat("a", &s));
  show_stat("stat", &s);
  SHOW(link("a", "b"));
  SHOW(symlink("a", "c"));
  SHOW(lstat("c", &s));
  printf("lstat: link %d size %ld\n", S_ISLNK(s.st_mode), (long)s.st_size);
  SHOW(stat("c", &s));
  show_stat("stat of link", &s);
  SHOW(stat("nothing", &s));
  SHOW(fstatat(fd, "", &s, AT_EMPTY_PATH));
  show_stat("fstatat", &s);
  SHOW(stat("/dev/null", &s));
  printf("null: character %d rdev %lx\n", S_ISCHR(s.st_mode), (unsigned long)s.st_rdev);
  struct statx x;
  SHOW(statx(AT_FDCWD, "a", 0, STATX_ALL, &x));
  printf("statx: mode %o nlink %u size %lu mtime %ld.%09u\n", x.stx_mode, x.stx_nlink, (unsigned long)x.stx_size,
         (long)x.stx_mtime.tv_sec, x.stx_mtime.tv_nsec);
  memset(buffer, 0, sizeof buffer);
  SHOW(readlink("c", buffer, sizeof buffer));
  printf("%s\n", buffer);
  SHOW(readlink("a", buffer, sizeof buffer));
  SHOW(open("c", O_RDONLY | O_NOFOLLOW));
  SHOW(access("a", R_OK | W_OK));
  SHOW(access("nothing", F_OK));
  SHOW(rename("b", "d"));
  SHOW(syscall(SYS_renameat2, AT_FDCWD, "a", AT_FDCWD, "d", 1));
  SHOW(ftruncate(fd, 4096));
  SHOW(truncate("a", 5));
  SHOW(posix_fallocate(fd, 0, 100));
  SHOW(fstat(fd, &s));
  printf("size %ld\n", (long)s.st_size);
  SHOW(fsync(fd));
  SHOW(fdatasync(fd));
  SHOW(posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL));

  int copy = dup(fd);
  HOLDS(copy > fd);
  SHOW(dup2(copy, 50));
  SHOW(dup3(copy, copy, 0));
  SHOW(dup3(copy, 51, O_CLOEXEC));
  SHOW(fcntl(51, F_GETFD));
  SHOW(fcntl(fd, F_DUPFD, 60));
  SHOW(close(60));
  SHOW(close(60));
  SHOW(close(51));
  SHOW(close(50));
  SHOW(close(copy));
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 2, .l_len = 3};
  SHOW(fcntl(fd, F_SETLK, &lock));
  lock.l_type = F_WRLCK;
  SHOW(fcntl(fd, F_GETLK, &lock));
  printf("lock type %d start %ld length %ld\n", lock.l_type, (long)lock.l_start, (long)lock.l_len);
  SHOW(flock(fd, LOCK_EX | LOCK_NB));
  SHOW(flock(fd, LOCK_UN));

  int from = open("from", O_CREAT | O_RDWR, 0600), to = open("to", O_CREAT | O_RDWR, 0600);
  for (int i = 0; i < 1000; i++) dprintf(from, "line %d\n", i);
  off_t offset = 5, other = 0;
  SHOW(sendfile(to, from, &offset, 100));
  printf("offset %ld\n", (long)offset);
  SHOW(copy_file_range(from, &other, to, NULL, 50, 0));
  printf("offset %ld\n", (long)other);
  int ends[2];
  SHOW(pipe2(ends, O_NONBLOCK));
  SHOW(read(ends[0], buffer, 1));
  other = 10;
  SHOW(splice(from, &other, ends[1], NULL, 20, 0));
  SHOW(read(ends[0], buffer, 100));
  printf("%.20s\n", buffer);
  SHOW(close(ends[1]));
  SHOW(read(ends[0], buffer, 100));
  struct statfs fs;
  SHOW(statfs(".", &fs));
  HOLDS(fs.f_bsize > 0 && fs.f_blocks >= fs.f_bfree && fs.f_namelen >= 255);
  SHOW(fstatfs(fd, &fs));
  SHOW(getxattr("a", "user.none", buffer, 10));
  SHOW(fchmod(fd, 0444));
  SHOW(fchown(fd, getuid(), getgid()));
  SHOW(readahead(from, 0, 100));
  SHOW(unlink("a"));
  SHOW(unlink("a"));
  SHOW(unlink("c"));
  SHOW(unlink("d"));
  SHOW(unlink("from"));
  SHOW(unlink("to"));
  int hidden = open(".", O_TMPFILE | O_RDWR, 0600);
  printf("temporary file: %s\n", hidden >= 0 || errno == EOPNOTSUPP ? "yes" : strerrorname_np(errno));
  SHOW(memfd_create("memory", 0) >= 0);
  leave_scratch();
  return 0;
}
