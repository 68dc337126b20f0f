/* /proc/PID/maps and smaps: the kernel's lines of what is the guest's, with the guest's protections and names. */
#define _GNU_SOURCE
#include "proc.h"
#include "sysroot.h"
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* A line of maps: start-end rwxp offset device inode   name */
struct line {
  uint64_t start, end, offset;
  char protection[5], device[32];
  unsigned long inode;
  const char *name;
};

static bool parse(struct line *line, char *text) {
  int name = 0;
  int fields = sscanf(text, "%lx-%lx %4s %lx %31s %lu%n", &line->start, &line->end, line->protection, &line->offset,
                      line->device, &line->inode, &name);
  if (fields < 6) return false;
  text[strcspn(text, "\n")] = 0;
  line->name = sysroot_strip(text + name + strspn(text + name, " "));
  return true;
}

static FILE *open_maps(const char *folder) {
  char path[80];
  snprintf(path, sizeof path, "%s/maps", folder);
  return fopen(path, "re");
}

uint64_t proc_size_of(const char *folder) {
  FILE *in = open_maps(folder);
  char *text = NULL;
  size_t size = 0;
  uint64_t total = 0;
  while (in && getline(&text, &size, in) > 0) {
    struct line line;
    /* The first stack is mostly unused (guest_map_size). */
    if (parse(&line, text) && line.end <= CALL_STACK_GUARD && strcmp(line.name, "[stack]"))
      total += line.end - line.start;
  }
  free(text);
  if (in) fclose(in);
  return total;
}

/* What the line is called for the guest. */
static const char *label(const struct line *line, uint64_t start, uint64_t stop) {
  if (guest_program.stack_start >= start && guest_program.stack_start < stop) return "[stack]";
  if (line->inode == 0 && guest_program.break_start >= start && guest_program.break_start < stop) return "[heap]";
  return line->name;
}

static void print(FILE *out, const struct line *line, uint64_t start, uint64_t stop, const char *protection,
                  const char *name) {
  uint64_t offset = line->inode ? line->offset + (start - line->start) : line->offset;
  int printed = fprintf(out, "%08lx-%08lx %s %08lx %s %lu", start, stop, protection, offset, line->device, line->inode);
  fprintf(out, "%*s%s\n", *name && printed < 73 ? 73 - printed : 1, "", name);
}

/* A line of smaps like `Rss:   123 kB`, for a part of the mapping. */
static void print_detail(FILE *out, const char *text, uint64_t part, uint64_t whole) {
  char name[32], unit[3];
  uint64_t size;
  if (part == whole || sscanf(text, "%31[^:]: %lu %2s", name, &size, unit) != 3 || strcmp(unit, "kB")) {
    fputs(text, out);
    return;
  }
  bool of_page = strstr(name, "PageSize") != NULL;
  if (!of_page) size = size * (part / GUEST_PAGE) / (whole / GUEST_PAGE);
  size_t width = strcspn(text, ":") + 1;
  fprintf(out, "%.*s%*lu kB\n", (int)width, text, (int)(24 - width), size);
}

static void print_details(FILE *out, const char *details, const struct line *line, uint64_t part) {
  for (const char *next = details; next && *next;) {
    size_t length = strcspn(next, "\n") + 1;
    char text[256];
    snprintf(text, sizeof text, "%.*s", (int)length, next);
    print_detail(out, text, part, line->end - line->start);
    next += length;
  }
}

/* Prints the parts of a mapping that are the guest's, cut where the guest's protection changes: what the guest may
 * execute is only readable for the host. */
static void print_own(FILE *out, const struct line *line, const char *details) {
  for (uint64_t start = line->start; start < line->end;) {
    struct guest_mapping mapping = guest_mapping_at(start);
    if (mapping.end == 0) break;
    uint64_t stop = mapping.end < line->end ? mapping.end : line->end;
    const char protection[] = {mapping.protection & PROT_READ ? 'r' : '-', mapping.protection & PROT_WRITE ? 'w' : '-',
                               mapping.protection & PROT_EXEC ? 'x' : '-', line->protection[3], 0};
    print(out, line, start, stop, protection, label(line, start, stop));
    print_details(out, details, line, stop - start);
    start = stop;
  }
}

static void print_mapping(FILE *out, const struct line *line, const char *details, bool own) {
  if (line->start >= CALL_STACK_GUARD) return;
  if (own) return print_own(out, line, details);
  print(out, line, line->start, line->end, line->protection, line->name);
  print_details(out, details, line, line->end - line->start);
}

void proc_write_mappings(FILE *out, const struct proc_path *file) {
  FILE *in = fopen(file->path, "re");
  char *text = NULL, *head = NULL, details[4096] = "";
  size_t size = 0, length = 0;
  struct line line = {0}, next;
  while (in && getline(&text, &size, in) > 0) {
    char *copy = strdup(text);
    if (copy && parse(&next, copy)) {
      if (head) print_mapping(out, &line, details, file->own);
      free(head);
      head = copy;
      line = next;
      details[length = 0] = 0;
    } else {
      int added = snprintf(details + length, sizeof details - length, "%s", text);
      if (length + (size_t)added < sizeof details) length += (size_t)added;
      else details[length] = 0;
      free(copy);
    }
  }
  if (head) print_mapping(out, &line, details, file->own);
  free(head);
  free(text);
  if (in) fclose(in);
}
