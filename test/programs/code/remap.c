/* Other code comes to the same address: mapped over, moved there, from a file, after a fork, after execution was forbidden. */
#include "emit.h"
#include <setjmp.h>
#include <signal.h>

static sigjmp_buf back;
static volatile int code_of_fault;
static void *volatile place_of_fault;
static void catch(int number, siginfo_t *info, void *context) {
  code_of_fault = info->si_code;
  place_of_fault = info->si_addr;
  siglongjmp(back, number);
}
/* The result of a call, or the signal that it raised. */
static long try(void *code) {
  int number = sigsetjmp(back, 1);
  if (number) return -number * 10 - code_of_fault;
  return call(code, 0);
}

static int file_of(int value) {
  char bytes[PAGE] = {0};
  return_constant(bytes, value);
  int fd = MUST(memfd_create("code", 0));
  MUST(write(fd, bytes, PAGE));
  return fd;
}

int main(void) {
  handle_signal(SIGSEGV, catch, SA_NODEFER);
  handle_signal(SIGBUS, catch, SA_NODEFER);
  handle_signal(SIGILL, catch, SA_NODEFER);
  char *place = map_code(4 * PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
  long sum = 0;
  for (int i = 0; i < 300; i++) {
    char *again = mmap(place, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    return_constant(again, i);
    sum += call(place, 0);
  }
  printf("mapped over: %ld\n", sum);

  sum = 0;
  for (int i = 0; i < 100; i++) {
    int fd = file_of(i * 3);
    mmap(place, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED, fd, 0);
    sum += call(place, 0);
    close(fd);
  }
  printf("from files: %ld\n", sum);

  sum = 0;
  for (int i = 0; i < 100; i++) {
    char *other = map_code(PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
    return_constant(other, i * 5);
    sum += call(other, 0);
    MUST(mremap(other, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, place) == place ? 0 : -1);
    sum += call(place, 0);
  }
  printf("moved: %ld\n", sum);

  /* Without PROT_EXEC, without a page, and back. */
  sum = 0;
  for (int i = 0; i < 50; i++) {
    mmap(place, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    return_constant(place, i);
    long first = try(place);
    mprotect(place, PAGE, PROT_READ | PROT_WRITE);
    long second = try(place);
    bool right = place_of_fault == place;
    mprotect(place, PAGE, PROT_READ | PROT_EXEC);
    long third = try(place);
    munmap(place, PAGE);
    long fourth = try(place);
    if (i == 0) printf("allowed %ld, forbidden %ld, allowed %ld, gone %ld, address %d\n", first, second, third, fourth, right && place_of_fault == place);
    sum += first + second + third + fourth;
  }
  printf("sum %ld\n", sum);

  /* A shared file written by write, by another mapping and by another process. */
  int fd = file_of(1);
  char *shared = mmap(NULL, PAGE, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
  printf("shared: %ld", call(shared, 0));
  char bytes[BYTES];
  size_t size = return_constant(bytes, 2);
  MUST(pwrite(fd, bytes, size, 0));
  flush(shared, size);
  printf(" %ld", call(shared, 0));
  pid_t pid = MUST(fork());
  if (pid == 0) {
    char *mine = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    return_constant(mine, 3);
    flush(mine, BYTES);
    _exit((int)call(shared, 0));
  }
  show_status("  the writer", wait_for(pid));
  flush(shared, size);
  printf("shared: %ld\n", call(shared, 0));

  /* After a fork each has code of its own at the same address. */
  place = map_code(PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
  return_constant(place, 10);
  flush(place, BYTES);
  sum = call(place, 0);
  for (int i = 0; i < 20; i++) {
    pid = MUST(fork());
    if (pid == 0) {
      long inherited = call(place, 0);
      return_constant(place, 20 + i);
      flush(place, BYTES);
      _exit((int)(call(place, 0) + inherited));
    }
    if (i % 2) {
      return_constant(place, 10 + i);
      flush(place, BYTES);
    }
    sum += call(place, 0) * 1000 + WEXITSTATUS(wait_for(pid));
  }
  printf("after forks: %ld\n", sum);

  /* Illegal code becomes legal under the handler's hands. */
  memset(place, 0, BYTES);
#ifdef __riscv
  flush(place, BYTES);
  printf("illegal %ld", try(place));
#else
  memcpy(place, "\x0f\x0b", 2);
  printf("illegal %ld", try(place) + 1);
#endif
  return_constant(place, 5);
  flush(place, BYTES);
  printf(" legal %ld\n", try(place));
}
