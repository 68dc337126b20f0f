/* What the files of the system call table share. */
#pragma once
#include "executor.h"
#include "guest_memory.h"
#include "syscall_table.h"
#include <errno.h>
#include <fcntl.h>

/* call_NAME performs a converted system call: `a` are its six argument words; result or -errno. */
#define NOTHING(...)
#define CONVERT(number, name, interruption, written) int64_t call_##name(ferry_state *state, const uint64_t *a);
FERRY_SYSTEM_CALL_ROWS(NOTHING, CONVERT, NOTHING)
#undef NOTHING
#undef CONVERT

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

/* ---- syscall.c ---- */

#define USER_END (UINT64_C(1) << 47)
/* struct iovec entries that the kernel takes in one call (UIO_MAXIOV). */
#define MOST_VECTORS 1024

/* Whether the executor's own memory may be at an address; the kernel must not write there for the guest. From USER_END are
 * the kernel's addresses and, where an argument is no pointer, negative numbers. */
static inline bool of_executor(uint64_t address) { return address - FERRY_GUEST_END < USER_END - FERRY_GUEST_END; }

/* Whether it may be at an address in an array of struct iovec. */
bool vector_of_executor(uint64_t vector, uint64_t count);

/* ---- syscall_path.c ---- */

/* Flags of a call on a magic link (path_call): it is followed where the guest's path would not be. */
static inline uint64_t flags_on(int fd, uint64_t flags) {
  return fd < 0 ? flags : flags & ~(uint64_t)AT_SYMLINK_NOFOLLOW;
}

/* ON_PATH(name, folder of relative paths, argument that is the path, whether links are followed, host call, its arguments) */
#define ON_PATH(name, folder, argument, follow, number, ...) \
  static int64_t on_##name(uint64_t path, int fd, const uint64_t *a) { \
    (void)fd, (void)a; \
    return kernel_call(number, __VA_ARGS__); \
  } \
  int64_t call_##name(ferry_state *state, const uint64_t *a) { \
    (void)state; \
    return sysroot_perform((int)folder, a[argument], follow, on_##name, a); \
  }
#define FOLLOWS(flags) (!((flags) & AT_SYMLINK_NOFOLLOW))

/* One call on a name in a folder, given as a descriptor or AT_FDCWD: what the guest gave, or one in the sysroot. */
typedef int64_t name_call(uint64_t folder, uint64_t name, const uint64_t *a);
/* Makes a name on the host, unless it is in the sysroot already or only that has the folder. */
int64_t make_name(uint64_t folder, uint64_t path, name_call *call, const uint64_t *a);

/* ---- syscall_proc.c: files of /proc that answer for the guest instead of the executor ---- */

/* Not such a file: the kernel opens it. */
#define PROC_PASSES INT64_MIN
/* A descriptor with the guest's content of a file, -errno, or PROC_PASSES. */
int64_t proc_open(int folder, uint64_t path, uint64_t flags);
/* Whether the guest has opened the memory of this process to store there; a call that stored so many bytes somewhere. */
extern bool proc_memory_open;
void proc_memory_stored(uint64_t number, const uint64_t *a, uint64_t size);
/* The path to give to the kernel where the guest gave `path`: for /proc/PID/exe, when links are followed, the host path of
 * the guest program. Valid until the next call of this thread. */
uint64_t proc_followed(int folder, uint64_t path, bool follow);
/* What the guest is told of the link /proc/PID/exe, NULL for other paths and for processes that run no guest program. */
const char *proc_link(int folder, uint64_t path);
