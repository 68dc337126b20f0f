/* The process: its end, and settings that must not reach the executor as they are. */
#define _GNU_SOURCE
#include "syscall.h"
#include <asm/unistd.h>
#include <linux/capability.h>
#include <linux/prctl.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

int64_t call_exit(ferry_state *state, const uint64_t *a) {
  (void)state;
  thread_exit((int)a[0] & 0xff);
}

int64_t call_exit_group(ferry_state *state, const uint64_t *a) {
  (void)state;
  executor_exit((int)a[0] & 0xff);
}

/* The sysroot's descriptor leads to the mounts of the name space that it was opened in. */
int64_t call_unshare(ferry_state *state, const uint64_t *a) {
  (void)state;
  int64_t result = kernel_call(__NR_unshare, a[0], 0, 0, 0, 0, 0);
  if (result == 0 && a[0] & CLONE_NEWNS) sysroot_renew();
  return result;
}

int64_t call_setns(ferry_state *state, const uint64_t *a) {
  (void)state;
  int64_t result = kernel_call(__NR_setns, a[0], a[1], 0, 0, 0, 0);
  if (result == 0) sysroot_renew();
  return result;
}

/* Flags such as READ_IMPLIES_EXEC would change the executor's own mappings, so the word is only kept for the guest. */
int64_t call_personality(ferry_state *state, const uint64_t *a) {
  (void)state;
  static uint32_t personality;
  uint32_t old = personality;
  if ((uint32_t)a[0] != UINT32_MAX) personality = (uint32_t)a[0];
  return old;
}

/* Limits on address space hold for a process without the executor's mappings: they are kept, not enforced. */
static struct {
  bool set;
  struct rlimit value;
} kept_limits[RLIM_NLIMITS];

static bool kept(uint64_t resource) {
  return resource == RLIMIT_AS || resource == RLIMIT_DATA || resource == RLIMIT_STACK;
}

static bool may_raise_limits(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2] = {{0, 0, 0}, {0, 0, 0}};
  if (kernel_call(__NR_capget, (uint64_t)&header, (uint64_t)data, 0, 0, 0, 0) != 0) return false;
  return data[0].effective >> CAP_SYS_RESOURCE & 1;
}

static int64_t kept_limit(int resource, uint64_t new, uint64_t old) {
  struct rlimit wanted, present;
  if (kept_limits[resource].set) present = kept_limits[resource].value;
  else getrlimit(resource, &present);
  if (new != 0) {
    if (guest_read(&wanted, new, sizeof wanted) != 0) return -EFAULT;
    if (wanted.rlim_cur > wanted.rlim_max) return -EINVAL;
    if (wanted.rlim_max > present.rlim_max && !may_raise_limits()) return -EPERM;
    kept_limits[resource].value = wanted;
    kept_limits[resource].set = true;
  }
  return old == 0 ? 0 : guest_write(old, &present, sizeof present);
}

int64_t call_prlimit64(ferry_state *state, const uint64_t *a) {
  (void)state;
  bool own = (int)a[0] == 0 || (int)a[0] == getpid();
  if (own && kept((uint32_t)a[1])) return kept_limit((int)a[1], a[2], a[3]);
  return kernel_call(__NR_prlimit64, a[0], a[1], a[2], a[3], 0, 0);
}

int64_t call_getrlimit(ferry_state *state, const uint64_t *a) {
  (void)state;
  if (a[1] == 0) return -EFAULT;
  if (kept((uint32_t)a[0])) return kept_limit((int)a[0], 0, a[1]);
  return kernel_call(__NR_getrlimit, a[0], a[1], 0, 0, 0, 0);
}

int64_t call_setrlimit(ferry_state *state, const uint64_t *a) {
  (void)state;
  if (a[1] == 0) return -EFAULT;
  if (kept((uint32_t)a[0])) return kept_limit((int)a[0], a[1], 0);
  return kernel_call(__NR_setrlimit, a[0], a[1], 0, 0, 0, 0);
}

/* Options about the process pass; those that the executor uses itself are kept; the rest is unknown to riscv64. */
int64_t call_prctl(ferry_state *state, const uint64_t *a) {
  (void)state;
  static int death_signal;
  switch ((int)a[0]) {
  case PR_SET_PDEATHSIG: /* the executor ends with the translator by it */
    if (a[1] > 64) return -EINVAL;
    death_signal = (int)a[1];
    return 0;
  case PR_GET_PDEATHSIG:
    return guest_write(a[1], &death_signal, sizeof death_signal);
  case PR_SET_DUMPABLE:
  case PR_GET_DUMPABLE:
  case PR_SET_NAME:
  case PR_GET_NAME:
  case PR_SET_KEEPCAPS:
  case PR_GET_KEEPCAPS:
  case PR_SET_TIMING:
  case PR_GET_TIMING:
  case PR_CAPBSET_READ:
  case PR_CAPBSET_DROP:
  case PR_SET_SECUREBITS:
  case PR_GET_SECUREBITS:
  case PR_SET_TIMERSLACK:
  case PR_GET_TIMERSLACK:
  case PR_SET_CHILD_SUBREAPER:
  case PR_GET_CHILD_SUBREAPER:
  case PR_SET_NO_NEW_PRIVS:
  case PR_GET_NO_NEW_PRIVS:
  case PR_SET_THP_DISABLE:
  case PR_GET_THP_DISABLE:
  case PR_CAP_AMBIENT:
  case PR_GET_TID_ADDRESS:
  case PR_SET_PTRACER:
  case PR_MCE_KILL:
  case PR_MCE_KILL_GET:
    return kernel_call(__NR_prctl, a[0], a[1], a[2], a[3], a[4], 0);
  case PR_SET_VMA:
    if (a[2] > FERRY_GUEST_END || a[3] > FERRY_GUEST_END - a[2]) return -ENOMEM;
    return kernel_call(__NR_prctl, a[0], a[1], a[2], a[3], a[4], 0);
  case PR_GET_SECCOMP:
    return 0;
  default:
    return -EINVAL;
  }
}
