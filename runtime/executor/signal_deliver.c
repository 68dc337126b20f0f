/* Delivers signals: enters the guest's handlers, or leaves it to the kernel what happens by default. */
#define _GNU_SOURCE
#include "guest_memory.h"
#include "guest_signal.h"
#include "lone.h"
#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static void restore_mask(void) {
  if (!thread.restore_blocked) return;
  thread.restore_blocked = false;
  thread.blocked = thread.saved_blocked;
  signal_apply_mask();
}

/* Enters the guest's handler at state->pc. */
static void enter_handler(ferry_state *state, int number, const siginfo_t *info, struct fault fault) {
  struct guest_action action = actions[number];
  uint64_t mask = thread.restore_blocked ? thread.saved_blocked : thread.blocked, pc = state->pc;
  trace_signal(number, info);
  if (!frame_push(state, number, info, action.handler, action.flags & SA_ONSTACK, mask))
    signal_die(SIGSEGV, pc, state->x[2], fault);
  thread.restore_blocked = false;
  if (action.flags & SA_RESETHAND) {
    actions[number].handler = (uint64_t)SIG_DFL;
    if (!(BIT(number) & RESERVED)) signal_host_action(number, (void *)SIG_DFL, 0);
  }
  thread.blocked |= action.mask | (action.flags & SA_NODEFER ? 0 : BIT(number));
  signal_apply_mask();
}

/* Takes the next deliverable signal; 0 = none. Synchronous ones first, as the kernel does. */
static int take(void) {
  uint64_t ready = signals_pending() & ~thread.blocked;
  if (ready & SYNCHRONOUS) ready &= SYNCHRONOUS;
  if (!ready) return 0;
  int number = __builtin_ctzll(ready) + 1;
  signal_drop(number);
  return number;
}

void signal_act_by_default(int number) {
  if (signal_ignored(number)) return signal_apply_mask();
  signal_host_action(number, (void *)SIG_DFL, 0);
  signal_apply_mask();
  syscall(SYS_tgkill, getpid(), gettid(), number);
}

bool signal_deliver_pending(ferry_state *state) {
  bool entered = false;
  for (int number; signal_waiting && (number = take());) {
    int given = debug_signal(state, &signals_noted[number]);
    if (debug_sees_signals()) entered = true;
    if (given != number) {
      signals_noted[given] = signals_noted[number];
      signals_noted[number = given].si_signo = given;
      signal_apply_mask();
    }
    if (number == 0) continue;
    if (signal_handled(number)) {
      enter_handler(state, number, &signals_noted[number], (struct fault){0});
      entered = true;
    } else {
      signal_act_by_default(number);
    }
  }
  return entered;
}

bool signal_after_system_call(ferry_state *state, int64_t result, uint64_t first_argument) {
  bool replaced = result == SYSCALL_REPLACED;
  /* The signal came before the call, whose temporary mask lets it interrupt the call all the same. */
  if (result == HOST_CALL_NOT_STARTED && thread.restore_blocked) result = -EINTR;
  if (result == HOST_CALL_NOT_STARTED) {
    state->x[10] = first_argument;
    state->pc -= 4;
    signal_deliver_pending(state);
    return true;
  }
  if (!replaced) state->x[10] = (uint64_t)result;
  if (result != -EINTR) restore_mask();
  if (!signal_waiting) {
    /* Only a signal of ferry's own interrupted it. */
    if (result == -EINTR && !thread.restore_blocked && system_call_waits(state->x[17])) {
      state->x[10] = first_argument;
      state->pc -= 4;
      return true;
    }
    restore_mask();
    return replaced;
  }
  /* pc is behind the ecall. */
  bool restart = false;
  int first = __builtin_ctzll(signals_pending() & ~thread.blocked) + 1;
  if (result == -EINTR && system_call_restarts(state->x[17], first_argument) && signal_handled(first) &&
      (actions[first].flags & SA_RESTART)) {
    restart = true;
    state->x[10] = first_argument;
    state->pc -= 4;
  }
  bool entered = signal_deliver_pending(state);
  restore_mask();
  return entered || replaced || restart;
}

void signal_die(int number, uint64_t guest_pc, uint64_t address, struct fault fault) {
  ferry_mailbox *mailbox = thread.mailbox;
  mailbox->text[0] = 0;
  if (fault.symbol) strncpy((char *)mailbox->text, fault.symbol, sizeof mailbox->text - 1);
  POST(REQUEST_DIED, (uint64_t)number, guest_pc, address, fault.host_pc, fault.access);
  lone_print((const char *)mailbox->text);
  /* A core file would show the executor, not the guest. */
  prctl(PR_SET_DUMPABLE, 0);
  signal_host_action(number, (void *)SIG_DFL, 0);
  uint64_t none = 0;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, SIGSET_SIZE);
  for (;;) syscall(SYS_tgkill, getpid(), gettid(), number);
}

void signal_fault(ferry_state *state, const void *siginfo, struct fault fault) {
  siginfo_t *info = &signals_noted[0];
  *info = *(const siginfo_t *)siginfo;
  int number = info->si_signo = debug_signal(state, info);
  if (number == 0) return;
  /* A synchronous signal that is blocked or ignored ends the process all the same. */
  if (!signal_handled(number) || (thread.blocked & BIT(number)))
    signal_die(number, state->pc, (uint64_t)info->si_addr, fault);
  enter_handler(state, number, info, fault);
}
