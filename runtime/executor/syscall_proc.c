/*
 * Files of /proc that answer for the guest instead of the executor. Content is made when the file is opened, in a file
 * without a name. Processes of other guest programs are known by their executor and its command line (executor.c):
 *
 *   executor CONTROL GUEST_PATH NAME ARGV0 [ARGUMENT...]
 */
#define _GNU_SOURCE
#include "machine.h"
#include "syscall.h"
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { GUEST_PATH_WORD = 2, EXECUTOR_WORDS = 4 };

enum proc_file { OTHER, EXE, CPUINFO, MAPS, SMAPS, CMDLINE, ENVIRON, AUXV, STAT };

static const char *const names[] = {[EXE] = "exe",         [MAPS] = "maps", [SMAPS] = "smaps", [CMDLINE] = "cmdline",
                                    [ENVIRON] = "environ", [AUXV] = "auxv", [STAT] = "stat"};

struct proc_path {
  enum proc_file file;
  bool own;        /* of this process, or of no process */
  char folder[64]; /* of the process or thread, as the guest calls it */
};

static const char *digits_end(const char *text) { return text + strspn(text, "0123456789"); }

/* Skips "self", "thread-self" or a number, and "task" with a number. NULL when the path is none of these. */
static const char *process_end(const char *text, bool *own) {
  const char *end = digits_end(text);
  if (end > text) {
    *own = strtol(text, NULL, 10) == getpid();
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
  struct proc_path found = {.file = OTHER, .own = true};
  char text[64];
  if (guest_read(text, path, 6) != 0 || memcmp(text, "/proc/", 6) != 0) return found;
  if (guest_read_string(text, path, sizeof text) < 0) return found;
  const char *name = text + 6 + strspn(text + 6, "/");
  if (strcmp(name, "cpuinfo") == 0) found.file = CPUINFO;
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
  if (found.file != EXE) return NULL;
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

/* ---- content ---- */

/* As arch/riscv/kernel/cpu.c of Linux prints them. */
static void write_processors(FILE *out) {
  long count = sysconf(_SC_NPROCESSORS_ONLN);
  for (long i = 0; i < count; i++)
    fprintf(out,
            "processor\t: %ld\nhart\t\t: %ld\nisa\t\t: " MACHINE_ISA "\nmmu\t\t: sv39\nuarch\t\t: ferry\n"
            "mvendorid\t: 0x0\nmarchid\t\t: 0x0\nmimpid\t\t: 0x0\nhart isa\t: " MACHINE_ISA "\n\n",
            i, i);
}

/* A line of /proc/self/maps: start-end rwxp offset device inode   name */
struct line {
  uint64_t start, end, offset;
  char kind, device[32];
  unsigned long inode;
  const char *name;
};

static bool parse(struct line *line, char *text) {
  int name = 0;
  int fields = sscanf(text, "%lx-%lx %*3s%c %lx %31s %lu%n", &line->start, &line->end, &line->kind, &line->offset,
                      line->device, &line->inode, &name);
  if (fields < 6) return false;
  text[strcspn(text, "\n")] = 0;
  line->name = sysroot_strip(text + name + strspn(text + name, " "));
  return true;
}

/* What the line is called for the guest. */
static const char *label(const struct line *line, uint64_t start, uint64_t stop) {
  if (guest_program.stack_start >= start && guest_program.stack_start < stop) return "[stack]";
  if (line->inode == 0 && guest_program.break_start >= start && guest_program.break_start < stop) return "[heap]";
  return line->name;
}

/* Prints the parts of a host mapping that are the guest's, cut where the guest's protection changes: what the guest may
 * execute is only readable for the host. False when there are none. */
static bool write_mapping(FILE *out, struct line line) {
  bool any = false;
  while (line.start < line.end && line.end <= FERRY_CALL_STACK) {
    struct guest_mapping mapping = guest_mapping_at(line.start);
    if (mapping.end == 0) break;
    uint64_t stop = mapping.end < line.end ? mapping.end : line.end;
    int protection = mapping.protection;
    int printed = fprintf(out, "%08lx-%08lx %c%c%c%c %08lx %s %lu", line.start, stop, protection & PROT_READ ? 'r' : '-',
                          protection & PROT_WRITE ? 'w' : '-', protection & PROT_EXEC ? 'x' : '-', line.kind,
                          line.offset, line.device, line.inode);
    const char *name = label(&line, line.start, stop);
    fprintf(out, "%*s%s\n", *name && printed < 73 ? 73 - printed : 1, "", name);
    if (line.inode) line.offset += stop - line.start;
    line.start = stop;
    any = true;
  }
  return any;
}

/* maps, or smaps, whose details follow the line of the mapping. */
static void write_mappings(FILE *out, const char *path) {
  FILE *in = fopen(path, "re");
  char *text = NULL;
  size_t size = 0;
  bool shown = false;
  while (in && getline(&text, &size, in) > 0) {
    struct line line;
    if (parse(&line, text)) shown = write_mapping(out, line);
    else if (shown) fputs(text, out);
  }
  free(text);
  if (in) fclose(in);
}

static void copy(FILE *out, FILE *in) {
  for (int c; in && (c = fgetc(in)) != EOF;) fputc(c, out);
  if (in) fclose(in);
}

static void write_environment(FILE *out) {
  for (char **variable = environ; *variable; variable++) fwrite(*variable, 1, strlen(*variable) + 1, out);
}

/* proc(5): the fields that tell where the program is are those of the guest's; the others pass. */
static void write_status_line(FILE *out, const char *path) {
  const struct {
    int field;
    uint64_t value;
  } own[] = {{26, guest_program.code_start},      {27, guest_program.code_end},      {28, guest_program.stack_start},
             {45, guest_program.data_start},
             {46, guest_program.data_end},        {47, guest_program.break_start},   {48, guest_program.arguments_start},
             {49, guest_program.arguments_end},   {50, guest_program.arguments_end}, {51, guest_program.environment_end}};
  char text[2048];
  FILE *in = fopen(path, "re");
  size_t length = in ? fread(text, 1, sizeof text - 1, in) : 0;
  if (in) fclose(in);
  text[length] = 0;
  /* The name, field 2, may hold spaces and parentheses. */
  char *next = strrchr(text, ')');
  if (!next) return;
  next += 1;
  fwrite(text, 1, (size_t)(next - text), out);
  unsigned row = 0;
  for (int field = 3; *next == ' '; field++) {
    size_t size = strcspn(next + 1, " \n");
    if (row < sizeof own / sizeof *own && own[row].field == field) fprintf(out, " %lu", own[row++].value);
    else fprintf(out, " %.*s", (int)size, next + 1);
    next += 1 + size;
  }
  fputc('\n', out);
}

static void write_content(FILE *out, const struct proc_path *found) {
  char status[80];
  switch (found->file) {
  case CPUINFO: return write_processors(out);
  case MAPS: return write_mappings(out, "/proc/self/maps");
  case SMAPS: return write_mappings(out, "/proc/self/smaps");
  case ENVIRON: return write_environment(out);
  case STAT:
    snprintf(status, sizeof status, "%s/stat", found->folder);
    return write_status_line(out, status);
  case AUXV: fwrite(guest_program.auxiliary, sizeof guest_program.auxiliary, 1, out); return;
  default: return;
  }
}

int64_t proc_open(uint64_t path, uint64_t flags) {
  struct proc_path found = proc_path(path);
  if (found.file == OTHER || found.file == EXE || (flags & O_ACCMODE) != O_RDONLY || flags & (O_DIRECTORY | O_CREAT | O_PATH))
    return PROC_PASSES;
  if (!found.own && (found.file != CMDLINE || !is_executor(found.folder))) return PROC_PASSES;
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
  if (found.file == CMDLINE) copy(out, command_line(found.own ? "/proc/self" : found.folder, EXECUTOR_WORDS));
  else write_content(out, &found);
  fclose(out);
  lseek(fd, 0, SEEK_SET);
  return fd;
}
