#include "shared.h"
#include <stdio.h>

int shared_counter = 40;
_Thread_local int shared_tls = 7;

__attribute__((constructor)) static void start(void) { printf("library starts, counter %d\n", shared_counter); }
__attribute__((destructor)) static void end(void) { printf("library ends, counter %d\n", shared_counter); }

int shared_add(int value) { return shared_counter += value; }
int (*shared_function(void))(int) { return shared_add; }
const char *shared_name(void) { return "shared"; }
int shared_calls_program(int value) { return program_square(value) + 1; }
__attribute__((weak)) int shared_weak(void) { return 1; }
int shared_asks_weak(void) { return shared_weak(); }
