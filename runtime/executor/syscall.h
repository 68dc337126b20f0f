/* What the files of the system call table share. */
#pragma once
#include "executor.h"
#include "syscall_table.h"
#include <errno.h>

/* call_NAME performs a converted system call: `a` are its six argument words; result or -errno. */
#define DIRECT(number, host, interruption)
#define CONVERT(number, name, interruption) int64_t call_##name(ferry_state *state, const uint64_t *a);
#define REFUSE(number, error)
FERRY_SYSTEM_CALL_ROWS(DIRECT, CONVERT, REFUSE)
#undef DIRECT
#undef CONVERT
#undef REFUSE

/* A host system call that never waits: result or -errno. Those that may wait use host_call. */
static inline int64_t kernel_call(int64_t number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e,
                                  uint64_t f) {
  int64_t result;
  register uint64_t r10 __asm__("r10") = d;
  register uint64_t r8 __asm__("r8") = e;
  register uint64_t r9 __asm__("r9") = f;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}

/* ---- syscall_proc.c: files of /proc that answer for the guest instead of the executor ---- */

enum proc_file { PROC_OTHER, PROC_EXE, PROC_CPUINFO, PROC_MAPS, PROC_CMDLINE };

/* Which of them a guest path names. */
enum proc_file proc_file(uint64_t path);
/* A descriptor with the guest's content of any but PROC_EXE, or -errno. */
int64_t proc_open(enum proc_file file, uint64_t flags);
