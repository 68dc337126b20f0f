/* What files of /proc say of the guest's process (syscall_proc.c): the kernel's text, without what is the executor's. */
#define _GNU_SOURCE
#include "machine.h"
#include "proc.h"
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
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

static void write_environment(FILE *out) {
  for (char **variable = environ; *variable; variable++) fwrite(*variable, 1, strlen(*variable) + 1, out);
}

/* proc(5), /proc/pid/stat: the fields that tell where the program is are the guest's. */
static void write_stat(FILE *out, const char *path) {
  const struct {
    int field;
    uint64_t value;
  } own[] = {{23, guest_map_size()},
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

/* /proc/pid/status: lines `VmSize:     123 kB`. */
static void write_status(FILE *out, const char *path) {
  FILE *in = fopen(path, "re");
  char *text = NULL;
  size_t size = 0;
  while (in && getline(&text, &size, in) > 0) {
    bool total = strncmp(text, "VmPeak:", 7) == 0 || strncmp(text, "VmSize:", 7) == 0;
    if (total) fprintf(out, "%.7s\t%8lu kB\n", text, guest_map_size() / 1024);
    else fputs(text, out);
  }
  free(text);
  if (in) fclose(in);
}

/* /proc/pid/statm: pages, the first number being all of them. */
static void write_statm(FILE *out, const char *path) {
  char text[256];
  FILE *in = fopen(path, "re");
  char *line = in ? fgets(text, sizeof text, in) : NULL;
  if (in) fclose(in);
  if (line) fprintf(out, "%lu%s", guest_map_size() / GUEST_PAGE, line + strcspn(line, " "));
}

void proc_write(FILE *out, enum proc_file file, const char *path) {
  switch (file) {
  case PROC_CPUINFO: return write_processors(out);
  case PROC_MAPS:
  case PROC_SMAPS: return write_mappings(out, path);
  case PROC_ENVIRON: return write_environment(out);
  case PROC_STAT: return write_stat(out, path);
  case PROC_STATUS: return write_status(out, path);
  case PROC_STATM: return write_statm(out, path);
  case PROC_AUXV: fwrite(guest_program.auxiliary, sizeof guest_program.auxiliary, 1, out); return;
  default: return;
  }
}
