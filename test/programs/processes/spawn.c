/* posix_spawn with all its attributes and file actions; a program that can not be started is told by its error. */
#include "../probe.h"
#include <sched.h>
#include <spawn.h>
#include <sys/stat.h>

extern char **environ;
static char self[4096];

static int child(int argc, char **argv) {
  if (!strcmp(argv[1], "status")) return atoi(argv[2]);
  if (!strcmp(argv[1], "cat")) {
    char bytes[4096];
    ssize_t length;
    while ((length = read(0, bytes, sizeof bytes)) > 0) write(1, bytes, (size_t)length);
    return 0;
  }
  if (!strcmp(argv[1], "state")) {
    sigset_t mask;
    struct sigaction usr1, usr2;
    sigprocmask(SIG_BLOCK, NULL, &mask);
    sigaction(SIGUSR1, NULL, &usr1);
    sigaction(SIGUSR2, NULL, &usr2);
    printf("  USR1 %s USR2 %s, blocked TERM %d HUP %d, group leader %d, session leader %d, policy %d\n  descriptors",
           usr1.sa_handler == SIG_IGN ? "ignored" : "default", usr2.sa_handler == SIG_IGN ? "ignored" : "default",
           sigismember(&mask, SIGTERM), sigismember(&mask, SIGHUP), getpgrp() == getpid(), getsid(0) == getpid(), sched_getscheduler(0));
    for (int fd = 0; fd < 64; fd++)
      if (fcntl(fd, F_GETFD) != -1) printf(" %d", fd);
    char directory[4096];
    getcwd(directory, sizeof directory);
    printf("\n  at %s, A=%s\n", strstr(directory, "ferry-syscalls") ? "scratch" : directory, getenv("A") ? getenv("A") : "");
    return 0;
  }
  return 99;
}

static pid_t spawn(const char *what, const char *mode, const char *argument, posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes) {
  char *words[] = {"child", (char *)mode, (char *)argument, NULL}, *variables[] = {"A=spawned", NULL};
  pid_t pid = -1;
  printf("%s\n", what);
  int error = posix_spawn(&pid, self, actions, attributes, words, variables);
  if (error) printf("  %s\n", strerrorname_np(error));
  return error ? -1 : pid;
}
static void wait_and_show(pid_t pid) {
  if (pid > 0) show_status("  end", wait_for(pid));
}

int main(int argc, char **argv) {
  if (argc > 1) return child(argc, argv);
  self[MUST(readlink("/proc/self/exe", self, sizeof self - 1))] = 0;
  enter_scratch();
  char *words[] = {"word", "hello", NULL};
  pid_t pid;

  wait_and_show(spawn("plain", "status", "12", NULL, NULL));
  wait_and_show(spawn("state", "state", "", NULL, NULL));
  SHOW_ERROR(posix_spawn(&pid, "/no/such/program", NULL, NULL, words, environ));
  SHOW_ERROR(posix_spawn(&pid, "/tmp", NULL, NULL, words, environ));
  SHOW_ERROR(posix_spawnp(&pid, "no-such-program-anywhere", NULL, NULL, words, environ));
  MUST_0(posix_spawnp(&pid, "echo", NULL, NULL, words, environ));
  wait_and_show(pid);
  close(MUST(open("text", O_CREAT | O_WRONLY, 0755)));
  SHOW_ERROR(posix_spawn(&pid, "./text", NULL, NULL, words, environ));

  posix_spawnattr_t attributes;
  sigset_t set;
  posix_spawnattr_init(&attributes);
  signal(SIGUSR1, SIG_IGN);
  signal(SIGUSR2, SIG_IGN);
  block_signal(SIGTERM);
  wait_and_show(spawn("inherited", "state", "", NULL, NULL));
  set = signal_set(SIGUSR1);
  posix_spawnattr_setsigdefault(&attributes, &set);
  set = signal_set(SIGHUP);
  posix_spawnattr_setsigmask(&attributes, &set);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  wait_and_show(spawn("attributes", "state", "", NULL, &attributes));
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
  wait_and_show(spawn("session", "state", "", NULL, &attributes));
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_RESETIDS | POSIX_SPAWN_USEVFORK);
  wait_and_show(spawn("ids", "state", "", NULL, &attributes));
  struct sched_param parameters = {0};
  posix_spawnattr_setschedpolicy(&attributes, SCHED_BATCH);
  posix_spawnattr_setschedparam(&attributes, &parameters);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSCHEDULER);
  wait_and_show(spawn("scheduler", "state", "", NULL, &attributes));
  posix_spawnattr_setpgroup(&attributes, 999999);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  wait_and_show(spawn("no such group", "state", "", NULL, &attributes));

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  int ends[2];
  MUST(pipe2(ends, O_CLOEXEC));
  MUST(write(ends[1], "through a pipe\n", 15));
  posix_spawn_file_actions_adddup2(&actions, ends[0], 0);
  posix_spawn_file_actions_addopen(&actions, 1, "output", O_CREAT | O_WRONLY, 0600);
  posix_spawn_file_actions_addclose(&actions, ends[1]);
  pid = spawn("cat", "cat", "", &actions, NULL);
  close(ends[1]);
  wait_and_show(pid);
  char text[64] = "";
  int fd = open("output", O_RDONLY);
  read(fd, text, 63);
  close(fd);
  printf("  output: %s", text);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, "/");
  posix_spawn_file_actions_adddup2(&actions, 1, 40);
  posix_spawn_file_actions_addclosefrom_np(&actions, 41);
  wait_and_show(spawn("directory", "state", "", &actions, NULL));
  posix_spawn_file_actions_destroy(&actions);
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 5, "missing", O_RDONLY, 0);
  wait_and_show(spawn("a file that is missing", "status", "1", &actions, NULL));
  posix_spawn_file_actions_destroy(&actions);
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, 55, 5);
  wait_and_show(spawn("a descriptor that is missing", "status", "1", &actions, NULL));

  /* popen and system, which start the shell of the host. */
  FILE *stream = popen("echo from popen; exit 4", "r");
  fgets(text, sizeof text, stream);
  printf("%s", text);
  show_status("pclose", pclose(stream));
  show_status("system", system("exit 5"));
  printf("system without a command %d\n", system(NULL) != 0);
  long sum = 0;
  for (int i = 0; i < 40; i++) {
    snprintf(text, sizeof text, "%d", i);
    char *count[] = {"child", "status", text, NULL};
    MUST_0(posix_spawn(&pid, self, NULL, NULL, count, environ));
    sum += WEXITSTATUS(wait_for(pid));
  }
  printf("forty: %ld\n", sum);
  unlink("text"), unlink("output");
  leave_scratch();
}
