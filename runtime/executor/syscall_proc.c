/*
 * Files of /proc that answer for the guest: the link to its program, the processors of its machine, its mappings and
 * its command line. Content is made when the file is opened, in a file without a name.
 */
#define _GNU_SOURCE
#include "syscall.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum proc_file proc_file(uint64_t path) {
  static const char *const names[] = {[PROC_EXE] = "exe", [PROC_MAPS] = "maps", [PROC_CMDLINE] = "cmdline"};
  char text[64], own[32];
  if (guest_read(text, path, 6) != 0 || memcmp(text, "/proc/", 6) != 0) return PROC_OTHER;
  if (guest_read_string(text, path, sizeof text) < 0) return PROC_OTHER;
  if (strcmp(text, "/proc/cpuinfo") == 0) return PROC_CPUINFO;
  snprintf(own, sizeof own, "/proc/%d/", getpid());
  const char *const prefixes[] = {"/proc/self/", "/proc/thread-self/", own};
  for (unsigned p = 0; p < sizeof prefixes / sizeof *prefixes; p++) {
    size_t length = strlen(prefixes[p]);
    if (strncmp(text, prefixes[p], length) != 0) continue;
    for (unsigned file = 0; file < sizeof names / sizeof *names; file++)
      if (names[file] && strcmp(text + length, names[file]) == 0) return file;
  }
  return PROC_OTHER;
}

#define PROCESSOR "isa\t\t: rv64imafdc_zicsr_zifencei\nmmu\t\t: sv39\nuarch\t\t: ferry\n"

static void write_processors(FILE *out) {
  long count = sysconf(_SC_NPROCESSORS_ONLN);
  for (long i = 0; i < count; i++)
    fprintf(out, "processor\t: %ld\nhart\t\t: %ld\n" PROCESSOR "\n", i, i);
}

/*
 * The host's lines below the call stack, cut where the guest's protection changes: what the guest may execute is only
 * readable for the host.
 *
 *   start-end rwxp offset device inode   name
 */
static void write_mappings(FILE *out) {
  FILE *in = fopen("/proc/self/maps", "re");
  char *line = NULL;
  size_t size = 0;
  uint64_t sp = thread.state->x[2];
  while (in && getline(&line, &size, in) > 0) {
    uint64_t start, end, offset;
    char kind, device[32];
    unsigned long inode;
    int name = 0;
    int fields = sscanf(line, "%lx-%lx %*3s%c %lx %31s %lu%n", &start, &end, &kind, &offset, device, &inode, &name);
    if (fields < 6) continue;
    line[strcspn(line, "\n")] = 0;
    while (line[name] == ' ') name++;
    while (start < end && end <= FERRY_CALL_STACK) {
      const struct guest_mapping *mapping = guest_mapping_at(start);
      if (!mapping) break;
      uint64_t stop = mapping->end < end ? mapping->end : end;
      int protection = mapping->protection;
      bool stack = sp >= start && sp < stop;
      int printed = fprintf(out, "%08lx-%08lx %c%c%c%c %08lx %s %lu", start, stop,
                            protection & PROT_READ ? 'r' : '-', protection & PROT_WRITE ? 'w' : '-',
                            protection & PROT_EXEC ? 'x' : '-', kind, offset, device, inode);
      const char *label = stack ? "[stack]" : line + name;
      fprintf(out, "%*s%s\n", *label && printed < 73 ? 73 - printed : 1, "", label);
      if (inode) offset += stop - start;
      start = stop;
    }
  }
  free(line);
  if (in) fclose(in);
}

/* The executor's own command line without its first five words (executor.c). */
static void write_command_line(FILE *out) {
  FILE *in = fopen("/proc/self/cmdline", "re");
  int words = 0;
  for (int c; in && (c = fgetc(in)) != EOF;) {
    if (words >= 5) fputc(c, out);
    else words += c == 0;
  }
  if (in) fclose(in);
}

int64_t proc_open(enum proc_file file, uint64_t flags) {
  int fd = memfd_create("proc", flags & O_CLOEXEC ? MFD_CLOEXEC : 0);
  if (fd < 0) return -errno;
  /* The stream gets a descriptor of its own, because closing it closes that. */
  int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
  FILE *out = copy < 0 ? NULL : fdopen(copy, "w");
  if (!out) {
    close(fd);
    if (copy >= 0) close(copy);
    return -EMFILE;
  }
  if (file == PROC_CPUINFO) write_processors(out);
  else if (file == PROC_MAPS) write_mappings(out);
  else write_command_line(out);
  fclose(out);
  lseek(fd, 0, SEEK_SET);
  return fd;
}
