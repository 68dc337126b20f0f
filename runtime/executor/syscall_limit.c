/*
 * Resource limits. Those on memory hold for a process without the executor's mappings: they are kept (settings.c), and
 * guest_map.c and stack.c abide by them.
 */
#define _GNU_SOURCE
#include "lone.h"
#include "program.h"
#include "settings.h"
#include "syscall.h"
#include <asm/unistd.h>
#include <linux/capability.h>
#include <unistd.h>

static bool may_raise_limits(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2] = {{0, 0, 0}, {0, 0, 0}};
  if (kernel_call(__NR_capget, (uint64_t)&header, (uint64_t)data, 0, 0, 0, 0) != 0) return false;
  return data[0].effective >> CAP_SYS_RESOURCE & 1;
}

static int64_t kept_limit(int resource, uint64_t new, uint64_t old) {
  struct rlimit wanted, present = settings_limit(resource);
  if (new != 0) {
    if (guest_read(&wanted, new, sizeof wanted) != 0) return -EFAULT;
    if (wanted.rlim_cur > wanted.rlim_max) return -EINVAL;
    if (wanted.rlim_max > present.rlim_max && !may_raise_limits()) return -EPERM;
  }
  if (old != 0 && guest_write(old, &present, sizeof present)) return -EFAULT;
  if (new != 0) {
    settings_set_limit(resource, wanted);
    if (resource == RLIMIT_STACK) stack_raise(wanted.rlim_cur);
  }
  return 0;
}

int64_t call_prlimit64(ferry_state *state, const uint64_t *a) {
  (void)state;
  int pid = (int)a[0], resource = (int)a[1];
  bool own = pid == 0 || pid == getpid();
  if (settings_keeps(resource)) {
    if (own) return kept_limit(resource, a[2], a[3]);
    /* The limit of another executor would end that. */
    if (a[2] != 0) return -EPERM;
  }
  if (a[2] != 0) lone_end();
  return kernel_call(__NR_prlimit64, a[0], a[1], a[2], a[3], 0, 0);
}

int64_t call_getrlimit(ferry_state *state, const uint64_t *a) {
  (void)state;
  if (a[1] == 0) return -EFAULT;
  if (settings_keeps((int)a[0])) return kept_limit((int)a[0], 0, a[1]);
  return kernel_call(__NR_getrlimit, a[0], a[1], 0, 0, 0, 0);
}

int64_t call_setrlimit(ferry_state *state, const uint64_t *a) {
  (void)state;
  if (a[1] == 0) return -EFAULT;
  if (settings_keeps((int)a[0])) return kept_limit((int)a[0], a[1], 0);
  lone_end();
  return kernel_call(__NR_setrlimit, a[0], a[1], 0, 0, 0, 0);
}
