/*
 * A debugger in the translator. A thread that it wants to see stands still in a request, with all registers in its CPU
 * state, and goes on with whatever that was made to. Threads look at MAILBOX.debug where they leave the executor's
 * functions; one in translated code is brought there as for a signal (fault.c).
 */
#define _GNU_SOURCE
#include "executor.h"
#include "signals.h"
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

bool debug_stopping(void) { return thread.mailbox->debug & DEBUG_STOP; }
bool debug_sees_signals(void) { return thread.mailbox->debug & DEBUG_SIGNALS; }

bool debug_kicked(const void *siginfo) {
  const siginfo_t *info = siginfo;
  return info->si_signo == WORLD_SIGNAL && info->si_code == SI_TKILL && (uint32_t)info->si_pid == control->translator_pid;
}

/* Returns the signal that the debugger gives the thread, 0 = none. */
static int stand_still(ferry_state *state, uint64_t reason, int number) {
  /* Accrued exceptions are in the CPU state meanwhile. */
  state->fflags |= fflags_of_mxcsr(__builtin_ia32_stmxcsr());
  thread.once = POST(REQUEST_DEBUG, reason, (uint64_t)number);
  state->mxcsr = mxcsr_of_frm(state->frm);
  __builtin_ia32_ldmxcsr(state->mxcsr);
  number = (int)thread.mailbox->results[1];
  space_rounding(state->frm);
  return number;
}

void debug_stop(ferry_state *state, uint64_t reason) {
  int number = stand_still(state, reason, 0);
  if (number) syscall(SYS_tgkill, getpid(), gettid(), number);
}

int debug_signal(ferry_state *state, const void *siginfo) {
  const siginfo_t *info = siginfo;
  if (!debug_sees_signals()) return info->si_signo;
  memcpy(thread.mailbox->text, info, sizeof *info);
  return stand_still(state, DEBUG_REASON_SIGNAL, info->si_signo);
}
