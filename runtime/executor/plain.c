/*
 * Whether a program is plain: whole, and without host functions of its own, so that no translator has to look at it before it starts
 * (base/elf/read.ts does, and says what is wrong). Whatever is unusual is not plain.
 */
#define _GNU_SOURCE
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

/* A program without sections has none of ferry's. */
static bool sections_are_plain(struct bytes file, const Elf64_Ehdr *header) {
  if (header->e_shoff == 0 || header->e_shnum == 0) return header->e_shoff == 0;
  const Elf64_Shdr *section = part(file, header->e_shoff, header->e_shnum * sizeof *section);
  if (!section || header->e_shentsize != sizeof *section || header->e_shstrndx >= header->e_shnum) return false;
  const Elf64_Shdr *strings = &section[header->e_shstrndx];
  for (unsigned i = 0; i < header->e_shnum; i++) {
    bool stored = section[i].sh_type != SHT_NULL && section[i].sh_type != SHT_NOBITS;
    if (stored && !part(file, section[i].sh_offset, section[i].sh_size)) return false;
    const char *name = part(file, strings->sh_offset + section[i].sh_name, sizeof HYBRID - 1);
    if (name && !strncmp(name, HYBRID, sizeof HYBRID - 1)) return false;
  }
  return true;
}

static bool is_plain(struct bytes file) {
  const Elf64_Ehdr *header = part(file, 0, sizeof *header);
  bool library = header && header->e_type == ET_DYN && header->e_entry == 0;
  return header && !library && segments_are_plain(file, header) && sections_are_plain(file, header);
}

bool plain_program(const char *path) {
  struct stat status;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  struct bytes file = {.size = fstat(fd, &status) || !S_ISREG(status.st_mode) ? 0 : (uint64_t)status.st_size};
  void *place = file.size ? mmap(NULL, file.size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
  close(fd);
  if (place == MAP_FAILED) return false;
  file.start = place;
  bool plain = is_plain(file);
  munmap(place, file.size);
  return plain;
}
