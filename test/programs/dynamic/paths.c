/* Performs file operations that are given as arguments, `operation:path[:second]`, and prints what each answers. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

static char text[PATH_MAX];

static const char *answer(long result) { return result < 0 ? strerrorname_np(errno) : "0"; }

static const char *take(int fd) {
  if (fd < 0) return answer(fd);
  ssize_t length = read(fd, text, sizeof text - 1);
  close(fd);
  if (length < 0) return answer(length);
  text[length] = 0;
  text[strcspn(text, "\n")] = 0;
  return text;
}

static const char *put(int fd, const char *content) {
  if (fd < 0) return answer(fd);
  long result = write(fd, content, strlen(content));
  close(fd);
  return answer(result);
}

static int through_openat2(const char *path) {
  struct open_how how = {.flags = O_RDONLY};
  return (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
}

static const char *link_text(const char *path) {
  ssize_t length = readlink(path, text, sizeof text - 1);
  if (length < 0) return answer(length);
  text[length] = 0;
  return text;
}

static const char *status(const char *path, int flags) {
  struct stat status;
  if (fstatat(AT_FDCWD, path, &status, flags)) return answer(-1);
  const char *kind = S_ISDIR(status.st_mode) ? "folder" : S_ISLNK(status.st_mode) ? "link" : "file";
  if (S_ISREG(status.st_mode)) snprintf(text, sizeof text, "%s of %ld, %o", kind, (long)status.st_size, status.st_mode & 0777);
  else snprintf(text, sizeof text, "%s", kind);
  return text;
}

static const char *extended_status(const char *path) {
  struct statx status;
  if (statx(AT_FDCWD, path, 0, STATX_SIZE, &status)) return answer(-1);
  snprintf(text, sizeof text, "size %ld", (long)status.stx_size);
  return text;
}

static int compare(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static const char *names(const char *path) {
  char *list[64];
  size_t count = 0;
  DIR *folder = opendir(path);
  if (!folder) return answer(-1);
  for (struct dirent *entry; (entry = readdir(folder)) && count < 64;)
    if (entry->d_name[0] != '.') list[count++] = strdup(entry->d_name);
  closedir(folder);
  qsort(list, count, sizeof *list, compare);
  *text = 0;
  for (size_t i = 0; i < count; i++) strcat(strcat(text, i ? " " : ""), list[i]);
  return text;
}

static const char *real(const char *path) { return realpath(path, text) ? text : answer(-1); }

static const char *attribute(const char *path, const char *value) {
  if (value) return answer(setxattr(path, "user.ferry", value, strlen(value), 0));
  ssize_t length = getxattr(path, "user.ferry", text, sizeof text - 1);
  if (length < 0) return answer(length);
  text[length] = 0;
  return text;
}

static const char *named_socket(const char *path, int (*call)(int, const struct sockaddr *, socklen_t)) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
  static int kept = -1;
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  const char *result = answer(call(fd, (struct sockaddr *)&address, sizeof address));
  if (call == (void *)bind && listen(fd, 1) == 0) kept = fd; /* for the connection that follows */
  else close(fd);
  (void)kept;
  return result;
}

static const char *name_of(const struct sockaddr_un *address, socklen_t size) {
  static char name[4][128];
  static int next;
  char *to = name[next++ % 4];
  snprintf(to, sizeof *name, "%u %.*s", size, (int)(size - offsetof(struct sockaddr_un, sun_path)), address->sun_path);
  return to;
}

/* Four datagrams from a socket of one name to that of the other. */
static const char *datagrams(const char *from, const char *to) {
  struct sockaddr_un sender = {AF_UNIX}, receiver = {AF_UNIX}, got = {AF_UNIX};
  snprintf(sender.sun_path, sizeof sender.sun_path, "%s", from);
  snprintf(receiver.sun_path, sizeof receiver.sun_path, "%s", to);
  int out = socket(AF_UNIX, SOCK_DGRAM, 0), in = socket(AF_UNIX, SOCK_DGRAM, 0);
  if (bind(out, (void *)&sender, sizeof sender) || bind(in, (void *)&receiver, sizeof receiver)) return answer(-1);
  struct iovec part = {"x", 1};
  struct msghdr message = {.msg_name = &receiver, .msg_namelen = sizeof receiver, .msg_iov = &part, .msg_iovlen = 1};
  struct mmsghdr many[2] = {{message}, {message}};
  if (sendto(out, "x", 1, 0, (void *)&receiver, sizeof receiver) != 1 || sendmsg(out, &message, 0) != 1) return answer(-1);
  if (sendmmsg(out, many, 2, 0) != 2 || many[1].msg_len != 1) return answer(-1);
  socklen_t size = sizeof got;
  recvfrom(in, text, 1, 0, (void *)&got, &size);
  const char *first = name_of(&got, size);
  memset(&got, 0, sizeof got);
  message.msg_name = &got;
  part.iov_base = text;
  recvmsg(in, &message, 0);
  const char *second = name_of(&got, message.msg_namelen);
  size = sizeof got;
  getsockname(in, (void *)&got, &size);
  const char *own = name_of(&got, size);
  connect(out, (void *)&receiver, sizeof receiver);
  size = sizeof got;
  getpeername(out, (void *)&got, &size);
  const char *peer = name_of(&got, size);
  static char all[600];
  snprintf(all, sizeof all, "%s, %s, %s, %s", first, second, own, peer);
  return all;
}

/* A file system on one folder, bound to the other, and taken from both, in a name space that only this process has. */
static const char *mounts(const char *path, const char *second) {
  char file[PATH_MAX];
  snprintf(file, sizeof file, "%s/made", path);
  if (unshare(CLONE_NEWNS)) return answer(-1);
  /* In a changed root "/" may be no mount. */
  if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) && errno != EINVAL) return answer(-1);
  if (mount("none", path, "tmpfs", 0, NULL)) return answer(-1);
  close(open(file, O_CREAT | O_WRONLY, 0600));
  if (mount(path, second, NULL, MS_BIND, NULL)) return answer(-1);
  snprintf(file, sizeof file, "%s/made", second);
  if (access(file, F_OK) || umount(path) || umount2(second, UMOUNT_NOFOLLOW)) return answer(-1);
  return access(file, F_OK) ? "mounted" : "still mounted";
}

/* What another program prints. */
static const char *run(char *path, char *argument) {
  int ends[2];
  pipe(ends);
  fflush(stdout);
  if (fork() == 0) {
    dup2(ends[1], 1);
    execv(path, (char *[]){path, argument, NULL});
    printf("%s\n", strerrorname_np(errno));
    fflush(stdout);
    _exit(1);
  }
  close(ends[1]);
  const char *printed = take(ends[0]);
  wait(NULL);
  return printed;
}

static const char *modified(const char *path) {
  const struct timespec times[2] = {{1000, 0}, {2000, 0}};
  if (utimensat(AT_FDCWD, path, times, 0)) return answer(-1);
  struct stat status;
  if (stat(path, &status)) return answer(-1);
  snprintf(text, sizeof text, "%ld", (long)status.st_mtime);
  return text;
}

static const char *perform(const char *name, const char *path, const char *second) {
  struct statfs file_system;
  if (!strcmp(name, "cat")) return take(open(path, O_RDONLY));
  if (!strcmp(name, "cat2")) return take(through_openat2(path));
  if (!strcmp(name, "nofollow")) return take(open(path, O_RDONLY | O_NOFOLLOW));
  if (!strcmp(name, "append")) return put(open(path, O_WRONLY | O_CREAT | O_APPEND, 0644), second);
  if (!strcmp(name, "new")) return put(open(path, O_WRONLY | O_CREAT | O_EXCL, 0640), second);
  if (!strcmp(name, "stat")) return status(path, 0);
  if (!strcmp(name, "lstat")) return status(path, AT_SYMLINK_NOFOLLOW);
  if (!strcmp(name, "statx")) return extended_status(path);
  if (!strcmp(name, "statfs")) return answer(statfs(path, &file_system));
  if (!strcmp(name, "access")) return answer(access(path, R_OK));
  if (!strcmp(name, "readlink")) return link_text(path);
  if (!strcmp(name, "real")) return real(path);
  if (!strcmp(name, "list")) return names(path);
  if (!strcmp(name, "chdir")) return answer(chdir(path));
  if (!strcmp(name, "cwd")) return getcwd(text, sizeof text) ? text : answer(-1);
  if (!strcmp(name, "mkdir")) return answer(mkdir(path, 0755));
  if (!strcmp(name, "rmdir")) return answer(rmdir(path));
  if (!strcmp(name, "unlink")) return answer(unlink(path));
  if (!strcmp(name, "fifo")) return answer(mkfifo(path, 0600));
  if (!strcmp(name, "rename")) return answer(rename(path, second));
  if (!strcmp(name, "link")) return answer(link(path, second));
  if (!strcmp(name, "symlink")) return answer(symlink(path, second));
  if (!strcmp(name, "truncate")) return answer(truncate(path, 3));
  if (!strcmp(name, "chmod")) return answer(chmod(path, 0400));
  if (!strcmp(name, "chown")) return answer(lchown(path, -1, -1));
  if (!strcmp(name, "times")) return modified(path);
  if (!strcmp(name, "attribute")) return attribute(path, second);
  if (!strcmp(name, "watch")) return answer(inotify_add_watch(inotify_init1(0), path, IN_MODIFY) < 0 ? -1 : 0);
  if (!strcmp(name, "bind")) return named_socket(path, bind);
  if (!strcmp(name, "connect")) return named_socket(path, connect);
  if (!strcmp(name, "datagrams")) return datagrams(path, second);
  if (!strcmp(name, "mounts")) return mounts(path, second);
  if (!strcmp(name, "chroot")) return answer(chroot(path));
  if (!strcmp(name, "run")) return run((char *)path, (char *)second);
  if (!strcmp(name, "exhaust")) {
    while (open("/dev/null", O_RDONLY) >= 0) {}
    return answer(-1);
  }
  if (!strcmp(name, "limit")) return answer(setrlimit(RLIMIT_NOFILE, &(struct rlimit){atoi(path), atoi(path)}));
  if (!strcmp(name, "dup")) return answer(dup2(1, atoi(path)) < 0 ? -1 : 0);
  if (!strcmp(name, "close")) return answer(close(atoi(path)));
  if (!strcmp(name, "closeall")) return answer(syscall(SYS_close_range, 3, ~0u, 0));
  return "unknown operation";
}

int main(int argc, char **argv) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  for (int i = 1; i < argc; i++) {
    char *name = strdup(argv[i]), *path = strchr(name, ':'), *second = path ? strchr(path + 1, ':') : NULL;
    if (path) *path++ = 0;
    if (second) *second++ = 0;
    printf("%s = %s\n", argv[i], perform(name, path, second));
  }
  return 0;
}
