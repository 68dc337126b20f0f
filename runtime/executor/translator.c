/*
 * The translator's death, which ends the tree: the terminal is put right, one process says what happened, and what runs
 * below without ferry ends too. And what lets the translator see the memory of this process.
 */
#define _GNU_SOURCE
#include "executor.h"
#include "settings.h"
#include <cpuid.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Its children are told a moment before it is a zombie. */
enum { PF_EXITING = 4 };

uint64_t cpu_features(void) {
  uint32_t first[4] = {0}, seventh[4] = {0};
  __get_cpuid(1, &first[0], &first[1], &first[2], &first[3]);
  __get_cpuid_count(7, 0, &seventh[0], &seventh[1], &seventh[2], &seventh[3]);
  /* Bits of leaf 1 ECX that the system turns on and off: OSXSAVE. */
  return (uint64_t)seventh[1] << 32 | (first[2] & ~(UINT32_C(1) << 27));
}

bool translator_gone(void) {
  char path[32], text[512], state = 0;
  unsigned flags = 0;
  snprintf(path, sizeof path, "/proc/%u/stat", control->translator_pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return kill((pid_t)control->translator_pid, 0) && errno == ESRCH;
  ssize_t n = read(fd, text, sizeof text - 1);
  close(fd);
  text[n > 0 ? n : 0] = 0;
  const char *name_end = strrchr(text, ')');
  if (name_end) sscanf(name_end + 1, " %c %*d %*d %*d %*d %*d %u", &state, &flags);
  return n <= 0 || state == 'Z' || state == 'X' || flags & PF_EXITING;
}

/* The shell that waited for ferry may have the terminal already. */
static void restore_terminal(void) {
  int fd = control->terminal_kept ? open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC) : -1;
  pid_t group;
  if (fd < 0) return;
  if (ioctl(fd, TIOCGPGRP, &group) == 0 && (uint32_t)group != control->shell) ioctl(fd, TCSETS, control->terminal);
  close(fd);
}

/* Whether a process is an executor of this tree or another: those look after themselves. */
static bool is_executor(const char *process) {
  char path[64];
  struct stat own, other;
  snprintf(path, sizeof path, "/proc/%s/exe", process);
  return stat("/proc/self/exe", &own) == 0 && stat(path, &other) == 0 && own.st_dev == other.st_dev &&
         own.st_ino == other.st_ino;
}

static void end_children(char *list) {
  char *rest;
  for (char *child = strtok_r(list, " ", &rest); child; child = strtok_r(NULL, " ", &rest)) {
    if (is_executor(child)) continue;
    kill(atoi(child), SIGSTOP);
    end_host_programs(child);
    kill(atoi(child), SIGKILL);
  }
}

/* The kernel's linux_dirent64. */
struct entry {
  uint64_t inode, offset;
  uint16_t length;
  uint8_t type;
  char name[];
};

/* Host programs that the guest started, and what they started. May run in a signal handler: without malloc. */
void end_host_programs(const char *process) {
  char path[64], children[4096];
  _Alignas(struct entry) char entries[4096];
  snprintf(path, sizeof path, "/proc/%s/task", process);
  int tasks = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  for (long size; tasks >= 0 && (size = syscall(SYS_getdents64, tasks, entries, sizeof entries)) > 0;)
    for (long at = 0; at < size; at += ((struct entry *)(entries + at))->length) {
      snprintf(path, sizeof path, "/proc/%s/task/%.16s/children", process, ((struct entry *)(entries + at))->name);
      int fd = open(path, O_RDONLY | O_CLOEXEC);
      ssize_t n = fd < 0 ? 0 : read(fd, children, sizeof children - 1);
      if (fd >= 0) close(fd);
      children[n > 0 ? n : 0] = 0;
      end_children(children);
    }
  if (tasks >= 0) close(tasks);
}

void translator_lost(void) {
  static const char text[] = "ferry: the translator was killed; the guest can not go on without it\n";
  /* Neither a terminal that is another group's nor a pipe that nobody reads may stop or end it. */
  uint64_t all = UINT64_MAX;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, sizeof all);
  /* One process of the tree does this. */
  if (__atomic_exchange_n(&control->reported, 1, __ATOMIC_SEQ_CST) == 0) {
    restore_terminal();
    if (write(STDERR_FILENO, text, sizeof text - 1) < 0) {}
  }
  end_host_programs("self");
  _exit(125);
}

static int first_parent;

/* A vfork child is another process in the same memory. */
static int *parent(void) { return thread.vfork_child ? &thread.vfork_parent : &first_parent; }

/* WORLD_SIGNAL comes with the end of the thread that is the parent; of one that is gone already the kernel tells nothing. */
void watch_translator(void) {
  *parent() = getppid();
  prctl(PR_SET_PDEATHSIG, WORLD_SIGNAL);
  if (control->translator_pid && translator_gone()) translator_lost();
}

/* PR_SET_PDEATHSIG of the guest: WORLD_SIGNAL has taken that signal's place. */
static void send_death_signal(int from) {
  siginfo_t info;
  if (settings.death_signal == 0) return;
  memset(&info, 0, sizeof info);
  info.si_signo = (int)settings.death_signal;
  info.si_code = SI_USER;
  info.si_pid = from;
  syscall(SYS_rt_sigqueueinfo, getpid(), info.si_signo, &info);
}

bool parent_ended(const void *siginfo) {
  const siginfo_t *info = siginfo;
  int old = *parent();
  /* The kernel tells it in the parent's name; 0: of another name space. */
  bool told = info->si_pid == old || info->si_pid == 0 || getppid() != old;
  if (info->si_code != SI_USER || !told) return false;
  watch_translator();
  send_death_signal(old);
  return true;
}

int begin_access(void) {
  /* Yama: a successor is no ancestor. */
  prctl(PR_SET_PTRACER, control->translator_pid);
  int dumpable = prctl(PR_GET_DUMPABLE);
  if (dumpable != 1) prctl(PR_SET_DUMPABLE, 1);
  return dumpable;
}

void end_access(int dumpable) {
  if (dumpable != 1) prctl(PR_SET_DUMPABLE, 0);
}
