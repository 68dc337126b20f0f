/*
 * The command line. `ferry run` without Node.js: finds the program and what earlier runs have kept of it, if anything, and makes the shared memory
 * that otherwise the translator makes (runtime/session.ts). Whatever is not plain - options for people who look into a run, scripts,
 * programs that can not be started - is for Node.js, which says what is wrong, too.
 */
#define _GNU_SOURCE
#include "executor.h"
#include "guest_memory.h"
#include "lone.h"
#include "program.h"
#include "sysroot.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of `ferry run`, those that need no translator; a unit test compares them with cli/options.ts. */
static const struct option {
  const char *name;
  char letter;
} options[] = {{"sysroot", 'L'}, {"set-env", 'E'}, {"unset-env", 'U'}, {"argv0", '0'}, {"offload", 0}};
enum { OPTIONS = sizeof options / sizeof *options };

static char **arguments; /* for Node.js */
static char root[PATH_MAX];

static size_t count_words(char **words) {
  size_t count = 0;
  while (words[count]) count++;
  return count;
}

static _Noreturn void hand_over(void) {
  char script[PATH_MAX + 32];
  snprintf(script, sizeof script, "%s/bin/ferry.cjs", root);
  size_t count = count_words(arguments);
  char **words = calloc(count + 2, sizeof *words);
  words[0] = "node";
  words[1] = script;
  for (size_t i = 1; i < count; i++) words[i + 1] = arguments[i];
  execvp("node", words);
  fprintf(stderr, "ferry: Node.js can not be started: %s; install version 20 or newer\n", strerror(errno));
  _exit(1);
}

static void need(bool holds) {
  if (!holds) hand_over();
}

/* The value of `word`, an option, or of the word behind it; Node.js knows the others. */
static const char *option_value(char ***word, char *letter) {
  const char *text = **word;
  for (int i = 0; i < OPTIONS; i++) {
    size_t length = strlen(options[i].name);
    *letter = options[i].letter;
    if (text[1] == '-' && !strncmp(text + 2, options[i].name, length)) {
      if (text[2 + length] == '=') return text + 3 + length;
      if (text[2 + length] == 0) return *++*word;
    } else if (*letter && text[1] == *letter) {
      return text[2] ? text + 2 : *++*word;
    }
  }
  return NULL;
}

struct line {
  const char *sysroot, *argv0;
  char **changes; /* letter and value of those for the environment, in pairs */
  size_t change_count;
  bool emulated;
  char **operands;
};

static struct line parse(char **word) {
  struct line line = {.sysroot = getenv("FERRY_SYSROOT")};
  line.changes = calloc(count_words(word) + 1, sizeof *line.changes);
  for (; *word && **word == '-' && strcmp(*word, "--"); word++) {
    char letter;
    const char *value = option_value(&word, &letter);
    need(value != NULL);
    if (letter == 'L') line.sysroot = value;
    else if (letter == '0') line.argv0 = value;
    else if (!letter) need((line.emulated = !strcmp(value, "off")) || !strcmp(value, "on"));
    else {
      const char *equals = strchr(value, '=');
      /* What can be no variable's name is an error. */
      need(letter == 'E' ? equals && equals != value : *value && !equals);
      char *change = malloc(strlen(value) + 2);
      change[0] = letter;
      strcpy(change + 1, value);
      line.changes[line.change_count++] = change;
    }
  }
  if (*word && !strcmp(*word, "--")) word++;
  need(*word != NULL);
  line.operands = word;
  return line;
}

/* First what is taken out, then what is set. */
static void change_environment(const struct line *line) {
  for (size_t i = 0; i < line->change_count; i++)
    if (line->changes[i][0] == 'U') unsetenv(line->changes[i] + 1);
  for (size_t i = 0; i < line->change_count; i++)
    if (line->changes[i][0] == 'E') putenv(line->changes[i] + 1);
}

/* An absolute path without "." and "..", whatever is a link. */
static char *absolute(const char *given) {
  char *path = malloc(PATH_MAX + strlen(given) + 2), *end = path;
  *path = 0;
  if (*given != '/') {
    need(getcwd(path, PATH_MAX) != NULL && *path == '/');
    end = path[1] ? path + strlen(path) : path;
  }
  while (*given) {
    size_t length = strcspn(given, "/");
    if (length == 2 && !strncmp(given, "..", 2)) {
      while (end > path && *--end != '/') {}
    } else if (length > 0 && !(length == 1 && *given == '.')) {
      *end++ = '/';
      memcpy(end, given, length);
      end += length;
    }
    given += length + (given[length] == '/');
  }
  if (end == path) *end++ = '/';
  *end = 0;
  return path;
}

static void set_sysroot(const char *given) {
  char real[PATH_MAX];
  struct stat status;
  if (!given || !*given) return;
  need(stat(given, &status) == 0 && S_ISDIR(status.st_mode) && realpath(given, real));
  need(strlen(real) < sizeof control->sysroot);
  if (real[1]) strcpy((char *)control->sysroot, real);
}

/* A pipe or a device would wait for somebody to write. */
static bool is_program(const char *path) {
  struct stat status;
  return stat(path, &status) == 0 && S_ISREG(status.st_mode) && load_check(path) == 0;
}

static const char *find_program(const char *given) {
  if (is_program(given)) return absolute(given);
  char *path = malloc(SYSROOT_PATH);
  need(*given == '/' && *control->sysroot && sysroot_find(path, AT_FDCWD, given, SYSROOT_PATH) == 0);
  need(strcmp(path, given) != 0 && is_program(path));
  return path;
}

/* The file that runtime/kept.ts writes for the program with no other option that changes translations. */
static void find_kept(const struct file_identity *program, bool emulated) {
  char *path = (char *)control->kept, name[PATH_MAX + 32], build[64] = "";
  const char *folder = getenv("FERRY_CACHE_DIR"), *user = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
  snprintf(name, sizeof name, "%s/dist/build", root);
  int fd = open(name, O_RDONLY | O_CLOEXEC);
  need(fd >= 0 && read(fd, build, sizeof build - 1) > 0);
  close(fd);
  if (!home) {
    const struct passwd *entry = getpwuid(getuid());
    home = entry ? entry->pw_dir : "";
  }
  bool own = folder && *folder, users = user && *user;
  need(own || users || *home == '/');
  int length = snprintf(path, sizeof control->kept, "%s%s/%s.%lx.%lx.%lx%s.kept", own ? folder : users ? user : home,
                        own ? "" : users ? "/ferry" : "/.cache/ferry", build, (unsigned long)program->device,
                        (unsigned long)program->inode, (unsigned long)program->changed, emulated ? ".off" : "");
  need(*path == '/' && length < (int)sizeof control->kept);
}

static void find_node(void) {
  const char *path = getenv("PATH");
  char *node = (char *)control->node;
  need(path != NULL);
  while (*path) {
    int length = (int)strcspn(path, ":");
    bool fits = *path == '/' && length + 6 < (int)sizeof control->node;
    if (fits && snprintf(node, sizeof control->node, "%.*s/node", length, path) && access(node, X_OK) == 0) return;
    path += length + (path[length] == ':');
  }
  hand_over();
}

static void make_memory(void) {
  int fd = memfd_create("ferry", MFD_CLOEXEC);
  need(fd >= 0 && ftruncate(fd, (off_t)FERRY_SHARED_SIZE) == 0);
  memory_start(fd);
  ferry_control *block = memory_map(NULL, FERRY_CONTROL_SIZE, PROT_READ | PROT_WRITE, 0);
  need(block != MAP_FAILED);
  control = block;
}

static bool set(const char *variable) {
  const char *value = getenv(variable);
  return value && *value;
}

/* Node.js makes do without standard streams, and says what is wrong with limits that are too low for what is mapped here. */
static bool is_usual(void) {
  static const int resources[] = {RLIMIT_AS, RLIMIT_FSIZE};
  struct rlimit limit;
  for (int fd = 0; fd < 3; fd++)
    if (fcntl(fd, F_GETFD) < 0) return false;
  for (unsigned i = 0; i < sizeof resources / sizeof *resources; i++)
    if (getrlimit(resources[i], &limit) || limit.rlim_cur != RLIM_INFINITY) return false;
  return true;
}

/* FERRY_HEAT as runtime/run.ts reads it. */
static uint32_t chosen_heat(void) {
  const char *text = getenv("FERRY_HEAT");
  if (!text || !*text) return FERRY_HEAT;
  size_t digits = strspn(text, "0123456789");
  need(digits == strlen(text) && digits < 10);
  return (uint32_t)atoi(text);
}

/* binfmt_misc starts a link with the path of the program, its argv[0] and the other arguments (cli/binfmt.ts). */
static char **of_binfmt(char **argv) {
  size_t count = count_words(argv);
  if (count < 3) {
    fputs("ferry-binfmt: started by binfmt_misc only, see `ferry help binfmt`\n", stderr);
    _exit(2);
  }
  char **words = calloc(count + 5, sizeof *words);
  words[0] = argv[0];
  words[1] = "run";
  words[2] = "--argv0";
  words[3] = argv[2];
  words[4] = "--";
  words[5] = argv[1];
  memcpy(words + 6, argv + 3, (count - 3) * sizeof *words);
  return words;
}

struct launch launch(char **argv) {
  const char *name = strrchr(argv[0], '/');
  if (!strcmp(name ? name + 1 : argv[0], "ferry-binfmt")) argv = of_binfmt(argv);
  snprintf(root, sizeof root, "%s", executor_path);
  char *folder = strstr(root, "/dist/executor");
  if (!folder) executor_fail("the executor is not in its folder");
  *folder = 0;
  arguments = argv = toolchain(argv, root);
  need(argv[1] && !strcmp(argv[1], "run"));
  struct line line = parse(argv + 2);
  const char *cache = getenv("FERRY_CACHE");
  need(is_usual() && !set("FERRY_CODE_CACHE_SIZE"));
  uint32_t heat = chosen_heat();
  make_memory();
  if (line.emulated) control->flags = CONTROL_FLAG_EMULATED;
  set_sysroot(line.sysroot);
  struct launch found = {.path = find_program(line.operands[0])};
  struct stat status;
  need(stat(found.path, &status) == 0);
  struct file_identity program = {status.st_dev, status.st_ino, space_changed(&status)};
  find_node();
  control->cpu = cpu_features();
  bool off = cache && !strcmp(cache, "off");
  if (!off) find_kept(&program, line.emulated);
  const ferry_kept *kept = off ? NULL : kept_open((const char *)control->kept, &program);
  if (!kept) {
    char path[PATH_MAX + 32];
    need(heat && plain_program(found.path));
    snprintf(path, sizeof path, "%s/dist/nothing.kept", root);
    kept = kept_nothing(path, &program);
  }
  need(kept && lone_start(kept));
  control->magic = FERRY_CONTROL_MAGIC;
  control->code_size = kept->code_size;
  control->gate_enter = kept->gate_enter;
  control->gate_resume = kept->gate_resume;
  control->gate_trap = kept->gate_trap;
  control->gate_call = kept->gate_call;
  control->gate_return = kept->gate_return;
  control->gate_ecall = kept->gate_ecall;
  control->native_start = kept->native_start;
  control->native_end = kept->native_end;
  control->native_stop = kept->native_stop;
  control->initial = (uint32_t)getpid();
  control->led = 1;
  control->alone = ALONE_YES;
  control->heat = heat;
  change_environment(&line);
  found.name = found.path;
  found.argv = line.operands;
  if (line.argv0) found.argv[0] = (char *)line.argv0;
  return found;
}
