/* What files of /proc say of the guest's process: the kernel's text, without what is the executor's. */
#define _GNU_SOURCE
#include "machine.h"
#include "proc.h"
#include "settings.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* As arch/riscv/kernel/cpu.c of Linux prints them. */
static void write_processors(FILE *out) {
  long count = sysconf(_SC_NPROCESSORS_ONLN);
  for (long i = 0; i < count; i++)
    fprintf(out,
            "processor\t: %ld\nhart\t\t: %ld\nisa\t\t: " MACHINE_ISA "\nmmu\t\t: sv39\nuarch\t\t: ferry\n"
            "mvendorid\t: 0x0\nmarchid\t\t: 0x0\nmimpid\t\t: 0x0\nhart isa\t: " MACHINE_ISA "\n\n",
            i, i);
}

static void write_environment(FILE *out) {
  for (char **variable = environ; *variable; variable++) fwrite(*variable, 1, strlen(*variable) + 1, out);
}

static uint64_t size_of(const struct proc_path *file) {
  return file->own ? guest_map_size() : proc_size_of(file->folder);
}

char *proc_read(char *to, size_t size, const char *path) {
  FILE *in = fopen(path, "re");
  size_t length = in ? fread(to, 1, size - 1, in) : 0;
  if (in) fclose(in);
  to[length] = 0;
  return to;
}

/* proc(5), /proc/pid/stat: the fields that tell where the program is are the guest's. */
static void write_stat(FILE *out, const struct proc_path *file) {
  enum { SIZE = 23 };
  const struct {
    int field;
    uint64_t value;
  } all[] = {{SIZE, size_of(file)},
             {26, guest_program.code_start},
             {27, guest_program.code_end},
             {28, guest_program.stack_start},
             {45, guest_program.data_start},
             {46, guest_program.data_end},
             {47, guest_program.break_start},
             {48, guest_program.arguments_start},
             {49, guest_program.arguments_end},
             {50, guest_program.arguments_end},
             {51, guest_program.environment_end}};
  unsigned rows = file->own ? sizeof all / sizeof *all : 1, row = 0;
  char text[2048];
  /* The name, field 2, may hold spaces and parentheses. */
  char *next = strrchr(proc_read(text, sizeof text, file->path), ')');
  if (!next) return;
  next += 1;
  fwrite(text, 1, (size_t)(next - text), out);
  for (int field = 3; *next == ' '; field++) {
    size_t size = strcspn(next + 1, " \n");
    if (row < rows && all[row].field == field) fprintf(out, " %lu", all[row++].value);
    else fprintf(out, " %.*s", (int)size, next + 1);
    next += 1 + size;
  }
  fputc('\n', out);
}

/* /proc/pid/status: lines `VmSize:     123 kB`, without those of x86. */
static void write_status(FILE *out, const struct proc_path *file) {
  FILE *in = fopen(file->path, "re");
  char *text = NULL;
  size_t size = 0;
  while (in && getline(&text, &size, in) > 0) {
    bool total = strncmp(text, "VmPeak:", 7) == 0 || strncmp(text, "VmSize:", 7) == 0;
    if (total) fprintf(out, "%.7s\t%8lu kB\n", text, size_of(file) / 1024);
    else if (strncmp(text, "x86_", 4)) fputs(text, out);
  }
  free(text);
  if (in) fclose(in);
}

/* /proc/pid/statm: pages, the first number being all of them. */
static void write_statm(FILE *out, const struct proc_path *file) {
  char text[256];
  proc_read(text, sizeof text, file->path);
  if (*text) fprintf(out, "%lu%s", size_of(file) / GUEST_PAGE, text + strcspn(text, " "));
}

static void print_limit(FILE *out, uint64_t limit) {
  if (limit == RLIM_INFINITY) fprintf(out, "%-20s ", "unlimited");
  else fprintf(out, "%-20lu ", limit);
}

/* /proc/self/limits, with those that the kernel does not know. */
static void write_limits(FILE *out, const struct proc_path *file) {
  static const struct {
    const char *name;
    int resource;
  } kept[] = {{"Max address space ", RLIMIT_AS}, {"Max data size ", RLIMIT_DATA}, {"Max stack size ", RLIMIT_STACK}};
  FILE *in = fopen(file->path, "re");
  char *text = NULL;
  size_t size = 0;
  while (in && getline(&text, &size, in) > 0) {
    unsigned i = 0;
    while (i < sizeof kept / sizeof *kept && strncmp(text, kept[i].name, strlen(kept[i].name))) i++;
    if (i == sizeof kept / sizeof *kept) {
      fputs(text, out);
      continue;
    }
    struct rlimit limit = settings_limit(kept[i].resource);
    fprintf(out, "%-25s ", kept[i].name);
    print_limit(out, limit.rlim_cur);
    print_limit(out, limit.rlim_max);
    fputs("bytes     \n", out);
  }
  free(text);
  if (in) fclose(in);
}

/* The words of the guest, when the kernel was not told of them: behind those of the executor. */
static void write_command_line(FILE *out, const struct proc_path *file) {
  enum { EXECUTOR_WORDS = 4 };
  FILE *in = proc_command_line(file->own ? "/proc/self" : file->folder, EXECUTOR_WORDS);
  for (int c; in && (c = fgetc(in)) != EOF;) fputc(c, out);
  if (in) fclose(in);
}

void proc_write(FILE *out, const struct proc_path *file) {
  switch (file->file) {
  case PROC_CPUINFO: return write_processors(out);
  case PROC_ARCH: fputs("riscv64\n", out); return;
  case PROC_MAPS:
  case PROC_SMAPS: return proc_write_mappings(out, file);
  case PROC_CMDLINE: return write_command_line(out, file);
  case PROC_ENVIRON: return write_environment(out);
  case PROC_STAT: return write_stat(out, file);
  case PROC_STATUS: return write_status(out, file);
  case PROC_STATM: return write_statm(out, file);
  case PROC_LIMITS: return write_limits(out, file);
  case PROC_AUXV: fwrite(guest_program.auxiliary, sizeof guest_program.auxiliary, 1, out); return;
  default: return;
  }
}
