/* Eight threads change the address space at once: malloc, mmap, mprotect, mremap, brk, madvise, membarrier. */
#include "../probe.h"

enum { THREADS = 8, ROUNDS = 300, PAGE = 4096 };
static _Atomic long wrong, mapped;
static _Atomic(char *) box[64];

static void fill(char *bytes, size_t size, unsigned seed) {
  for (size_t i = 0; i < size; i += 61) bytes[i] = (char)(seed + i);
}
static bool check(const char *bytes, size_t size, unsigned seed) {
  for (size_t i = 0; i < size; i += 61)
    if (bytes[i] != (char)(seed + i)) return false;
  return true;
}

static void *use_heap(void *argument) {
  uint64_t random = (uint64_t)argument + 99;
  struct {
    char *bytes;
    size_t size;
    unsigned seed;
  } held[40] = {0};
  for (int i = 0; i < ROUNDS * 40; i++) {
    int slot = (int)(next_random(&random) % 40);
    if (held[slot].bytes) {
      if (!check(held[slot].bytes, held[slot].size, held[slot].seed)) wrong++;
      free(held[slot].bytes);
    }
    size_t size = next_random(&random) % (i % 64 == 0 ? 300000 : 900) + 1;
    held[slot].bytes = malloc(size);
    held[slot].size = size;
    held[slot].seed = (unsigned)i;
    fill(held[slot].bytes, size, (unsigned)i);
    /* Freed by whoever finds it. */
    char *mail = malloc(48);
    strcpy(mail, "mail");
    char *found = atomic_exchange(&box[next_random(&random) % 64], mail);
    if (found && strcmp(found, "mail")) wrong++;
    free(found);
  }
  for (int i = 0; i < 40; i++) free(held[i].bytes);
  return NULL;
}

static void *use_mappings(void *argument) {
  unsigned self = (unsigned)(long)argument;
  for (unsigned i = 0; i < ROUNDS; i++) {
    size_t size = (i % 7 + 1) * PAGE;
    char *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (bytes == MAP_FAILED) {
      wrong++;
      continue;
    }
    mapped++;
    fill(bytes, size, self + i);
    if (mprotect(bytes, size, PROT_READ)) wrong++;
    if (!check(bytes, size, self + i)) wrong++;
    bytes = mremap(bytes, size, size * 2, MREMAP_MAYMOVE);
    if (bytes == MAP_FAILED || !check(bytes, size, self + i)) wrong++;
    if (mprotect(bytes, size * 2, PROT_READ | PROT_WRITE)) wrong++;
    bytes[size * 2 - 1] = 1;
    if (madvise(bytes, size, MADV_DONTNEED) || bytes[0] != 0 || bytes[size - 1] != 0) wrong++;
    if (munmap(bytes, size * 2)) wrong++;
    sbrk(16);
  }
  return NULL;
}

int main(void) {
  run_threads(THREADS, use_heap);
  run_threads(THREADS, use_mappings);
  printf("wrong %ld, mapped %ld\n", wrong, mapped);
  long kinds = syscall(SYS_membarrier, 0, 0, 0);
  printf("membarrier %d\n", kinds > 0);
  SHOW(syscall(SYS_membarrier, 1 << 4, 0, 0)); /* register private expedited */
  SHOW(syscall(SYS_membarrier, 1 << 3, 0, 0)); /* private expedited */
}
