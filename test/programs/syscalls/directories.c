/* Directories: making, reading, walking, removing. */
#include "show.h"
#include <dirent.h>
#include <ftw.h>
#include <glob.h>
#include <sys/stat.h>

static int by_name(const struct dirent **a, const struct dirent **b) { return strcmp((*a)->d_name, (*b)->d_name); }

static int visited;
static int visit(const char *path, const struct stat *s, int type, struct FTW *at) {
  (void)path, (void)s, (void)type, (void)at;
  visited++;
  return remove(path);
}

int main(void) {
  char here[256], path[64];
  enter_scratch();
  SHOW(mkdir("one", 0755));
  SHOW(mkdir("one", 0755));
  SHOW(mkdir("one/two", 0700));
  SHOW(mkdir("none/two", 0700));
  int top = open("one", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  SHOW(mkdirat(top, "three", 0700));
  for (int i = 0; i < 300; i++) {
    snprintf(path, sizeof path, "file-%03d", i);
    close(openat(top, path, O_CREAT | O_WRONLY, 0600));
  }
  SHOW(symlinkat("two", top, "link"));
  SHOW(mkfifo("one/fifo", 0600));
  struct dirent **list;
  int count = scandir("one", &list, NULL, by_name);
  printf("%d entries\n", count);
  for (int i = 0; i < count; i++) {
    if (i < 6 || i > count - 5) printf("%s type %d inode %d\n", list[i]->d_name, list[i]->d_type, list[i]->d_ino != 0);
    free(list[i]);
  }
  free(list);
  char small[16];
  SHOW(syscall(SYS_getdents64, top, small, sizeof small));
  SHOW(syscall(SYS_getdents64, 99, small, sizeof small));
  SHOW(fchdir(top));
  HOLDS(getcwd(here, sizeof here) && strcmp(here + strlen(here) - 4, "/one") == 0);
  SHOW(syscall(SYS_getcwd, small, 2));
  SHOW(chdir("two"));
  SHOW(chdir("nothing"));
  SHOW(chdir("../.."));
  glob_t found;
  SHOW(glob("one/file-00*", 0, NULL, &found));
  printf("%zu found, last %s\n", found.gl_pathc, found.gl_pathv[found.gl_pathc - 1]);
  globfree(&found);
  SHOW(rmdir("one"));
  SHOW(unlinkat(top, "two", 0));
  SHOW(unlinkat(top, "two", AT_REMOVEDIR));
  SHOW(nftw("one", visit, 8, FTW_DEPTH | FTW_PHYS));
  printf("%d visited\n", visited);
  leave_scratch();
  return 0;
}
