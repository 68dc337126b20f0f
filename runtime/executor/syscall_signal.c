/* Signals: the calls are in signal_action.c and signal_call.c. */
#include "signals.h"
#include "syscall.h"

int64_t call_rt_sigaction(ferry_state *state, const uint64_t *a) {
  (void)state;
  return signal_action((int)a[0], a[1], a[2], a[3]);
}

int64_t call_rt_sigprocmask(ferry_state *state, const uint64_t *a) {
  (void)state;
  return signal_mask((int)a[0], a[1], a[2], a[3]);
}

int64_t call_rt_sigpending(ferry_state *state, const uint64_t *a) {
  (void)state;
  return signal_pending(a[0], a[1]);
}

int64_t call_rt_sigsuspend(ferry_state *state, const uint64_t *a) {
  (void)state;
  return signal_suspend(a[0], a[1]);
}

int64_t call_rt_sigtimedwait(ferry_state *state, const uint64_t *a) {
  (void)state;
  return signal_timed_wait(a[0], a[1], a[2], a[3]);
}

int64_t call_sigaltstack(ferry_state *state, const uint64_t *a) { return signal_stack(state, a[0], a[1]); }

int64_t call_rt_sigreturn(ferry_state *state, const uint64_t *a) {
  (void)a;
  return signal_return(state);
}
