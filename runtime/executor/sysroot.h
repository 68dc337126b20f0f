/* Guest paths. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- sysroot.c ---- */

/* Bytes of any host path of a guest path: the sysroot's and the guest's. */
#define SYSROOT_PATH 8192

/* Whether a guest path is looked for in the sysroot: the path to look for there, or 0. Relative paths start at `folder`,
 * a descriptor or AT_FDCWD, and use `to`, of SYSROOT_PATH bytes. */
uint64_t sysroot_covers(char *to, int folder, uint64_t path, bool follow);
/* The current folder has changed. */
void sysroot_moved(void);
/* The descriptor of the sysroot, which the guest does not see; -1 while it is not open. */
int sysroot_descriptor(void);
/* The guest is about to use that number: it is the sysroot's no more. */
void sysroot_forget(void);
/* Other mounts are seen from now on. */
void sysroot_renew(void);
/* openat2 in the sysroot of a path that sysroot_covers gave: a descriptor or -errno. */
int64_t sysroot_open(uint64_t covered, uint64_t flags, uint64_t mode, uint64_t resolve);
/* The same where the kernel has no openat2. */
int64_t sysroot_walk(const char *path, uint64_t flags, uint64_t mode);
/* openat of a link in the sysroot that leads to what only the host has. */
int64_t sysroot_open_through(uint64_t covered, uint64_t flags);
/* Whether a result says that nothing is there. */
bool sysroot_lacks(int64_t result);
/* One system call with arguments `a`, but on `path`, which is the host's and relative to no descriptor that is not in
 * `a`. Where fd is not -1, path is that descriptor's magic link: to be followed, whatever the call does with links. */
typedef int64_t path_call(uint64_t path, int fd, const uint64_t *a);
/* Performs a call on what a guest path names, first in the sysroot, then on the host. */
int64_t sysroot_perform(int folder, uint64_t path, bool follow, path_call *call, const uint64_t *a);
/*
 * The host's path of what a guest path, relative to `folder`, names: of the file in the sysroot with its links resolved, of the guest program
 * for /proc/PID/exe, and otherwise the path as it is, whether or not the file exists. 0, -EFAULT or -ENAMETOOLONG. For
 * execve, and for what else names a program.
 */
int sysroot_find(char *to, int folder, const char *path, size_t size);
/* A host path as the guest knows it: without the sysroot's own path. Points into its argument. */
const char *sysroot_strip(const char *path);
/* The path to use where what a guest path names is not looked for in the sysroot: the guest's own, or, after chroot, that in
 * the new root, in `to` of SYSROOT_PATH bytes. */
uint64_t sysroot_outside(char *to, int folder, uint64_t path);
/* Whether nothing but the root is looked at; its host path. */
bool sysroot_alone(void);
const char *sysroot_root(void);
/* chroot, to a folder's host path: 0 or -errno. */
int sysroot_confine(const char *root);
/* Splits a guest path: a descriptor (O_PATH) of the folder in the sysroot that has, or would have, the file, and its name
 * there. Negative when the folder is not in the sysroot. */
int64_t sysroot_parent(int folder, uint64_t path, char *name);
