/* A process forks while its other threads map memory, start threads and write code: each child can do the same. */
#include "../code/emit.h"

enum { THREADS = 4, CHILDREN = 60, LIMIT = 60 /* s */ };
static _Atomic bool stop;

static void *nothing(void *argument) { return argument; }

static void use_memory(int i) {
  char *place = mmap(NULL, 16 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  place[100] = 1;
  mprotect(place, PAGE, PROT_READ);
  mprotect(place, PAGE, PROT_READ | PROT_WRITE);
  place = mremap(place, 16 * PAGE, 32 * PAGE, MREMAP_MAYMOVE);
  munmap(place, 32 * PAGE);
  char *block = malloc(100 + i % 5000);
  *(volatile char *)block = 1;
  free(block);
}

static void write_code(int i) {
  char *code = map_code(PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
  return_constant(code, i);
  flush(code, BYTES);
  if (call(code, 0) != i) printf("wrong\n");
  munmap(code, PAGE);
}

static void *work(void *argument) {
  for (int i = (long)argument; !stop; i++) {
    use_memory(i);
    if (i % 4 == 0) write_code(i);
    if (i % 8 == 0) join(start_thread(nothing, NULL));
  }
  return NULL;
}

int main(void) {
  pthread_t threads[THREADS];
  for (long i = 0; i < THREADS; i++) threads[i] = start_thread(work, (void *)i);
  int right = 0;
  for (int i = 0; i < CHILDREN; i++) {
    pid_t pid = MUST(fork());
    if (pid == 0) {
      alarm(LIMIT);
      for (int j = 0; j < 8; j++) use_memory(j), write_code(j);
      join(start_thread(nothing, NULL));
      _exit(i);
    }
    int status = wait_for(pid);
    if (WIFEXITED(status) && WEXITSTATUS(status) == i) right++;
    else show_status("child", status);
  }
  stop = true;
  for (int i = 0; i < THREADS; i++) join(threads[i]);
  printf("%d children\n", right);
}
