/*
 * Stopped process groups that a process leaves behind. The kernel hangs them up when nobody is left in their session who could
 * continue them (setpgid(2)), but here the reaper is.
 */
#define _GNU_SOURCE
#include "executor.h"
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Of /proc/PID/stat. */
struct process {
  pid_t pid, parent, group, session;
  char state;
};

/* False when there is no such process any more. */
static bool look(pid_t pid, struct process *found) {
  char path[32], text[512];
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  FILE *in = fopen(path, "re");
  text[in ? fread(text, 1, sizeof text - 1, in) : 0] = 0;
  if (in) fclose(in);
  const char *name_end = strrchr(text, ')');
  found->pid = pid;
  return name_end && sscanf(name_end + 1, " %c %d %d %d", &found->state, &found->parent, &found->group,
                            &found->session) == 4;
}

/* Calls `see` for all processes until it says true; whether it did. */
static bool any(bool (*see)(const struct process *, pid_t), pid_t group) {
  DIR *all = opendir("/proc");
  bool seen = false;
  struct process process;
  for (struct dirent *entry; !seen && all && (entry = readdir(all));)
    seen = look(atoi(entry->d_name), &process) && see(&process, group);
  if (all) closedir(all);
  return seen;
}

/* Natively there would be neither the reaper nor the translator. */
static bool in_group(const struct process *process, pid_t group) {
  return process->group == group && process->pid != getpid() && process->pid != (pid_t)control->translator_pid;
}

/* Whether the process keeps its group from being an orphan. */
static bool keeps(const struct process *process, pid_t group) {
  struct process parent;
  return in_group(process, group) && process->parent != getpid() && look(process->parent, &parent) &&
         parent.session == process->session && parent.group != group;
}

static bool hang_up(const struct process *process, pid_t group) {
  if (in_group(process, group)) kill(process->pid, SIGHUP), kill(process->pid, SIGCONT);
  return false;
}

/* A child of the reaper that is stopped. */
static bool check(const struct process *process, pid_t group) {
  (void)group;
  if (process->parent == getpid() && process->state == 'T' && !any(keeps, process->group)) any(hang_up, process->group);
  return false;
}

void hang_up_orphans(void) { any(check, 0); }
