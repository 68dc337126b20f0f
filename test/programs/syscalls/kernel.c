/* What only riscv64 has, and what the kernel answers where qemu-riscv64 7.2 answers otherwise: kernel.expected. */
#include "show.h"
#include <elf.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/utsname.h>

struct probe {
  int64_t key;
  uint64_t value;
};

int main(int argc, char **argv) {
  struct utsname name;
  uname(&name);
  printf("machine %s\n", name.machine);
  struct probe pairs[] = {{3, 0}, {4, 0}, {5, 0}, {9, 0}, {77, 9}, {-5, 9}};
  SHOW(syscall(258, pairs, 6, 0, NULL, 0));
  pairs[1].value &= 7; /* FD, C and no V; the others are extensions */
  for (int i = 0; i < 6; i++) printf("%ld %lx\n", (long)pairs[i].key, (unsigned long)pairs[i].value);
  SHOW(syscall(258, pairs, 6, 0, NULL, 2));
  SHOW(syscall(258, (void *)8, 1, 0, NULL, 0));
  unsigned long cpus = ~0ul;
  struct probe wanted = {4, 3};
  SHOW(syscall(258, &wanted, 1, sizeof cpus, &cpus, 1));
  HOLDS(cpus != 0);
  wanted = (struct probe){4, 7};
  SHOW(syscall(258, &wanted, 1, sizeof cpus, &cpus, 1));
  HOLDS(cpus == 0);
  SHOW(syscall(259, 0, 0, 0));
  SHOW(syscall(259, 0, 0, 2));
  SHOW(syscall(293, NULL, 0, 0, 0));
  HOLDS(mmap((void *)(1ul << 38), 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED &&
        errno == ENOMEM);
  char *hinted = mmap((void *)(1ul << 40), 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  HOLDS(hinted != MAP_FAILED && (uintptr_t)hinted < 1ul << 38);
  HOLDS((uintptr_t)&name < 1ul << 38 && (uintptr_t)sbrk(0) < 1ul << 38);
  HOLDS(getauxval(AT_HWCAP) == (1 << 0 | 1 << 2 | 1 << 3 | 1 << 5 | 1 << 8 | 1 << 12));

  char path[4096] = "";
  readlink("/proc/self/exe", path, sizeof path - 1);
  printf("program %.5s\n", strrchr(path, '/') + 1);
  struct stat a, b;
  HOLDS(stat("/proc/self/exe", &a) == 0 && stat(path, &b) == 0 && a.st_ino == b.st_ino);
  Elf64_Ehdr header;
  int fd = open("/proc/self/exe", O_RDONLY);
  read(fd, &header, sizeof header);
  printf("machine %d\n", header.e_machine);
  char line[256];
  FILE *processors = fopen("/proc/cpuinfo", "r");
  int isa = 0;
  while (fgets(line, sizeof line, processors)) isa |= strncmp(line, "isa\t", 4) == 0 && strstr(line, "rv64imafdc");
  HOLDS(isa);
  unsigned long start, end, highest = 0, code = (unsigned long)main, stack = 0, executable = 0;
  char allowed[5];
  FILE *maps = fopen("/proc/self/maps", "r");
  while (fgets(line, sizeof line, maps) && sscanf(line, "%lx-%lx %4s", &start, &end, allowed) == 3) {
    highest = end;
    stack |= (unsigned long)&name >= start && (unsigned long)&name < end && strstr(line, "rw-p") && strstr(line, "[stack]");
    executable |= code >= start && code < end && strcmp(allowed, "r-xp") == 0 && strstr(line, strrchr(path, '/'));
  }
  HOLDS(highest > 0 && highest <= 1ul << 38);
  HOLDS(stack && executable);
  char words[4096];
  ssize_t length = read(open("/proc/self/cmdline", O_RDONLY), words, sizeof words);
  HOLDS(length > 4 && strcmp(words, argv[0]) == 0 && strcmp(words + length - 4, argv[argc - 1]) == 0);
  char *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  HOLDS(mmap(page, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == MAP_FAILED &&
        errno == EEXIST);
  SHOW(madvise(page, 4096, 12345));
  void *volatile huge = malloc((size_t)1 << 60);
  HOLDS(huge == NULL);
  SHOW(syscall(SYS_nanosleep, (void *)8, NULL));
  SHOW(read(99, (void *)8, 1));
  SHOW(socket(AF_INET, 99, 0));
  printf("flags %o\n", fcntl(fd, F_GETFL));
  return 0;
}
