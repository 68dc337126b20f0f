/* Guest signals, for those who get them delivered; how they are kept is in guest_signal.h. */
#pragma once
#include "executor.h"
#include <ucontext.h>

/* ---- signal_action.c, signal_call.c (guest_signal.h) ---- */

/* The whole system calls; sizes are sigsetsize, which must be 8. */
int64_t signal_action(int number, uint64_t action, uint64_t old_action, uint64_t size);          /* rt_sigaction */
int64_t signal_mask(int how, uint64_t set, uint64_t old_set, uint64_t size);                     /* rt_sigprocmask */
int64_t signal_pending(uint64_t set, uint64_t size);                                             /* rt_sigpending */
int64_t signal_suspend(uint64_t set, uint64_t size);                                             /* rt_sigsuspend */
int64_t signal_timed_wait(uint64_t set, uint64_t info, uint64_t timeout, uint64_t size);         /* rt_sigtimedwait */
int64_t signal_stack(ferry_state *state, uint64_t stack, uint64_t old_stack);                    /* sigaltstack */
int64_t signal_return(ferry_state *state);                                                       /* rt_sigreturn */
/* kill, tgkill, tkill, rt_sigqueueinfo ... need nothing special: they are plain host calls. */
/* For ppoll and pselect6: installs a temporary mask (guest address, 0 = none: no change) for this system call, whose
 * host call then gets no mask. executor.c restores the old mask behind the call, or a handler's frame does. */
int64_t signal_temporary_mask(uint64_t set, uint64_t size);

/* ---- signal*.c, for the executor itself ---- */

void signal_start(void);
/* In a new thread, whose thread.blocked is set; in a forked child. */
void signal_start_thread(void);
void signal_after_fork(void);
/* In a vfork child, before it gets signals: nothing is pending, and it changes actions of its own. */
struct signal_actions;
void signal_start_vfork_child(struct signal_actions *own);
/* Tells the kernel the mask, after all was blocked. */
void signal_apply_mask(void);
/* The lock of the actions, for fork. */
void signal_lock(bool taken);
/* Handlers become the default action (CLONE_CLEAR_SIGHAND). */
void signal_clear_handlers(void);
/* What this thread caught and will not deliver goes to the process. */
void signal_give_back(void);
/* Before execve: what this thread caught and then blocked is left pending in the kernel. */
void signal_keep_blocked(void);
/* struct sigaction of riscv64's kernel, which has no restorer, of each signal. */
struct signal_actions {
  struct guest_action {
    uint64_t handler, flags, mask;
  } of[65];
};
/* The host mask that belongs to the guest's mask and what is pending. */
uint64_t signal_host_mask(void);
/* Behind a system call: stores the result in a0, restarts an interrupted call, delivers pending signals, restores a
 * temporary mask. True when pc and registers were replaced. */
bool signal_after_system_call(ferry_state *state, int64_t result, uint64_t first_argument);
/* Delivers what is pending at state->pc; true when a handler was entered. */
bool signal_deliver_pending(ferry_state *state);
/* A synchronous signal of the instruction at state->pc: enters the guest's handler, or ends the process. `access` and
 * `host_pc` are for the message (REQUEST_DIED). */
struct fault {
  uint64_t host_pc, access;
  const char *symbol;
};
void signal_fault(ferry_state *state, const void *siginfo, struct fault fault);
/* A synchronous signal in host code for which the guest has no handler, or one of ferry's own code. */
_Noreturn void signal_die(int number, uint64_t guest_pc, uint64_t address, struct fault fault);
/* For the host handler: notes a signal for later; `host_mask` is the interrupted context's mask. */
void signal_note(int number, const void *siginfo, uint64_t *host_mask);
/* Non-zero while a signal waits that is not blocked. */
extern _Thread_local volatile uint32_t signal_waiting;

/* ---- frame.c ---- */

/* Where rt_sigreturn is called: the page that the loader maps for it. */
#define SIGRETURN_PAGE (FERRY_CALL_STACK + FERRY_CALL_STACK_SIZE + 0x10000)

/* Pushes a RISC-V rt_sigframe and enters the handler: false when the frame can not be written. `mask` is what
 * rt_sigreturn restores. */
bool frame_push(ferry_state *state, int number, const void *siginfo, uint64_t handler, bool on_alternate, uint64_t mask);
/* Restores the registers from the frame at sp and gives the mask; false when it can not be read. */
bool frame_pop(ferry_state *state, uint64_t *mask);
/* sigaltstack: what it tells where the stack pointer is sp; and what it sets: 0 or -errno. */
struct guest_stack alternate_stack(uint64_t sp);
int64_t set_alternate_stack(uint64_t sp, struct guest_stack new);

/* Accrued exceptions of MXCSR as fflags. */
uint32_t fflags_of_mxcsr(uint32_t mxcsr);
/* MXCSR for a rounding mode, with no exceptions accrued and all masked. */
uint32_t mxcsr_of_frm(uint32_t frm);

/* Opens or closes the reserve of this thread's call stack. */
void call_stack_reserve(bool open);

/* ---- host_signal.c ---- */

/*
 * In a host signal handler that interrupted offloaded code: has the guest's handler run there, for a fault or, with number 0, for
 * what is pending. False when the guest has none that may run.
 */
bool host_signal(int number, const void *siginfo, struct fault fault, void *context);

/* ---- native_function.c ---- */

bool in_native_function(uint64_t rip);
/* The one that was interrupted goes to its end, without steps, of which it may have too many; then it traps. */
void native_function_stop(ucontext_t *context);
/* Whether that is the trap; it goes on behind the function then. */
bool native_function_stopped(ucontext_t *context);
/* Undoes the call of one that has faulted: the guest's own is to run in its place, and faults in its turn. */
void native_function_forget(ucontext_t *context);

/* ---- fault.c ---- */

/* Installs the handlers of the synchronous signals and the alternate stack of this thread. */
void fault_start(void);
void fault_handler(int number, void *siginfo, void *context);
