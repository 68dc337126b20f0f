/* Links and files of /proc that answer for the guest (proc.h). */
#define _GNU_SOURCE
#include "proc.h"
#include "settings.h"
#include "syscall.h"
#include "sysroot.h"
#include <sys/mman.h>
#include <unistd.h>

/* The host path of the guest program that a guest path ".../exe" names, or NULL. */
static const char *exe_of(int folder, uint64_t path) {
  struct proc_path found = proc_path(folder, path);
  if (found.file != PROC_EXE) return NULL;
  if (found.own) return guest_path;
  const char *program = proc_program(found.folder);
  return *program ? program : NULL;
}

uint64_t proc_followed(int folder, uint64_t path, bool follow) {
  const char *program = follow ? exe_of(folder, path) : NULL;
  return program ? (uint64_t)program : path;
}

const char *proc_link(int folder, uint64_t path) {
  const char *program = exe_of(folder, path);
  return program ? sysroot_strip(program) : NULL;
}

/* Whether the kernel's file tells of the executor. */
static bool answers(const struct proc_path *file) {
  switch (file->file) {
  case PROC_OTHER:
  case PROC_EXE:
  case PROC_MEM: return false;
  case PROC_CPUINFO:
  case PROC_ARCH: return true;
  case PROC_ENVIRON:
  case PROC_AUXV: return file->own && !proc_told;
  case PROC_CMDLINE: return !proc_told && (file->own || proc_is_guest(file->folder));
  case PROC_LIMITS: return file->own && settings.limits_kept;
  default: return file->own || proc_is_guest(file->folder);
  }
}

int64_t proc_open(int folder, uint64_t path, uint64_t flags) {
  struct proc_path found = proc_path(folder, path);
  if (found.file == PROC_MEM && found.own && (flags & O_ACCMODE) != O_RDONLY) proc_memory_open = true;
  bool reads = (flags & O_ACCMODE) == O_RDONLY && !(flags & (O_DIRECTORY | O_CREAT | O_PATH));
  if (!reads || !answers(&found)) return PROC_PASSES;
  int fd = memfd_create("proc", flags & O_CLOEXEC ? MFD_CLOEXEC : 0);
  if (fd < 0) return -errno;
  /* The stream gets a descriptor of its own, because closing it closes that. */
  int own_fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
  FILE *out = own_fd < 0 ? NULL : fdopen(own_fd, "w");
  if (!out) {
    close(fd);
    if (own_fd >= 0) close(own_fd);
    return -EMFILE;
  }
  proc_write(out, &found);
  fclose(out);
  lseek(fd, 0, SEEK_SET);
  return fd;
}
