/* Which file of /proc a guest path names, and which program other processes run. */
#define _GNU_SOURCE
#include "proc.h"
#include "syscall.h"
#include <elf.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Words of an executor's command line before the guest's (executor.c), when the kernel was not told of those. */
enum { EXECUTOR_PATH_WORD = 0, GUEST_PATH_WORD = 2 };

static const char *const names[] = {
    [PROC_EXE] = "exe",         [PROC_MAPS] = "maps", [PROC_SMAPS] = "smaps", [PROC_CMDLINE] = "cmdline",
    [PROC_ENVIRON] = "environ", [PROC_AUXV] = "auxv", [PROC_STAT] = "stat",   [PROC_STATUS] = "status",
    [PROC_STATM] = "statm",     [PROC_LIMITS] = "limits", [PROC_MEM] = "mem",
};

static enum proc_file file_named(const char *name) {
  for (unsigned file = 0; file < sizeof names / sizeof *names; file++)
    if (names[file] && strcmp(name, names[file]) == 0) return file;
  return PROC_OTHER;
}

static const char *digits_end(const char *text) { return text + strspn(text, "0123456789"); }

bool proc_is_own(int number) {
  char path[64];
  if (number == getpid()) return true;
  snprintf(path, sizeof path, "/proc/self/task/%d", number);
  return access(path, F_OK) == 0;
}

/* Skips "self", "thread-self" or a number, and "task" with a number. NULL when the path is none of these. */
static const char *process_end(const char *text, bool *own) {
  const char *end = digits_end(text);
  if (end > text) {
    *own = proc_is_own((int)strtol(text, NULL, 10));
  } else {
    *own = true;
    if (strncmp(text, "self/", 5) == 0) end = text + 4;
    else if (strncmp(text, "thread-self/", 12) == 0) end = text + 11;
    else return NULL;
  }
  if (strncmp(end, "/task/", 6) == 0 && digits_end(end + 6) > end + 6) end = digits_end(end + 6);
  return *end == '/' ? end : NULL;
}

/* The whole path of one below a folder of /proc, when its last name is one of those above. */
static bool make_absolute(char *to, size_t size, int folder, const char *path) {
  const char *slash = strrchr(path, '/');
  if (file_named(slash ? slash + 1 : path) == PROC_OTHER) return false;
  char link[32];
  snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
  ssize_t length = readlink(folder == AT_FDCWD ? "/proc/self/cwd" : link, to, size);
  if (length < 5 || (size_t)length == size || strncmp(to, "/proc", 5)) return false;
  return (size_t)snprintf(to + length, size - (size_t)length, "/%s", path) < size - (size_t)length;
}

struct proc_path proc_path(int folder, uint64_t path) {
  struct proc_path found = {.file = PROC_OTHER, .own = true};
  char text[sizeof found.path], relative[sizeof found.folder];
  if (guest_read(text, path, 1) || *text == 0) return found;
  if (*text != '/') {
    if (guest_read_string(relative, path, sizeof relative) < 0) return found;
    if (!make_absolute(text, sizeof text, folder, relative)) return found;
  } else if (guest_read(text, path, 6) || memcmp(text, "/proc/", 6) || guest_read_string(text, path, sizeof text) < 0) {
    return found;
  }
  if (strncmp(text, "/proc/", 6)) return found;
  const char *name = text + 6 + strspn(text + 6, "/");
  if (strcmp(name, "cpuinfo") == 0) found.file = PROC_CPUINFO;
  if (strcmp(name, "sys/kernel/arch") == 0) found.file = PROC_ARCH;
  const char *end = process_end(name, &found.own);
  if (!end || (size_t)(end - text) >= sizeof found.folder) return found;
  found.file = file_named(end + strspn(end, "/"));
  snprintf(found.folder, sizeof found.folder, "%.*s", (int)(end - text), text);
  strcpy(found.path, text);
  return found;
}

bool proc_is_guest(const char *folder) {
  char link[80], target[PATH_MAX];
  snprintf(link, sizeof link, "%s/exe", folder);
  ssize_t length = readlink(link, target, sizeof target - 1);
  target[length > 0 ? length : 0] = 0;
  return strcmp(target, executor_path) == 0;
}

FILE *proc_command_line(const char *folder, int first) {
  char path[80];
  snprintf(path, sizeof path, "%s/cmdline", folder);
  FILE *in = fopen(path, "re");
  for (int words = 0, c; in && words < first && (c = fgetc(in)) != EOF;) words += c == 0;
  return in;
}

static void take_word(char *to, size_t size, const char *folder, int number) {
  size_t length = 0;
  FILE *in = proc_command_line(folder, number);
  for (int c; in && length < size - 1 && (c = fgetc(in)) > 0;) to[length++] = (char)c;
  to[length] = 0;
  if (in) fclose(in);
}

/* Where the process has its program's headers: the file that is mapped there is its program. */
static uint64_t headers_of(const char *folder) {
  char path[80];
  Elf64_auxv_t entry = {0};
  snprintf(path, sizeof path, "%s/auxv", folder);
  FILE *in = fopen(path, "re");
  while (in && fread(&entry, sizeof entry, 1, in) == 1 && entry.a_type != AT_PHDR && entry.a_type != AT_NULL) continue;
  if (in) fclose(in);
  return entry.a_type == AT_PHDR ? entry.a_un.a_val : 0;
}

static void take_mapped_file(char *to, size_t size, const char *folder, uint64_t address) {
  char path[80], *line = NULL;
  size_t room = 0;
  snprintf(path, sizeof path, "%s/maps", folder);
  FILE *in = fopen(path, "re");
  *to = 0;
  while (in && getline(&line, &room, in) > 0) {
    uint64_t start, end;
    if (sscanf(line, "%lx-%lx", &start, &end) != 2 || address < start || address >= end) continue;
    const char *name = strchr(line, '/');
    if (name) snprintf(to, size, "%.*s", (int)strcspn(name, "\n"), name);
    break;
  }
  free(line);
  if (in) fclose(in);
}

const char *proc_program(const char *folder) {
  static _Thread_local char path[PATH_MAX];
  *path = 0;
  if (!proc_is_guest(folder)) return path;
  take_word(path, sizeof path, folder, EXECUTOR_PATH_WORD);
  if (strcmp(path, executor_path) == 0) take_word(path, sizeof path, folder, GUEST_PATH_WORD);
  else take_mapped_file(path, sizeof path, folder, headers_of(folder));
  return path;
}
