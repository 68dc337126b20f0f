/*
 * The compiler and the tools that a build system starts thousands of times: they become LLVM's for the guest at once.
 *
 *   ferry cc|c++|ar|ranlib|nm [WORD...]      ferry-cc|ferry-c++|ferry-ar|ferry-ranlib|ferry-nm [WORD...]
 *   ferry-ld [WORD...]                       started by clang in place of the linker
 *
 * clang puts the bitcode of a source, as its front end made it, beside the machine code of the object (section .llvmbc, and
 * its own command line in .llvmcmd). The link, which is where the program is analysed, is Node.js's (offload/link/).
 */
#define _GNU_SOURCE
#include "executor.h"
#include "idle_objects.h"
#include "lone.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* `tool` is looked for with this suffix on PATH, and without it in LLVM's own folder. */
#define LLVM_SUFFIX "-22"
#define LLVM_FOLDER "/usr/lib/llvm-22/bin/"
/* Options of ferry's among clang's, and where they go for the link: words that spaces separate, with \ before a space. */
#define OPTION_PREFIX "--ferry-"
#define OPTIONS_VARIABLE "FERRY_CC_OPTIONS"

static const struct tool {
  const char *name, *llvm;
} tools[] = {{"cc", "clang"}, {"c++", "clang++"}, {"ar", "llvm-ar"}, {"ranlib", "llvm-ranlib"}, {"nm", "llvm-nm"}, {"ld", "ld.lld"}};
enum { TOOLS = sizeof tools / sizeof *tools };

static char root[PATH_MAX];

static const struct tool *find(const char *name) {
  for (int i = 0; i < TOOLS; i++)
    if (!strcmp(tools[i].name, name)) return &tools[i];
  return NULL;
}

static _Noreturn void become(const char *llvm, char **words) {
  char name[64], path[128];
  snprintf(name, sizeof name, "%s" LLVM_SUFFIX, llvm);
  words[0] = name;
  execvp(name, words);
  snprintf(path, sizeof path, LLVM_FOLDER "%s", llvm);
  if (errno == ENOENT) execv(path, words);
  fprintf(stderr, "ferry: %s: %s; install it: apt install clang-22 lld-22 llvm-22\n", name, strerror(errno));
  _exit(1);
}

static bool has_option(const char *option) {
  const char *given = getenv(OPTIONS_VARIABLE);
  return given && strstr(given, option);
}

/* Adds an option, without its prefix, to those that the link reads. */
static void pass_option(const char *word) {
  const char *before = getenv(OPTIONS_VARIABLE);
  char *text = malloc((before ? strlen(before) : 0) + 2 * strlen(word) + 4), *end = text;
  if (before) end += sprintf(end, "%s ", before);
  end += sprintf(end, "--");
  for (const char *c = word + strlen(OPTION_PREFIX); *c; c++) {
    if (*c == ' ' || *c == '\\') *end++ = '\\';
    *end++ = *c;
  }
  *end = 0;
  setenv(OPTIONS_VARIABLE, text, 1);
}

/* Text that people or build systems read has no bitcode. */
static bool wants_text(char **words) {
  for (; *words; words++)
    if (!strcmp(*words, "-S") || !strcmp(*words, "-emit-llvm")) return true;
  return false;
}

/* What stands in the way of objects that are both: bitcode is analysed at the link in any case. */
static bool asks_for_lto(const char *word) {
  return !strcmp(word, "-flto") || !strncmp(word, "-flto=", 6) || !strcmp(word, "-ffat-lto-objects");
}

static _Noreturn void compile(const char *clang, char **given) {
  size_t count = 1;
  while (given[count]) count++;
  char **words = calloc(count + 16, sizeof *words), **end = words + 1, linker[PATH_MAX + 32];
  snprintf(linker, sizeof linker, "--ld-path=%s/bin/ferry-ld", root);
  bool text = wants_text(given);
  for (size_t i = 1; i < count; i++)
    if (!strncmp(given[i], OPTION_PREFIX, strlen(OPTION_PREFIX))) pass_option(given[i]);
  *end++ = "--target=riscv64-linux-gnu";
  *end++ = "--start-no-unused-arguments";
  *end++ = linker;
  if (!text && !has_option("--offload=none")) {
    static char *const embed[] = {"-Xclang", "-fembed-bitcode=all", "-Xclang", "-disable-O0-optnone",
                                  /* remarks of no pass: what gives bitcode line numbers without -g */
                                  "-Rpass=^-$"};
    for (size_t i = 0; i < sizeof embed / sizeof *embed; i++) *end++ = embed[i];
  }
  *end++ = "--end-no-unused-arguments";
  for (size_t i = 1; i < count; i++)
    if (strncmp(given[i], OPTION_PREFIX, strlen(OPTION_PREFIX)) && !asks_for_lto(given[i])) *end++ = given[i];
  become(clang, words);
}

static bool among(char **words, const char *const *options) {
  for (; *words; words++)
    for (const char *const *option = options; *option; option++)
      if (!strcmp(*words, *option)) return true;
  return false;
}

/* Libraries of the C library and the compiler, which have no bitcode. */
static bool is_system_library(const char *name) {
  static const char *const names[] = {"c", "m", "gcc", "gcc_s", "gcc_eh", "pthread", "dl", "rt", "util", "atomic", "stdc++"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (!strcmp(names[i], name)) return true;
  return false;
}

/* Only objects, each of them idle, and libraries without bitcode. */
static bool is_idle(char **word) {
  if (has_option("--offload=all") || has_option("--json")) return false;
  for (; *word; word++) {
    const char *dot = strrchr(*word, '.');
    if (**word == '@') return false;
    if (!strncmp(*word, "-l", 2) && !is_system_library(*word + 2)) return false;
    if (**word != '-' && dot && !strcmp(dot, ".a")) return false;
    /* an object by any name (.lo); what there is no file of is the value of an option */
    if (**word != '-' && !access(*word, F_OK) && !object_is_idle(*word)) return false;
  }
  return true;
}

/* A link that nothing is offloaded at. What else has to be looked at returns. */
static void link_guest(char **given) {
  static const char *const questions[] = {"--version", "-v", "-V", "--help", NULL};
  static const char *const partial[] = {"-r", "--relocatable", NULL};
  if (among(given + 1, questions)) become("ld.lld", given);
  if (!among(given + 1, partial) && !has_option("--offload=none") && !is_idle(given + 1)) return;
  size_t count = 1;
  while (given[count]) count++;
  char **words = calloc(count + 3, sizeof *words), script[PATH_MAX + 32];
  /* as GNU's linker has it */
  words[1] = "--undefined-version";
  memcpy(words + 2, given + 1, (count - 1) * sizeof *words);
  snprintf(script, sizeof script, "%s/bin/ferry.ld", root);
  words[count + 1] = script;
  become("ld.lld", words);
}

char **toolchain(char **argv, const char *folder) {
  const char *slash = strrchr(argv[0], '/'), *name = slash ? slash + 1 : argv[0];
  const struct tool *tool = NULL;
  bool linked = !strncmp(name, "ferry-", 6);
  if (linked) tool = find(name + 6);
  else if (argv[1]) tool = find(argv[1]);
  if (!tool) return argv;
  char **words = linked ? argv : argv + 1;
  snprintf(root, sizeof root, "%s", folder);
  bool compiler = !strncmp(tool->llvm, "clang", 5);
  if (compiler && !linked && words[1] && !strcmp(words[1], "--help")) return argv;
  if (compiler) compile(tool->llvm, words);
  if (strcmp(tool->name, "ld")) become(tool->llvm, words);
  link_guest(words);
  if (!linked) return argv;
  size_t count = 0;
  while (argv[count]) count++;
  char **whole = calloc(count + 2, sizeof *whole);
  whole[0] = argv[0];
  whole[1] = "ld";
  memcpy(whole + 2, argv + 1, (count - 1) * sizeof *whole);
  return whole;
}
