/* A dynamically linked program: a library, plug-ins that come and go, and what the loader says of them. */
#define _GNU_SOURCE
#include "shared.h"
#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int program_square(int value) { return value * value; }
int shared_weak(void) { return 2; }

static int count_object(struct dl_phdr_info *info, size_t size, void *data) {
  int *count = data;
  for (int i = 0; i < info->dlpi_phnum; i++)
    if (info->dlpi_phdr[i].p_type == PT_LOAD && info->dlpi_phdr[i].p_flags & PF_X) ++*count;
  return 0;
}

static int objects(void) {
  int count = 0;
  dl_iterate_phdr(count_object, &count);
  return count;
}

static const char *base_name(const char *path) { return strrchr(path, '/') ? strrchr(path, '/') + 1 : path; }

static void run_plugin(const char *folder, const char *name, int value) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  void *handle = dlopen(path, RTLD_NOW);
  if (!handle) {
    const char *error = dlerror();
    printf("no %s: %s\n", name, strstr(error, name) ? strstr(error, name) : error);
    return;
  }
  int (*run)(int) = (int (*)(int))dlsym(handle, "plugin_run");
  Dl_info info;
  printf("%d objects with it, result %d\n", objects(), run(value));
  if (dladdr((void *)run, &info)) printf("%s of %s\n", info.dli_sname, base_name(info.dli_fname));
  printf("missing symbol: %s\n", dlsym(handle, "nothing") ? "found" : base_name(dlerror()));
  dlclose(handle);
}

static void at_end(void) { printf("program ends\n"); }

int main(int argc, char **argv) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  atexit(at_end);
  printf("%s %d %d %d\n", shared_name(), shared_add(2), shared_tls, shared_calls_program(5));
  shared_counter = 100;
  printf("%d, one address: %d, weak %d %d\n", shared_add(1), shared_function() == shared_add, shared_weak(), shared_asks_weak());
  printf("%d objects\n", objects());
  for (int i = 0; i < 3; i++) {
    run_plugin(argv[1], "plugin.so", i);
    run_plugin(argv[1], "other.so", 10 + i);
  }
  run_plugin(argv[1], "none.so", 1);
  void *self = dlopen(NULL, RTLD_NOW);
  int (*square)(int) = (int (*)(int))dlsym(self, "program_square");
  printf("own symbol: %d\n", square ? square(9) : -1);
  void *math = dlopen("libm.so.6", RTLD_LAZY);
  double (*cosine)(double) = (double (*)(double))dlsym(math, "cos");
  printf("cos 0.5 = %.15f\n", cosine(0.5));
  return argc == 2 ? 3 : 4;
}
