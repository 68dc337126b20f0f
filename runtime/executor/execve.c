/*
 * execve: the executor starts anew when the program is for RISC-V, a script's interpreter is looked for as the kernel does it,
 * and everything else is the kernel's work.
 */
#define _GNU_SOURCE
#include "program.h"
#include "settings.h"
#include "signals.h"
#include "syscall.h"
#include "sysroot.h"
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

/* Arguments of execve that did not fit on the call stack: the parent of a vfork child gives them back. */
static _Thread_local struct {
  void *start;
  size_t size;
} exec_arguments;

void exec_give_back(void) {
  if (exec_arguments.start) munmap(exec_arguments.start, exec_arguments.size);
  exec_arguments.start = NULL;
}


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
    int error = sysroot_find(program->path, AT_FDCWD, interpreter, sizeof program->path);
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

/* Found by the kernel even where the process may not read the folders on the way. */
#define OWN_EXECUTABLE "/proc/self/exe"

static int64_t execute(const char *path, const char **arguments, const char **environment) {
  signal_keep_blocked();
  /* A signal that was noted would be lost with this program: host_call does not start then. */
  int64_t result = host_call(SYS_execve, (uint64_t)path, (uint64_t)arguments, (uint64_t)environment, 0, 0, 0);
  memory_pass(false);
  watch_translator();
  exec_give_back();
  return result;
}

/* `path` is the host's, `name` what the guest called it. */
static int64_t execute_program(struct program *program, const char *name, uint64_t argv, uint64_t envp) {
  int kind = examine(program, name);
  if (kind < 0) return kind;
  int64_t argc = list_length(argv), envc = list_length(envp);
  if (argc < 0 || envc < 0) return -EFAULT;
  size_t words = EXECUTOR_WORDS + program->prefixes + (size_t)argc + 2 + (size_t)envc + 2;
  const char **list = take_arguments(words * sizeof *list + hidden_size(envp, (size_t)envc));
  if (!list) return -ENOMEM;
  size_t n = 0;
  const char *memory = memory_pass(kind == 1);
  if (kind == 1) {
    list[n++] = executor_path;
    list[n++] = memory;
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
  hide_variables(environment, envp, (size_t)envc, (char *)(environment + envc + 2));
  if (kind == 1) {
    const char *variable = settings_variable();
    if (variable) {
      environment[envc] = variable;
      environment[envc + 1] = NULL;
    }
    /* Signals that come before the next executor catches them must not end it: see watch_translator. */
    prctl(PR_SET_PDEATHSIG, 0);
    const char *executor = access(OWN_EXECUTABLE, X_OK) ? executor_path : OWN_EXECUTABLE;
    return execute(executor, list, environment);
  }
  /* The kernel knows nothing of the guest's root. */
  if (sysroot_alone()) return faccessat(AT_FDCWD, program->path, X_OK, AT_EACCESS) ? -errno : -ENOEXEC;
  struct settings_told told = settings_tell();
  int64_t result = execute(program->path, list, environment);
  settings_take_back(&told);
  return result;
}

int64_t call_execve(ferry_state *state, const uint64_t *a) {
  (void)state;
  struct program program = {.prefixes = 0};
  char name[4096];
  int64_t length = guest_read_string(name, a[0], sizeof name);
  if (length < 0) return length;
  if (length == 0) return -ENOENT;
  int error = sysroot_find(program.path, AT_FDCWD, name, sizeof program.path);
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
  char name[4096], link[32], called[4096 + 32];
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
  if (fcntl((int)a[0], F_GETFD) < 0) return -EBADF;
  struct program program = {.prefixes = 0};
  if (*name) {
    int error = sysroot_find(program.path, (int)a[0], name, sizeof program.path);
    snprintf(called, sizeof called, "/dev/fd/%d/%s", (int)a[0], name);
    return error ? error : execute_program(&program, called, a[2], a[3]);
  }
  /* The link's target, because the descriptor may be closed on execve. */
  snprintf(link, sizeof link, "/proc/self/fd/%d", (int)a[0]);
  ssize_t size = readlink(link, program.path, sizeof program.path - 1);
  if (size <= 0 || program.path[0] != '/' || faccessat(AT_FDCWD, program.path, F_OK, 0)) strcpy(program.path, link);
  return execute_program(&program, program.path, a[2], a[3]);
}
