// Files through stdio and through system calls, in a fresh folder.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int compare(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

int main(void) {
  char folder[] = "/tmp/ferry-basic-XXXXXX";
  if (!mkdtemp(folder) || chdir(folder)) return 1;
  FILE *f = fopen("numbers", "w+");
  for (int i = 0; i < 10000; i++) fprintf(f, "%d\n", i * i);
  fseek(f, 100, SEEK_SET);
  char line[32];
  while (fgets(line, sizeof line, f) && ftell(f) < 200) printf("%s", line);
  rewind(f);
  long total = 0, value;
  while (fscanf(f, "%ld", &value) == 1) total += value;
  printf("%ld %d\n", total, feof(f) != 0);
  fclose(f);
  struct stat s;
  stat("numbers", &s);
  printf("%lld %o %d %d\n", (long long)s.st_size, s.st_mode & 0777, S_ISREG(s.st_mode), (int)s.st_nlink);
  int fd = open("numbers", O_RDWR);
  char *map = mmap(NULL, (size_t)s.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  memcpy(map, "mapped", 6);
  munmap(map, (size_t)s.st_size);
  char head[8] = {0};
  printf("%zd %s\n", pread(fd, head, 7, 0), head);
  printf("%lld\n", (long long)lseek(fd, -4, SEEK_END));
  printf("%zd %d\n", write(fd, "end\n", 4), ftruncate(fd, 50000));
  close(fd);
  printf("%zd %s\n", write(fd, "x", 1), strerror(errno));
  printf("%d %s\n", open("missing", O_RDONLY), strerror(errno));
  printf("%d %d %d\n", mkdir("inner", 0755), rename("numbers", "inner/renamed"), symlink("inner/renamed", "link"));
  char target[64];
  ssize_t length = readlink("link", target, sizeof target);
  printf("%.*s\n", (int)length, target);
  DIR *d = opendir(".");
  char *names[10];
  int n = 0;
  for (struct dirent *e; (e = readdir(d));) names[n++] = strdup(e->d_name);
  closedir(d);
  qsort(names, (size_t)n, sizeof *names, compare);
  for (int i = 0; i < n; i++) printf("%s ", names[i]);
  printf("\n%d %d %d %d\n", unlink("link"), unlink("inner/renamed"), rmdir("inner"), access("inner", F_OK));
  int ends[2];
  if (pipe(ends)) return 1;
  printf("%zd ", write(ends[1], "through a pipe", 14));
  char text[20] = {0};
  printf("%zd %s\n", read(ends[0], text, sizeof text), text);
  if (chdir("/")) return 1;
  return rmdir(folder);
}
