#include "shared.h"
#include <stdio.h>
#ifndef NAME
#define NAME "plug-in"
#endif

static int calls;
static const char *const words[] = {NAME, "has", "relocations"};

__attribute__((constructor)) static void start(void) { printf("%s starts\n", NAME); }
__attribute__((destructor)) static void end(void) { printf("%s ends after %d calls\n", NAME, calls); }

int plugin_run(int value) {
  calls++;
  shared_tls += value;
  printf("%s %s %s: %d\n", words[0], words[1], words[2], shared_add(value));
  return program_square(shared_tls);
}
