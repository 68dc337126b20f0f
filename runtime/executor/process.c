/*
 * New processes and new programs. A forked executor takes a slot of its own, which it maps over its parent's so that every
 * pointer to the CPU state stays right. A vfork child runs in its parent's memory on another host call stack, and the
 * parent puts back afterwards what it changed of the executor. execve starts the executor anew when the program is for RISC-V,
 * and is the kernel's work otherwise.
 */
#define _GNU_SOURCE
#include "syscall.h"
#include <elf.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

char executor_path[4096];
uint64_t program_image;

/* ---- the translator's death ---- */

bool translator_gone(void) {
  char path[32], text[512], state = 0;
  snprintf(path, sizeof path, "/proc/%u/stat", control->translator_pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return kernel_call(SYS_kill, control->translator_pid, 0, 0, 0, 0, 0) == -ESRCH;
  ssize_t n = read(fd, text, sizeof text - 1);
  close(fd);
  text[n > 0 ? n : 0] = 0;
  const char *name_end = strrchr(text, ')');
  if (name_end) state = name_end[1] ? name_end[2] : 0;
  return n <= 0 || state == 'Z' || state == 'X';
}

void translator_lost(void) {
  static const char text[] = "ferry: the translator was killed; the guest can not go on without it\n";
  /* One process of the tree says it. */
  if (__atomic_exchange_n(&control->reported, 1, __ATOMIC_SEQ_CST) == 0 &&
      write(STDERR_FILENO, text, sizeof text - 1) < 0) {}
  _exit(125);
}

static pid_t parent;

/* WORLD_SIGNAL comes with the parent's end; of one that is gone already the kernel tells nothing. */
void watch_translator(void) {
  parent = getppid();
  prctl(PR_SET_PDEATHSIG, WORLD_SIGNAL);
  if (translator_gone()) translator_lost();
}

bool parent_ended(void) {
  if (getppid() == parent) return false;
  watch_translator();
  return true;
}

/* ---- fork ---- */

/* Maps the slot over the one that the parent uses. */
static void take_over(int slot) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%u/fd/%u", control->translator_pid, control->control_fd);
  int fd = open(path, O_RDWR | O_CLOEXEC);
  uint64_t offset = (uint64_t)((char *)slot_state(slot) - (char *)control);
  void *place = fd < 0 ? MAP_FAILED : mmap(thread.state, FERRY_THREAD_SIZE, PROT_READ | PROT_WRITE,
                                           MAP_SHARED | MAP_FIXED, fd, (off_t)offset);
  if (place == MAP_FAILED) _exit(125);
  close(fd);
  thread.mailbox->turn = 0;
  thread.mailbox->owner = thread.mailbox->process = (uint32_t)getpid();
}

static void start_child(int slot, uint32_t parent) {
  threads_after_fork();
  world_after_fork();
  take_over(slot);
  watch_translator();
  signal_after_fork();
  uint64_t generation = space_generation;
  POST(REQUEST_FORK, parent, program_image);
  program_image = thread.mailbox->results[3];
  space_moved(generation);
}

/* libc's fork makes its own locks usable in the child; clone with other flags has to do without. */
static int64_t fork_host(uint64_t flags) {
  if ((flags & ~(uint64_t)(CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | CLONE_PARENT_SETTID)) == SIGCHLD) {
    pid_t pid = fork();
    return pid < 0 ? -errno : pid;
  }
  return kernel_call(SYS_clone, flags & ~(uint64_t)(CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | CLONE_PARENT_SETTID), 0,
                     0, 0, 0, 0);
}

static int64_t fork_guest(ferry_state *state, uint64_t flags, uint64_t stack, uint64_t parent_tid, uint64_t tls,
                          uint64_t child_tid) {
  uint32_t parent = (uint32_t)getpid();
  int slot = slot_take();
  if (slot < 0) return -EAGAIN;
  /* Before the fork, because the parent goes on in its slot, which the child sees. */
  memcpy(slot_state(slot), state, sizeof *state);
  slot_state(slot)->thread = (uint32_t)slot;
  /* No signal is handled by the child before it has its own slot. */
  uint64_t all = UINT64_MAX, mask;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &mask, sizeof all);
  guest_map_lock(true);
  lock_threads(true);
  int64_t pid = fork_host(flags & ~(uint64_t)(CLONE_VM | CLONE_VFORK | CLONE_SETTLS));
  lock_threads(false);
  guest_map_lock(false);
  if (pid == 0) {
    start_child(slot, parent);
    int tid = gettid();
    if (flags & CLONE_CHILD_SETTID) guest_write(child_tid, &tid, sizeof tid);
    if (flags & CLONE_CHILD_CLEARTID) thread.clear_tid = child_tid;
    if (stack) state->x[2] = stack;
    if (flags & CLONE_SETTLS) state->x[4] = tls;
  } else if (pid < 0) {
    __atomic_store_n(&((ferry_mailbox *)((char *)slot_state(slot) + FERRY_MAILBOX))->owner, 0, __ATOMIC_RELEASE);
  } else if (flags & CLONE_PARENT_SETTID) {
    int tid = (int)pid;
    guest_write(parent_tid, &tid, sizeof tid);
  }
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, sizeof mask);
  return pid;
}

/* ---- vfork ---- */

/* Arguments of execve that did not fit on the call stack: the parent of a vfork child gives them back. */
static _Thread_local struct {
  void *start;
  size_t size;
} exec_arguments;

static void give_back_arguments(void) {
  if (exec_arguments.start) munmap(exec_arguments.start, exec_arguments.size);
  exec_arguments.start = NULL;
}

struct vfork {
  uint64_t mask;
  ferry_state *state;
};

static int vfork_child(void *argument) {
  struct vfork *vfork = argument;
  thread.vfork_child = true;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &vfork->mask, NULL, sizeof vfork->mask);
  leave(vfork->state);
  restart_guest(vfork->state);
}

static int64_t vfork_guest(ferry_state *state, uint64_t flags, uint64_t stack, uint64_t tls) {
  struct call_stack own = thread.stack, other = call_stack_take();
  if (other.low == 0) return -ENOMEM;
  uint64_t all = UINT64_MAX;
  struct vfork vfork = {.state = state};
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &vfork.mask, sizeof all);
  ferry_state saved_state = *state;
  struct thread saved_thread = thread;
  struct signal_actions saved_actions = signal_actions;

  /* A level of its own, as gate_enter makes it. */
  uint64_t *level = (uint64_t *)(other.end - 72);
  level[0] = FERRY_CODE_CACHE; /* nothing returns from this level */
  level[1] = FERRY_RETURN_GATE;
  level[2] = UINT64_MAX;
  level[3] = 0;
  state->level_base = (uint64_t)level;
  state->x[10] = 0;
  if (stack) state->x[2] = stack;
  if (flags & CLONE_SETTLS) state->x[4] = tls;
  thread.stack = other;
  int pid = clone(vfork_child, (void *)(other.end - 4096), CLONE_VM | CLONE_VFORK | (int)(flags & CSIGNAL), &vfork);
  int error = errno;

  *state = saved_state;
  struct thread *next = thread.next;
  uint64_t generation = thread.generation;
  thread = saved_thread;
  thread.next = next;
  thread.generation = generation == space_generation ? saved_thread.generation : generation;
  thread.stack = own;
  signal_actions = saved_actions;
  give_back_arguments();
  call_stack_give(other);
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &vfork.mask, NULL, sizeof vfork.mask);
  return pid < 0 ? -error : pid;
}

int64_t call_clone(ferry_state *state, const uint64_t *a) {
  uint64_t flags = a[0];
  const uint64_t thread_flags = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD;
  if (flags & CLONE_THREAD) {
    if ((flags & thread_flags) != thread_flags) return -EINVAL;
    return thread_clone(state, flags, a[1], a[2], a[3], a[4]);
  }
  if ((flags & (CLONE_VM | CLONE_VFORK)) == (CLONE_VM | CLONE_VFORK)) {
    int64_t pid = vfork_guest(state, flags, a[1], a[3]);
    int tid = (int)pid;
    if (pid > 0 && flags & CLONE_PARENT_SETTID) guest_write(a[2], &tid, sizeof tid);
    return pid;
  }
  return fork_guest(state, flags, a[1], a[2], a[3], a[4]);
}

int64_t call_set_tid_address(ferry_state *state, const uint64_t *a) {
  (void)state;
  thread.clear_tid = a[0];
  return gettid();
}

/* ---- execve ---- */

enum { MOST_SCRIPTS = 5, LINE = 256, EXECUTOR_WORDS = 4 };

struct program {
  char path[4096];
  char line[MOST_SCRIPTS][LINE]; /* the first lines of scripts, cut into words */
  const char *prefix[2 * MOST_SCRIPTS + 1];
  size_t prefixes;
};

static bool is_guest(const Elf64_Ehdr *header, ssize_t size) {
  enum { RISCV = 243 };
  return size >= (ssize_t)sizeof *header && !memcmp(header->e_ident, ELFMAG, SELFMAG) &&
         header->e_ident[EI_CLASS] == ELFCLASS64 && header->e_ident[EI_DATA] == ELFDATA2LSB && header->e_machine == RISCV;
}

/* Cuts "#! interpreter argument" as binfmt_script.c does; NULL without an interpreter. */
static char *script_interpreter(char *line, ssize_t size, char **argument) {
  line[size < LINE - 1 ? size : LINE - 1] = 0;
  line[strcspn(line, "\n")] = 0;
  char *word = line + 2 + strspn(line + 2, " \t"), *end = word + strcspn(word, " \t");
  if (*word == 0) return NULL;
  *argument = NULL;
  if (*end) {
    *end++ = 0;
    end += strspn(end, " \t");
    size_t length = strlen(end);
    while (length && strchr(" \t", end[length - 1])) end[--length] = 0;
    if (*end) *argument = end;
  }
  return word;
}

/* 1: a RISC-V program at program->path; 0: the kernel's work; or -errno. Follows scripts. */
static int examine(struct program *program, const char *name) {
  for (int depth = 0; depth <= MOST_SCRIPTS; depth++) {
    struct stat status;
    int fd = open(program->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return depth ? -errno : 0;
    char *line = program->line[depth < MOST_SCRIPTS ? depth : 0];
    union {
      Elf64_Ehdr header;
      char line[LINE];
    } start;
    bool regular = fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
    ssize_t size = regular ? pread(fd, &start, sizeof start, 0) : 0;
    close(fd);
    if (!regular || faccessat(AT_FDCWD, program->path, X_OK, AT_EACCESS)) return depth ? -EACCES : 0;
    if (is_guest(&start.header, size)) {
      int error = load_check(program->path);
      return error ? error : 1;
    }
    if (size < 2 || memcmp(start.line, "#!", 2)) return 0;
    if (depth == MOST_SCRIPTS) return -ELOOP;
    memcpy(line, start.line, LINE);
    char *argument, *interpreter = script_interpreter(line, size, &argument);
    if (!interpreter) return -ENOEXEC;
    /* The innermost interpreter's words come first. */
    memmove(program->prefix + 1 + (argument != NULL), program->prefix, program->prefixes * sizeof *program->prefix);
    size_t next = 0;
    program->prefix[next++] = interpreter;
    if (argument) program->prefix[next++] = argument;
    if (program->prefixes == 0) program->prefix[next] = name;
    program->prefixes = next + (program->prefixes ? program->prefixes : 1);
    int error = sysroot_find(program->path, interpreter, sizeof program->path);
    if (error) return error;
  }
  return -ELOOP;
}

/* Length of a NULL-terminated list of strings, or -errno. */
static int64_t list_length(uint64_t list) {
  for (int64_t length = 0; list;) {
    uint64_t word;
    if (guest_read(&word, list + (uint64_t)length * sizeof word, sizeof word)) return -EFAULT;
    if (word == 0) return length;
    length++;
  }
  return 0;
}

/* Variables that the host's loader and C library would act on go to the next executor with a dot before their names. */
static const char *const loader_variables[] = {"LD_", "GLIBC_TUNABLES=", "MALLOC_", "GCONV_PATH=", "LOCPATH="};

static bool for_loader(const char *variable) {
  for (unsigned i = 0; i < sizeof loader_variables / sizeof *loader_variables; i++)
    if (!strncmp(variable, loader_variables[i], strlen(loader_variables[i]))) return true;
  return false;
}

void restore_environment(char **environment) {
  for (; *environment; environment++)
    if (**environment == '.' && for_loader(*environment + 1)) ++*environment;
}

/* A copy of the list whose variables for the loader are hidden, in the `room` behind it. */
static void hide_variables(const char **copy, uint64_t list, size_t length, char *room) {
  for (size_t i = 0; i < length; i++) {
    const char *variable;
    char start[32];
    guest_read(&variable, list + i * sizeof variable, sizeof variable);
    copy[i] = variable;
    memset(start, 0, sizeof start);
    guest_read(start, (uint64_t)variable, sizeof start - 1);
    if (!for_loader(start)) continue;
    *room = '.';
    int64_t size = guest_read_string(room + 1, (uint64_t)variable, 128 * 1024);
    if (size < 0) continue;
    copy[i] = room;
    room += size + 2;
  }
  copy[length] = NULL;
}

static size_t hidden_size(uint64_t list, size_t length) {
  size_t total = 0;
  for (size_t i = 0; i < length; i++) {
    uint64_t variable;
    char start[32] = "";
    if (guest_read(&variable, list + i * sizeof variable, sizeof variable)) continue;
    guest_read(start, variable, sizeof start - 1);
    if (for_loader(start)) total += 128 * 1024 + 2;
  }
  return total;
}

static void *take_arguments(size_t size) {
  void *place = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (place == MAP_FAILED) return NULL;
  exec_arguments.start = place;
  exec_arguments.size = size;
  return place;
}

static int64_t execute(const char *path, const char **arguments, const char **environment) {
  /* Signals that come before the next executor catches them must not end it: see watch_translator. */
  prctl(PR_SET_PDEATHSIG, 0);
  int64_t result = kernel_call(SYS_execve, (uint64_t)path, (uint64_t)arguments, (uint64_t)environment, 0, 0, 0);
  if (!thread.vfork_child) watch_translator();
  give_back_arguments();
  return result;
}

/* `path` is the host's, `name` what the guest called it. */
static int64_t execute_program(struct program *program, const char *name, uint64_t argv, uint64_t envp) {
  int kind = examine(program, name);
  if (kind < 0) return kind;
  int64_t argc = list_length(argv), envc = list_length(envp);
  if (argc < 0 || envc < 0) return -EFAULT;
  size_t words = EXECUTOR_WORDS + program->prefixes + (size_t)argc + 2 + (size_t)envc + 1;
  const char **list = take_arguments(words * sizeof *list + hidden_size(envp, (size_t)envc));
  if (!list) return -ENOMEM;
  char block[64];
  size_t n = 0;
  if (kind == 1) {
    snprintf(block, sizeof block, "/proc/%u/fd/%u", control->translator_pid, control->control_fd);
    list[n++] = executor_path;
    list[n++] = block;
    list[n++] = program->path;
    list[n++] = name;
  }
  for (size_t i = 0; i < program->prefixes; i++) list[n++] = program->prefix[i];
  /* A script's name takes the place of argv[0]; a program without arguments gets an empty one, as in the kernel. */
  int64_t first = program->prefixes ? 1 : 0;
  if (!program->prefixes && argc == 0) list[n++] = "";
  for (int64_t i = first; i < argc; i++) guest_read(&list[n++], argv + (uint64_t)i * sizeof *list, sizeof *list);
  list[n++] = NULL;
  const char **environment = list + n;
  hide_variables(environment, envp, (size_t)envc, (char *)(environment + envc + 1));
  if (kind == 1) return execute(executor_path, list, environment);
  return execute(program->path, list, environment);
}

int64_t call_execve(ferry_state *state, const uint64_t *a) {
  (void)state;
  struct program program = {.prefixes = 0};
  char name[4096];
  int64_t length = guest_read_string(name, a[0], sizeof name);
  if (length < 0) return length;
  if (length == 0) return -ENOENT;
  int error = sysroot_find(program.path, name, sizeof program.path);
  if (error) return error;
  return execute_program(&program, name, a[1], a[2]);
}

static int64_t refuse_link(uint64_t path, int fd, const uint64_t *a) {
  struct stat status;
  bool found = fd >= 0 ? fstat(fd, &status) == 0
                       : kernel_call(SYS_newfstatat, a[0], path, (uint64_t)&status, AT_SYMLINK_NOFOLLOW, 0, 0) == 0;
  return found && S_ISLNK(status.st_mode) ? -ELOOP : 0;
}

int64_t call_execveat(ferry_state *state, const uint64_t *a) {
  char name[4096], full[4096];
  int64_t length = guest_read_string(name, a[1], sizeof name);
  if (length < 0) return length;
  if (a[4] & ~(uint64_t)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) return -EINVAL;
  if (a[4] & AT_SYMLINK_NOFOLLOW && *name) {
    int64_t error = sysroot_perform((int)a[0], a[1], false, refuse_link, a);
    if (error) return error;
  }
  if (*name == '/' || ((int)a[0] == AT_FDCWD && *name)) {
    uint64_t plain[] = {a[1], a[2], a[3]};
    return call_execve(state, plain);
  }
  if (!*name && !(a[4] & AT_EMPTY_PATH)) return -ENOENT;
  int size_needed = snprintf(full, sizeof full, "/proc/self/fd/%d%s%s", (int)a[0], *name ? "/" : "", name);
  if (size_needed >= (int)sizeof full) return -ENAMETOOLONG;
  struct program program = {.prefixes = 0};
  /* The link's target, because the descriptor may be closed on execve. */
  ssize_t size = readlink(full, program.path, sizeof program.path - 1);
  if (size <= 0 || program.path[0] != '/' || faccessat(AT_FDCWD, program.path, F_OK, 0)) {
    if (fcntl((int)a[0], F_GETFD) < 0) return -EBADF;
    memcpy(program.path, full, sizeof full);
  }
  char called[4096 + 32];
  snprintf(called, sizeof called, "/dev/fd/%d/%s", (int)a[0], name);
  return execute_program(&program, *name ? called : program.path, a[2], a[3]);
}
