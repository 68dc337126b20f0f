/* Memory: mmap and its relatives, brk, allocation. */
#include "show.h"
#include <sys/mman.h>

static int filled(const unsigned char *p, size_t n, int value) {
  for (size_t i = 0; i < n; i++)
    if (p[i] != value) return 0;
  return 1;
}

int main(void) {
  const size_t page = 4096;
  enter_scratch();
  HOLDS(sysconf(_SC_PAGESIZE) == 4096);
  unsigned char *p = mmap(NULL, 10 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  HOLDS(p != MAP_FAILED && (uintptr_t)p % page == 0 && filled(p, 10 * page, 0));
  memset(p, 7, 10 * page);
  SHOW(mprotect(p, page, PROT_READ));
  SHOW(mprotect(p, page, PROT_READ | PROT_WRITE));
  SHOW(mprotect(p + 1, page, PROT_READ));
  SHOW(munmap(p + 4 * page, page));
  SHOW(mprotect(p, 10 * page, PROT_READ | PROT_WRITE));
  SHOW(madvise(p, page, MADV_DONTNEED));
  HOLDS(filled(p, page, 0) && filled(p + page, 3 * page, 7));
  SHOW(madvise(p + 1, page, MADV_DONTNEED));
  HOLDS(mmap(p + 4 * page, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == p + 4 * page);
  HOLDS(mmap(p + 4 * page + 1, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED &&
        errno == EINVAL);
  HOLDS(mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED && errno == EINVAL);
  HOLDS(mmap(NULL, page, PROT_READ, MAP_PRIVATE, 99, 0) == MAP_FAILED && errno == EBADF);
  SHOW(munmap(p, 10 * page));
  SHOW(munmap(p, 10 * page));
  SHOW(munmap(p + 1, page));
  unsigned char vector[1];
  SHOW(mincore(p, page, vector));

  p = mmap(NULL, 4 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memset(p, 3, 4 * page);
  p = mremap(p, 4 * page, 400 * page, MREMAP_MAYMOVE);
  HOLDS(p != MAP_FAILED && filled(p, 4 * page, 3) && filled(p + 4 * page, 396 * page, 0));
  HOLDS(mremap(p, 400 * page, 2 * page, 0) == p);
  HOLDS(mremap(p + 1, page, 2 * page, MREMAP_MAYMOVE) == MAP_FAILED && errno == EINVAL);
  SHOW(mincore(p, 2 * page, (unsigned char[2]){0}));
  SHOW(msync(p, 2 * page, MS_ASYNC));
  SHOW(munmap(p, 2 * page));

  int fd = open("file", O_CREAT | O_RDWR, 0600);
  for (int i = 0; i < 3000; i++) dprintf(fd, "%03d", i % 1000);
  char *shared = mmap(NULL, 9000, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  char *private = mmap(NULL, 9000, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  HOLDS(shared != MAP_FAILED && private != MAP_FAILED && memcmp(shared, private, 9000) == 0);
  memcpy(private, "private", 7);
  memcpy(shared, "shared!", 7);
  char buffer[8] = "";
  SHOW(msync(shared, 9000, MS_SYNC));
  SHOW(pread(fd, buffer, 7, 0));
  printf("%s %.7s\n", buffer, private);
  HOLDS(mmap(NULL, page, PROT_READ, MAP_PRIVATE, fd, 5) == MAP_FAILED && errno == EINVAL);
  munmap(shared, 9000);
  munmap(private, 9000);
  close(fd);
  unlink("file");

  char *start = sbrk(0);
  SHOW(brk(start + 100000));
  memset(start, 1, 100000);
  HOLDS((char *)sbrk(0) == start + 100000);
  SHOW(brk(start));
  HOLDS((char *)sbrk(0) == start);
  SHOW(brk(start + 100000));
  HOLDS(filled((unsigned char *)start + page, 90000, 0));
  SHOW(brk(start));

  size_t total = 0;
  void *blocks[200];
  for (int i = 0; i < 200; i++) {
    size_t size = (size_t)1 << (i % 22);
    blocks[i] = malloc(size);
    memset(blocks[i], i, size);
    total += size;
  }
  for (int i = 0; i < 200; i++) {
    blocks[i] = realloc(blocks[i], ((size_t)2 << (i % 22)));
    if (!filled(blocks[i], (size_t)1 << (i % 22), i)) printf("block %d changed\n", i);
    free(blocks[i]);
  }
  printf("%zu bytes\n", total);
  HOLDS(aligned_alloc(1 << 20, 1 << 20) != NULL);
  leave_scratch();
  return 0;
}
