/* The kernel stores into code for the program: through /proc/self/mem, where no protection counts, and process_vm_writev. */
#include "emit.h"
#include <sys/syscall.h>
#include <sys/uio.h>

#ifdef __riscv
#define RETURN_7 "li a0, 7\n ret\n"
#else
#define RETURN_7 "mov $7, %eax\n ret\n"
#endif
__asm__(".pushsection .text\n.balign 64\nof_file: " RETURN_7 ".balign 4\n.zero 64\n.popsection\n");
extern char of_file[];

static int memory;

static ssize_t with_pwrite(void *to, void *from, size_t size) { return pwrite(memory, from, size, (off_t)to); }

static ssize_t with_write(void *to, void *from, size_t size) {
  int copy = dup(memory);
  lseek(copy, (off_t)to, SEEK_SET);
  ssize_t result = write(copy, from, size);
  close(copy);
  return result;
}

static ssize_t with_writev(void *to, void *from, size_t size) {
  struct iovec parts[] = {{from, 4}, {(char *)from + 4, size - 4}};
  lseek(memory, (off_t)to, SEEK_SET);
  return writev(memory, parts, 2);
}

static ssize_t with_pwritev(void *to, void *from, size_t size) {
  struct iovec parts[] = {{from, 4}, {(char *)from + 4, size - 4}};
  return pwritev(memory, parts, 2, (off_t)to);
}

static ssize_t with_pwritev2(void *to, void *from, size_t size) {
  struct iovec part = {from, size};
  lseek(memory, (off_t)to, SEEK_SET);
  return pwritev2(memory, &part, 1, -1, 0);
}

static ssize_t with_process_vm_writev(void *to, void *from, size_t size) {
  struct iovec local = {from, size}, remote[] = {{to, 4}, {(char *)to + 4, size - 4}};
  return process_vm_writev(getpid(), &local, 1, remote, 2, 0);
}

static const struct {
  const char *name;
  ssize_t (*store)(void *to, void *from, size_t size);
} ways[] = {{"pwrite", with_pwrite},   {"write", with_write},       {"writev", with_writev},
            {"pwritev", with_pwritev}, {"pwritev2", with_pwritev2}, {"process_vm_writev", with_process_vm_writev}};
enum { WAYS = sizeof ways / sizeof *ways };

static void *map(int protection, int flags) { return mmap(NULL, PAGE, protection, flags | MAP_ANONYMOUS, -1, 0); }

static void store_in(const char *name, char *place) {
  static int value = 100;
  char bytes[BYTES];
  for (int way = 0; way < WAYS; way++)
    for (int round = 0; round < 2; round++) {
      size_t size = return_constant(bytes, ++value);
      errno = 0;
      ssize_t result = ways[way].store(place, bytes, size);
      flush(place, size);
      printf("%s, %s: all %d, %s", name, ways[way].name, result == (ssize_t)size, strerrorname_np(errno));
      printf(", %d\n", (int)call(place, 0) - value);
    }
}

static void store_everywhere(const char *path) {
  memory = MUST(open(path, O_RDWR));
  store_in("of a file", of_file);
  char bytes[BYTES];
  const size_t size = return_constant(bytes, 0);
  char *written = map(PROT_READ | PROT_WRITE, MAP_PRIVATE);
  memcpy(written, bytes, size);
  mprotect(written, PAGE, PROT_READ | PROT_EXEC);
  store_in("private, not writable", written);
  store_in("private", memcpy(map(PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE), bytes, size));
  store_in("shared", memcpy(map(PROT_READ | PROT_WRITE | PROT_EXEC, MAP_SHARED), bytes, size));
  close(memory);
}

int main(void) {
  char path[64];
  printf("%ld\n", call(of_file, 0));
  pid_t child = MUST(fork());
  if (child == 0) {
    store_everywhere("/proc/thread-self/mem");
    exit(0);
  }
  waitpid(child, NULL, 0);
  printf("%ld\n", call(of_file, 0));
  snprintf(path, sizeof path, "/proc/%d/mem", getpid());
  store_everywhere(path);
  return 0;
}
