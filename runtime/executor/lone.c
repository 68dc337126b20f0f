/*
 * Answers to requests where there is no translator yet. One process of one program runs so: what it maps is compared with
 * what the translations were made from. Everything else starts the translator (runtime/late.ts), which is told what was
 * answered here, and goes on with the same code in the same place.
 */
#define _GNU_SOURCE
#include "executor.h"
#include "guest_memory.h"
#include "lone.h"
#include "syscall.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_GROUPS = 4096, READY_WORDS = 5, OBJECT_SPACE = 2 };

/* What the process runs from: NULL in a program that execve has begun. */
static const ferry_kept *kept;
/* Groups whose translations can be reached. */
static bool entered[MOST_GROUPS];
static bool program_answered;
static bool ready_answered;
static uint64_t ready[READY_WORDS];
/* Held by a thread that posts while there is no translator. */
static struct lock lone_lock;
/* Where messages go, while the guest has not put something else there. */
static struct stat messages;
/* EXIT was posted. */
static volatile bool exiting;

bool lone_start(const ferry_kept *from) {
  if (from->groups > MOST_GROUPS || !places_start(kept_places(from), from->places)) return false;
  kept = from;
  kept_copy_code(from);
  /* Most of it is not needed again: the first page is, and may have been written to. */
  if (from->size > GUEST_PAGE) madvise((char *)from + GUEST_PAGE, from->size - GUEST_PAGE, MADV_DONTNEED);
  fstat(STDERR_FILENO, &messages);
  return true;
}

void lone_print(const char *text) {
  struct stat now;
  if (!control->led || !*text || fstat(STDERR_FILENO, &now)) return;
  if (messages.st_ino && (now.st_dev != messages.st_dev || now.st_ino != messages.st_ino)) return;
  /* The end of what reads it is no end for the guest. */
  static const struct timespec now_or_never;
  sigset_t pipe, before, pending;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  sigpending(&pending);
  pthread_sigmask(SIG_BLOCK, &pipe, &before);
  dprintf(STDERR_FILENO, "%s\n", text);
  if (!sigismember(&pending, SIGPIPE)) sigtimedwait(&pipe, NULL, &now_or_never);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* ---- answers ---- */

bool lone_is_program(const struct file_identity *file) {
  return kept && file->device == kept->device && file->inode == kept->inode && file->changed == kept->changed;
}

/* Whether the first program is asked for, as it was kept. */
static bool is_asked_first(void) {
  struct stat status;
  if (program_answered || stat((const char *)thread.mailbox->text, &status)) return false;
  struct file_identity file = {status.st_dev, status.st_ino, space_changed(&status)};
  return lone_is_program(&file);
}

static bool same_file(const ferry_kept_group *group, const uint64_t *args) {
  return group->device == args[2] && group->inode == args[3] && group->changed == args[4] &&
         group->distance == args[5] - args[0];
}

/* args: those of REQUEST_MAPPED. */
static void answer_mapped(const uint64_t *args) {
  uint64_t start = args[0], end = start + args[1];
  const ferry_kept_group *groups = kept_groups(kept);
  for (uint64_t i = 0; i < kept->groups; i++)
    if (entered[i] && groups[i].start < end && groups[i].end > start && !same_file(&groups[i], args)) {
      kept_leave(kept, &groups[i]);
      entered[i] = false;
      /* Frames of the host call stacks may lead there. */
      space_generation++;
    }
  for (uint64_t i = 0; i < kept->groups; i++) {
    bool here = groups[i].start >= start && groups[i].end <= end && same_file(&groups[i], args);
    if (entered[i] || !here) continue;
    kept_enter(kept, &groups[i]);
    entered[i] = true;
  }
}

/* Nothing to do where nothing was translated. */
static bool answer_invalidate(uint64_t start, uint64_t end) {
  for (uint64_t i = 0; i < kept->groups; i++)
    if (entered[i] && kept_covers(kept, &kept_groups(kept)[i], start, end)) return false;
  return true;
}

static bool answer(uint32_t kind, const uint64_t *args, uint64_t *results) {
  if (kind == REQUEST_EXIT) return true;
  if (kind == REQUEST_PROGRAM && is_asked_first()) {
    const ferry_kept_bridge *bridge = kept_bridge(kept);
    if (bridge) {
      if (!kept_bridge_object(kept, (const char *)thread.mailbox->text, OBJECT_SPACE)) return false;
      results[1] = OBJECT_SPACE;
      results[2] = bridge->references;
      results[4] = bridge->object_length;
    }
    program_answered = true;
    results[6] = 1;
    return true;
  }
  if (!program_answered) return false;
  switch (kind) {
  case REQUEST_PLACE: {
    struct file_identity file = {args[0], args[1], args[2]};
    results[0] = places_find(&file, args[3]);
    return true;
  }
  case REQUEST_MAPPED: answer_mapped(args); return true;
  case REQUEST_INVALIDATE: return answer_invalidate(args[0], args[0] + args[1]);
  case REQUEST_READY:
    if (kept_bridge(kept) && !kept_bridge_install(kept, args[2], args[3], args[4])) return false;
    ready_answered = true;
    memcpy(ready, args, sizeof ready);
    return true;
  case REQUEST_RESOLVE: {
    uint32_t offset = args[0] < FERRY_GUEST_END ? ((const uint32_t *)FERRY_DISPATCH)[args[0] / 2] : 0;
    results[0] = FERRY_CODE_CACHE + offset;
    return offset != 0;
  }
  default: return false;
  }
}

/* ---- the translator ---- */

static struct {
  char script[4200];
  int memory, kept; /* descriptors */
  volatile int pid; /* of the translator, negative when there is none */
} start;
/* The translator's parent. */
static int monitor_pid;

/* In the translator to be: descriptors 3 the shared memory, 4 what the program runs from. */
static _Noreturn void become_translator(void) {
  struct rlimit limit;
  struct sigaction standard = {.sa_handler = SIG_DFL};
  setsid();
  if (chdir("/")) {}
  for (int number = 1; number <= 64; number++) sigaction(number, &standard, NULL);
  for (int resource = 0; resource < RLIM_NLIMITS; resource++)
    if (getrlimit(resource, &limit) == 0 && limit.rlim_cur != limit.rlim_max) {
      limit.rlim_cur = limit.rlim_max;
      setrlimit(resource, &limit);
    }
  int null = fcntl(open("/dev/null", O_RDWR), F_DUPFD, 10);
  int memory = fcntl(start.memory, F_DUPFD, 10), from = start.kept < 0 ? -1 : fcntl(start.kept, F_DUPFD, 10);
  if (dup2(memory, 3) < 0) _exit(127);
  if (from < 0 || dup2(from, 4) < 0) close(4);
  for (int fd = 0; fd < 3; fd++) dup2(null, fd);
  close_range(5, ~0U, 0);
  uint64_t none = 0;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, sizeof none);
  char *arguments[] = {(char *)control->node, start.script, NULL}, *environment[] = {NULL};
  execve((const char *)control->node, arguments, environment);
  _exit(127);
}

/*
 * The translator's parent: a process in the same memory that executes nothing else, so that no wait of the guest sees it, and
 * its end, which follows the translator's, is told by WORLD_SIGNAL. It has nothing of the guest's, not even errno.
 */
static int monitor(void *argument) {
  (void)argument;
  int pid = vfork();
  if (pid == 0) become_translator();
  close_range(0, ~0U, 0);
  if (chdir("/")) {}
  __atomic_store_n(&start.pid, pid, __ATOMIC_RELEASE);
  while (kernel_call(SYS_wait4, (uint64_t)pid, 0, 0, 0, 0, 0) == -EINTR) {}
  kernel_call(SYS_exit_group, 0, 0, 0, 0, 0, 0);
  __builtin_unreachable();
}

/* A copy of what was kept, which no other run replaces. */
static int copy_kept(void) {
  int fd = kept ? memfd_create("ferry-kept", MFD_CLOEXEC) : -1;
  if (fd >= 0) fchmod(fd, 0600);
  for (uint64_t done = 0; fd >= 0 && done < kept->size;) {
    ssize_t n = write(fd, (const char *)kept + done, kept->size - done);
    if (n > 0) {
      done += (uint64_t)n;
      continue;
    }
    close(fd);
    fd = -1;
  }
  return fd;
}

static _Noreturn void not_started(void) {
  lone_print("ferry: the translator can not be started; look at `ferry doctor`");
  _exit(125);
}

static void spawn(void) {
  static _Alignas(16) char stack[32 << 10];
  snprintf(start.script, sizeof start.script, "%s", executor_path);
  char *folder = strstr(start.script, "/dist/executor");
  if (!folder) not_started();
  strcpy(folder, "/bin/late.cjs");
  start.memory = memory_descriptor();
  start.kept = copy_kept();
  start.pid = 0;
  uint64_t all = UINT64_MAX, before;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &before, sizeof all);
  monitor_pid = clone(monitor, stack + sizeof stack, CLONE_VM | WORLD_SIGNAL, NULL);
  if (monitor_pid < 0) not_started();
  while (__atomic_load_n(&start.pid, __ATOMIC_ACQUIRE) == 0) sched_yield();
  if (start.pid < 0) not_started();
  control->translator_pid = (uint32_t)start.pid;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &before, NULL, sizeof before);
  if (start.kept >= 0) close(start.kept);
}

static void await_service(void) {
  static const struct timespec patience = {1, 0};
  while (__atomic_load_n(&control->alone, __ATOMIC_ACQUIRE) == ALONE_STARTING)
    if (syscall(SYS_futex, &control->alone, FUTEX_WAIT, ALONE_STARTING, &patience, NULL, 0) && errno == ETIMEDOUT &&
        translator_gone())
      not_started();
}

/* What the translator would have been asked. */
static void tell(void) {
  ferry_mailbox *mailbox = thread.mailbox;
  snprintf((char *)mailbox->text, sizeof mailbox->text, "%s", guest_path);
  if (POST(REQUEST_PROGRAM, (uint64_t)getpid())) executor_fail("%s", (const char *)mailbox->text);
  program_image = mailbox->results[3];
  space_enter();
  places_tell();
  guest_map_announce();
  if (ready_answered && post(REQUEST_READY, READY_WORDS, ready)) executor_fail("%s", (const char *)mailbox->text);
}

static void begin(void) {
  if (control->alone != ALONE_YES) return;
  __atomic_store_n(&control->alone, ALONE_STARTING, __ATOMIC_SEQ_CST);
  spawn();
}

static void start_translator(void) {
  char text[sizeof thread.mailbox->text];
  memcpy(text, thread.mailbox->text, sizeof text);
  begin();
  int dumpable = begin_access();
  await_service();
  if (program_answered) tell();
  end_access(dumpable);
  memcpy(thread.mailbox->text, text, sizeof text);
  __atomic_store_n(&control->alone, ALONE_SERVED, __ATOMIC_SEQ_CST);
}

/* ---- */

bool lone_answers(uint32_t kind, unsigned count, const uint64_t *args) {
  uint64_t words[8] = {0};
  memcpy(words, args, count * sizeof *args);
  /* The starter asks while it holds the lock. */
  static _Thread_local bool starting;
  if (starting) return false;
  lock_take(&lone_lock);
  bool answered = false;
  if (__atomic_load_n(&control->alone, __ATOMIC_ACQUIRE)) {
    memset(thread.mailbox->results, 0, sizeof thread.mailbox->results);
    answered = answer(kind, words, thread.mailbox->results);
    if (!answered) {
      starting = true;
      start_translator();
      starting = false;
    }
  }
  lock_release(&lone_lock);
  return answered;
}

void lone_begin(void) {
  lock_take(&lone_lock);
  begin();
  lock_release(&lone_lock);
}

void lone_end(void) {
  static const uint64_t nothing;
  /* Nobody answers this one but a translator. */
  if (control->alone) lone_answers(REQUEST_FORK, 0, &nothing);
}

/* ---- ends ---- */

void lone_exit(int status) {
  /* Before the answer: behind the last one the translator ends, at once. Its end before that is noticed in the wait for it. */
  exiting = true;
  bool last = POST(REQUEST_EXIT, (uint64_t)status & 0xff);
  if (!last) return;
  siginfo_t info;
  waitid(P_PID, (id_t)monitor_pid, &info, WEXITED | __WCLONE);
}

bool lone_translator_ended(const void *siginfo) {
  const siginfo_t *info = siginfo;
  bool of_child = info->si_code == CLD_EXITED || info->si_code == CLD_KILLED || info->si_code == CLD_DUMPED;
  if (!control->led || !of_child) return false;
  if (!exiting && translator_gone()) translator_lost();
  return true;
}
