/*
 * Eight threads load, use and unload libraries at once: different code comes to the same addresses again and again. The first
 * argument names the libraries up to their number.
 */
#include "../probe.h"
#include <dlfcn.h>

enum { THREADS = 8, LIBRARIES = 6, ROUNDS = 60 };
static const char *prefix;
static long results[THREADS];
static _Atomic int failures;

static int use(int which, int x) {
  char path[4096];
  snprintf(path, sizeof path, "%s%d.so", prefix, which);
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    if (failures++ == 0) printf("%s\n", dlerror());
    return 0;
  }
  int (*compute)(int) = dlsym(library, "plug_compute");
  if (!compute) failures++;
  int result = compute ? compute(x) : 0;
  if (dlclose(library)) failures++;
  return result;
}

/* How long a library stays depends on the others: its variables may be fresh or not. */
static void *run(void *argument) {
  long self = (long)argument;
  for (int i = 0; i < ROUNDS; i++) results[self] += use((int)(self + i) % LIBRARIES, i);
  return NULL;
}

int main(int argc, char **argv) {
  prefix = argc > 1 ? argv[1] : "./plug";
  long one_by_one = 0, together = 0;
  for (int i = 0; i < LIBRARIES * 20; i++) one_by_one += use(i % LIBRARIES, i);
  printf("one by one %ld\n", one_by_one);
  run_threads(THREADS, run);
  for (int i = 0; i < THREADS; i++) together += results[i];
  printf("together %ld, failures %d\n", together, failures);
  void *library = dlopen("libm.so.6", RTLD_LAZY);
  double (*cosine)(double) = library ? (double (*)(double))dlsym(library, "cos") : NULL;
  printf("cos 1 = %.15f\n", cosine ? cosine(1) : 0);
  printf("%s\n", dlopen("/no/such/library.so", RTLD_NOW) ? "found" : dlerror());
}
