/* System calls about masks, pending signals, signal stacks, and the return from a handler. */
#define _GNU_SOURCE
#include "guest_memory.h"
#include "guest_signal.h"
#include <errno.h>
#include <sys/syscall.h>

int64_t signal_mask(int how, uint64_t set, uint64_t old_set, uint64_t size) {
  if (size != SIGSET_SIZE) return -EINVAL;
  uint64_t old = thread.blocked, change;
  if (set) {
    if (guest_read(&change, set, sizeof change)) return -EFAULT;
    switch (how) {
    case SIG_BLOCK: change |= old; break;
    case SIG_UNBLOCK: change = old & ~change; break;
    case SIG_SETMASK: break;
    default: return -EINVAL;
    }
    change &= ~UNBLOCKABLE;
    if (change != old) signal_set_host_mask(change);
    /* It came before the call then, and its handler runs first: nowhere but in the kernel does a blocked signal wait
     * well. */
    if (signals_pending() & change & ~old & ~RESERVED) {
      signal_apply_mask();
      return HOST_CALL_NOT_STARTED;
    }
    thread.blocked = change;
    signal_update_waiting();
  }
  if (old_set && guest_write(old_set, &old, sizeof old)) return -EFAULT;
  return 0;
}

int64_t signal_pending(uint64_t set, uint64_t size) {
  if (size > SIGSET_SIZE) return -EINVAL;
  uint64_t pending = 0;
  syscall(SYS_rt_sigpending, &pending, SIGSET_SIZE);
  pending = (pending | signals_pending()) & thread.blocked;
  return guest_write(set, &pending, size) ? -EFAULT : 0;
}

int64_t signal_temporary_mask(uint64_t set, uint64_t size) {
  uint64_t mask;
  if (set == 0) return 0;
  if (size != SIGSET_SIZE) return -EINVAL;
  if (guest_read(&mask, set, sizeof mask)) return -EFAULT;
  thread.saved_blocked = thread.blocked;
  thread.restore_blocked = true;
  thread.blocked = mask & ~UNBLOCKABLE;
  signal_apply_mask();
  return 0;
}

int64_t signal_suspend(uint64_t set, uint64_t size) {
  if (size != SIGSET_SIZE) return -EINVAL;
  if (set == 0) return -EFAULT;
  int64_t result = signal_temporary_mask(set, size);
  return result ? result : host_call(SYS_pause, 0, 0, 0, 0, 0, 0);
}

int64_t signal_timed_wait(uint64_t set, uint64_t info, uint64_t timeout, uint64_t size) {
  if (size != SIGSET_SIZE) return -EINVAL;
  uint64_t mask;
  if (guest_read(&mask, set, sizeof mask)) return -EFAULT;
  uint64_t ready = signals_pending() & mask & ~UNBLOCKABLE;
  if (ready) {
    int number = __builtin_ctzll(ready) + 1;
    if (info && guest_write(info, &signals_noted[number], sizeof signals_noted[number])) return -EFAULT;
    signal_drop(number);
    signal_apply_mask();
    return number;
  }
  /* What is waited for must not run a host handler meanwhile, even when the guest forgot to block it. */
  signal_set_host_mask(thread.blocked | mask);
  int64_t result = host_call(SYS_rt_sigtimedwait, (uint64_t)&mask, info, timeout, SIGSET_SIZE, 0, 0);
  signal_apply_mask();
  return result;
}

int64_t signal_stack(ferry_state *state, uint64_t stack, uint64_t old_stack) {
  struct {
    uint64_t start;
    uint32_t flags, padding;
    uint64_t size;
  } words = {0};
  struct guest_stack old = alternate_stack(state->x[2]);
  if (stack) {
    if (guest_read(&words, stack, sizeof words)) return -EFAULT;
    int64_t error = set_alternate_stack(state->x[2], (struct guest_stack){words.start, words.size, words.flags});
    if (error) return error;
  }
  words.start = old.start;
  words.size = old.size;
  words.flags = old.flags;
  return old_stack && guest_write(old_stack, &words, sizeof words) ? -EFAULT : 0;
}

int64_t signal_return(ferry_state *state) {
  uint64_t mask;
  if (!frame_pop(state, &mask)) signal_die(SIGSEGV, state->pc, state->x[2], (struct fault){0});
  space_rounding(state->frm);
  thread.blocked = mask & ~UNBLOCKABLE;
  signal_apply_mask();
  return SYSCALL_REPLACED;
}
