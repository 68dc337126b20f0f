/* Prints the outcome of each call in a form that does not depend on the machine. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static void show_result(const char *text, long result) {
  if (result == -1) printf("%s = -1 %s\n", text, strerrorname_np(errno));
  else printf("%s = %ld\n", text, result);
}

/* The value, or the name of the error when it is -1. */
#define SHOW(call) (errno = 0, show_result(#call, (long)(call)))
/* Whether the call gives what it should; for values that differ from run to run. */
#define HOLDS(condition) printf("%s: %s\n", #condition, (condition) ? "yes" : "no")

/* A fresh directory that the program works in and removes at its end. */
static char scratch[64];
static void enter_scratch(void) {
  strcpy(scratch, "/tmp/ferry-syscalls-XXXXXX");
  if (!mkdtemp(scratch) || chdir(scratch)) {
    perror("mkdtemp");
    exit(1);
  }
}
static void leave_scratch(void) {
  if (chdir("/") || rmdir(scratch)) perror(scratch);
}
