/* What /proc says of this program, compared with what the program knows of itself. */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;
static char text[1 << 16];

static int open_anew(const char *path) {
  struct open_how how = {.flags = O_RDONLY | O_CLOEXEC};
  return (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
}

static ssize_t load_from(int fd) {
  ssize_t length = fd < 0 ? -1 : 0;
  for (ssize_t n; fd >= 0 && (n = read(fd, text + length, sizeof text - 1 - length)) > 0;) length += n;
  close(fd);
  text[length < 0 ? 0 : length] = 0;
  return length;
}

static ssize_t load(const char *path) { return load_from(open(path, O_RDONLY | O_CLOEXEC)); }

static const char *link_text(const char *path) {
  ssize_t length = readlink(path, text, sizeof text - 1);
  text[length < 0 ? 0 : length] = 0;
  return text;
}

static int is_elf(int fd) {
  char start[4] = "";
  unsigned short machine = 0;
  pread(fd, start, 4, 0);
  pread(fd, &machine, 2, 18);
  close(fd);
  return memcmp(start, "\177ELF", 4) == 0 && machine == 243;
}

/* The line of /proc/self/maps with the address, without what differs between runs. */
static void show_mapping(const char *what, const void *address) {
  load("/proc/self/maps");
  for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
    unsigned long start, end;
    char protection[8];
    int name = 0;
    if (sscanf(line, "%lx-%lx %7s %*s %*s %*s %n", &start, &end, protection, &name) < 3) continue;
    if ((unsigned long)address < start || (unsigned long)address >= end) continue;
    printf("%s: %s %s\n", what, protection, name ? line + name : "");
    return;
  }
  printf("%s: in no line\n", what);
}

static unsigned long field(int number) {
  load("/proc/self/stat");
  char *next = strrchr(text, ')') + 1;
  for (int i = 3; i < number; i++) next = strchr(next + 1, ' ');
  return strtoul(next, NULL, 10);
}

static void show_links(char **argv) {
  char numbered[64];
  printf("exe %s\n", link_text("/proc/self/exe"));
  snprintf(numbered, sizeof numbered, "/proc/%d/exe", getpid());
  printf("exe %s\n", link_text(numbered));
  snprintf(numbered, sizeof numbered, "/proc/self/task/%d/exe", getpid());
  printf("exe %s\n", link_text(numbered));
  printf("a short buffer: %zd\n", readlink("/proc/self/exe", text, 3));
  printf("opened: %d\n", is_elf(open("/proc/self/exe", O_RDONLY | O_CLOEXEC)));
  struct stat by_link, by_path;
  int same = stat("/proc/self/exe", &by_link) == 0 && stat(argv[1], &by_path) == 0 && by_link.st_ino == by_path.st_ino;
  printf("stat: %d, access: %d\n", same, access("/proc/self/exe", X_OK));
  int fd = open(argv[1], O_RDONLY | O_CLOEXEC);
  snprintf(numbered, sizeof numbered, "/proc/self/fd/%d", fd);
  printf("fd %s\n", link_text(numbered));
  chdir("/data");
  printf("cwd %s\n", link_text("/proc/self/cwd"));
}

static void show_words(void) {
  load("/proc/self/cmdline");
  printf("cmdline");
  for (char *word = text; *word; word += strlen(word) + 1) printf(" %s", word);
  load("/proc/self/environ");
  int same = 1;
  char *word = text;
  for (char **variable = environ; *variable; variable++, word += strlen(word) + 1) same &= strcmp(word, *variable) == 0;
  printf("\nenviron %d %d\n", same, *word == 0);
  load("/proc/self/comm");
  printf("comm %s", text);
  prctl(PR_SET_NAME, "another");
  load("/proc/thread-self/comm");
  printf("comm %s", text);
}

static void show_vector(void) {
  ssize_t length = load("/proc/self/auxv");
  const Elf64_auxv_t *vector = (const Elf64_auxv_t *)text;
  int same = 1, count = (int)(length / (ssize_t)sizeof *vector);
  for (int i = 0; i < count - 1; i++) same &= getauxval(vector[i].a_type) == vector[i].a_un.a_val;
  printf("auxv ends %d, is that of getauxval %d\n", vector[count - 1].a_type == AT_NULL, same);
  printf("page %lu, ticks %lu, header size %lu, flags %lu, secure %lu\n", getauxval(AT_PAGESZ), getauxval(AT_CLKTCK),
         getauxval(AT_PHENT), getauxval(AT_FLAGS), getauxval(AT_SECURE));
  printf("imafdc %d, frame %d, random %d\n", (getauxval(AT_HWCAP) & 0x112d) == 0x112d, getauxval(AT_MINSIGSTKSZ) >= 1088,
         getauxval(AT_RANDOM) % 16 == 0);
  errno = 0;
  int none = getauxval(AT_PLATFORM) == 0 && errno == ENOENT;
  printf("no platform %d, no vdso %d\n", none, getauxval(AT_SYSINFO_EHDR) == 0);
  printf("execfn %s\n", (const char *)getauxval(AT_EXECFN));
  extern char _start[];
  printf("entry %d\n", getauxval(AT_ENTRY) == (unsigned long)_start);
  const Elf64_Ehdr *interpreter = (const Elf64_Ehdr *)getauxval(AT_BASE);
  printf("interpreter %s\n", interpreter ? memcmp(interpreter, ELFMAG, SELFMAG) == 0 ? "at its base" : "wrong" : "none");
}

/* The limits that ferry keeps to itself. */
static void show_limits(void) {
  setrlimit(RLIMIT_AS, &(struct rlimit){1ul << 34, 1ul << 35});
  load("/proc/self/limits");
  char *line = strstr(text, "Max address space");
  if (line) printf("%.*s\n", (int)strcspn(line, "\n"), line);
}

/* Sizes of a process with the address space of riscv64. */
static void show_sizes(void) {
  unsigned long size = field(23), pages = 0, kilobytes = 0;
  load("/proc/self/statm");
  sscanf(text, "%lu", &pages);
  load("/proc/self/status");
  char *line = strstr(text, "\nVmSize:");
  if (line) sscanf(line, "\nVmSize: %lu kB", &kilobytes);
  int same = size / 4096 <= pages && pages - size / 4096 < 256 && kilobytes / 4 >= pages && kilobytes / 4 - pages < 256;
  printf("size below a GiB %d, the same everywhere %d, name %d\n", size < 1 << 30, same, strncmp(text, "Name:\t", 6) == 0);
}

static void *show_as_thread(void *argument) {
  char path[64], numbered[64];
  snprintf(path, sizeof path, "/proc/%d/maps", gettid());
  snprintf(numbered, sizeof numbered, "/proc/self/task/%d/maps", gettid());
  ssize_t length = load(path);
  printf("maps of a thread %d", length > 0 && strstr(text, "[stack]") != NULL);
  load(numbered);
  printf(" %d\n", strstr(text, "[stack]") != NULL);
  return argument;
}

/* By a name below a folder of /proc, as htop reads it. */
static ssize_t load_at(const char *folder, const char *name) {
  int at = open(folder, O_RDONLY | O_DIRECTORY), fd = openat(at, name, O_RDONLY);
  ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
  text[length < 0 ? 0 : length] = 0;
  close(at);
  close(fd);
  return length;
}

/* What a process can read of another one. */
static void show_child(char **argv) {
  char path[64];
  int go[2], done[2];
  pipe(go);
  pipe(done);
  pid_t child = fork();
  if (child == 0) {
    char byte;
    read(go[0], &byte, 1);
    memset(argv[1], 'x', strlen(argv[1]));
    write(done[1], "x", 1);
    for (;;) pause();
  }
  snprintf(path, sizeof path, "/proc/%d/exe", child);
  printf("child's exe %s\n", link_text(path));
  snprintf(path, sizeof path, "/proc/%d/cmdline", child);
  ssize_t length = load(path);
  printf("child's cmdline %s, more words %d", text, length > (ssize_t)strlen(text) + 1);
  struct stat by_link, own;
  snprintf(path, sizeof path, "/proc/%d/exe", child);
  int same = stat(path, &by_link) == 0 && stat("/proc/self/exe", &own) == 0 && by_link.st_ino == own.st_ino;
  printf(", same file %d\n", same);
  write(go[1], "x", 1);
  read(done[0], text, 1);
  snprintf(path, sizeof path, "/proc/%d", child);
  length = load_at(path, "cmdline");
  printf("child's title %d", length > 0 && strspn(text + strlen(text) + 1, "x") == strlen(argv[1]));
  load_at(path, "environ");
  printf(", environment %d", environ[0] && strcmp(text, environ[0]) == 0);
  load_at(path, "auxv");
  printf(", vector %d", memcmp(text, &(uint64_t[2]){AT_MINSIGSTKSZ, getauxval(AT_MINSIGSTKSZ)}, 16) == 0);
  unsigned long pages = 0;
  load_at(path, "statm");
  sscanf(text, "%lu", &pages);
  load_at(path, "maps");
  printf(", size %d, stack %d\n", pages > 0 && pages < 1 << 18, strstr(text, "[stack]") != NULL);
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
}

int main(int argc, char **argv) {
  static int data = 1;
  setvbuf(stdout, NULL, _IOLBF, 0);
  show_links(argv);
  show_words();
  show_vector();
  void *heap = sbrk(4096);
  char *executable = mmap(NULL, 8192, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  mprotect(executable, 4096, PROT_NONE);
  show_mapping("code", (void *)main);
  show_mapping("data", &data);
  show_mapping("heap", heap);
  show_mapping("stack", &argc);
  show_mapping("no access", executable);
  show_mapping("executable", executable + 4096);
  printf("code from %d to %d, stack %d, break %d, arguments %d\n", field(26) <= (unsigned long)main,
         field(27) > (unsigned long)main, field(28) > (unsigned long)&argc, field(47) <= (unsigned long)heap,
         field(48) == (unsigned long)argv[0]);
  printf("parent %d\n", field(4) == (unsigned long)getppid());
  show_sizes();
  show_limits();
  pthread_t thread;
  pthread_create(&thread, NULL, show_as_thread, NULL);
  pthread_join(thread, NULL);
  show_child(argv);
  load("/proc/cpuinfo");
  char *isa = strstr(text, "isa\t\t: rv64imafdc");
  printf("cpuinfo starts with a processor %d, isa %d\n", strncmp(text, "processor\t: 0\n", 14) == 0, isa != NULL);
  load_from(open_anew("/proc/cpuinfo"));
  printf("by openat2: %d %d\n", strstr(text, "isa\t\t: rv64imafdc") != NULL, is_elf(open_anew("/proc/self/exe")));
  return 0;
}
