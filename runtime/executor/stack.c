/*
 * The first stack of a guest program, as the kernel's create_elf_tables builds it; from its top:
 *
 *   0, AT_EXECFN's text, environment texts, argument texts, AT_RANDOM's bytes, auxiliary vector, environment pointers,
 *   argument pointers, their number: sp
 */
#define _GNU_SOURCE
#include "executor.h"
#include "guest_memory.h"
#include "machine.h"
#include "program.h"
#include "settings.h"
#include "signals.h"
#include "sysroot.h"
#include <elf.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <unistd.h>

#define STACK_TOP (CALL_STACK_GUARD - 0x100000)
#define STACK_GAP 0x100000
#define STACK_DEFAULT (8u << 20)
#define STACK_LARGEST (UINT64_C(1) << 34)
/* Kept free for a stack that grows, as the kernel does (mmap_base). */
#define STACK_ROOM (128u << 20)
/* sizeof(struct rt_sigframe) without extensions beyond d (frame.c). */
#define SIGNAL_FRAME_SIZE 1088

struct guest_program guest_program;

static uint64_t stack_size(void) {
  uint64_t size = control->stack_size, limit = settings_limit(RLIMIT_STACK).rlim_cur;
  if (size == 0 && limit != RLIM_INFINITY) size = limit;
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

static uint64_t write_stack(const struct first_stack *first, const char *name) {
  size_t argc = length_of(first->argv), envc = length_of(first->environment), total = strlen(name) + 64;
  for (size_t i = 0; i < argc; i++) total += strlen(first->argv[i]) + 1;
  for (size_t i = 0; i < envc; i++) total += strlen(first->environment[i]) + 1;
  total += (argc + envc + 64) * sizeof(uint64_t);
  if (total > stack_size() / 4)
    executor_fail("%s: the arguments and environment do not fit on the guest's stack", first->path);

  uint64_t sp = push(STACK_TOP - 8, name, strlen(name) + 1), name_at = sp;
  uint64_t table[argc + envc + 3], *next = table;
  *next++ = argc;
  uint64_t *arguments = next, *variables = next + argc + 1;
  arguments[argc] = variables[envc] = 0;
  guest_program.environment_end = sp;
  for (size_t i = envc; i-- > 0;) variables[i] = sp = push(sp, first->environment[i], strlen(first->environment[i]) + 1);
  guest_program.arguments_end = sp;
  for (size_t i = argc; i-- > 0;) arguments[i] = sp = push(sp, first->argv[i], strlen(first->argv[i]) + 1);
  guest_program.arguments_start = sp;
  uint8_t random[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  if (!(control->flags & CONTROL_FLAG_REPEATABLE) && getrandom(random, sizeof random, 0) != sizeof random)
    executor_fail("no random bytes for the guest");
  uint64_t random_at = sp = push(sp & ~UINT64_C(15), random, sizeof random);

  const uint64_t vector[][2] = {
      {AT_MINSIGSTKSZ, SIGNAL_FRAME_SIZE},
      {AT_HWCAP, MACHINE_HWCAP},
      {AT_PAGESZ, GUEST_PAGE},
      {AT_CLKTCK, (uint64_t)sysconf(_SC_CLK_TCK)},
      {AT_PHDR, first->headers},
      {AT_PHENT, sizeof(Elf64_Phdr)},
      {AT_PHNUM, first->header_count},
      {AT_BASE, first->base},
      {AT_FLAGS, 0},
      {AT_ENTRY, first->entry},
      {AT_UID, getuid()},
      {AT_EUID, geteuid()},
      {AT_GID, getgid()},
      {AT_EGID, getegid()},
      {AT_SECURE, getauxval(AT_SECURE)},
      {AT_RANDOM, random_at},
      {AT_EXECFN, name_at},
      {AT_NULL, 0},
  };
  _Static_assert(sizeof vector == sizeof guest_program.auxiliary, "the auxiliary vector of /proc/self/auxv");
  memcpy(guest_program.auxiliary, vector, sizeof vector);
  sp = (sp - sizeof table - sizeof vector) & ~UINT64_C(15);
  memcpy((void *)sp, table, sizeof table);
  memcpy((void *)(sp + sizeof table), vector, sizeof vector);
  return guest_program.stack_start = sp;
}

static void map_page(uint64_t start, uint64_t length, int flags, const char *what) {
  void *page = mmap((void *)start, length, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | flags, -1, 0);
  if (page != (void *)start) executor_fail("can not map %s", what);
}

static void map_sigreturn_page(void) {
  static const uint32_t code[] = {0x08b00893 /* li a7, 139 */, 0x00000073 /* ecall */};
  map_page(SIGRETURN_PAGE, GUEST_PAGE, 0, "the signal return page");
  memcpy((void *)SIGRETURN_PAGE, code, sizeof code);
  mprotect((void *)SIGRETURN_PAGE, GUEST_PAGE, PROT_READ);
  guest_map_record(SIGRETURN_PAGE, SIGRETURN_PAGE + GUEST_PAGE, PROT_READ | PROT_EXEC, false);
  /* The same in every process. */
  guest_map_identify(SIGRETURN_PAGE, SIGRETURN_PAGE + GUEST_PAGE, (struct file_identity){UINT64_MAX, 1, 0}, 0);
}

static uint64_t region_top, stack_low;
static int stack_protection;

void stack_raise(uint64_t limit) {
  uint64_t start = limit < STACK_TOP ? page_floor(STACK_TOP - limit) : 0;
  if (start < region_top + STACK_GAP) start = region_top + STACK_GAP;
  if (start >= stack_low) return;
  int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
  if (guest_mmap(start, stack_low - start, stack_protection, flags, -1, 0) == (int64_t)start) stack_low = start;
}

uint64_t stack_build(const struct first_stack *first) {
  uint64_t size = stack_size(), start = STACK_TOP - size;
  stack_low = start;
  stack_protection = first->protection;
  region_top = STACK_TOP - (size > STACK_ROOM ? size : STACK_ROOM) - STACK_GAP;
  guest_map_set_top(region_top);
  map_page(start, size, MAP_NORESERVE, "the guest's stack");
  guest_map_record(start, STACK_TOP, first->protection, false);
  if (first->protection & PROT_EXEC) space_mapped(start, size, -1, 0);
  map_sigreturn_page();
  return write_stack(first, sysroot_strip(first->name));
}
