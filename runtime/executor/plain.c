/*
 * Whether a program is plain: whole, and without host functions of its own that are wanted, so that no translator has to look at it before it starts
 * (base/elf/read.ts does, and says what is wrong). Whatever is unusual is not plain.
 */
#define _GNU_SOURCE
#include "executor.h"
#include "guest_memory.h"
#include "lone.h"
#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Sections of a hybrid program are called so (base/manifest.ts). */
#define HYBRID ".ferry."

struct bytes {
  const char *start;
  uint64_t size;
};

static const void *part(struct bytes file, uint64_t offset, uint64_t size) {
  return offset <= file.size && size <= file.size - offset ? file.start + offset : NULL;
}

static bool segments_are_plain(struct bytes file, const Elf64_Ehdr *header) {
  const Elf64_Phdr *segment = part(file, header->e_phoff, header->e_phnum * sizeof *segment);
  uint64_t low = header->e_type == ET_DYN ? 0 : GUEST_PAGE;
  bool entered = false;
  for (unsigned i = 0; segment && i < header->e_phnum; i++) {
    uint64_t start = segment[i].p_vaddr, size = segment[i].p_memsz;
    bool load = segment[i].p_type == PT_LOAD && size;
    if ((load || segment[i].p_type == PT_INTERP) && !part(file, segment[i].p_offset, segment[i].p_filesz)) return false;
    if (!load) continue;
    if (start < low) return false;
    low = start + size;
    entered |= segment[i].p_flags & PF_X && header->e_entry - start < size;
  }
  return entered;
}

enum sections { PLAIN, OURS, DAMAGED };

static enum sections sections_of(struct bytes file, const Elf64_Ehdr *header) {
  if (header->e_shoff == 0) return PLAIN;
  const Elf64_Shdr *section = part(file, header->e_shoff, header->e_shnum * sizeof *section);
  if (!section || header->e_shentsize != sizeof *section || header->e_shstrndx >= header->e_shnum) return DAMAGED;
  const Elf64_Shdr *strings = &section[header->e_shstrndx];
  for (unsigned i = 0; i < header->e_shnum; i++) {
    bool stored = section[i].sh_type != SHT_NULL && section[i].sh_type != SHT_NOBITS;
    if (stored && !part(file, section[i].sh_offset, section[i].sh_size)) return DAMAGED;
    const char *name = part(file, strings->sh_offset + section[i].sh_name, sizeof HYBRID - 1);
    if (name && !strncmp(name, HYBRID, sizeof HYBRID - 1)) return OURS;
  }
  return PLAIN;
}

static bool is_plain_program(struct bytes file) {
  const Elf64_Ehdr *header = part(file, 0, sizeof *header);
  bool library = header && header->e_type == ET_DYN && header->e_entry == 0;
  if (!header || library || !segments_are_plain(file, header)) return false;
  enum sections sections = sections_of(file, header);
  return sections == PLAIN || (sections == OURS && control->flags & CONTROL_FLAG_EMULATED);
}

static bool is_hybrid(struct bytes file) {
  const Elf64_Ehdr *header = part(file, 0, sizeof *header);
  return header && memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 && header->e_ident[EI_CLASS] == ELFCLASS64 &&
         sections_of(file, header) == OURS;
}

/* Whether `test` holds for what is in a regular file. */
static bool holds(int fd, bool (*test)(struct bytes)) {
  struct stat status;
  struct bytes file = {.size = fstat(fd, &status) || !S_ISREG(status.st_mode) ? 0 : (uint64_t)status.st_size};
  void *place = file.size ? mmap(NULL, file.size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
  if (place == MAP_FAILED) return false;
  file.start = place;
  bool result = test(file);
  munmap(place, file.size);
  return result;
}

bool plain_program(const char *path) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  bool plain = holds(fd, is_plain_program);
  close(fd);
  return plain;
}

bool hybrid_file(int fd) { return holds(fd, is_hybrid); }
