/* What is pending for the guest's threads, and their masks: the host's blocks what the guest does, and what is noted. */
#define _GNU_SOURCE
#include "guest_signal.h"
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

_Thread_local volatile uint32_t signal_waiting;
_Thread_local siginfo_t signals_noted[SIGNALS + 1];

/* The host handler changes these between any two instructions, so single atomic operations and a second look. */
uint64_t signals_pending(void) { return __atomic_load_n(&thread.pending, __ATOMIC_RELAXED); }
void signal_drop(int number) { __atomic_fetch_and(&thread.pending, ~BIT(number), __ATOMIC_RELAXED); }

void signal_update_waiting(void) {
  uint64_t pending;
  do {
    pending = signals_pending();
    signal_waiting = (pending & ~thread.blocked) != 0;
  } while (signals_pending() != pending);
}

uint64_t signal_host_mask(void) { return (thread.blocked | signals_pending()) & ~RESERVED; }

/* What the kernel is about to be told. signal_note adds to it, so that what is noted before stays blocked. */
static _Thread_local volatile uint64_t next_host_mask;

void signal_set_host_mask(uint64_t blocked) {
  uint64_t pending;
  do {
    pending = signals_pending();
    next_host_mask = (blocked | pending) & ~RESERVED;
  } while (signals_pending() != pending);
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &next_host_mask, NULL, SIGSET_SIZE);
}

void signal_apply_mask(void) {
  signal_update_waiting();
  signal_set_host_mask(thread.blocked);
}

static void give_back(uint64_t numbers) {
  for (uint64_t left = signals_pending() & numbers; left; left &= left - 1) {
    int number = __builtin_ctzll(left) + 1;
    if (syscall(SYS_rt_sigqueueinfo, getpid(), number, &signals_noted[number])) kill(getpid(), number);
  }
}

void signal_give_back(void) {
  /* What was for this thread alone ends with it. */
  for (int number = 1; number <= SIGNALS; number++)
    if (signals_noted[number].si_code == SI_TKILL) signal_drop(number);
  give_back(UINT64_MAX);
}

void signal_keep_blocked(void) {
  uint64_t numbers = signals_pending() & thread.blocked & ~RESERVED;
  give_back(numbers);
  __atomic_fetch_and(&thread.pending, ~numbers, __ATOMIC_RELAXED);
}

void signal_note(int number, const void *siginfo, uint64_t *host_mask) {
  if (signal_ignored(number)) return;
  /* Only for ferry's sake was it caught. */
  if (BIT(number) & RESERVED & ~thread.blocked && !signal_handled(number) && !debug_sees_signals())
    return signal_act_by_default(number);
  memcpy(&signals_noted[number], siginfo, sizeof(siginfo_t));
  __atomic_fetch_or(&thread.pending, BIT(number), __ATOMIC_RELAXED);
  *host_mask |= BIT(number) & ~RESERVED;
  next_host_mask |= BIT(number) & ~RESERVED;
  signal_update_waiting();
}
