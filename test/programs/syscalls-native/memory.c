/* Calls on memory: what they change, what they refuse, and what they tell. */
#include "../syscalls/show.h"
#include <linux/membarrier.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <sys/wait.h>

enum { PAGE = 4096 };
#define ANONYMOUS (MAP_PRIVATE | MAP_ANONYMOUS)
#define RW (PROT_READ | PROT_WRITE)

static char *fresh(size_t pages) { return mmap(NULL, pages * PAGE, RW, ANONYMOUS, -1, 0); }

static sigjmp_buf back;
static void *fault_address;
static int fault_code;
static void on_fault(int number, siginfo_t *info, void *context) {
  fault_address = info->si_addr;
  fault_code = number * 100 + info->si_code;
  siglongjmp(back, 1);
}

/* 0, or the signal and its code of a load, or of a store, at the address. */
static int touch(volatile char *address, int write) {
  struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO}, old[2];
  sigaction(SIGSEGV, &action, &old[0]);
  sigaction(SIGBUS, &action, &old[1]);
  fault_code = 0;
  if (sigsetjmp(back, 1) == 0) {
    if (write) *address = 1;
    else (void)*address;
  } else if (fault_address != address) {
    fault_code = -1;
  }
  sigaction(SIGSEGV, &old[0], NULL);
  sigaction(SIGBUS, &old[1], NULL);
  return fault_code;
}

static const char *loaded(const char *page, size_t pages) {
  static unsigned char there[16];
  static char text[17];
  if (mincore((void *)page, pages * PAGE, there)) return strerrorname_np(errno);
  for (size_t i = 0; i < pages; i++) text[i] = there[i] & 1 ? '+' : '-';
  text[pages] = 0;
  return text;
}

/* With nothing behind it. */
static char *lonely(size_t pages) {
  char *place = fresh(pages + 32);
  munmap(place + pages * PAGE, 32 * PAGE);
  return place;
}

static void mapping(void) {
  char *place = lonely(8);
  SHOW(munmap(place + 2 * PAGE, PAGE));
  SHOW(touch(place + 2 * PAGE, 0));
  SHOW(touch(place + PAGE, 1));
  HOLDS(mmap(place + 2 * PAGE, PAGE, RW, ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == place + 2 * PAGE);
  HOLDS(mmap(place + 2 * PAGE, PAGE, RW, ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == MAP_FAILED && errno == EEXIST);
  HOLDS(mmap(place + 1, PAGE, RW, ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED && errno == EINVAL);
  HOLDS(mmap(NULL, 0, RW, ANONYMOUS, -1, 0) == MAP_FAILED && errno == EINVAL);
  HOLDS(mmap(NULL, PAGE, RW, MAP_ANONYMOUS, -1, 0) == MAP_FAILED && errno == EINVAL);
  HOLDS(mmap(NULL, PAGE, RW, MAP_PRIVATE, -1, 0) == MAP_FAILED && errno == EBADF);
  HOLDS(mmap(NULL, PAGE, RW, MAP_PRIVATE, 0, 1) == MAP_FAILED && errno == EINVAL);
  HOLDS(mmap(NULL, 1ul << 60, RW, ANONYMOUS, -1, 0) == MAP_FAILED && errno == ENOMEM);
  HOLDS((unsigned long)mmap((void *)12345, PAGE, RW, ANONYMOUS, -1, 0) % PAGE == 0);
  SHOW(munmap(place + 1, PAGE));
  SHOW(munmap(place, 0));
  SHOW(munmap((void *)(1ul << 60), PAGE));
  SHOW(mprotect(place, PAGE, PROT_READ));
  SHOW(touch(place, 1));
  SHOW(touch(place, 0));
  SHOW(mprotect(place, PAGE, PROT_NONE));
  SHOW(touch(place, 0));
  SHOW(mprotect(place, 9 * PAGE, RW));
  SHOW(touch(place, 1));
  SHOW(mprotect(place + 1, PAGE, RW));
  SHOW(mprotect(place, PAGE, 0x80));
  SHOW(mprotect(place, PAGE, RW | PROT_GROWSDOWN));
  munmap(place, 8 * PAGE);
  /* Behind the end of a file. */
  int file = memfd_create("file", 0);
  ftruncate(file, PAGE + 100);
  place = mmap(lonely(3), 3 * PAGE, RW, MAP_SHARED | MAP_FIXED, file, 0);
  SHOW(touch(place + PAGE + 4000, 1));
  SHOW(touch(place + 2 * PAGE, 0));
  char byte = 9;
  pwrite(file, &byte, 1, 50);
  SHOW(place[50]);
  place[51] = 8;
  pread(file, &byte, 1, 51);
  SHOW(byte);
  SHOW(msync(place, 2 * PAGE, MS_SYNC));
  SHOW(msync(place, 2 * PAGE, MS_SYNC | MS_ASYNC));
  SHOW(msync(place + 1, PAGE, MS_SYNC));
  SHOW(msync(place, 16 * PAGE, MS_ASYNC));
  ftruncate(file, 4 * PAGE);
  for (int i = 0; i < 4; i++) pwrite(file, &(char){'a' + i}, 1, i * PAGE);
  SHOW(remap_file_pages(place, PAGE, 0, 2, 0));
  printf("%c%c%c\n", place[0], place[PAGE], place[2 * PAGE]);
  SHOW(remap_file_pages(place + 1, PAGE, PROT_READ, 2, 0));
  munmap(place, 3 * PAGE);
  int read_only = open("/proc/self/exe", O_RDONLY);
  HOLDS(mmap(NULL, PAGE, RW, MAP_SHARED, read_only, 0) == MAP_FAILED && errno == EACCES);
  HOLDS((place = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, read_only, 0)) != MAP_FAILED);
  SHOW(mprotect(place, PAGE, RW));
  close(read_only);
  close(file);
}

static void remapping(void) {
  char *place = fresh(6);
  for (int i = 0; i < 6; i++) place[i * PAGE] = (char)('a' + i);
  SHOW(munmap(place + 4 * PAGE, 2 * PAGE));
  HOLDS(mremap(place, 4 * PAGE, 5 * PAGE, 0) == place);
  SHOW(place[4 * PAGE]);
  HOLDS(mremap(place, 5 * PAGE, 2 * PAGE, 0) == place);
  SHOW(touch(place + 2 * PAGE, 0));
  char *wall = mmap(place + 2 * PAGE, PAGE, PROT_READ, ANONYMOUS | MAP_FIXED, -1, 0);
  HOLDS(mremap(place, 2 * PAGE, 3 * PAGE, 0) == MAP_FAILED && errno == ENOMEM);
  char *moved = mremap(place, 2 * PAGE, 3 * PAGE, MREMAP_MAYMOVE);
  HOLDS(moved != MAP_FAILED && moved != place);
  printf("%c%c %d %d\n", moved[0], moved[PAGE], touch(place, 0), touch(moved + 2 * PAGE, 1));
  char *target = fresh(4);
  HOLDS(mremap(moved, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, target + PAGE) == target + PAGE);
  printf("%c %d\n", target[PAGE], touch(moved, 0));
  HOLDS(mremap(target, 2 * PAGE, PAGE, MREMAP_FIXED, wall) == MAP_FAILED && errno == EINVAL);
  HOLDS(mremap(target, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, target + PAGE) == MAP_FAILED && errno == EINVAL);
  HOLDS(mremap(target + 1, PAGE, PAGE, 0) == MAP_FAILED && errno == EINVAL);
  HOLDS(mremap(target, PAGE, 0, 0) == MAP_FAILED && errno == EINVAL);
  char *kept = mremap(target + PAGE, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL);
  HOLDS(kept != MAP_FAILED);
  printf("%c %d\n", kept[0], target[PAGE]);
  char *shared = mmap(NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  char *twice = mremap(shared, 0, PAGE, MREMAP_MAYMOVE);
  shared[5] = 'x';
  HOLDS(twice != MAP_FAILED && twice[5] == 'x');
}

static void advice(void) {
  char *place = fresh(4);
  memset(place, 1, 4 * PAGE);
  printf("%s\n", loaded(place, 4));
  SHOW(madvise(place + PAGE, PAGE, MADV_DONTNEED));
  SHOW(place[PAGE]);
  SHOW(madvise(place, 4 * PAGE, MADV_FREE));
  SHOW(madvise(place, PAGE, MADV_WILLNEED));
  SHOW(madvise(place, 4 * PAGE, MADV_SEQUENTIAL));
  SHOW(madvise(place, PAGE, MADV_DONTDUMP));
  SHOW(madvise(place, PAGE, 9999));
  SHOW(madvise(place + 1, PAGE, MADV_NORMAL));
  SHOW(madvise(place, 0, MADV_NORMAL));
  SHOW(madvise(place, 4 * PAGE, MADV_POPULATE_WRITE));
  printf("%s\n", loaded(place, 4));
  SHOW(madvise(place, PAGE, MADV_COLD));
  SHOW(madvise(place, PAGE, MADV_WIPEONFORK));
  SHOW(madvise(place + PAGE, PAGE, MADV_DONTFORK));
  place[0] = 5;
  place[PAGE] = 5;
  pid_t child = fork();
  if (child == 0) _exit(place[0] == 0 && touch(place + PAGE, 0) == 1101 ? 7 : 8);
  int status;
  waitpid(child, &status, 0);
  printf("child %d\n", WEXITSTATUS(status));
  unsigned char there[1];
  SHOW(mincore(place + 1, PAGE, there));
  munmap(place, 4 * PAGE);
  SHOW(mincore(place, PAGE, there));
  SHOW(madvise(place, PAGE, MADV_NORMAL));
  SHOW(mlock(place, PAGE));
}

static void between_processes(void) {
  static char own[2][64] = {"first", "second"}, got[128];
  int ends[2];
  pipe(ends);
  pid_t child = fork();
  if (child == 0) {
    strcpy(own[0], "child's");
    write(ends[1], "x", 1);
    for (;;) pause();
  }
  read(ends[0], got, 1);
  memset(got, 0, sizeof got);
  struct iovec local[] = {{got, 10}, {got + 64, 64}}, remote[] = {{own[0], 64}, {own[1], 64}, {(void *)8, 8}};
  SHOW(process_vm_readv(child, local, 2, remote, 2, 0));
  printf("%s %s\n", got, got + 64 + 54);
  strcpy(got, "written");
  SHOW(process_vm_writev(child, local, 1, remote + 1, 1, 0));
  SHOW(process_vm_readv(child, local, 2, remote + 1, 2, 0));
  printf("%s\n", got);
  SHOW(process_vm_readv(child, local, 1, remote + 2, 1, 0));
  SHOW(process_vm_readv(child, local, 1, remote, 1, 1));
  SHOW(process_vm_readv(getpid(), local, 1, remote, 1, 0));
  printf("%s\n", got);
  SHOW(process_vm_readv(child, (void *)8, 1, remote, 1, 0));
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/mem", child);
  int memory = open(path, O_RDWR);
  HOLDS(memory >= 0);
  SHOW(pread(memory, got, 8, (off_t)own[0]));
  printf("%s\n", got);
  SHOW(pwrite(memory, "through", 8, (off_t)own[0]));
  SHOW(process_vm_readv(child, local, 1, remote, 1, 0));
  printf("%s\n", got);
  close(memory);
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  SHOW(process_vm_readv(child, local, 1, remote, 1, 0));
}

static void barriers(void) {
  SHOW(syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0) >= 0x1f);
  SHOW(syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0));
  SHOW(syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0));
  SHOW(syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0));
  SHOW(syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0));
  SHOW(syscall(SYS_membarrier, 1 << 20, 0, 0));
  SHOW(syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 1, 0));
}

static void named(void) {
  char *place = fresh(2);
  SHOW(prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, place, PAGE, "a name") == 0 || errno == EINVAL);
  SHOW(prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, place, PAGE, "not [a] name"));
}

int main(void) {
  mapping();
  remapping();
  advice();
  fflush(stdout);
  between_processes();
  barriers();
  named();
  return 0;
}
