/* What a process sets of itself, and what of it children and other programs inherit. */
#include "../syscalls/show.h"
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/fsuid.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <sys/wait.h>

static void show_settings(const char *who) {
  int signal_number = -1, subreaper = -1;
  char name[16];
  prctl(PR_GET_PDEATHSIG, &signal_number);
  prctl(PR_GET_CHILD_SUBREAPER, &subreaper);
  prctl(PR_GET_NAME, name);
  printf("%s: death %d dumpable %d subreaper %d keepcaps %d nnp %d slack %d seccomp %d thp %d personality %x name %s\n", who,
         signal_number, prctl(PR_GET_DUMPABLE), subreaper, prctl(PR_GET_KEEPCAPS), prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0),
         prctl(PR_GET_TIMERSLACK), prctl(PR_GET_SECCOMP), prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0), personality(-1),
         strncmp(name, "settings", 8) ? name : "own");
  printf("%s: nice %d umask %o scheduler %d groups %d\n", who, getpriority(PRIO_PROCESS, 0), umask(022),
         sched_getscheduler(0), getgroups(0, NULL) >= 0);
  fflush(stdout);
}

static int wait_for(pid_t child) {
  int status = -1;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static void inherited(char *self) {
  show_settings("before");
  SHOW(prctl(PR_SET_PDEATHSIG, SIGUSR2));
  SHOW(prctl(PR_SET_PDEATHSIG, 65));
  SHOW(prctl(PR_SET_DUMPABLE, 0));
  SHOW(prctl(PR_SET_CHILD_SUBREAPER, 1));
  SHOW(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
  SHOW(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0));
  SHOW(prctl(PR_SET_TIMERSLACK, 12345));
  SHOW(prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0));
  SHOW(prctl(PR_SET_NAME, "a name that is too long"));
  SHOW(prctl(PR_SET_SECCOMP, 9, 0));
  SHOW(prctl(99999));
  SHOW(personality(ADDR_NO_RANDOMIZE));
  SHOW(setpriority(PRIO_PROCESS, 0, 5));
  SHOW(sched_setscheduler(0, SCHED_BATCH, &(struct sched_param){0}));
  umask(077);
  show_settings("set");
  pid_t child = fork();
  if (child == 0) {
    show_settings("child");
    prctl(PR_SET_PDEATHSIG, SIGHUP);
    execl(self, self, "show", NULL);
    _exit(99);
  }
  SHOW(wait_for(child));
  child = vfork();
  if (child == 0) {
    personality(PER_LINUX | ADDR_NO_RANDOMIZE);
    execl(self, self, "show", NULL);
    _exit(99);
  }
  SHOW(wait_for(child));
  show_settings("after");
  personality(0);
}

/* ---- the parent's end ---- */

static int ends[2];
static volatile sig_atomic_t caught;
static void handler(int number) { caught = number; }

/* A process whose parent, or the thread that made it, ends meanwhile. */
static void orphan(void) {
  pid_t parent = getppid();
  signal(SIGUSR1, handler);
  prctl(PR_SET_PDEATHSIG, SIGUSR1);
  write(ends[1], "+", 1);
  for (int i = 0; i < 500 && !caught; i++) usleep(10000);
  char text[64];
  write(ends[1], text, (size_t)snprintf(text, sizeof text, "caught %d, parent %s\n", caught, getppid() == parent ? "there" : "gone"));
  _exit(7);
}

static void *fork_orphan(void *pid) {
  *(pid_t *)pid = fork();
  if (*(pid_t *)pid == 0) orphan();
  char byte;
  read(ends[0], &byte, 1);
  return NULL;
}

static void show_line(void) {
  char line[128];
  ssize_t length = 0;
  while (length < (ssize_t)sizeof line - 1 && read(ends[0], line + length, 1) == 1 && line[length++] != '\n') continue;
  line[length] = 0;
  printf("%s", line);
  fflush(stdout);
}

static void *fork_quiet(void *pid) {
  *(pid_t *)pid = fork();
  if (*(pid_t *)pid == 0) {
    usleep(100000);
    _exit(4);
  }
  return NULL;
}

static void parents_end(void) {
  pid_t child;
  pthread_t thread;
  pipe(ends);
  pthread_create(&thread, NULL, fork_quiet, &child);
  pthread_join(thread, NULL);
  SHOW(wait_for(child));
  pthread_create(&thread, NULL, fork_orphan, &child);
  pthread_join(thread, NULL);
  show_line();
  SHOW(wait_for(child));
  pid_t middle = fork();
  if (middle == 0) {
    fork_orphan(&child);
    _exit(3);
  }
  SHOW(wait_for(middle));
  show_line();
  /* Its reaper is this process. */
  SHOW(wait_for(-1));
}

/* ---- the machine ---- */

static void names(void) {
  struct utsname normal, other;
  uname(&normal);
  personality(PER_LINUX32);
  uname(&other);
  personality(PER_LINUX);
  HOLDS(strcmp(normal.machine, other.machine) != 0 && strcmp(normal.release, other.release) == 0);
  pid_t child = fork();
  if (child == 0) {
    if (unshare(CLONE_NEWUTS) == 0) {
      sethostname("ferry", 5);
      setdomainname("example", 7);
      uname(&other);
      printf("%s %s\n", other.nodename, other.domainname);
    } else {
      printf("ferry example\n");
    }
    fflush(stdout);
    _exit(0);
  }
  SHOW(wait_for(child));
  uname(&other);
  HOLDS(strcmp(normal.nodename, other.nodename) == 0);
}

static void identities(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2] = {{0}};
  SHOW(syscall(SYS_capget, &header, data));
  HOLDS((data[0].effective & ~data[0].permitted) == 0);
  header.version = 1;
  SHOW(syscall(SYS_capget, &header, data));
  printf("%x\n", header.version);
  pid_t child = fork();
  if (child == 0) {
    memset(data, 0, sizeof data);
    header.version = _LINUX_CAPABILITY_VERSION_3;
    SHOW(syscall(SYS_capset, &header, data));
    SHOW(syscall(SYS_capget, &header, data));
    printf("%x %x\n", data[0].effective, data[0].permitted);
    /* Without any capability it can still make processes. */
    fflush(stdout);
    pid_t grandchild = fork();
    if (grandchild == 0) _exit(6);
    SHOW(wait_for(grandchild));
    SHOW(system("exit 8") >> 8);
    fflush(stdout);
    _exit(0);
  }
  SHOW(wait_for(child));
  uid_t real, effective, saved;
  getresuid(&real, &effective, &saved);
  HOLDS(real == getuid() && effective == geteuid() && setfsuid(effective) == (int)effective);
  SHOW(setresuid(-1, -1, -1));
  SHOW(setregid(-1, -1));
  HOLDS(getpgid(0) == getpgrp() && getsid(0) == getsid(getpid()));
}

int main(int argc, char **argv) {
  alarm(60);
  if (argc > 1) {
    show_settings("program");
    return 7;
  }
  names();
  identities();
  inherited(argv[0]);
  parents_end();
  return 0;
}
