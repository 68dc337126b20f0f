/* Calls on files that have flags, structures or offsets in memory. */
#include "../syscalls/show.h"
#include <dirent.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <utime.h>

static void show_flags(int fd) {
  int flags = fcntl(fd, F_GETFL);
  const struct {
    int bit;
    const char *name;
  } names[] = {{O_APPEND, "append"}, {O_NONBLOCK, "nonblock"}, {O_DIRECTORY, "directory"}, {O_NOFOLLOW, "nofollow"},
               {O_DIRECT, "direct"}, {O_NOATIME, "noatime"}, {O_PATH, "path"}, {O_SYNC, "sync"}, {O_DSYNC, "dsync"},
               {0x8000, "largefile"}, {O_TMPFILE & ~O_DIRECTORY, "tmpfile"}};
  printf("mode %d", flags & O_ACCMODE);
  for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
    if (flags & names[i].bit) printf(" %s", names[i].name);
  printf(" cloexec %d\n", fcntl(fd, F_GETFD));
}

static void show_stat(const struct stat *s) {
  printf("mode %o links %lu size %ld blocks %ld rdev %u:%u mtime %ld.%09ld\n", s->st_mode, (long)s->st_nlink, (long)s->st_size,
         (long)s->st_blocks > 0, major(s->st_rdev), minor(s->st_rdev), (long)s->st_mtim.tv_sec, s->st_mtim.tv_nsec);
}

static void flags(void) {
  const int all[] = {O_RDONLY,  O_WRONLY | O_APPEND, O_RDWR | O_NONBLOCK,  O_RDONLY | O_NOFOLLOW, O_RDONLY | O_PATH,
                     O_RDWR | O_SYNC, O_RDWR | O_DSYNC, O_RDONLY | O_CLOEXEC, O_RDONLY | O_NOATIME};
  for (unsigned i = 0; i < sizeof all / sizeof *all; i++) {
    int fd = open("file", all[i]);
    show_flags(fd);
    close(fd);
  }
  SHOW(open("link", O_RDONLY | O_NOFOLLOW));
  SHOW(open("file", O_RDONLY | O_DIRECTORY));
  SHOW(open(".", O_WRONLY));
  SHOW(open("file", O_CREAT | O_EXCL, 0600));
  int temporary = open(".", O_TMPFILE | O_RDWR, 0600);
  HOLDS(temporary >= 0);
  show_flags(temporary);
  close(temporary);
  int path = open("link", O_PATH | O_NOFOLLOW);
  show_flags(path);
  char byte;
  SHOW(read(path, &byte, 1));
  close(path);
  int fd = open("file", O_RDWR);
  SHOW(fcntl(fd, F_SETFL, O_APPEND | O_NONBLOCK | O_NOATIME));
  show_flags(fd);
  SHOW(fcntl(fd, F_SETFD, FD_CLOEXEC));
  show_flags(fd);
  int copy = fcntl(fd, F_DUPFD_CLOEXEC, 50);
  HOLDS(copy == 50);
  SHOW(dup3(fd, fd, 0));
  SHOW(dup3(fd, 51, O_NONBLOCK));
  SHOW(dup3(fd, 51, O_CLOEXEC));
  show_flags(51);
  SHOW(syscall(SYS_close_range, 50, 51, 0));
  SHOW(fcntl(50, F_GETFD));
  close(fd);
  struct open_how how = {.flags = O_RDONLY, .resolve = RESOLVE_NO_SYMLINKS};
  SHOW(syscall(SYS_openat2, AT_FDCWD, "link", &how, sizeof how));
  how.resolve = RESOLVE_BENEATH;
  SHOW(syscall(SYS_openat2, AT_FDCWD, "../x", &how, sizeof how));
  how.flags = 1ul << 40;
  SHOW(syscall(SYS_openat2, AT_FDCWD, "file", &how, sizeof how));
  how = (struct open_how){.flags = O_CREAT | O_RDWR, .mode = 0640};
  int made = syscall(SYS_openat2, AT_FDCWD, "made", &how, sizeof how);
  struct stat s;
  fstat(made, &s);
  printf("made %o\n", s.st_mode);
  close(made);
  unlink("made");
}

static void stats(void) {
  struct stat s;
  struct statx x;
  struct timespec times[] = {{1000000000, 123456789}, {-5, 1}};
  SHOW(utimensat(AT_FDCWD, "file", times, 0));
  SHOW(stat("file", &s));
  show_stat(&s);
  SHOW(lstat("link", &s));
  printf("link %o %ld\n", s.st_mode, (long)s.st_size);
  SHOW(stat("/dev/null", &s));
  printf("null %o %u:%u\n", s.st_mode, major(s.st_rdev), minor(s.st_rdev));
  SHOW(statx(AT_FDCWD, "file", 0, STATX_BASIC_STATS, &x));
  printf("statx %o %lu %lu %ld.%u dev %u:%u\n", x.stx_mode, (long)x.stx_size, (long)x.stx_nlink, (long)x.stx_mtime.tv_sec,
         x.stx_mtime.tv_nsec, x.stx_rdev_major, x.stx_rdev_minor);
  int fd = open("file", O_RDWR);
  SHOW(statx(fd, "", AT_EMPTY_PATH, STATX_SIZE, &x));
  SHOW(statx(fd, "", 0, STATX_SIZE, &x));
  SHOW(fstatat(fd, "", &s, AT_EMPTY_PATH));
  SHOW(fchmodat(AT_FDCWD, "file", 04755, 0));
  SHOW(stat("file", &s));
  show_stat(&s);
  SHOW(futimens(fd, (struct timespec[]){{0, UTIME_OMIT}, {7, 8}}));
  SHOW(fstat(fd, &s));
  show_stat(&s);
  struct statfs a, b;
  SHOW(statfs(".", &a));
  SHOW(fstatfs(fd, &b));
  HOLDS(a.f_type == b.f_type && a.f_bsize == b.f_bsize && a.f_blocks == b.f_blocks && a.f_namelen == 255);
  struct statvfs v;
  SHOW(statvfs(".", &v));
  HOLDS(v.f_bsize == (unsigned long)a.f_bsize && v.f_flag == (a.f_flags & ~0x20ul));
  SHOW(faccessat(AT_FDCWD, "file", R_OK | W_OK, AT_EACCESS));
  SHOW(syscall(SYS_faccessat2, AT_FDCWD, "none", F_OK, AT_SYMLINK_NOFOLLOW));
  close(fd);
}

static void transfers(void) {
  char buffer[64] = "";
  int in = open("file", O_RDWR | O_TRUNC), out = open("out", O_CREAT | O_RDWR, 0600), ends[2];
  pipe(ends);
  SHOW(write(in, "0123456789abcdefghij", 20));
  struct iovec parts[] = {{"AB", 2}, {"", 0}, {"CDE", 3}};
  SHOW(pwritev(in, parts, 3, 15));
  SHOW(syscall(SYS_pwritev2, in, parts, 1, 2, 0, 0));
  SHOW(syscall(SYS_pwritev2, in, parts, 1, -1, -1, 0x10));
  char a[3] = "", b[9] = "";
  struct iovec into[] = {{a, 2}, {b, 8}};
  SHOW(preadv(in, into, 2, 1));
  printf("%s %s\n", a, b);
  off_t from = 4, to = 1;
  SHOW(sendfile(out, in, &from, 5));
  printf("from %ld\n", (long)from);
  SHOW(copy_file_range(in, &from, out, &to, 4, 0));
  printf("from %ld to %ld\n", (long)from, (long)to);
  SHOW(splice(in, &(off_t){10}, ends[1], NULL, 6, 0));
  int more[2];
  pipe(more);
  SHOW(tee(ends[0], more[1], 3, 0));
  SHOW(read(more[0], buffer, sizeof buffer));
  printf("%.3s\n", buffer);
  SHOW(splice(ends[0], NULL, out, &(off_t){9}, 6, SPLICE_F_MOVE));
  SHOW(vmsplice(ends[1], &(struct iovec){"spliced", 7}, 1, 0));
  SHOW(vmsplice(ends[0], &(struct iovec){buffer, 7}, 1, 0));
  printf("%.7s\n", buffer);
  memset(buffer, 0, sizeof buffer);
  SHOW(pread(out, buffer, sizeof buffer - 1, 0));
  printf("%s\n", buffer);
  SHOW(lseek(in, -3, SEEK_END));
  SHOW(lseek(in, 0, SEEK_HOLE));
  SHOW(lseek(in, 1000, SEEK_DATA));
  SHOW(ftruncate(out, 3));
  SHOW(truncate("out", 5000));
  SHOW(fallocate(out, FALLOC_FL_KEEP_SIZE, 0, 8192));
  SHOW(lseek(out, 0, SEEK_END));
  SHOW(posix_fadvise(out, 0, 0, POSIX_FADV_DONTNEED));
  SHOW(readahead(in, 0, 100));
  SHOW(sync_file_range(out, 0, 100, SYNC_FILE_RANGE_WRITE));
  SHOW(fsync(out));
  SHOW(fcntl(ends[0], F_SETPIPE_SZ, 8192));
  SHOW(fcntl(ends[0], F_GETPIPE_SZ));
  int size;
  SHOW(ioctl(ends[0], FIONREAD, &size));
  for (int i = 0; i < 2; i++) close(ends[i]), close(more[i]);
  close(in);
  close(out);
  unlink("out");
}

static void locks(void) {
  int fd = open("file", O_RDWR), other = open("file", O_RDWR);
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 5, .l_len = 10};
  SHOW(fcntl(fd, F_SETLK, &lock));
  pid_t parent = getpid(), child = fork();
  if (child == 0) {
    struct flock found = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 0};
    SHOW(fcntl(other, F_GETLK, &found));
    printf("%d %d %ld %ld %s\n", found.l_type, found.l_whence, (long)found.l_start, (long)found.l_len,
           found.l_pid == parent ? "parent" : "other");
    found = (struct flock){.l_type = F_WRLCK, .l_start = 14, .l_len = 1};
    SHOW(fcntl(other, F_SETLK, &found));
    fflush(stdout);
    _exit(0);
  }
  waitpid(child, NULL, 0);
  lock.l_type = F_UNLCK;
  SHOW(fcntl(fd, F_SETLK, &lock));
  struct flock own = {.l_type = F_WRLCK, .l_len = 5};
  SHOW(fcntl(fd, F_OFD_SETLK, &own));
  SHOW(fcntl(other, F_OFD_SETLK, &own));
  SHOW(fcntl(other, F_OFD_GETLK, &own));
  printf("%d %d\n", own.l_type, own.l_pid);
  SHOW(flock(fd, LOCK_SH));
  SHOW(flock(other, LOCK_EX | LOCK_NB));
  SHOW(flock(fd, LOCK_UN));
  SHOW(flock(other, LOCK_EX | LOCK_NB));
  close(other);
  SHOW(fcntl(fd, F_SETLEASE, F_WRLCK));
  SHOW(fcntl(fd, F_GETLEASE));
  SHOW(fcntl(fd, F_SETLEASE, F_UNLCK));
  struct f_owner_ex owner = {F_OWNER_PID, getpid()}, got;
  SHOW(fcntl(fd, F_SETOWN_EX, &owner));
  SHOW(fcntl(fd, F_GETOWN_EX, &got));
  HOLDS(got.type == F_OWNER_PID && got.pid == getpid());
  SHOW(fcntl(fd, F_SETSIG, SIGUSR1));
  SHOW(fcntl(fd, F_GETSIG));
  HOLDS(fcntl(fd, F_SETOWN, -getpgrp()) == 0 && fcntl(fd, F_GETOWN) == -getpgrp());
  close(fd);
}

static void names(void) {
  SHOW(mkdir("dir", 0750));
  SHOW(mkfifo("dir/fifo", 0620));
  SHOW(link("file", "dir/hard"));
  SHOW(symlink("../file", "dir/soft"));
  SHOW(syscall(SYS_renameat2, AT_FDCWD, "dir/hard", AT_FDCWD, "dir/soft", RENAME_NOREPLACE));
  SHOW(syscall(SYS_renameat2, AT_FDCWD, "dir/fifo", AT_FDCWD, "dir/soft", RENAME_EXCHANGE));
  char text[64] = "";
  SHOW(readlink("dir/fifo", text, sizeof text));
  printf("%s\n", text);
  SHOW(readlink("dir/fifo", text, 3));
  SHOW(linkat(AT_FDCWD, "dir/fifo", AT_FDCWD, "dir/followed", AT_SYMLINK_FOLLOW));
  SHOW(rmdir("dir"));
  DIR *folder = opendir("dir");
  unsigned kinds = 0, count = 0;
  for (struct dirent *entry; (entry = readdir(folder)); count++) kinds += entry->d_type;
  printf("%u entries, %u\n", count, kinds);
  rewinddir(folder);
  long place = 0;
  readdir(folder);
  place = telldir(folder);
  char *name = strdup(readdir(folder)->d_name);
  readdir(folder);
  seekdir(folder, place);
  HOLDS(strcmp(readdir(folder)->d_name, name) == 0);
  int fd = dirfd(folder);
  SHOW(unlinkat(fd, "fifo", 0));
  SHOW(unlinkat(fd, "soft", AT_REMOVEDIR));
  SHOW(unlinkat(fd, "soft", 0));
  SHOW(unlinkat(fd, "hard", 0));
  SHOW(unlinkat(fd, "followed", 0));
  SHOW(fchdir(fd));
  HOLDS(strcmp(strrchr(getcwd(text, sizeof text), '/'), "/dir") == 0);
  SHOW(chdir(".."));
  closedir(folder);
  SHOW(unlinkat(AT_FDCWD, "dir", AT_REMOVEDIR));
  SHOW(mknod("device", S_IFCHR | 0600, makedev(1, 3)) == 0 ? unlink("device") : -1);
  struct {
    struct file_handle handle;
    char bytes[128];
  } handle = {.handle.handle_bytes = 0};
  int mount;
  SHOW(name_to_handle_at(AT_FDCWD, "file", &handle.handle, &mount, 0));
  HOLDS(errno != EOVERFLOW || handle.handle.handle_bytes > 0);
  int versions = 0;
  int file = open("file", O_RDONLY);
  SHOW(ioctl(file, FS_IOC_GETFLAGS, &versions) == 0 || errno == ENOTTY || errno == EOPNOTSUPP);
  close(file);
}

static void attributes(void) {
  char value[16] = "", list[256] = "";
  SHOW(setxattr("file", "user.ferry", "value", 5, XATTR_CREATE));
  SHOW(setxattr("file", "user.ferry", "value", 5, XATTR_CREATE));
  SHOW(getxattr("file", "user.ferry", value, sizeof value));
  printf("%s\n", value);
  SHOW(getxattr("file", "user.ferry", value, 2));
  SHOW(getxattr("file", "user.other", value, 2));
  SHOW(listxattr("file", list, 0) >= 0);
  SHOW(lgetxattr("link", "user.ferry", value, sizeof value));
  SHOW(removexattr("file", "user.ferry"));
  SHOW(fsetxattr(99, "user.ferry", "value", 5, 0));
}

static void memory_files(void) {
  int fd = memfd_create("name", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  show_flags(fd);
  SHOW(ftruncate(fd, 4096));
  char *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
  munmap(map, 4096);
  SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_WRITE));
  SHOW(fcntl(fd, F_GET_SEALS));
  SHOW(write(fd, "x", 1));
  SHOW(ftruncate(fd, 10));
  SHOW(memfd_create("name", 0x8000));
  close(fd);
}

int main(void) {
  umask(027);
  enter_scratch();
  close(open("file", O_CREAT | O_WRONLY, 0666));
  symlink("file", "link");
  flags();
  stats();
  transfers();
  locks();
  names();
  attributes();
  memory_files();
  unlink("file");
  unlink("link");
  leave_scratch();
  return 0;
}
