/* The walk along a path in the sysroot, link by link, for kernels that have no openat2 or forbid it. */
#define _GNU_SOURCE
#include "syscall.h"
#include "sysroot.h"
#include <asm/unistd.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MOST_LINKS = 40 };

struct walk {
  char done[SYSROOT_PATH]; /* a path of the host without links */
  char rest[SYSROOT_PATH]; /* what is still to walk */
  size_t root, length;     /* of the sysroot's path, and of `done` */
  int links;
};

static void leave_name(struct walk *walk) {
  while (walk->length > walk->root && walk->done[walk->length - 1] != '/') walk->length--;
  if (walk->length > walk->root) walk->length--;
  walk->done[walk->length] = 0;
}

/* Puts a link's target before the rest. */
static int follow_link(struct walk *walk, const char *target, const char *rest) {
  char next[SYSROOT_PATH];
  if (++walk->links > MOST_LINKS) return -ELOOP;
  if (snprintf(next, sizeof next, "%s/%s", target, rest) >= (int)sizeof next) return -ENAMETOOLONG;
  strcpy(walk->rest, next);
  if (*target == '/') walk->done[walk->length = walk->root] = 0;
  else leave_name(walk);
  return 0;
}

/* One name further: 0 or -errno. */
static int step(struct walk *walk, bool follow) {
  char target[SYSROOT_PATH];
  char *name = walk->rest + strspn(walk->rest, "/");
  size_t length = strcspn(name, "/");
  char *rest = name + length + strspn(name + length, "/");
  if (length == 0 || (length == 1 && name[0] == '.')) {
    memmove(walk->rest, rest, strlen(rest) + 1);
    return 0;
  }
  if (length == 2 && strncmp(name, "..", 2) == 0) {
    leave_name(walk);
    memmove(walk->rest, rest, strlen(rest) + 1);
    return 0;
  }
  if (walk->length + length + 2 > sizeof walk->done) return -ENAMETOOLONG;
  walk->done[walk->length] = '/';
  memcpy(walk->done + walk->length + 1, name, length);
  walk->done[walk->length += length + 1] = 0;
  bool last = *rest == 0, slash = name[length] == '/';
  ssize_t size = !last || slash || follow ? readlink(walk->done, target, sizeof target - 1) : -1;
  if (size >= 0) {
    target[size] = 0;
    return follow_link(walk, target, rest);
  }
  if (!last && errno != EINVAL) return -errno;
  memmove(walk->rest, rest, strlen(rest) + 1);
  return 0;
}

int64_t sysroot_walk(const char *path, uint64_t flags, uint64_t mode) {
  struct walk walk = {.root = strlen(sysroot_root())};
  size_t size = strlen(path);
  strcpy(walk.done, sysroot_root());
  walk.length = walk.root;
  if (size >= sizeof walk.rest) return -ENAMETOOLONG;
  strcpy(walk.rest, path);
  while (*walk.rest) {
    int error = step(&walk, !(flags & O_NOFOLLOW));
    if (error) return error;
  }
  if (size > 1 && path[size - 1] == '/' && walk.length + 1 < sizeof walk.done) strcpy(walk.done + walk.length, "/");
  int64_t (*call)(int64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t) =
      flags & O_PATH ? kernel_call : host_call;
  return call(__NR_openat, AT_FDCWD, (uint64_t)walk.done, flags, mode, 0, 0);
}
