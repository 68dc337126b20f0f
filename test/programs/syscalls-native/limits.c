/* Resource limits: what they keep the process from, and that other programs inherit them. */
#include "../syscalls/show.h"
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

enum { PIECE = 1 << 20, MANY = 256 };

static const struct {
  int resource;
  const char *name;
} limits[] = {{RLIMIT_AS, "as"},         {RLIMIT_DATA, "data"},   {RLIMIT_STACK, "stack"}, {RLIMIT_NOFILE, "nofile"},
              {RLIMIT_CORE, "core"},     {RLIMIT_FSIZE, "fsize"}, {RLIMIT_CPU, "cpu"},     {RLIMIT_MEMLOCK, "memlock"},
              {RLIMIT_NICE, "nice"}};

static void show_limits(const char *who) {
  printf("%s:", who);
  for (unsigned i = 0; i < sizeof limits / sizeof *limits; i++) {
    struct rlimit limit;
    getrlimit(limits[i].resource, &limit);
    printf(" %s %lld %lld", limits[i].name, (long long)limit.rlim_cur, (long long)limit.rlim_max);
  }
  printf("\n");
  fflush(stdout);
}

static long statm(int field) {
  long numbers[7] = {0};
  FILE *in = fopen("/proc/self/statm", "r");
  for (int i = 0; i < 7; i++) fscanf(in, "%ld", &numbers[i]);
  fclose(in);
  return numbers[field] * 4096;
}

/* How many pieces fit, with these protections and flags. */
static int fill(int protection, int flags) {
  static void *pieces[MANY];
  int count = 0;
  while (count < MANY) {
    void *piece = mmap(NULL, PIECE, protection, flags | MAP_ANONYMOUS, -1, 0);
    if (piece == MAP_FAILED) break;
    pieces[count++] = piece;
  }
  int error = errno;
  for (int i = 0; i < count; i++) munmap(pieces[i], PIECE);
  errno = error;
  return count;
}

static void address_space(void) {
  enum { ROOM = 64 * PIECE };
  fill(PROT_NONE, MAP_PRIVATE);
  SHOW(setrlimit(RLIMIT_AS, &(struct rlimit){statm(0) + ROOM, RLIM_INFINITY}));
  int count = fill(PROT_READ | PROT_WRITE, MAP_PRIVATE);
  HOLDS(count >= 62 && count <= 64 && errno == ENOMEM);
  count = fill(PROT_NONE, MAP_SHARED);
  HOLDS(count >= 62 && count <= 64 && errno == ENOMEM);
  HOLDS(malloc(2 * ROOM) == NULL && errno == ENOMEM);
  char *grown = mmap(NULL, PIECE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  HOLDS(mremap(grown, PIECE, 2 * ROOM, MREMAP_MAYMOVE) == MAP_FAILED && errno == ENOMEM);
  HOLDS((grown = mremap(grown, PIECE, 4 * PIECE, MREMAP_MAYMOVE)) != MAP_FAILED);
  /* What is replaced does not count. */
  HOLDS(mmap(grown, 4 * PIECE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == grown);
  munmap(grown, 4 * PIECE);
  char *start = sbrk(0);
  HOLDS(brk(start + 2 * ROOM) == -1 && errno == ENOMEM && sbrk(0) == start);
  SHOW(brk(start + PIECE));
  SHOW(brk(start));
  pid_t child = fork();
  if (child == 0) _exit(mmap(NULL, 2 * ROOM, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? 5 : 6);
  int status;
  waitpid(child, &status, 0);
  printf("child %d\n", WEXITSTATUS(status));
  SHOW(setrlimit(RLIMIT_AS, &(struct rlimit){RLIM_INFINITY, RLIM_INFINITY}));
  HOLDS(fill(PROT_READ, MAP_PRIVATE) == MANY);
}

static void data(void) {
  enum { ROOM = 256 * PIECE };
  SHOW(setrlimit(RLIMIT_DATA, &(struct rlimit){ROOM, RLIM_INFINITY}));
  char *read_only = mmap(NULL, 2 * ROOM, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  HOLDS(read_only != MAP_FAILED);
  HOLDS(mprotect(read_only, 2 * ROOM, PROT_READ | PROT_WRITE) == -1 && errno == ENOMEM);
  SHOW(mprotect(read_only, PIECE, PROT_READ | PROT_WRITE));
  HOLDS(mmap(NULL, 2 * ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED && errno == ENOMEM);
  HOLDS(mmap(NULL, 2 * ROOM, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
  SHOW(setrlimit(RLIMIT_DATA, &(struct rlimit){RLIM_INFINITY, RLIM_INFINITY}));
}

/* Uses this much of the stack. */
static int __attribute__((noinline)) descend(int kilobytes, const volatile char *above) {
  volatile char page[1024];
  page[0] = above[0];
  int below = kilobytes ? descend(kilobytes - 1, page) : 0;
  return below + 1 + page[0] - above[0];
}

static void stack(void) {
  struct rlimit limit;
  getrlimit(RLIMIT_STACK, &limit);
  limit.rlim_cur = 40 << 20;
  SHOW(setrlimit(RLIMIT_STACK, &limit));
  SHOW(descend(30 << 10, "x"));
  pid_t child = fork();
  if (child == 0) {
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    _exit(descend(200 << 10, "x") & 1);
  }
  int status;
  waitpid(child, &status, 0);
  printf("child ended by %d\n", WTERMSIG(status));
}

static void descriptors(void) {
  struct rlimit limit = {10, 50}, old;
  SHOW(prlimit(0, RLIMIT_NOFILE, &limit, &old));
  SHOW(prlimit(getpid(), RLIMIT_NOFILE, NULL, &old));
  printf("%ld %ld\n", (long)old.rlim_cur, (long)old.rlim_max);
  int last = -1, fd;
  while ((fd = dup(0)) >= 0) last = fd;
  printf("up to %d, then %s\n", last, strerrorname_np(errno));
  SHOW(dup2(0, 10));
  SHOW(fcntl(0, F_DUPFD, 10));
  pid_t child = fork();
  int status;
  if (child == 0) _exit(3);
  waitpid(child, &status, 0);
  printf("child %d\n", WEXITSTATUS(status));
  while (last > 2) close(last--);
  limit = (struct rlimit){60, 50};
  SHOW(setrlimit(RLIMIT_NOFILE, &limit));
  SHOW(setrlimit(99, &limit));
  SHOW(getrlimit(99, &limit));
  SHOW(syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, 8, NULL));
}

static void inherited(char *self) {
  const struct rlimit limits[] = {[RLIMIT_AS] = {4ul << 30, 5ul << 30},  [RLIMIT_DATA] = {3ul << 30, 3ul << 30},
                                  [RLIMIT_STACK] = {3 << 20, 30 << 20}, [RLIMIT_CORE] = {0, 7},
                                  [RLIMIT_FSIZE] = {1 << 30, 1 << 30},  [RLIMIT_CPU] = {100, 200},
                                  [RLIMIT_NOFILE] = {40, 50},           [RLIMIT_MEMLOCK] = {4096, 8192},
                                  [RLIMIT_NICE] = {5, 6}};
  for (unsigned i = 0; i < sizeof limits / sizeof *limits; i++)
    if (limits[i].rlim_max) setrlimit((int)i, &limits[i]);
  show_limits("set");
  pid_t child = fork();
  int status;
  if (child == 0) {
    show_limits("child");
    execl(self, self, "show", NULL);
    _exit(99);
  }
  waitpid(child, &status, 0);
  printf("%d\n", WEXITSTATUS(status));
  fflush(stdout);
  child = vfork();
  if (child == 0) {
    execl(self, self, "show", NULL);
    _exit(99);
  }
  waitpid(child, &status, 0);
  printf("%d\n", WEXITSTATUS(status));
}

static void locking(void) {
  SHOW(mlockall(0));
  SHOW(mlockall(MCL_ONFAULT));
  SHOW(mlockall(99));
  setrlimit(RLIMIT_MEMLOCK, &(struct rlimit){1 << 30, 1 << 30});
  SHOW(mlockall(MCL_CURRENT | MCL_FUTURE));
  unsigned char there[4] = {0};
  char *page = mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  SHOW(mincore(page, 4 * 4096, there));
  printf("%d %d\n", there[0] & 1, there[3] & 1);
  SHOW(munlockall());
  page = mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  SHOW(mincore(page, 4 * 4096, there));
  printf("%d %d\n", there[0] & 1, there[3] & 1);
  SHOW(mlock(page, 4096));
  SHOW(mlock2(page, 8192, MLOCK_ONFAULT));
  SHOW(munlock(page, 8192));
}

int main(int argc, char **argv) {
  if (argc > 1) {
    show_limits("program");
    return 7;
  }
  address_space();
  data();
  fflush(stdout);
  stack();
  locking();
  fflush(stdout);
  descriptors();
  fflush(stdout);
  inherited(argv[0]);
  return 0;
}
