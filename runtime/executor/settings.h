/*
 * What the guest sets of its process and the host's kernel is not told, because it would act on the executor too. Kept
 * over fork and execve as the kernel keeps it.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

struct settings {
  uint32_t personality;
  uint32_t death_signal; /* PR_SET_PDEATHSIG; 0 = none */
  uint32_t limits_kept; /* bit n: limit n is one of these */
  struct rlimit address_space, data, stack;
  char root[2048]; /* chroot: its host path; empty: none */
  /* From here on execve does not keep it. */
  uint32_t lock_future; /* MCL_FUTURE and MCL_ONFAULT of mlockall */
};
extern struct settings settings;

/* Takes what the program before this one had, out of the environment. */
void settings_start(char **environment);
/* The variable for the next program's environment, NULL = nothing is set; valid until the next call of this thread. */
const char *settings_variable(void);
void settings_after_fork(void);
/* Tells the kernel, because the next program is the host's; returns what settings_take_back undoes. */
struct settings_told {
  struct rlimit limits[RLIM_NLIMITS];
} settings_tell(void);
void settings_take_back(const struct settings_told *told);
/* Whether a limit is kept here, when the guest changes it. */
bool settings_keeps(int resource);
struct rlimit settings_limit(int resource);
void settings_set_limit(int resource, struct rlimit limit);
