/* Settings of the guest's process, and how they come to the next program: in a variable of its environment. */
#define _GNU_SOURCE
#include "settings.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>

struct settings settings;

#define VARIABLE ".FERRY_SETTINGS="

/* What execve keeps: the first bytes of the struct in hexadecimal digits, and the root as it is. */
#define KEPT offsetof(struct settings, root)

void settings_start(char **environment) {
  size_t length = strlen(VARIABLE);
  while (*environment && strncmp(*environment, VARIABLE, length)) environment++;
  if (!*environment) return;
  const char *digits = *environment + length;
  if (strlen(digits) < 2 * KEPT) return;
  for (size_t i = 0; i < KEPT; i++) {
    const char byte[] = {digits[2 * i], digits[2 * i + 1], 0};
    ((uint8_t *)&settings)[i] = (uint8_t)strtoul(byte, NULL, 16);
  }
  snprintf(settings.root, sizeof settings.root, "%s", digits + 2 * KEPT);
  for (; *environment; environment++) environment[0] = environment[1];
}

const char *settings_variable(void) {
  static _Thread_local char text[sizeof VARIABLE + 2 * KEPT + sizeof settings.root];
  static const struct settings none;
  if (!memcmp(&settings, &none, KEPT) && !*settings.root) return NULL;
  char *to = stpcpy(text, VARIABLE);
  for (size_t i = 0; i < KEPT; i++) to += sprintf(to, "%02x", ((const uint8_t *)&settings)[i]);
  strcpy(to, settings.root);
  return text;
}

void settings_after_fork(void) {
  settings.death_signal = 0;
  settings.lock_future = 0;
}

static struct rlimit *place(int resource) {
  switch (resource) {
  case RLIMIT_AS: return &settings.address_space;
  case RLIMIT_DATA: return &settings.data;
  case RLIMIT_STACK: return &settings.stack;
  default: return NULL;
  }
}

bool settings_keeps(int resource) { return place(resource) != NULL; }

static bool is_kept(int resource) { return settings.limits_kept >> resource & 1; }

struct rlimit settings_limit(int resource) {
  struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
  if (is_kept(resource)) return *place(resource);
  getrlimit(resource, &limit);
  return limit;
}

void settings_set_limit(int resource, struct rlimit limit) {
  *place(resource) = limit;
  settings.limits_kept |= 1u << resource;
}

/* ---- for programs of the host ---- */

struct settings_told settings_tell(void) {
  struct settings_told told;
  for (int resource = 0; resource < RLIM_NLIMITS; resource++) {
    getrlimit(resource, &told.limits[resource]);
    /* A lower maximum could not be taken back. */
    struct rlimit limit = {is_kept(resource) ? place(resource)->rlim_cur : 0, told.limits[resource].rlim_max};
    if (is_kept(resource)) setrlimit(resource, &limit);
  }
  prctl(PR_SET_PDEATHSIG, settings.death_signal);
  if (settings.personality) personality(settings.personality);
  return told;
}

void settings_take_back(const struct settings_told *told) {
  for (int resource = 0; resource < RLIM_NLIMITS; resource++)
    if (is_kept(resource)) setrlimit(resource, &told->limits[resource]);
  if (settings.personality) personality(0);
}
