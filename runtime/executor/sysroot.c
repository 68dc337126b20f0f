/*
 * Guest paths. An absolute one names what is in the sysroot (-L) when something is there, and otherwise what is on the
 * host. The kernel resolves it with the sysroot as its root (openat2, RESOLVE_IN_ROOT), so that absolute symbolic links
 * in the sysroot stay inside of it; other calls than open then work on that descriptor. A relative path is resolved in
 * the same way when it starts in a folder of the sysroot. /proc, /dev, /sys and /tmp are the host's. What the guest gets
 * to see of itself is told without the sysroot's own path.
 *
 * After chroot the new root takes the sysroot's place, and nothing else is looked at (`confined`). The kernel is not
 * told: programs of the guest start by way of the executor's own libraries.
 */
#define _GNU_SOURCE
#include "settings.h"
#include "syscall.h"
#include "sysroot.h"
#include <asm/unistd.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Hidden (syscall_descriptor.c); should the guest close it all the same, it is opened again. */
static int root_descriptor = -1;
/* The kernel has no openat2, or forbids it. */
static bool no_openat2;

static bool confined(void) { return *settings.root; }

const char *sysroot_root(void) { return confined() ? settings.root : (const char *)control->sysroot; }

static size_t root_length(void) { return strlen(sysroot_root()); }

int sysroot_descriptor(void) { return __atomic_load_n(&root_descriptor, __ATOMIC_ACQUIRE); }

void sysroot_forget(void) { __atomic_store_n(&root_descriptor, -1, __ATOMIC_RELEASE); }

void sysroot_renew(void) {
  int old = __atomic_exchange_n(&root_descriptor, -1, __ATOMIC_ACQ_REL);
  if (old >= 0) kernel_call(__NR_close, (uint64_t)old, 0, 0, 0, 0, 0);
}

/* Opens the sysroot in place of a descriptor that turned out to be closed: the one to use now, or -errno. */
static int open_root(int closed) {
  int flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
  int64_t fd = descriptor_hide(kernel_call(__NR_openat, AT_FDCWD, (uint64_t)sysroot_root(), flags, 0, 0, 0));
  if (fd < 0) return (int)fd;
  struct open_how how = {.flags = flags, .resolve = RESOLVE_IN_ROOT};
  int64_t probe = kernel_call(__NR_openat2, (uint64_t)fd, (uint64_t)"/", (uint64_t)&how, sizeof how, 0, 0);
  no_openat2 = probe == -ENOSYS || probe == -EPERM;
  if (probe >= 0) kernel_call(__NR_close, (uint64_t)probe, 0, 0, 0, 0, 0);
  int seen = closed;
  if (__atomic_compare_exchange_n(&root_descriptor, &seen, (int)fd, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
    return (int)fd;
  kernel_call(__NR_close, (uint64_t)fd, 0, 0, 0, 0, 0);
  return seen;
}

bool sysroot_lacks(int64_t result) { return result == -ENOENT || result == -ENOTDIR; }

/* Whether text, of which `size` bytes are known, is this folder or below it. */
static bool below(const char *text, size_t size, const char *folder, size_t length) {
  return size > length && memcmp(text, folder, length) == 0 && (text[length] == '/' || text[length] == 0);
}

static size_t read_start(char *to, uint64_t path, size_t size) {
  size_t in_page = GUEST_PAGE - path % GUEST_PAGE;
  if (size > in_page) size = in_page;
  return guest_read(to, path, size) ? 0 : size;
}

static char *decimal(char *to, unsigned value) {
  char digits[10];
  int count = 0;
  do digits[count++] = (char)('0' + value % 10);
  while (value /= 10);
  while (count) *to++ = digits[--count];
  *to = 0;
  return to;
}

/* The path of what a descriptor refers to, for calls that take no descriptor. */
static char *descriptor_path(char *to, int fd) { return decimal(stpcpy(to, "/proc/self/fd/"), (unsigned)fd); }

/* Whether the current folder may be in the sysroot: false until the next chdir once it was found not to be. */
static volatile bool may_be_inside = true;

void sysroot_moved(void) { may_be_inside = true; }

/* The path of a folder, which calls give as AT_FDCWD or a descriptor, when it is in the sysroot; its length, or 0. */
static size_t folder_path(char *to, int folder) {
  int64_t length;
  if (folder == AT_FDCWD) {
    if (!may_be_inside) return 0;
    length = kernel_call(__NR_getcwd, (uint64_t)to, PATH_MAX, 0, 0, 0, 0) - 1;
  } else {
    char link[32];
    descriptor_path(link, folder);
    length = kernel_call(__NR_readlinkat, AT_FDCWD, (uint64_t)link, (uint64_t)to, PATH_MAX, 0, 0);
  }
  bool inside = length > 0 && length < PATH_MAX;
  if (inside) to[length] = 0;
  inside = inside && below(to, (size_t)length + 1, sysroot_root(), root_length());
  if (folder == AT_FDCWD && !inside) may_be_inside = false;
  return inside ? (size_t)length : 0;
}

/* One name, which no link leads away from. */
static bool is_plain_name(const char *text, size_t size) {
  return memchr(text, 0, size) && !strchr(text, '/') && strncmp(text, "..", 2) != 0;
}

static uint64_t relative_covered(char *to, int folder, uint64_t path) {
  size_t length = folder_path(to, folder);
  if (length == 0) return 0;
  to[length++] = '/';
  return guest_read_string(to + length, path, SYSROOT_PATH - length) < 0 ? 0 : (uint64_t)to + root_length();
}

uint64_t sysroot_covers(char *to, int folder, uint64_t path, bool follow) {
  static const char *const host[] = {"/proc", "/dev", "/sys", "/tmp"};
  char text[sizeof control->sysroot + 1];
  size_t length = root_length();
  if (length == 0) return 0;
  size_t size = read_start(text, path, 16);
  if (size == 0 || text[0] == 0) return 0;
  if (text[0] != '/') return !follow && is_plain_name(text, size) ? 0 : relative_covered(to, folder, path);
  if (confined()) return path;
  /* Below the sysroot's own path: the same file, but with links as in the sysroot. */
  size_t same = length < size ? length : size;
  if (memcmp(text, control->sysroot, same) == 0 && guest_read_string(text, path, length + 1) != -EFAULT &&
      below(text, length + 1, (const char *)control->sysroot, length))
    return text[length] ? path + length : (uint64_t)"/";
  for (unsigned i = 0; i < sizeof host / sizeof *host; i++)
    if (below(text, size, host[i], strlen(host[i]))) return 0;
  return path;
}

int64_t sysroot_open(uint64_t covered, uint64_t flags, uint64_t mode, uint64_t resolve) {
  struct open_how how = {.flags = flags, .mode = mode, .resolve = resolve | RESOLVE_IN_ROOT};
  /* Opening a FIFO waits; a look at what is there must not end with EINTR. */
  int64_t (*call)(int64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t) =
      flags & O_PATH ? kernel_call : host_call;
  int fd = sysroot_descriptor();
  if (fd < 0) fd = open_root(fd);
  if (no_openat2) {
    char text[SYSROOT_PATH];
    int64_t length = guest_read_string(text, covered, sizeof text);
    return length < 0 ? length : sysroot_walk(text, flags, mode);
  }
  /* EAGAIN: a folder was renamed meanwhile. */
  for (int tries = 0; fd >= 0 && tries < 8; tries++) {
    int64_t result = call(__NR_openat2, (uint64_t)fd, covered, (uint64_t)&how, sizeof how, 0, 0);
    if (result == -EBADF) fd = open_root(fd);
    else if (result != -EAGAIN) return result;
  }
  return fd < 0 ? fd : -EAGAIN;
}

/* The sysroot's path and the guest's: absolute links lead to the host. */
static bool plain_path(char *to, uint64_t covered) {
  size_t length = root_length();
  memcpy(to, sysroot_root(), length);
  return guest_read_string(to + length, covered, SYSROOT_PATH - length) >= 0;
}

int64_t sysroot_perform(int folder, uint64_t path, bool follow, path_call *call, const uint64_t *a) {
  char text[SYSROOT_PATH];
  uint64_t covered = sysroot_covers(text, folder, path, follow);
  if (!covered) return call(proc_followed(folder, path, follow), -1, a);
  int64_t fd = sysroot_open(covered, O_PATH | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW), 0, 0);
  if (fd >= 0) {
    char link[32];
    descriptor_path(link, (int)fd);
    int64_t result = call((uint64_t)link, (int)fd, a);
    kernel_call(__NR_close, fd, 0, 0, 0, 0, 0);
    return result;
  }
  bool no_descriptor = fd == -EMFILE || fd == -ENFILE;
  if (confined()) {
    /* The links of /proc to files do not open in a root of one's own (openat2). */
    char plain[SYSROOT_PATH];
    bool plainly = no_descriptor || fd == -ELOOP || fd == -EXDEV;
    return plainly && plain_path(plain, covered) ? call((uint64_t)plain, -1, a) : fd;
  }
  int64_t result = no_descriptor ? fd : call(path, -1, a);
  if (!no_descriptor && !sysroot_lacks(result)) return result;
  /* A link of the sysroot to what only the host has. */
  char plain[SYSROOT_PATH];
  int64_t again = plain_path(plain, covered) ? call((uint64_t)plain, -1, a) : -ENOENT;
  if (!sysroot_lacks(again)) return again;
  if (no_descriptor) return call(path, -1, a);
  return fd == -ENOTDIR ? fd : result;
}

int64_t sysroot_open_through(uint64_t covered, uint64_t flags) {
  char text[SYSROOT_PATH];
  return plain_path(text, covered) ? host_call(__NR_openat, AT_FDCWD, (uint64_t)text, flags, 0, 0, 0) : -ENOENT;
}

static bool same_file(int fd, const char *path) {
  struct stat a, b;
  return fstat(fd, &a) == 0 && stat(path, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* Links on the way stay in the path where the host takes them for the same: a program's name is that of its link. */
static int path_of(char *to, int fd, uint64_t covered, size_t size) {
  char text[SYSROOT_PATH], link[32];
  descriptor_path(link, fd);
  ssize_t length = readlink(link, text, sizeof text - 1);
  if (length < 0) return -errno;
  text[length] = 0;
  char plainly[SYSROOT_PATH];
  const char *path = plain_path(plainly, covered) && same_file(fd, plainly) ? plainly : text;
  if (strlen(path) >= size) return -ENAMETOOLONG;
  strcpy(to, path);
  return 0;
}

/* The host path of a name below a folder that is given as a descriptor. */
static int path_below(char *to, int folder, const char *name, size_t size) {
  char link[32];
  descriptor_path(link, folder);
  ssize_t length = readlink(link, to, size);
  if (length < 0) return errno == ENOENT ? -EBADF : -errno;
  if ((size_t)length + strlen(name) + 2 > size) return -ENAMETOOLONG;
  to[length] = '/';
  strcpy(to + length + 1, name);
  return 0;
}

int sysroot_find(char *to, int folder, const char *path, size_t size) {
  char text[SYSROOT_PATH];
  uint64_t followed = proc_followed(folder, (uint64_t)path, true);
  uint64_t covered = sysroot_covers(text, folder, followed, true);
  int64_t fd = covered ? sysroot_open(covered, O_PATH | O_CLOEXEC, 0, 0) : -ENOENT;
  if (fd >= 0) {
    int error = path_of(to, (int)fd, covered, size);
    close((int)fd);
    return error;
  }
  if (!covered && folder != AT_FDCWD && *(const char *)followed != '/') return path_below(to, folder, path, size);
  int64_t length = guest_read_string(to, followed, size);
  char plain[SYSROOT_PATH];
  if (confined() && covered && length >= 0) {
    bool fits = plain_path(plain, covered) && strlen(plain) < size;
    if (fits) strcpy(to, plain);
    return fits ? 0 : -ENAMETOOLONG;
  }
  bool through = covered && length >= 0 && access(to, F_OK) && plain_path(plain, covered) && access(plain, F_OK) == 0;
  if (through && strlen(plain) < size) strcpy(to, plain);
  return length < 0 ? (int)length : 0;
}

const char *sysroot_strip(const char *path) {
  size_t length = root_length();
  if (length == 0 || !below(path, length + 1, sysroot_root(), length)) return path;
  return path[length] ? path + length : "/";
}

uint64_t sysroot_outside(char *to, int folder, uint64_t path) {
  char text[SYSROOT_PATH];
  uint64_t covered = confined() ? sysroot_covers(text, folder, path, true) : 0;
  return covered && plain_path(to, covered) ? (uint64_t)to : path;
}

bool sysroot_alone(void) { return confined(); }

int sysroot_confine(const char *root) {
  size_t length = strlen(root);
  if (length >= sizeof settings.root) return -ENAMETOOLONG;
  if (!confined() && strcmp(root, root_length() ? sysroot_root() : "/") == 0) return 0;
  strcpy(settings.root, strcmp(root, "/") ? root : "");
  sysroot_renew();
  sysroot_moved();
  return 0;
}

int64_t sysroot_parent(int folder, uint64_t path, char *name) {
  char text[SYSROOT_PATH], whole[SYSROOT_PATH];
  uint64_t covered = sysroot_covers(text, folder, path, false);
  if (!covered || guest_read_string(whole, covered, sizeof whole) < 0) return -ENOENT;
  char *end = whole + strlen(whole);
  while (end > whole && end[-1] == '/') end--;
  char *start = end;
  while (start > whole && start[-1] != '/') start--;
  size_t length = (size_t)(end - start);
  if (length == 0 || length > NAME_MAX || strncmp(start, ".", length) == 0 || strncmp(start, "..", length) == 0)
    return -ENOENT;
  /* A slash behind the name asks for a folder. */
  memcpy(name, start, length);
  strcpy(name + length, *end ? "/" : "");
  *start = 0;
  return sysroot_open((uint64_t)whole, O_PATH | O_DIRECTORY | O_CLOEXEC, 0, 0);
}
