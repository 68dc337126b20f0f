/* Does what its arguments name. Every mode ends with a number that a loop has computed, which runs natively. */
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef FACTOR
#define FACTOR 1000003
#endif

__attribute__((noinline)) unsigned hash(const unsigned char *bytes, size_t length, unsigned start) {
  unsigned h = start;
  for (size_t i = 0; i < length; i++) h = (h ^ bytes[i]) * FACTOR + (h >> 15);
  return h;
}

static unsigned total = 1;
static void add(const void *bytes, size_t length) { total = hash(bytes, length, total); }

static void clocks(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  add(&now, sizeof now);
  printf("%ld %ld\n", (long)now.tv_sec, (long)now.tv_nsec);
}

static void chance(void) {
  unsigned char bytes[300];
  if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes) abort();
  add(bytes, sizeof bytes);
  int ids[] = {getpid(), getppid()};
  printf("%d %d\n", ids[0], ids[1]);
  add(ids, sizeof ids);
  void *places[] = {malloc(10), &bytes, &total};
  add(&places[0], sizeof places[0]);
}

static void input(void) {
  char line[1000];
  struct stat file;
  if (fstat(0, &file) == 0) add(&file.st_size, sizeof file.st_size);
  while (fgets(line, sizeof line, stdin)) add(line, strlen(line));
}

/* What it has written it reads again, and what it has mapped it changes. */
static void files(const char *folder) {
  char path[500];
  snprintf(path, sizeof path, "%s/file", folder);
  int fd = open(path, O_RDWR | O_CREAT | O_APPEND, 0600);
  for (int i = 0; i < 1000; i++) dprintf(fd, "%d\n", i);
  struct iovec parts[] = {{"abc", 3}, {path, strlen(path)}, {"\n", 1}};
  if (writev(fd, parts, 3) < 4) abort();
  off_t size = lseek(fd, 0, SEEK_END);
  unsigned char *shared = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  unsigned char *own = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  add(shared, (size_t)size);
  own[1]++;
  shared[0]++;
  add(own, (size_t)size);
  add(shared, (size_t)size);
  munmap(shared, (size_t)size);
  char back[5000];
  ssize_t got = pread(fd, back, sizeof back, 0);
  add(back, (size_t)got);
  printf("%ld %ld\n", (long)size, (long)got);
  close(fd);
  rename(path, strcat(strcpy(back, path), ".old"));
}

static void folders(const char *folder) {
  DIR *d = opendir(folder);
  for (struct dirent *entry; (entry = readdir(d));) {
    struct stat file;
    if (fstatat(dirfd(d), entry->d_name, &file, 0) == 0) add(&file.st_mtime, sizeof file.st_mtime);
    add(entry->d_name, strlen(entry->d_name));
  }
  closedir(d);
}

static void channels(void) {
  int ends[2], pair[2];
  char bytes[100];
  if (pipe(ends) || socketpair(AF_UNIX, SOCK_DGRAM, 0, pair)) abort();
  if (write(ends[1], "through a pipe", 14) != 14) abort();
  struct pollfd ready[] = {{ends[0], POLLIN, 0}, {pair[0], POLLIN, 0}};
  int found = poll(ready, 2, 10);
  add(&found, sizeof found);
  struct iovec parts[] = {{bytes, 7}, {bytes + 20, 50}};
  struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
  add(bytes, (size_t)read(ends[0], bytes, sizeof bytes));
  if (send(pair[1], "a message in two", 16, 0) != 16) abort();
  add(&found, (size_t)(recvmsg(pair[0], &message, 0) == 16 ? 4 : 0));
  add(bytes, 7);
  add(bytes + 20, 9);
  struct sigaction old;
  sigaction(SIGPIPE, NULL, &old);
}

static void temporary(const char *folder) {
  char file[500], directory[500];
  snprintf(file, sizeof file, "%s/oneXXXXXX.txt", folder);
  snprintf(directory, sizeof directory, "%s/twoXXXXXX", folder);
  if (mkstemps(file, 4) < 0 || !mkdtemp(directory)) abort();
  printf("%s %s\n", file, directory);
  remove(file);
  rmdir(directory);
  long unknown = syscall(2000, file);
  add(&unknown, sizeof unknown);
}

static volatile sig_atomic_t seen;
static void handler(int number) { seen = number; }

static void signals(void) {
  signal(SIGUSR1, handler);
  raise(SIGUSR1);
  int number = seen;
  add(&number, sizeof number);
}

static int *nowhere;
static void *nothing(void *of) { return of; }

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    const char *mode = argv[i];
    if (!strcmp(mode, "clocks")) clocks();
    if (!strcmp(mode, "chance")) chance();
    if (!strcmp(mode, "input")) input();
    if (!strcmp(mode, "files")) files(argv[++i]);
    if (!strcmp(mode, "folders")) folders(argv[++i]);
    if (!strcmp(mode, "channels")) channels();
    if (!strcmp(mode, "signals")) signals();
    if (!strcmp(mode, "temporary")) temporary(argv[++i]);
    if (!strcmp(mode, "many")) printf("%040d\n", 0), add(mode, strlen(mode));
    if (!strcmp(mode, "sleep")) sleep(1);
    if (!strcmp(mode, "abort")) abort();
    if (!strcmp(mode, "broken")) {
      int ends[2];
      if (pipe(ends)) return 1;
      close(ends[0]);
      add(&ends, (size_t)write(ends[1], "x", 1));
    }
    if (!strcmp(mode, "crash")) *(volatile int *)nowhere = 1;
    if (!strcmp(mode, "status")) return (int)(hash((const unsigned char *)"x", 1, 1) & 127);
    if (!strcmp(mode, "fork") && fork() == 0) _exit(0);
    if (!strcmp(mode, "thread")) {
      pthread_t thread;
      pthread_create(&thread, NULL, nothing, NULL);
    }
    if (!strcmp(mode, "alarm")) {
      signal(SIGALRM, handler);
      alarm(1);
      pause();
    }
  }
  printf("%u\n", total);
  return 0;
}
