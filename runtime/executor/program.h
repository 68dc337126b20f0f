/* The guest program: loading it, its first stack, and what the kernel tells of it. */
#pragma once
#include <stdint.h>

/* ---- load.c ---- */

struct guest_image {
  uint64_t entry, stack, bias;
};
/* What execve answers for the file of a host path: 0 = load_guest can load it; -ENOEXEC: no RISC-V program; the
 * interpreter's errors: -ELIBBAD when it is no RISC-V program, -ENOENT, -EACCES … when it can not be opened. */
int load_check(const char *path);
/* `path` is the host's, `name` what execve was given. */
struct guest_image load_guest(const char *path, const char *name, char **argv, char **environment);

/* ---- stack.c ---- */

/* What the first stack tells the program; `path` is for messages. */
struct first_stack {
  const char *path, *name;
  char **argv, **environment;
  int protection;
  uint64_t entry, headers, header_count, base;
};
/* Maps the stack and the signal return page: the stack pointer. */
uint64_t stack_build(const struct first_stack *first);

/* RLIMIT_STACK has become so much: lets the first stack grow to that, if it may have more than now. */
void stack_raise(uint64_t limit);

/* Where the guest program is, for /proc/self/stat and /proc/self/auxv. */
struct guest_program {
  uint64_t code_start, code_end, data_start, data_end, break_start, stack_start;
  uint64_t arguments_start, arguments_end, environment_end;
  uint64_t auxiliary[18][2];
};
extern struct guest_program guest_program;

/* ---- proc_kernel.c ---- */

/* Has the kernel tell of the guest's arguments, environment and auxiliary vector instead of the executor's. */
void proc_tell(void);
