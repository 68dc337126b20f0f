/* A daemon's way of giving up root: what the process does afterwards (threads, fork, vfork, execve, code) works as before. */
#include "../code/emit.h"
#include <grp.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/stat.h>

enum { NOBODY = 65534 };
extern char **environ;
static char path[] = "/tmp/ferry-users-XXXXXX";

static void show_user(const char *who) {
  uid_t uids[3];
  gid_t gids[3];
  MUST(getresuid(&uids[0], &uids[1], &uids[2]));
  MUST(getresgid(&gids[0], &gids[1], &gids[2]));
  printf("%s: users %d %d %d, groups %d %d %d, dumpable %d\n", who, uids[0], uids[1], uids[2], gids[0], gids[1], gids[2],
         prctl(PR_GET_DUMPABLE));
}

static void generate_code(void) {
  char *code = map_code(PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
  long sum = 0;
  for (int i = 0; i < 50; i++) {
    return_constant(code, i);
    flush(code, BYTES);
    sum += call(code, 0);
  }
  MUST(munmap(code, PAGE));
  printf("  code: %ld, dumpable %d\n", sum, prctl(PR_GET_DUMPABLE));
}

static void *in_thread(void *argument) {
  generate_code();
  pid_t pid = MUST(fork());
  if (pid == 0) {
    generate_code();
    _exit(7);
  }
  show_status("  child of a thread", wait_for(pid));
  return NULL;
}

static void start_programs(void) {
  char *arguments[] = {path, "started", NULL};
  pid_t pid = MUST(fork());
  if (pid == 0) {
    execv(path, arguments);
    _exit(99);
  }
  show_status("  fork and execv", wait_for(pid));
  MUST_0(posix_spawn(&pid, path, NULL, NULL, arguments, environ));
  show_status("  posix_spawn", wait_for(pid));
  pid = vfork();
  if (pid == 0) {
    dup2(2, 1000);
    dup2(2, 1001);
    close_range(3, ~0U, 0);
    execv(path, arguments);
    _exit(99);
  }
  show_status("  vfork and execv", wait_for(pid));
  fflush(stdout);
  show_status("  system", system("exit 5"));
}

static void work(const char *who) {
  show_user(who);
  generate_code();
  for (int i = 0; i < 2; i++) join(start_thread(in_thread, NULL));
  start_programs();
}

static void give_up(uid_t real, uid_t effective, uid_t saved) {
  MUST(setgroups(0, NULL));
  MUST(setresgid(NOBODY, NOBODY, NOBODY));
  MUST(setresuid(real, effective, saved));
}

/* A copy that everybody may execute. */
static void copy_program(void) {
  char buffer[1 << 16];
  int from = MUST(open("/proc/self/exe", O_RDONLY)), to = MUST(mkstemp(path));
  for (ssize_t size; (size = MUST(read(from, buffer, sizeof buffer))) > 0;) MUST(write(to, buffer, size));
  MUST(fchmod(to, 0755));
  MUST(fchown(to, NOBODY, NOBODY)); /* who may remove it */
  close(from);
  close(to);
}

int main(int argc, char **argv) {
  if (argc > 1) {
    show_user("  the program");
    return 3;
  }
  if (getuid() != 0) {
    printf("only root can become another user\n");
    return 0;
  }
  copy_program();
  MUST(prctl(PR_SET_DUMPABLE, 0));
  show_status("not dumpable", system("exit 6"));
  for (int i = 0; i < 3; i++) {
    pid_t pid = MUST(fork());
    if (pid == 0) {
      if (i == 0) give_up(NOBODY, NOBODY, NOBODY);
      if (i == 1) give_up(-1, NOBODY, -1);
      if (i == 2) give_up(NOBODY, -1, -1);
      work(i == 0 ? "for good" : i == 1 ? "for a while" : "the real one");
      _exit(0);
    }
    show_status("end", wait_for(pid));
  }
  give_up(NOBODY, NOBODY, NOBODY);
  work("the first process");
  MUST(unlink(path));
  return 0;
}
