/* The guest program at its own addresses, and its first stack as the kernel's binfmt_elf.c builds it. */
#define _GNU_SOURCE
#include "executor.h"
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where a position-independent program goes: two thirds of the region, as ELF_ET_DYN_BASE. */
#define PIE_BASE UINT64_C(0x2aaaaaa000)
#define STACK_TOP (CALL_STACK_GUARD - 0x100000)
#define STACK_GAP 0x100000
#define STACK_DEFAULT (8u << 20)
#define STACK_LARGEST (UINT64_C(1) << 34)
#define EM_RISCV_ 243

static int protection_of(uint32_t flags) {
  return (flags & PF_R ? PROT_READ : 0) | (flags & PF_W ? PROT_WRITE : 0) | (flags & PF_X ? PROT_EXEC : 0);
}

static void read_at(int fd, void *to, size_t size, uint64_t offset, const char *path) {
  for (size_t done = 0; done < size;) {
    ssize_t n = pread(fd, (char *)to + done, size - done, (off_t)(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) executor_fail("%s: can not be read: %s", path, n ? strerror(errno) : "truncated");
    done += (size_t)n;
  }
}

static void map(uint64_t start, uint64_t length, int protection, int flags, int fd, uint64_t offset, const char *what) {
  int host = (protection & ~PROT_EXEC) | (protection & PROT_EXEC ? PROT_READ : 0);
  if (start + length > FERRY_CALL_STACK)
    executor_fail("%s: 0x%lx is outside of the guest's addresses", what, (unsigned long)start);
  void *place = mmap((void *)start, length, host, flags | MAP_PRIVATE | MAP_FIXED_NOREPLACE, fd, (off_t)offset);
  if (place != (void *)start) executor_fail("%s: can not map 0x%lx: %s", what, (unsigned long)start, strerror(errno));
  guest_map_record(start, start + length, protection, false);
}

/* One PT_LOAD: file pages, the rest of the last one zeroed, then anonymous pages. */
static void map_segment(int fd, const Elf64_Phdr *segment, uint64_t bias, const char *path) {
  uint64_t start = segment->p_vaddr + bias, from = page_floor(start), skew = start - from;
  uint64_t file_end = start + segment->p_filesz, end = start + segment->p_memsz;
  int protection = protection_of(segment->p_flags);
  if (segment->p_filesz > segment->p_memsz || end < start || segment->p_offset % GUEST_PAGE != skew)
    executor_fail("%s: a segment is not laid out in pages", path);
  uint64_t file_pages = segment->p_filesz ? page_ceil(file_end) : from;
  if (file_pages > from) map(from, file_pages - from, protection, 0, fd, segment->p_offset - skew, path);
  if (page_ceil(end) > file_pages)
    map(file_pages, page_ceil(end) - file_pages, protection, MAP_ANONYMOUS, -1, 0, path);
  if (end > file_end && file_pages > file_end && segment->p_filesz) {
    uint64_t page = page_floor(file_end);
    bool writable = protection & PROT_WRITE;
    if (!writable) mprotect((void *)page, GUEST_PAGE, PROT_READ | PROT_WRITE);
    memset((void *)file_end, 0, file_pages - file_end);
    if (!writable) mprotect((void *)page, GUEST_PAGE, PROT_READ);
  }
}

static uint64_t stack_size(void) {
  struct rlimit limit;
  uint64_t size = control->stack_size;
  if (size == 0 && getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) size = limit.rlim_cur;
  if (size == 0) size = STACK_DEFAULT;
  if (size < 128 * 1024) size = 128 * 1024;
  return page_ceil(size > STACK_LARGEST ? STACK_LARGEST : size);
}

static uint64_t push(uint64_t sp, const void *bytes, size_t size) {
  return (uint64_t)memcpy((void *)(sp - size), bytes, size);
}

static size_t length_of(char **list) {
  size_t n = 0;
  while (list[n]) n++;
  return n;
}

struct auxiliary {
  uint64_t entry, headers, header_count;
};

/* Strings from the top, then the auxiliary vector, environment, arguments and their number at sp. */
static uint64_t build_stack(uint64_t top, struct auxiliary program, const char *path, char **argv, char **environment) {
  size_t argc = length_of(argv), envc = length_of(environment), total = strlen(path) + 64;
  for (size_t i = 0; i < argc; i++) total += strlen(argv[i]) + 1;
  for (size_t i = 0; i < envc; i++) total += strlen(environment[i]) + 1;
  total += (argc + envc + 64) * sizeof(uint64_t);
  if (total > stack_size() / 4) executor_fail("%s: the arguments and environment do not fit on the guest's stack", path);

  uint64_t sp = push(top - 8, path, strlen(path) + 1), name = sp;
  uint64_t table[argc + envc + 3], *next = table;
  *next++ = argc;
  uint64_t *arguments = next, *variables = next + argc + 1;
  arguments[argc] = variables[envc] = 0;
  for (size_t i = envc; i-- > 0;) variables[i] = sp = push(sp, environment[i], strlen(environment[i]) + 1);
  for (size_t i = argc; i-- > 0;) arguments[i] = sp = push(sp, argv[i], strlen(argv[i]) + 1);
  uint8_t random[16];
  if (getrandom(random, sizeof random, 0) != sizeof random) executor_fail("no random bytes for the guest");
  uint64_t random_at = sp = push(sp & ~UINT64_C(15), random, sizeof random);

#define LETTER(c) (UINT64_C(1) << ((c) - 'A'))
  const uint64_t vector[][2] = {
      {AT_HWCAP, LETTER('I') | LETTER('M') | LETTER('A') | LETTER('F') | LETTER('D') | LETTER('C')},
      {AT_PAGESZ, GUEST_PAGE},
      {AT_CLKTCK, (uint64_t)sysconf(_SC_CLK_TCK)},
      {AT_PHDR, program.headers},
      {AT_PHENT, sizeof(Elf64_Phdr)},
      {AT_PHNUM, program.header_count},
      {AT_BASE, 0},
      {AT_FLAGS, 0},
      {AT_ENTRY, program.entry},
      {AT_UID, getuid()},
      {AT_EUID, geteuid()},
      {AT_GID, getgid()},
      {AT_EGID, getegid()},
      {AT_SECURE, getauxval(AT_SECURE)},
      {AT_RANDOM, random_at},
      {AT_EXECFN, name},
      {AT_NULL, 0},
  };
  sp = (sp - sizeof table - sizeof vector) & ~UINT64_C(15);
  memcpy((void *)sp, table, sizeof table);
  memcpy((void *)(sp + sizeof table), vector, sizeof vector);
  return sp;
}

static void map_sigreturn_page(void) {
  static const uint32_t code[] = {0x08b00893 /* li a7, 139 */, 0x00000073 /* ecall */};
  void *page = mmap((void *)SIGRETURN_PAGE, GUEST_PAGE, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  if (page != (void *)SIGRETURN_PAGE) executor_fail("can not map the signal return page");
  memcpy(page, code, sizeof code);
  mprotect(page, GUEST_PAGE, PROT_READ);
  guest_map_record(SIGRETURN_PAGE, SIGRETURN_PAGE + GUEST_PAGE, PROT_READ | PROT_EXEC, false);
}

struct guest_image load_guest(const char *path, char **argv, char **environment) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) executor_fail("%s: can not be read: %s", path, strerror(errno));
  Elf64_Ehdr header;
  read_at(fd, &header, sizeof header, 0, path);
  if (memcmp(header.e_ident, ELFMAG, SELFMAG) || header.e_ident[EI_CLASS] != ELFCLASS64 ||
      header.e_machine != EM_RISCV_ || (header.e_type != ET_EXEC && header.e_type != ET_DYN) ||
      header.e_phentsize != sizeof(Elf64_Phdr) || header.e_phnum == 0)
    executor_fail("%s: not a RISC-V program", path);
  Elf64_Phdr segments[header.e_phnum];
  read_at(fd, segments, sizeof segments, header.e_phoff, path);

  uint64_t bias = header.e_type == ET_DYN ? PIE_BASE : 0, end = 0, headers = 0;
  int stack_protection = PROT_READ | PROT_WRITE;
  for (int i = 0; i < header.e_phnum; i++) {
    const Elf64_Phdr *segment = &segments[i];
    if (segment->p_type == PT_INTERP) executor_fail("%s: dynamically linked", path);
    if (segment->p_type == PT_GNU_STACK) stack_protection = protection_of(segment->p_flags);
    if (segment->p_type != PT_LOAD || segment->p_memsz == 0) continue;
    map_segment(fd, segment, bias, path);
    if (segment->p_offset <= header.e_phoff && header.e_phoff < segment->p_offset + segment->p_filesz)
      headers = header.e_phoff - segment->p_offset + segment->p_vaddr + bias;
    if (segment->p_vaddr + segment->p_memsz + bias > end) end = segment->p_vaddr + segment->p_memsz + bias;
  }
  close(fd);
  if (end == 0) executor_fail("%s: nothing to load", path);

  uint64_t size = stack_size();
  guest_map_set_break(end);
  guest_map_set_top(STACK_TOP - size - STACK_GAP);
  map(STACK_TOP - size, size, stack_protection, MAP_ANONYMOUS | MAP_NORESERVE, -1, 0, "the guest's stack");
  map_sigreturn_page();
  struct auxiliary program = {header.e_entry + bias, headers, header.e_phnum};
  return (struct guest_image){program.entry, build_stack(STACK_TOP, program, path, argv, environment), bias};
}
