/*
 * Files of /proc that answer for the guest instead of the executor.
 *
 *   proc_path.c     which of them a guest path names
 *   proc_kernel.c   what the kernel itself tells, to everybody
 *   syscall_proc.c  links, and opening: content is made when the file is opened, in a file without a name
 *   proc_content.c, proc_maps.c   the content: the kernel's text, without what is the executor's
 *   proc_memory.c   stores through mem
 */
#pragma once
#include "executor.h"
#include "guest_memory.h"
#include "program.h"
#include <stdio.h>

enum proc_file {
  PROC_OTHER,
  PROC_EXE,
  PROC_CPUINFO,
  PROC_ARCH,
  PROC_MAPS,
  PROC_SMAPS,
  PROC_CMDLINE,
  PROC_ENVIRON,
  PROC_AUXV,
  PROC_STAT,
  PROC_STATUS,
  PROC_STATM,
  PROC_LIMITS,
  PROC_MEM,
};

struct proc_path {
  enum proc_file file;
  bool own;        /* of this process, or of no process */
  char folder[64]; /* of the process or thread, as the guest calls it */
  char path[128];  /* the kernel's file */
};

/* Whether it is the number of this process or of one of its threads. */
bool proc_is_own(int number);
/* What a guest path, absolute or below `folder`, names. */
struct proc_path proc_path(int folder, uint64_t path);
/* Whether the process of a folder runs a guest program. */
bool proc_is_guest(const char *folder);
/* Words of a process's command line from the one with that number on. */
FILE *proc_command_line(const char *folder, int first);
/* The host path of the program of another process, "" when that runs no guest program; valid until this thread's next
 * call. */
const char *proc_program(const char *folder);

/* Whether the kernel knows the guest's arguments, environment and auxiliary vector. */
extern bool proc_told;

/* Bytes of the guest's address space in a process that is not this one. */
uint64_t proc_size_of(const char *folder);
/* maps, or smaps, whose details follow the line of each mapping. */
void proc_write_mappings(FILE *out, const struct proc_path *file);
/* The text of a file, or what of it fits with its NUL; "" when it can not be read. Returns `to`. */
char *proc_read(char *to, size_t size, const char *path);
/* Writes what the guest is to read there. */
void proc_write(FILE *out, const struct proc_path *file);
