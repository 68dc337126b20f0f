/*
 * Whether a link has anything that could be worth native code: without a loop, a call of a function of its own or an annotation
 * there is none. Configure scripts link hundreds of such programs, each of which would start Node.js and LLVM.
 */
#define _GNU_SOURCE
#include "idle_objects.h"
#include <elf.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* A jump or a branch to an address in front of it; RISC-V's immediates have their sign in the highest bit. */
static bool jumps_back(const uint8_t *code, uint64_t size) {
  for (uint64_t at = 0; at + 2 <= size;) {
    uint32_t word;
    memcpy(&word, code + at, at + 4 <= size ? 4 : 2);
    if ((word & 3) == 3) {
      uint32_t opcode = word & 0x7f;
      if ((opcode == 0x63 || opcode == 0x6f) && word >> 31) return true;
      at += 4;
    } else {
      /* c.j, c.beqz, c.bnez */
      if ((word & 3) == 1 && (word >> 13 & 7) >= 5 && word >> 12 & 1) return true;
      at += 2;
    }
  }
  return false;
}

/* The same of jumps that the linker fills in, and calls of functions of the object. */
static bool relocated_back(const Elf64_Rela *row, uint64_t count, const Elf64_Sym *symbols, uint64_t symbol_count, uint64_t section) {
  for (; count-- > 0; row++) {
    if (ELF64_R_SYM(row->r_info) >= symbol_count) return true;
    const Elf64_Sym *symbol = &symbols[ELF64_R_SYM(row->r_info)];
    if (symbol->st_shndx == SHN_UNDEF) continue;
    switch (ELF64_R_TYPE(row->r_info)) {
    case R_RISCV_CALL:
    case R_RISCV_CALL_PLT: return true;
    case R_RISCV_BRANCH:
    case R_RISCV_JAL:
    case R_RISCV_RVC_BRANCH:
    case R_RISCV_RVC_JUMP:
      if (symbol->st_shndx != section || symbol->st_value + (uint64_t)row->r_addend <= row->r_offset) return true;
    }
  }
  return false;
}

static bool has_bitcode(const uint8_t *file, const Elf64_Shdr *section, const Elf64_Shdr *end, uint16_t names) {
  static const char name[] = ".llvmbc";
  if (section + names >= end) return false;
  const Elf64_Shdr *table = section + names;
  for (; section < end; section++)
    if (table->sh_size >= sizeof name && section->sh_name <= table->sh_size - sizeof name &&
        !memcmp(file + table->sh_offset + section->sh_name, name, sizeof name))
      return true;
  return false;
}

static bool works(const uint8_t *file, uint64_t size) {
  const Elf64_Ehdr *header = (const void *)file;
  if (size < sizeof *header || memcmp(file, ELFMAG, SELFMAG)) return true;
  if (header->e_type == ET_DYN || header->e_type == ET_EXEC) return false;
  if (header->e_shoff > size || header->e_shnum * sizeof(Elf64_Shdr) > size - header->e_shoff) return true;
  const Elf64_Shdr *sections = (const void *)(file + header->e_shoff), *end = sections + header->e_shnum;
  for (const Elf64_Shdr *section = sections; section < end; section++)
    if (section->sh_type != SHT_NOBITS && (section->sh_offset > size || section->sh_size > size - section->sh_offset)) return true;
  if (!has_bitcode(file, sections, end, header->e_shstrndx)) return false;
  for (const Elf64_Shdr *section = sections; section < end; section++) {
    const uint8_t *bytes = file + section->sh_offset;
    if (section->sh_type == SHT_PROGBITS) {
      bool code = section->sh_flags & SHF_EXECINSTR;
      if (code && jumps_back(bytes, section->sh_size)) return true;
      /* the bitcode's table of names */
      if (!section->sh_flags && memmem(bytes, section->sh_size, "llvm.global.annotations", 23)) return true;
    }
    if (section->sh_type != SHT_RELA || section->sh_link >= header->e_shnum || section->sh_info >= header->e_shnum) continue;
    const Elf64_Shdr *table = &sections[section->sh_link];
    if (!(sections[section->sh_info].sh_flags & SHF_EXECINSTR)) continue;
    if (relocated_back((const void *)bytes, section->sh_size / sizeof(Elf64_Rela), (const void *)(file + table->sh_offset),
                       table->sh_size / sizeof(Elf64_Sym), section->sh_info))
      return true;
  }
  return false;
}

bool object_is_idle(const char *path) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  struct stat status;
  if (fd < 0 || fstat(fd, &status) || !S_ISREG(status.st_mode)) return false;
  void *file = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
  close(fd);
  if (file == MAP_FAILED) return false;
  bool idle = !works(file, (uint64_t)status.st_size);
  munmap(file, (size_t)status.st_size);
  return idle;
}
