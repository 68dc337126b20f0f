/*
 * Guest signals. The host's dispositions and mask mirror the guest's, so that default actions, ignored signals, and
 * signals from and to other processes are the host kernel's work. Only a signal with a guest handler is caught, and
 * every synchronous one (fault.c).
 *
 * A caught signal is noted in `thread.pending` with its siginfo, and stays blocked in the host until the guest's
 * handler is entered, so that further instances queue in the kernel as they should. Handlers are entered behind
 * system calls and where translated code asks for a translation.
 *
 *   signal_action.c   what the guest does with each signal
 *   signal.c          masks, and what is noted
 *   signal_deliver.c  entering handlers; death by a signal
 *   signal_call.c     the signal system calls but rt_sigaction
 */
#pragma once
#include "signals.h"
#include <signal.h>

enum { SIGNALS = 64, SIGSET_SIZE = 8 };
#define BIT(number) (UINT64_C(1) << ((number) - 1))
#define UNBLOCKABLE (BIT(SIGKILL) | BIT(SIGSTOP))
/* Never blocked in the host: a fault that is blocked kills without a word. */
#define SYNCHRONOUS (BIT(SIGSEGV) | BIT(SIGBUS) | BIT(SIGFPE) | BIT(SIGILL) | BIT(SIGTRAP))
/* Caught whatever the guest does with them, and never blocked in the host. */
#define RESERVED (SYNCHRONOUS | BIT(WORLD_SIGNAL))

/* ---- signal_action.c ---- */

#define actions thread.dispositions->of
/* Tells the kernel; `flags` are the host's. */
void signal_host_action(int number, void *handler, uint64_t flags);
bool signal_ignored(int number);
/* Whether the guest has a handler. */
bool signal_handled(int number);
/* Whether a debugger sees it, whatever the guest does with it. */
bool signal_shown(int number);

/* ---- signal.c ---- */

/* Of what is noted. */
extern _Thread_local siginfo_t signals_noted[SIGNALS + 1];
uint64_t signals_pending(void);
void signal_drop(int number);
void signal_update_waiting(void);
/* Tells the kernel to block these, and what is noted. */
void signal_set_host_mask(uint64_t blocked);

/* ---- signal_deliver.c ---- */

/* Of a signal that was caught before the guest gave up its handler, or of a synchronous one that a process sent: back
 * to the kernel. */
void signal_act_by_default(int number);
