/*
 * The executor: the guest process. It maps what it shares with the translator, loads the guest program at its own
 * addresses, runs translated code and performs system calls. Guest address = host address, below FERRY_GUEST_END.
 *
 *   executor.c   start: mappings, READY, entering translated code, the functions in the CPU state
 *   load.c       the guest program and its first stack
 *   mailbox.c    requests to the translator
 *   guest_map.c  which guest pages are mapped how; the memory system calls
 *   guest_copy.c copies that survive bad guest addresses; interruptible host system calls
 *   signal.c     guest signal actions, masks, pending signals; the signal system calls
 *   frame.c      RISC-V signal frames
 *   fault.c      host signal handlers
 *   syscall*.c   the system call table
 *
 * A guest address is a uint64_t. Functions that implement a whole system call return its result or -errno.
 */
#pragma once
#include "layout.h"
#include <stdbool.h>
#include <stdint.h>

/* ---- executor.c ---- */

struct guest_stack {
  uint64_t start, size;
};

/* What the executor knows about the guest thread that runs on this host thread, beside the shared CPU state. */
struct thread {
  ferry_state *state;
  ferry_mailbox *mailbox;
  uint64_t blocked;                       /* guest signal mask: bit n-1 is signal n */
  uint64_t saved_blocked;                 /* mask to restore after a handler that ended sigsuspend or ppoll */
  bool restore_blocked;                   /* saved_blocked is valid */
  volatile bool leaving;                  /* the executor's functions look at signal_waiting no more: fault.c does */
  uint64_t pending;                       /* caught by a host handler, not yet delivered to the guest */
  bool reserve_open;                      /* host code needed the reserve of the call stack */
  struct guest_stack alternate;           /* sigaltstack; size 0 = disabled */
};
extern _Thread_local struct thread thread;

/* Translated code and thunks reach the CPU state through this (state + FERRY_STATE_BIAS); its place relative to fs is
 * control->state_tls_offset. */
extern _Thread_local uint64_t ferry_biased_state;

extern ferry_control *control;

/* The guest program: its absolute path (what /proc/self/exe names). */
extern const char *guest_path;

/* Ends the guest process as exit_group does: tells the translator (EXIT) first. */
_Noreturn void executor_exit(int status);

/* Ends the executor because it can not go on: the reason goes to the translator (FAILED), or, before there is one, to
 * stderr; exit status 125. */
_Noreturn void executor_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ---- mailbox.c ---- */

/* Posts a request with up to 8 words, waits for the answer and returns results[0]. The other results and the text are
 * in thread.mailbox. Not reentrant: no fault may happen between the words of `post`. */
uint64_t post(uint32_t kind, unsigned count, const uint64_t *args);
#define POST(kind, ...) \
  post(kind, sizeof((uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t), (const uint64_t[]){__VA_ARGS__})

/* ---- syscall.c (the system call table) ---- */

/* Result of system_call: every register and the pc were replaced (rt_sigreturn). */
#define SYSCALL_REPLACED INT64_MIN

/* Performs the system call in state->x[17] with arguments x[10..15] and returns what a0 gets (result or -errno), or
 * SYSCALL_REPLACED. The caller (executor.c) stores a0, delivers pending signals and restarts interrupted calls, so
 * this returns -EINTR whenever host_call did. Prints the --log=strace trace itself (REQUEST_TRACE). */
int64_t system_call(ferry_state *state);

/* Whether SA_RESTART starts this call again after -EINTR (signal(7)). */
bool system_call_restarts(uint64_t number);

/* ---- guest_copy.c ---- */

/* Copies between guest and executor memory; 0 or -EFAULT. Bytes before the bad address are copied. */
int guest_read(void *to, uint64_t from, size_t size);
int guest_write(uint64_t to, const void *from, size_t size);
/* Copies a NUL-terminated string; its length, -EFAULT, or -ENAMETOOLONG when it does not fit in `size` with its NUL. */
int64_t guest_read_string(char *to, uint64_t from, size_t size);

/* A host system call that guest signals interrupt: the result or -errno, and -EINTR without entering the kernel when
 * a guest signal is already pending. Every call that may block goes through this. */
int64_t host_call(int64_t number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f);

/* ---- guest_map.c ---- */

/* The whole memory system calls of the guest, in the guest's flags (equal to the host's) and protections. */
int64_t guest_mmap(uint64_t address, uint64_t length, int protection, int flags, int fd, uint64_t offset);
int64_t guest_munmap(uint64_t address, uint64_t length);
int64_t guest_mprotect(uint64_t address, uint64_t length, int protection);
int64_t guest_mremap(uint64_t old, uint64_t old_length, uint64_t new_length, int flags, uint64_t new_address);
int64_t guest_brk(uint64_t address);
/* Page-aligned range within the guest's region and entirely mapped; for madvise, msync, mlock, mincore. */
bool guest_mapped(uint64_t address, uint64_t length);

#define GUEST_PAGE 4096
#define page_floor(x) ((uint64_t)(x) & ~(uint64_t)(GUEST_PAGE - 1))
#define page_ceil(x) page_floor((uint64_t)(x) + GUEST_PAGE - 1)

struct guest_mapping {
  uint64_t start, end;
  int protection; /* as the guest asked; the host mapping never has PROT_EXEC */
  bool shared;
};
/* The mapping that contains the address, or NULL. Valid until the next change. */
const struct guest_mapping *guest_mapping_at(uint64_t address);
/* Records a mapping that the loader made; sets where brk starts and where the search for free ranges ends. */
void guest_map_record(uint64_t start, uint64_t end, int protection, bool shared);
void guest_map_set_break(uint64_t start);
void guest_map_set_top(uint64_t top);
/* Posts INVALIDATE for every executable mapping whose content the guest can change: what fence.i may be about. */
void guest_map_invalidate_writable(void);

/* ---- signal.c ---- */

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

/* ---- signal.c, for the executor itself ---- */

void signal_start(void);
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
/* A synchronous signal in host code, where no guest handler can run. */
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

/* Accrued exceptions of MXCSR as fflags. */
uint32_t fflags_of_mxcsr(uint32_t mxcsr);
/* MXCSR for a rounding mode, with no exceptions accrued and all masked. */
uint32_t mxcsr_of_frm(uint32_t frm);

/*
 * Below the host call stack: a guard that nothing opens, and above it one that opens for host code (the functions in the
 * CPU state and offloaded code run on the call stack too) so that only translated code loses its frames.
 */
#define CALL_STACK_END_GUARD 0x10000
#define CALL_STACK_RESERVE 0x100000
#define CALL_STACK_GUARD (FERRY_CALL_STACK - CALL_STACK_RESERVE - CALL_STACK_END_GUARD)
/* Opens or closes the reserve of this thread's call stack. */
void call_stack_reserve(bool open);

/* ---- fault.c ---- */

/* Installs the handlers of the synchronous signals and the alternate stack of this thread. */
void fault_start(void);
void fault_handler(int number, void *siginfo, void *context);

/* ---- load.c ---- */

struct guest_image {
  uint64_t entry, stack, bias;
};
struct guest_image load_guest(const char *path, char **argv, char **environment);
