/*
 * The guest program and its interpreter at their own addresses, as the kernel's binfmt_elf.c maps them. A file that can
 * be anywhere goes where the translator says, so that it is translated once for all processes that map it.
 */
#define _GNU_SOURCE
#include "executor.h"
#include "guest_memory.h"
#include "program.h"
#include "sysroot.h"
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where position-independent files go when the translator leaves that open: two thirds of the region, as
 * ELF_ET_DYN_BASE. */
#define PIE_BASE UINT64_C(0x2aaaaaa000)
/* brk of a position-independent program: behind those, as on riscv64, because programs reserve what is below (CLISP: 4 to
 * 128 GiB); 76 GiB up to where the libraries are. */
#define PIE_BREAK UINT64_C(0x2b00000000)
/* What the translator's places are multiples of. */
#define PLACE_ALIGNMENT 0x10000
#define EM_RISCV_ 243
/* The kernel's limits: of the program header table, and of the interpreter's name. */
#define MOST_SEGMENTS (65536 / sizeof(Elf64_Phdr))

struct elf_file {
  const char *path;
  int fd;
  Elf64_Ehdr header;
  Elf64_Phdr segments[MOST_SEGMENTS];
  uint64_t low, high; /* addresses in the file that it occupies, whole pages */
  uint64_t alignment;
  uint64_t bias;
};

static int protection_of(uint32_t flags) {
  return (flags & PF_R ? PROT_READ : 0) | (flags & PF_W ? PROT_WRITE : 0) | (flags & PF_X ? PROT_EXEC : 0);
}

/* Bytes of a file at an offset: 0, or -errno; ENOEXEC where the file ends before. */
static int read_at(int fd, void *to, size_t size, uint64_t offset) {
  for (size_t done = 0; done < size;) {
    ssize_t n = pread(fd, (char *)to + done, size - done, (off_t)(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return n ? -errno : -ENOEXEC;
    done += (size_t)n;
  }
  return 0;
}

static bool is_guest_elf(const Elf64_Ehdr *header) {
  return memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 && header->e_ident[EI_CLASS] == ELFCLASS64 &&
         header->e_ident[EI_DATA] == ELFDATA2LSB && header->e_machine == EM_RISCV_ &&
         (header->e_type == ET_EXEC || header->e_type == ET_DYN) && header->e_phentsize == sizeof(Elf64_Phdr) &&
         header->e_phnum > 0 && header->e_phnum <= MOST_SEGMENTS;
}

/* What of a PT_LOAD can be mapped: pages of the file at pages of memory, within the guest's addresses. */
static bool loadable(const Elf64_Phdr *segment) {
  uint64_t end = segment->p_vaddr + segment->p_memsz;
  return segment->p_filesz <= segment->p_memsz && end >= segment->p_vaddr && end <= FERRY_CALL_STACK &&
         (segment->p_offset - segment->p_vaddr) % GUEST_PAGE == 0;
}

/* Opens a file and reads its headers: 0, or -errno with the file closed; ENOEXEC for one that is no guest program. */
static int open_elf(struct elf_file *file, const char *path) {
  file->path = path;
  file->fd = open(path, O_RDONLY | O_CLOEXEC);
  if (file->fd < 0) return -errno;
  int error = read_at(file->fd, &file->header, sizeof file->header, 0);
  if (!error && !is_guest_elf(&file->header)) error = -ENOEXEC;
  size_t size = file->header.e_phnum * sizeof(Elf64_Phdr);
  if (!error) error = read_at(file->fd, file->segments, size, file->header.e_phoff);
  file->low = UINT64_MAX;
  file->high = file->bias = 0;
  file->alignment = GUEST_PAGE;
  for (int i = 0; !error && i < file->header.e_phnum; i++) {
    const Elf64_Phdr *segment = &file->segments[i];
    if (segment->p_type != PT_LOAD || segment->p_memsz == 0) continue;
    if (!loadable(segment)) error = -ENOEXEC;
    if (page_floor(segment->p_vaddr) < file->low) file->low = page_floor(segment->p_vaddr);
    if (page_ceil(segment->p_vaddr + segment->p_memsz) > file->high)
      file->high = page_ceil(segment->p_vaddr + segment->p_memsz);
    bool power = (segment->p_align & (segment->p_align - 1)) == 0;
    if (power && segment->p_align > file->alignment) file->alignment = segment->p_align;
  }
  if (!error && file->high == 0) error = -ENOEXEC;
  if (error) close(file->fd);
  return error;
}

/* The name of the interpreter: its length, 0 when there is none, or -errno. */
static int interpreter_name(const struct elf_file *file, char name[PATH_MAX]) {
  for (int i = 0; i < file->header.e_phnum; i++) {
    const Elf64_Phdr *segment = &file->segments[i];
    if (segment->p_type != PT_INTERP) continue;
    if (segment->p_filesz < 2 || segment->p_filesz > PATH_MAX) return -ENOEXEC;
    int error = read_at(file->fd, name, segment->p_filesz, segment->p_offset);
    if (error) return error;
    return name[segment->p_filesz - 1] ? -ENOEXEC : (int)strlen(name);
  }
  return 0;
}

/* Opens the interpreter that a program names: 1, 0 when it names none, or -errno as execve answers. */
static int open_interpreter(const struct elf_file *program, struct elf_file *interpreter, char host[SYSROOT_PATH]) {
  char name[PATH_MAX];
  int length = interpreter_name(program, name);
  if (length <= 0) return length;
  int error = sysroot_find(host, AT_FDCWD, name, SYSROOT_PATH);
  if (!error) error = open_elf(interpreter, host);
  if (error == -ENOEXEC) return -ELIBBAD;
  return error ? error : 1;
}

int load_check(const char *path) {
  struct elf_file program, interpreter;
  char host[SYSROOT_PATH];
  int error = open_elf(&program, path);
  if (error) return error;
  int found = open_interpreter(&program, &interpreter, host);
  close(program.fd);
  if (found == 1) close(interpreter.fd);
  return found < 0 ? found : 0;
}

/* ---- mapping ---- */

static _Noreturn void can_not_map(const struct elf_file *file, uint64_t start, int error) {
  executor_fail("%s: can not map 0x%lx: %s", file->path, (unsigned long)start, strerror(error));
}

static void map(const struct elf_file *file, uint64_t start, uint64_t length, int protection, bool anonymous,
                uint64_t offset) {
  int host = (protection & ~PROT_EXEC) | (protection & PROT_EXEC ? PROT_READ : 0);
  int flags = MAP_PRIVATE | MAP_FIXED | (anonymous ? MAP_ANONYMOUS | MAP_NORESERVE : 0);
  int fd = anonymous ? -1 : file->fd;
  if (mmap((void *)start, length, host, flags, fd, (off_t)offset) != (void *)start) can_not_map(file, start, errno);
  guest_map_record(start, start + length, protection, false);
  bool constant = !anonymous && !(protection & PROT_WRITE);
  if (protection & PROT_EXEC) space_mapped(start, length, constant ? fd : -1, constant ? offset : 0);
}

/* One PT_LOAD: file pages, the rest of the last one zeroed, then anonymous pages. A page that the segment shares with
 * the one below it becomes this one's. */
static void map_segment(const struct elf_file *file, const Elf64_Phdr *segment) {
  uint64_t start = segment->p_vaddr + file->bias, from = page_floor(start);
  uint64_t file_end = start + segment->p_filesz, end = page_ceil(start + segment->p_memsz);
  int protection = protection_of(segment->p_flags);
  uint64_t file_pages = segment->p_filesz ? page_ceil(file_end) : from;
  if (file_pages > from) map(file, from, file_pages - from, protection, false, segment->p_offset - (start - from));
  if (end > file_pages) map(file, file_pages, end - file_pages, protection, true, 0);
  if (segment->p_memsz > segment->p_filesz && file_pages > file_end && segment->p_filesz) {
    uint64_t page = page_floor(file_end);
    bool writable = protection & PROT_WRITE;
    if (!writable) mprotect((void *)page, GUEST_PAGE, PROT_READ | PROT_WRITE);
    memset((void *)file_end, 0, file_pages - file_end);
    if (!writable) mprotect((void *)page, GUEST_PAGE, PROT_READ);
  }
}

/* Whether nothing of the executor is in the range. */
static bool available(uint64_t start, uint64_t length) {
  if (length > FERRY_CALL_STACK || start > FERRY_CALL_STACK - length) return false;
  void *place = mmap((void *)start, length, PROT_NONE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  if (place == MAP_FAILED) return false;
  munmap(place, length);
  return place == (void *)start;
}

static uint64_t align(uint64_t address, uint64_t alignment) { return (address + alignment - 1) & ~(alignment - 1); }

/* Chooses the bias of a file that can be anywhere; its addresses keep what they are modulo the alignment. */
static void place(struct elf_file *file) {
  uint64_t alignment = file->alignment, base = file->low & ~(alignment - 1), length = file->high - base;
  uint64_t spare = alignment > PLACE_ALIGNMENT ? alignment : 0;
  uint64_t start = align(space_place(file->fd, length + spare), alignment);
  if (start == 0 || !available(start, length)) {
    start = align(PIE_BASE, alignment);
    while (!available(start, length)) {
      start += align(length, alignment);
      if (start > FERRY_CALL_STACK) can_not_map(file, start, ENOMEM);
    }
  }
  file->bias = start - base;
}

static void map_file(struct elf_file *file) {
  if (file->header.e_type == ET_DYN) place(file);
  else if (!available(file->low, file->high - file->low)) can_not_map(file, file->low, EEXIST);
  for (int i = 0; i < file->header.e_phnum; i++)
    if (file->segments[i].p_type == PT_LOAD && file->segments[i].p_memsz) map_segment(file, &file->segments[i]);
  close(file->fd);
}

static uint64_t headers_address(const struct elf_file *file) {
  for (int i = 0; i < file->header.e_phnum; i++) {
    const Elf64_Phdr *segment = &file->segments[i];
    if (segment->p_type == PT_PHDR) return segment->p_vaddr + file->bias;
    if (segment->p_type == PT_LOAD && file->header.e_phoff - segment->p_offset < segment->p_filesz)
      return file->header.e_phoff - segment->p_offset + segment->p_vaddr + file->bias;
  }
  return 0;
}

/* Where code and data are, for /proc/self/stat. */
static void note_segments(const struct elf_file *file) {
  guest_program.code_start = UINT64_MAX;
  for (int i = 0; i < file->header.e_phnum; i++) {
    const Elf64_Phdr *segment = &file->segments[i];
    if (segment->p_type != PT_LOAD) continue;
    uint64_t start = segment->p_vaddr + file->bias, end = start + segment->p_filesz;
    if (start < guest_program.code_start) guest_program.code_start = start;
    if (start > guest_program.data_start) guest_program.data_start = start;
    if (segment->p_flags & PF_X && end > guest_program.code_end) guest_program.code_end = end;
    if (end > guest_program.data_end) guest_program.data_end = end;
  }
}

static int stack_protection(const struct elf_file *file) {
  for (int i = 0; i < file->header.e_phnum; i++)
    if (file->segments[i].p_type == PT_GNU_STACK && file->segments[i].p_flags & PF_X)
      return PROT_READ | PROT_WRITE | PROT_EXEC;
  return PROT_READ | PROT_WRITE;
}

struct guest_image load_guest(const char *path, const char *name, char **argv, char **environment) {
  static struct elf_file program, interpreter;
  static char host[SYSROOT_PATH];
  int error = open_elf(&program, path);
  if (error == -ENOEXEC) executor_fail("%s: not a RISC-V program", path);
  if (error) executor_fail("%s: can not be read: %s", path, strerror(-error));
  int dynamic = open_interpreter(&program, &interpreter, host);
  if (dynamic < 0) executor_fail("%s: its interpreter can not be loaded: %s", path, strerror(-dynamic));

  map_file(&program);
  if (dynamic) map_file(&interpreter);
  note_segments(&program);
  bool movable = program.header.e_type == ET_DYN;
  uint64_t behind = page_ceil(program.high + program.bias);
  /* A large program outside the translator's places can reach over the usual break. */
  bool covered = program.low + program.bias <= PIE_BREAK && behind > PIE_BREAK;
  guest_program.break_start = movable && !covered ? PIE_BREAK : behind;
  guest_map_set_break(guest_program.break_start);

  struct first_stack first = {
      .path = path,
      .name = name,
      .argv = argv,
      .environment = environment,
      .protection = stack_protection(&program),
      .entry = program.header.e_entry + program.bias,
      .headers = headers_address(&program),
      .header_count = program.header.e_phnum,
      .base = dynamic ? interpreter.bias : 0,
  };
  uint64_t entry = dynamic ? interpreter.header.e_entry + interpreter.bias : first.entry;
  return (struct guest_image){entry, stack_build(&first), program.bias};
}
