/*
 * Files of /proc that answer for the guest instead of the executor. Content (proc_content.c) is made when the file is opened,
 * in a file without a name. Processes of other guest programs are known by their executor and its command line (executor.c):
 *
 *   executor MEMORY GUEST_PATH NAME ARGV0 [ARGUMENT...]
 */
#define _GNU_SOURCE
#include "proc.h"
#include "syscall.h"
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { GUEST_PATH_WORD = 2, EXECUTOR_WORDS = 4 };

static const char *const names[] = {
    [PROC_EXE] = "exe",         [PROC_MAPS] = "maps", [PROC_SMAPS] = "smaps", [PROC_CMDLINE] = "cmdline",
    [PROC_ENVIRON] = "environ", [PROC_AUXV] = "auxv", [PROC_STAT] = "stat",   [PROC_STATUS] = "status",
    [PROC_STATM] = "statm",
};

struct proc_path {
  enum proc_file file;
  bool own;        /* of this process, or of no process */
  char folder[64]; /* of the process or thread, as the guest calls it */
};

static const char *digits_end(const char *text) { return text + strspn(text, "0123456789"); }

/* Whether it is the number of this process or of one of its threads. */
static bool is_own(int number) {
  char path[64];
  if (number == getpid()) return true;
  snprintf(path, sizeof path, "/proc/self/task/%d", number);
  return access(path, F_OK) == 0;
}

/* Skips "self", "thread-self" or a number, and "task" with a number. NULL when the path is none of these. */
static const char *process_end(const char *text, bool *own) {
  const char *end = digits_end(text);
  if (end > text) {
    *own = is_own((int)strtol(text, NULL, 10));
  } else {
    *own = true;
    if (strncmp(text, "self/", 5) == 0) end = text + 4;
    else if (strncmp(text, "thread-self/", 12) == 0) end = text + 11;
    else return NULL;
  }
  if (strncmp(end, "/task/", 6) == 0 && digits_end(end + 6) > end + 6) end = digits_end(end + 6);
  return *end == '/' ? end : NULL;
}

/* Which of the files a guest path names. */
static struct proc_path proc_path(uint64_t path) {
  struct proc_path found = {.file = PROC_OTHER, .own = true};
  char text[64];
  if (guest_read(text, path, 6) != 0 || memcmp(text, "/proc/", 6) != 0) return found;
  if (guest_read_string(text, path, sizeof text) < 0) return found;
  const char *name = text + 6 + strspn(text + 6, "/");
  if (strcmp(name, "cpuinfo") == 0) found.file = PROC_CPUINFO;
  const char *end = process_end(name, &found.own);
  if (!end) return found;
  const char *rest = end + strspn(end, "/");
  for (unsigned file = 0; file < sizeof names / sizeof *names; file++)
    if (names[file] && strcmp(rest, names[file]) == 0) found.file = file;
  snprintf(found.folder, sizeof found.folder, "%.*s", (int)(end - text), text);
  return found;
}

/* Whether the process runs a guest program. */
static bool is_executor(const char *folder) {
  char link[80], target[PATH_MAX];
  snprintf(link, sizeof link, "%s/exe", folder);
  ssize_t length = readlink(link, target, sizeof target - 1);
  target[length > 0 ? length : 0] = 0;
  return strcmp(target, executor_path) == 0;
}

/* Words of a process's command line from the one with that number on. */
static FILE *command_line(const char *folder, int first) {
  char path[80];
  snprintf(path, sizeof path, "%s/cmdline", folder);
  FILE *in = fopen(path, "re");
  for (int words = 0, c; in && words < first && (c = fgetc(in)) != EOF;) words += c == 0;
  return in;
}

/* The host path of the program of another guest process, or "". */
static const char *program_of(const char *folder) {
  static _Thread_local char path[PATH_MAX];
  size_t length = 0;
  FILE *in = is_executor(folder) ? command_line(folder, GUEST_PATH_WORD) : NULL;
  for (int c; in && length < sizeof path - 1 && (c = fgetc(in)) > 0;) path[length++] = (char)c;
  path[length] = 0;
  if (in) fclose(in);
  return path;
}

/* The host path of the guest program that a guest path ".../exe" names, or NULL. */
static const char *exe_of(uint64_t path) {
  struct proc_path found = proc_path(path);
  if (found.file != PROC_EXE) return NULL;
  if (found.own) return guest_path;
  const char *program = program_of(found.folder);
  return *program ? program : NULL;
}

uint64_t proc_followed(uint64_t path, bool follow) {
  const char *program = follow ? exe_of(path) : NULL;
  return program ? (uint64_t)program : path;
}

const char *proc_link(uint64_t path) {
  const char *program = exe_of(path);
  return program ? sysroot_strip(program) : NULL;
}

/* ---- opening ---- */

static void copy(FILE *out, FILE *in) {
  for (int c; in && (c = fgetc(in)) != EOF;) fputc(c, out);
  if (in) fclose(in);
}

int64_t proc_open(uint64_t path, uint64_t flags) {
  struct proc_path found = proc_path(path);
  if (found.file == PROC_OTHER || found.file == PROC_EXE || (flags & O_ACCMODE) != O_RDONLY || flags & (O_DIRECTORY | O_CREAT | O_PATH))
    return PROC_PASSES;
  if (!found.own && (found.file != PROC_CMDLINE || !is_executor(found.folder))) return PROC_PASSES;
  char kernel_path[128];
  snprintf(kernel_path, sizeof kernel_path, "%s/%s", found.folder, names[found.file] ? names[found.file] : "");
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
  if (found.file == PROC_CMDLINE) copy(out, command_line(found.own ? "/proc/self" : found.folder, EXECUTOR_WORDS));
  else proc_write(out, found.file, kernel_path);
  fclose(out);
  lseek(fd, 0, SEEK_SET);
  return fd;
}
