/*
 * Tells the kernel where the guest's arguments, environment and auxiliary vector are (PR_SET_MM_MAP, prctl(2)):
 * /proc/PID/cmdline, environ, auxv and parts of stat are the guest's then for every process that reads them, and follow
 * what the guest writes there.
 */
#define _GNU_SOURCE
#include "proc.h"
#include <linux/prctl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

bool proc_told;

/* Where the break of the executor starts, which its C library goes on to use: field 47 of /proc/self/stat. */
static uint64_t own_break_start(void) {
  char text[2048];
  char *next = strrchr(proc_read(text, sizeof text, "/proc/self/stat"), ')');
  for (int field = 2; next && field < 47; field++) next = strchr(next + 1, ' ');
  uint64_t start = 0;
  return next && sscanf(next, "%lu", &start) == 1 ? start : 0;
}

void proc_tell(void) {
  uint64_t break_start = own_break_start();
  struct prctl_mm_map map = {
      .start_code = guest_program.code_start,
      .end_code = guest_program.code_end,
      .start_data = guest_program.data_start,
      .end_data = guest_program.data_end,
      .start_brk = break_start,
      .brk = (uint64_t)sbrk(0),
      .start_stack = guest_program.stack_start,
      .arg_start = guest_program.arguments_start,
      .arg_end = guest_program.arguments_end,
      .env_start = guest_program.arguments_end,
      .env_end = guest_program.environment_end,
      .auxv = (void *)guest_program.auxiliary,
      .auxv_size = sizeof guest_program.auxiliary,
      .exe_fd = UINT32_MAX,
  };
  proc_told = break_start != 0 && syscall(SYS_prctl, PR_SET_MM, PR_SET_MM_MAP, &map, sizeof map, 0) == 0;
}
