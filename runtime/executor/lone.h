/*
 * A guest program without a translator, as long as the translations that earlier runs kept are enough, and nothing else becomes
 * hot: the executor is what `ferry run` starts, answers its own requests, and starts the translator when one needs it.
 *
 *   launch.c  the command line of `ferry run`: to the kept translations, or to Node.js
 *   toolchain.c  the commands that are LLVM's
 *   plain.c   programs that need no translator at their start
 *   kept.c    the file of kept translations
 *   kept_bridge.c  of a hybrid program, its bridge
 *   places.c  where files are mapped
 *   lone.c    answers to requests, and the start of the translator
 */
#pragma once
#include "layout.h"
#include <stdbool.h>
#include <stdint.h>

struct file_identity;

/* ---- launch.c ---- */

/* What the first program is started with. */
struct launch {
  const char *path, *name;
  char **argv;
};
/* A command line: returns, for `ferry run` of a plain program, with the shared memory made and what was kept in its place. Becomes
 * Node.js with the same arguments otherwise. */
struct launch launch(char **argv);

/* ---- toolchain.c ---- */

/* Becomes the compiler or the tool that the command line asks for, if it does; else the command line that is left to look at. */
char **toolchain(char **argv, const char *folder);

/* ---- kept.c ---- */

/* Where kept translations are put in the shared memory: the first space of a tree. */
#define KEPT_SPACE FERRY_SPACE_SIZE

/* Maps a file of kept translations: NULL when there is none that can be used here for this program. */
const ferry_kept *kept_open(const char *path, const struct file_identity *program);
/* What is kept of a program that was never run: the gates, from a file that belongs to ferry. */
const ferry_kept *kept_nothing(const char *path, const struct file_identity *program);
/* What is at an offset of the file. */
const void *kept_at(const ferry_kept *kept, uint64_t offset);
const ferry_kept_place *kept_places(const ferry_kept *kept);
const ferry_kept_group *kept_groups(const ferry_kept *kept);
/* Whether any translation of the group is of code in [start, end). */
bool kept_covers(const ferry_kept *kept, const ferry_kept_group *group, uint64_t start, uint64_t end);
/* Puts code where space 1 has it; then the entries of a group into its dispatch table. */
void kept_copy_code(const ferry_kept *kept);
/* Maps the dispatch table of the guest pages from start to end. */
uint32_t *kept_dispatch(uint64_t start, uint64_t end);
void kept_enter(const ferry_kept *kept, const ferry_kept_group *group);
void kept_leave(const ferry_kept *kept, const ferry_kept_group *group);

/* ---- kept_bridge.c ---- */

/* NULL for a program without host functions. */
const ferry_kept_bridge *kept_bridge(const ferry_kept *kept);
/* Puts the host object of a program's file into a space of the shared memory. */
bool kept_bridge_object(const ferry_kept *kept, const char *program, uint64_t space);
/* For a host object and a program that are loaded, as REQUEST_READY says; false: another bridge is needed. */
bool kept_bridge_install(const ferry_kept *kept, uint64_t functions, uint64_t thunks, uint64_t bias);

/* ---- plain.c ---- */

bool plain_program(const char *path);
/* Whether there are host functions in a file. */
bool hybrid_file(int fd);

/* ---- places.c ---- */

/* Where files were mapped; false: too many. */
bool places_start(const ferry_kept_place *rows, uint64_t number);
/* As REQUEST_PLACE answers. */
uint64_t places_find(const struct file_identity *file, uint64_t length);
/* Tells a translator that knows only what places_start did. */
void places_tell(void);

/* ---- lone.c ---- */

/* The first program runs from these; false: it can not. */
bool lone_start(const ferry_kept *kept);
/* Whether a file is the first program, whose host functions are known. */
bool lone_is_program(const struct file_identity *file);
/* Whether a request was answered here; otherwise there is a translator now. */
bool lone_answers(uint32_t kind, unsigned count, const uint64_t *args);
/* Makes that there will be one, if there is none. */
void lone_begin(void);
/* Before what the translator could not be started behind: makes sure that there is one. */
void lone_end(void);
/* Prints what the mailbox's text says, when executors print messages. */
void lone_print(const char *text);
/* Says EXIT. When this process is the last one the translator ends, and is waited for. */
void lone_exit(int status);
/* Whether a signal tells of the translator's end; does not return when the guest needs it. */
bool lone_translator_ended(const void *siginfo);
