/* Loads a library four times, and uses it in a thread and in a child process. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned (*mix)(const unsigned char *, size_t);
static long (*each)(long, long (*)(long));
static unsigned char bytes[4096];
static long square(long x) { return x * x % 7; }

static void *use(void *result) {
  *(long *)result = mix(bytes, sizeof bytes) + each(50, square);
  return NULL;
}

int main(int argc, char **argv) {
  (void)argc;
  for (int round = 0; round < 4; round++) {
    void *library = dlopen(argv[1], RTLD_NOW);
    if (!library) return puts(dlerror()), 1;
    mix = (unsigned (*)(const unsigned char *, size_t))dlsym(library, "mix");
    each = (long (*)(long, long (*)(long)))dlsym(library, "each");
    int *calls = dlsym(library, "calls");
    memset(bytes, round, sizeof bytes);
    long result;
    pthread_t thread;
    pthread_create(&thread, NULL, use, &result);
    pthread_join(thread, NULL);
    printf("%ld %d\n", result, *calls);
    fflush(stdout);
    if (fork() == 0) {
      use(&result);
      printf("child %ld %d\n", result, *calls);
      fflush(stdout);
      _exit(0);
    }
    wait(NULL);
    dlclose(library);
  }
}
