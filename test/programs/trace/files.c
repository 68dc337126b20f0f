#include "trace.h"
#include <dirent.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <poll.h>
#include <termios.h>

int main(void) {
  char buffer[4096];
  struct stat st;
  struct statx sx;
  enter();
  MARK();
  CALL(umask, 022);
  int fd = CALL(openat, AT_FDCWD, "file", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
  CALL(openat, AT_FDCWD, "file", O_WRONLY | O_TRUNC | O_APPEND | O_NONBLOCK | O_SYNC);
  CALL(openat, AT_FDCWD, "none/\x01\x7f\"\\\n\xff" "9", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_PATH);
  CALL(openat, AT_FDCWD, ".", O_RDWR | O_TMPFILE, 0600);
  CALL(openat, AT_FDCWD, NULL, O_ACCMODE);
  struct open_how how = {.flags = O_CREAT | O_WRONLY, .mode = 0600, .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
  int second = CALL(openat2, AT_FDCWD, "second", &how, sizeof how);
  CALL(write, fd, "hello\n\tworld\r\v\f\a\0end", 21);
  CALL(write, fd, "0123456789012345678901234567890123456789", 40);
  CALL(pwrite64, fd, "xyz", 3, 7l);
  CALL(pread64, fd, buffer, 100, 0l);
  CALL(lseek, fd, 0l, SEEK_SET);
  CALL(read, fd, buffer, 10);
  CALL(read, fd, buffer, 0);
  CALL(read, -1, buffer, 10);
  CALL(lseek, fd, -5l, SEEK_END);
  CALL(lseek, fd, 0l, SEEK_HOLE);
  struct iovec out[] = {{"one", 3}, {"two", 3}, {NULL, 0}};
  CALL(writev, fd, out, 3);
  char left[4], right[8];
  struct iovec in[] = {{left, 4}, {right, 8}};
  CALL(preadv, fd, in, 2, 0l, 0l);
  CALL(pwritev2, fd, out, 2, 4l, 0l, 0);
  CALL(writev, fd, out, 0);
  CALL(ftruncate, fd, 100l);
  CALL(truncate, "file", 50l);
  CALL(fallocate, fd, FALLOC_FL_KEEP_SIZE, 0l, 4096l);
  CALL(fadvise64, fd, 0l, 0l, POSIX_FADV_SEQUENTIAL);
  CALL(fstat, -1, &st);
  CALL(newfstatat, AT_FDCWD, "none", &st, AT_SYMLINK_NOFOLLOW);
  CALL(fchmodat, AT_FDCWD, "file", 0755);
  CALL(fchmod, fd, 04711);
  CALL(fchownat, AT_FDCWD, "file", -1, -1, AT_SYMLINK_NOFOLLOW);
  CALL(fchown, fd, -1, -1);
  CALL(newfstatat, AT_FDCWD, "file", &st, 0);
  CALL(fstat, fd, &st);
  CALL(statx, AT_FDCWD, "none", AT_STATX_SYNC_AS_STAT | AT_NO_AUTOMOUNT, STATX_BASIC_STATS, &sx);
  CALL(statx, AT_FDCWD, "file", AT_SYMLINK_NOFOLLOW, STATX_SIZE | STATX_MODE, 8ul);
  CALL(mkdirat, AT_FDCWD, "dir", 0777);
  CALL(mknodat, AT_FDCWD, "dir/fifo", S_IFIFO | 0600, 0);
  CALL(mknodat, AT_FDCWD, "dir/none/x", S_IFCHR | 0600, 0x503);
  CALL(symlinkat, "target", AT_FDCWD, "link");
  CALL(readlinkat, AT_FDCWD, "link", buffer, sizeof buffer);
  CALL(linkat, AT_FDCWD, "file", AT_FDCWD, "hard", AT_SYMLINK_FOLLOW);
  CALL(renameat2, AT_FDCWD, "hard", AT_FDCWD, "harder", RENAME_NOREPLACE);
  CALL(faccessat, AT_FDCWD, "file", R_OK | W_OK);
  CALL(faccessat, AT_FDCWD, "file", F_OK);
  CALL(faccessat2, AT_FDCWD, "file", X_OK, AT_EACCESS);
  struct timespec times[] = {{1, 2}, {0, UTIME_NOW}};
  CALL(utimensat, AT_FDCWD, "file", times, 0);
  CALL(utimensat, fd, NULL, NULL, 0);
  struct statfs fs;
  CALL(statfs, "/none", &fs);
  CALL(fstatfs, -1, &fs);
  CALL(chdir, "dir");
  CALL(chdir, "..");
  CALL(fchdir, -1);
  CALL(getcwd, buffer, 1);
  int folder = CALL(openat, AT_FDCWD, "dir", O_RDONLY | O_DIRECTORY);
  CALL(getdents64, folder, buffer, sizeof buffer);
  CALL(getdents64, folder, buffer, sizeof buffer);
  CALL(close, folder);
  CALL(unlinkat, AT_FDCWD, "dir/fifo", 0);
  CALL(unlinkat, AT_FDCWD, "dir", AT_REMOVEDIR);
  CALL(dup, fd);
  CALL(dup3, fd, 30, O_CLOEXEC);
  CALL(fcntl, fd, F_GETFD);
  CALL(fcntl, fd, F_SETFD, FD_CLOEXEC);
  CALL(fcntl, fd, F_SETFD, 0);
  CALL(fcntl, fd, F_GETFL);
  CALL(fcntl, fd, F_SETFL, O_APPEND | O_NONBLOCK);
  CALL(fcntl, fd, F_DUPFD, 20);
  CALL(fcntl, fd, F_DUPFD_CLOEXEC, 21);
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 10, .l_len = 20};
  CALL(fcntl, fd, F_SETLK, &lock);
  CALL(fcntl, fd, F_GETLK, &lock);
  lock.l_type = F_UNLCK;
  CALL(fcntl, fd, F_SETLKW, &lock);
  CALL(fcntl, fd, F_OFD_SETLK, NULL);
  CALL(fcntl, fd, F_GETOWN);
  CALL(fcntl, fd, F_SETOWN, 0);
  CALL(fcntl, fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW);
  CALL(fcntl, fd, F_SETLEASE, F_UNLCK);
  CALL(fcntl, fd, 9999, 1);
  CALL(flock, fd, LOCK_EX | LOCK_NB);
  CALL(flock, fd, LOCK_UN);
  int ends[2];
  CALL(pipe2, ends, O_CLOEXEC | O_NONBLOCK);
  CALL(fcntl, ends[0], F_GETPIPE_SZ);
  CALL(write, ends[1], "pipe", 4);
  struct pollfd polled[] = {{ends[0], POLLIN | POLLPRI, 0}, {ends[1], POLLOUT, 0}, {-1, POLLIN, 0}};
  struct timespec none = {0, 0};
  CALL(ppoll, polled, 3, &none, NULL, 8);
  polled[0].events = POLLPRI;
  CALL(ppoll, polled, 1, &none, NULL, 8);
  fd_set readers, writers;
  FD_ZERO(&readers);
  FD_ZERO(&writers);
  FD_SET(ends[0], &readers);
  FD_SET(ends[1], &writers);
  CALL(pselect6, 24, &readers, &writers, NULL, &none, NULL);
  int events = CALL(epoll_create1, EPOLL_CLOEXEC);
  struct epoll_event event = {EPOLLIN | EPOLLET, {.u64 = 0x123456789}};
  CALL(epoll_ctl, events, EPOLL_CTL_ADD, ends[0], &event);
  CALL(epoll_ctl, events, EPOLL_CTL_DEL, ends[1], NULL);
  struct epoll_event got[4];
  CALL(epoll_pwait, events, got, 4, 0, NULL, 8);
  CALL(tee, ends[0], ends[1], 10, SPLICE_F_NONBLOCK);
  long offset = 5;
  CALL(splice, fd, &offset, ends[1], NULL, 10, SPLICE_F_MOVE | SPLICE_F_MORE);
  CALL(sendfile, ends[1], fd, &offset, 3);
  CALL(copy_file_range, fd, &offset, second, NULL, 4, 0);
  int counter = CALL(eventfd2, 5, EFD_CLOEXEC | EFD_SEMAPHORE);
  CALL(read, counter, buffer, 8);
  int timer = CALL(timerfd_create, CLOCK_MONOTONIC, TFD_CLOEXEC);
  struct itimerspec when = {{0, 5}, {100, 0}}, old;
  CALL(timerfd_settime, timer, 0, &when, &old);
  CALL(timerfd_settime, timer, TFD_TIMER_ABSTIME, &when, NULL);
  int watcher = CALL(inotify_init1, IN_CLOEXEC | IN_NONBLOCK);
  int watch = CALL(inotify_add_watch, watcher, ".", IN_CREATE | IN_DELETE | IN_ONLYDIR);
  CALL(inotify_rm_watch, watcher, watch);
  unsigned long set = 1ul << (SIGUSR1 - 1);
  CALL(signalfd4, -1, &set, 8, SFD_NONBLOCK);
  struct termios modes;
  struct winsize size;
  int number;
  CALL(ioctl, fd, TCGETS, &modes);
  CALL(ioctl, fd, TIOCGWINSZ, &size);
  CALL(ioctl, ends[0], FIONREAD, &number);
  number = 1;
  CALL(ioctl, ends[0], FIONBIO, &number);
  CALL(ioctl, fd, FIOCLEX);
  CALL(ioctl, fd, 0x12345678, 0x9abc);
  CALL(setxattr, "none", "user.x", "value", 5, XATTR_CREATE);
  CALL(getxattr, "none", "user.x", buffer, sizeof buffer);
  CALL(listxattr, "none", buffer, sizeof buffer);
  CALL(removexattr, "none", "user.x");
  CALL(sync_file_range, fd, 0l, 10l, SYNC_FILE_RANGE_WRITE);
  CALL(memfd_create, "name", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  CALL(close_range, 20, 60, CLOSE_RANGE_CLOEXEC);
  CALL(fsync, fd);
  CALL(getrandom, NULL, 0, GRND_NONBLOCK);
  CALL(name_to_handle_at, AT_FDCWD, "none", NULL, NULL, 0);
  CALL(unlinkat, AT_FDCWD, "file", 0);
  CALL(unlinkat, AT_FDCWD, "second", 0);
  CALL(unlinkat, AT_FDCWD, "link", 0);
  CALL(unlinkat, AT_FDCWD, "harder", 0);
  MARK();
  leave();
  return 0;
}
