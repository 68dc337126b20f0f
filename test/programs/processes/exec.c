/*
 * execve: of this program again, of one that is linked otherwise (first argument), of a host program, of scripts; what a
 * new program gets and keeps; and what happens when it can not be started.
 */
#include "../probe.h"
#include <linux/limits.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>

extern char **environ;
static const char *self, *other;
static char self_path[4096];

/* The new program tells what it was given. */
static int show(int argc, char **argv) {
  printf("  argc %d:", argc);
  for (int i = 1; i < argc; i++) printf(" [%.20s]", argv[i]);
  printf("\n  environment:");
  for (char **word = environ; *word; word++)
    if (strncmp(*word, "SELF=", 5) && strncmp(*word, "PATH=", 5)) printf(" [%.30s]", *word);
  sigset_t mask, pending;
  sigprocmask(SIG_BLOCK, NULL, &mask);
  sigpending(&pending);
  printf("\n  descriptors:");
  for (int fd = 3; fd < 64; fd++)
    if (fcntl(fd, F_GETFD) != -1) printf(" %d", fd);
  struct sigaction usr1, usr2;
  sigaction(SIGUSR1, NULL, &usr1);
  sigaction(SIGUSR2, NULL, &usr2);
  stack_t stack;
  sigaltstack(NULL, &stack);
  struct itimerval timer;
  getitimer(ITIMER_REAL, &timer);
  printf("\n  blocked TERM %d HUP %d, pending TERM %d, USR1 %s, USR2 %s, alternate stack %d, timer %d\n", sigismember(&mask, SIGTERM),
         sigismember(&mask, SIGHUP), sigismember(&pending, SIGTERM), usr1.sa_handler == SIG_IGN ? "ignored" : "default",
         usr2.sa_handler == SIG_IGN ? "ignored" : usr2.sa_handler == SIG_DFL ? "default" : "handled", stack.ss_flags, timer.it_value.tv_sec > 0);
  char name[17] = "", link[4096] = "";
  prctl(PR_GET_NAME, name);
  ssize_t length = readlink("/proc/self/exe", link, sizeof link - 1);
  const char *told = getenv("SELF");
  printf("  name %s, exe %s\n", strchr(name, '.') ? "of the program" : name, !told ? "not told" : length > 0 && !strcmp(link, told) ? "right" : "wrong");
  return 7;
}

static void run(const char *what, void (*start)(void)) {
  printf("%s\n", what);
  pid_t pid = MUST(fork());
  if (pid == 0) {
    start();
    printf("  failed: %s\n", strerrorname_np(errno));
    _exit(100);
  }
  show_status("  end", wait_for(pid));
}
#define RUN(name) run(#name, name)
static char *const words[] = {"program", "show", "one", "two words", "", NULL};
static char *tell_self(const char *path) {
  static char text[4200];
  snprintf(text, sizeof text, "SELF=%s", path);
  return text;
}

static void same_program(void) { execve(self, words, (char *[]){tell_self(self), "A=1", "B=two", "EMPTY=", NULL}); }
static void other_program(void) { execve(other, words, (char *[]){tell_self(other), "A=1", NULL}); }
static void through_proc(void) { execve("/proc/self/exe", words, (char *[]){tell_self(self), NULL}); }
static void empty_environment(void) { execve(self, words, (char *[]){NULL}); }
static void no_environment(void) { execve(self, words, NULL); }
static void empty_arguments(void) { execve(self, (char *[]){NULL}, (char *[]){"ONLY=show", NULL}); }
static void host_program(void) { execl("/bin/echo", "echo", "a host program", NULL); }
static void host_false(void) { execl("/bin/false", "false", NULL); }
static void host_shell(void) { execl("/bin/sh", "sh", "-c", "echo shell $0 $A; exit 9", "zero", NULL); }
static void script(void) { execve("./script", (char *[]){"name", "x", "y z", NULL}, (char *[]){tell_self(self), NULL}); }
static void script_with_argument(void) { execve("./script-argument", (char *[]){"name", "x", NULL}, (char *[]){tell_self(self), NULL}); }
static void nested_script(void) { execve("./nested", (char *[]){"name", "x", NULL}, (char *[]){tell_self(self), NULL}); }
static void host_script(void) { execve("./host-script", (char *[]){"name", "x", NULL}, environ); }
static void missing_interpreter(void) { execve("./bad-script", words, environ); }
static void relative(void) { execve("./link", words, (char *[]){tell_self(self), NULL}); }
static void by_path(void) {
  char directory[4096];
  getcwd(directory, sizeof directory);
  clearenv();
  setenv("PATH", directory, 1);
  execlp("link", "link", "show", "by", "PATH", NULL);
}
static void by_descriptor(void) {
  int fd = open(self, O_RDONLY | O_CLOEXEC);
  fexecve(fd, words, (char *[]){tell_self(self), NULL});
}
static void at_directory(void) {
  int fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  syscall(SYS_execveat, fd, "link", words, (char *[]){tell_self(self), NULL}, 0);
}
static void at_empty_path(void) {
  int fd = open(other, O_RDONLY | O_CLOEXEC);
  syscall(SYS_execveat, fd, "", words, (char *[]){tell_self(other), NULL}, AT_EMPTY_PATH);
}
static void state_is_kept(void) {
  signal(SIGUSR1, SIG_IGN);
  handle_signal(SIGUSR2, (void (*)(int, siginfo_t *, void *))exit, 0);
  block_signal(SIGTERM);
  raise(SIGTERM);
  static char stack[32768];
  sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof stack}, NULL);
  setitimer(ITIMER_REAL, &(struct itimerval){{0, 0}, {100, 0}}, NULL);
  dup2(1, 9);
  dup3(1, 10, O_CLOEXEC);
  fcntl(9, F_DUPFD_CLOEXEC, 20);
  fcntl(9, F_DUPFD, 30);
  same_program();
}
static void many_arguments(void) {
  static char *list[5002];
  for (int i = 0; i < 5000; i++) list[i] = "0123456789012345678901234567890123456789";
  list[0] = "program", list[1] = "count";
  execve(self, list, (char *[]){NULL});
}
static void long_argument(void) {
  static char text[131072];
  memset(text, 'x', 131071);
  execve(self, (char *[]){"program", "count", text, NULL}, (char *[]){NULL});
}
static void too_long_argument(void) {
  static char text[131073];
  memset(text, 'x', 131072);
  execve(self, (char *[]){"program", "count", text, NULL}, (char *[]){NULL});
}
static void too_many_arguments(void) {
  static char *list[300001];
  for (int i = 0; i < 300000; i++) list[i] = "0123456789012345678901234567890123456789";
  execve(self, list, (char *[]){NULL});
}
static void chain(void) { execve(self, (char *[]){"program", "chain", "20", NULL}, (char *[]){tell_self(other), NULL}); }

static void make(const char *name, const char *text, int mode) {
  int fd = MUST(open(name, O_CREAT | O_WRONLY | O_TRUNC, 0700));
  MUST(write(fd, text, strlen(text)));
  MUST(fchmod(fd, (mode_t)mode));
  close(fd);
}
static void make_script(const char *name, const char *format, const char *path) {
  char text[5000];
  snprintf(text, sizeof text, format, path);
  make(name, text, 0755);
}
#define SHOW_EXEC(path) (printf("%s: ", #path), execve(path, words, environ), printf("%s\n", strerrorname_np(errno)))

int main(int argc, char **argv) {
  if (argc == 0 || (argc == 1 && getenv("ONLY"))) return printf("  argc %d, argv[0] [%s]\n", argc, argv[0] ? argv[0] : "null"), 8;
  if (!strcmp(argv[1], "show")) return show(argc, argv);
  if (argc > 2 && !strcmp(argv[2], "show")) return show(argc, argv);
  for (int i = 1; i < argc && i < 4; i++)
    if (strstr(argv[i], "script") || strstr(argv[i], "nested")) return show(argc, argv);
  if (!strcmp(argv[1], "count")) {
    size_t length = 0;
    for (int i = 0; i < argc; i++) length += strlen(argv[i]);
    printf("  argc %d, bytes %zu\n", argc, length);
    return 6;
  }
  if (!strcmp(argv[1], "chain")) {
    int left = atoi(argv[2]);
    if (left == 0) return printf("  end of the chain\n"), 5;
    char text[16], path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    path[length] = 0;
    snprintf(text, sizeof text, "%d", left - 1);
    /* This one and the other take turns. */
    execve(getenv("SELF"), (char *[]){"program", "chain", text, NULL}, (char *[]){tell_self(path), NULL});
    return 50;
  }
  other = argv[1];
  ssize_t length = MUST(readlink("/proc/self/exe", self_path, sizeof self_path - 1));
  self_path[length] = 0;
  self = self_path;
  setrlimit(RLIMIT_STACK, &(struct rlimit){8 << 20, 8 << 20});

  enter_scratch();
  MUST(symlink(self, "link"));
  make_script("script", "#!%s\n", self);
  make_script("script-argument", "#! %s  an argument \n", self);
  make("nested", "#!./script nested\n", 0755);
  make("host-script", "#!/bin/sh -e\necho script $0 $1\nexit 3\n", 0755);
  make("bad-script", "#!/no/such/interpreter -x\n", 0755);
  make("text", "just text\n", 0755);
  make("empty", "", 0755);
  make("not-executable", "#!/bin/sh\n", 0644);
  make("bad-elf", "\177ELF\2\1\1", 0755);
  MUST(symlink("loop", "loop"));
  MUST(mkdir("directory", 0755));

  RUN(same_program);
  RUN(other_program);
  RUN(through_proc);
  RUN(empty_environment);
  RUN(no_environment);
  RUN(empty_arguments);
  RUN(host_program);
  RUN(host_false);
  RUN(host_shell);
  RUN(script);
  RUN(script_with_argument);
  RUN(nested_script);
  RUN(host_script);
  RUN(missing_interpreter);
  RUN(relative);
  RUN(by_path);
  RUN(by_descriptor);
  RUN(at_directory);
  RUN(at_empty_path);
  RUN(state_is_kept);
  RUN(many_arguments);
  RUN(long_argument);
  RUN(too_long_argument);
  RUN(too_many_arguments);
  RUN(chain);

  SHOW_EXEC("./missing");
  SHOW_EXEC("");
  SHOW_EXEC("./not-executable");
  SHOW_EXEC("./directory");
  SHOW_EXEC("./text");
  SHOW_EXEC("./empty");
  SHOW_EXEC("./bad-elf");
  SHOW_EXEC("./loop");
  SHOW_EXEC("./text/below");
  SHOW_EXEC("./bad-script");
  printf("bad pointer: "), execve((char *)8, words, environ), printf("%s\n", strerrorname_np(errno));
  printf("bad list: "), execve(self, (char **)8, environ), printf("%s\n", strerrorname_np(errno));
  char path[5000];
  memset(path, 'a', sizeof path);
  path[4999] = 0;
  SHOW_EXEC(path);
  path[300] = 0;
  SHOW_EXEC(path);
  SHOW(syscall(SYS_execveat, -1, "link", words, environ, 0));
  SHOW(syscall(SYS_execveat, AT_FDCWD, "link", words, environ, AT_SYMLINK_NOFOLLOW));
  printf("still here\n");

  const char *names[] = {"link", "script", "script-argument", "nested", "host-script", "bad-script", "text", "empty", "not-executable", "bad-elf", "loop"};
  for (unsigned i = 0; i < sizeof names / sizeof *names; i++) unlink(names[i]);
  rmdir("directory");
  leave_scratch();
}
