/* Files of /proc whose content is made for the guest: found by syscall_proc.c, written by proc_content.c. */
#pragma once
#include "executor.h"
#include <stdio.h>

enum proc_file {
  PROC_OTHER,
  PROC_EXE,
  PROC_CPUINFO,
  PROC_MAPS,
  PROC_SMAPS,
  PROC_CMDLINE,
  PROC_ENVIRON,
  PROC_AUXV,
  PROC_STAT,
  PROC_STATUS,
  PROC_STATM,
};

/* Writes what the guest is to read there; `path` is the kernel's file of this process or one of its threads. */
void proc_write(FILE *out, enum proc_file file, const char *path);
