/* The process: its end, and settings that must not reach the executor as they are. */
#define _GNU_SOURCE
#include "lone.h"
#include "settings.h"
#include "syscall.h"
#include "sysroot.h"
#include <asm/unistd.h>
#include <linux/nsfs.h>
#include <linux/prctl.h>
#include <sched.h>
#include <unistd.h>

/* Newer than the headers of some hosts. */
#define PR_RISCV_SET_ICACHE_FLUSH_CTX 71

int64_t call_exit(ferry_state *state, const uint64_t *a) {
  (void)state;
  thread_exit((int)a[0] & 0xff);
}

int64_t call_exit_group(ferry_state *state, const uint64_t *a) {
  (void)state;
  executor_exit((int)a[0] & 0xff);
}

/*
 * Not to another name space of process numbers: the translator would know the process by another number. The answer is
 * that of a kernel without them. The sysroot's descriptor leads to the mounts of the name space that it was opened in.
 */
int64_t call_unshare(ferry_state *state, const uint64_t *a) {
  lone_end();
  (void)state;
  if (a[0] & CLONE_NEWPID) return -EINVAL;
  int64_t result = kernel_call(__NR_unshare, a[0], 0, 0, 0, 0, 0);
  if (result == 0 && a[0] & CLONE_NEWNS) sysroot_renew();
  return result;
}

int64_t call_setns(ferry_state *state, const uint64_t *a) {
  lone_end();
  (void)state;
  if (a[1] & CLONE_NEWPID || kernel_call(__NR_ioctl, a[0], NS_GET_NSTYPE, 0, 0, 0, 0) == CLONE_NEWPID) return -EINVAL;
  int64_t result = kernel_call(__NR_setns, a[0], a[1], 0, 0, 0, 0);
  if (result == 0) sysroot_renew();
  return result;
}

/* Flags such as READ_IMPLIES_EXEC would change the executor's own mappings, so the word is only kept for the guest. */
int64_t call_personality(ferry_state *state, const uint64_t *a) {
  (void)state;
  uint32_t old = settings.personality;
  if ((uint32_t)a[0] != UINT32_MAX) settings.personality = (uint32_t)a[0];
  return old;
}

/* The guest's code cache needs no flush that this would spare. */
static int64_t set_icache_context(uint64_t context, uint64_t scope) {
  enum { SW_FENCEI_OFF = 1, PER_THREAD = 1 };
  return context > SW_FENCEI_OFF || scope > PER_THREAD ? -EINVAL : 0;
}

/* Options about the process pass; those that the executor uses itself are kept; the rest is unknown to riscv64. */
int64_t call_prctl(ferry_state *state, const uint64_t *a) {
  (void)state;
  switch ((int)a[0]) {
  case PR_SET_PDEATHSIG: /* the executor ends with the translator by it */
    if (a[1] > 64) return -EINVAL;
    settings.death_signal = (uint32_t)a[1];
    return 0;
  case PR_GET_PDEATHSIG:
    return guest_write(a[1], &settings.death_signal, sizeof settings.death_signal);
  case PR_GET_TID_ADDRESS:
    return guest_write(a[1], &thread.clear_tid, sizeof thread.clear_tid);
  case PR_RISCV_SET_ICACHE_FLUSH_CTX:
    return set_icache_context(a[1], a[2]);
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
