/*
 * The executor: the guest process. It maps what it shares with the translator, loads the guest program at its own
 * addresses, runs translated code and performs system calls. Guest address = host address, below FERRY_GUEST_END.
 *
 *   executor.c   start: READY, entering translated code, the functions in the CPU state
 *   memory.c     the memory shared by all processes of the tree
 *   mailbox.c    requests to the translator
 *   interpret.h  guest code without a translation
 *   space.c      the code cache and dispatch table that this process runs from, and moves to others
 *   thread.c     guest threads: slots, host call stacks, start and end
 *   world.c      stopping the other threads of the process
 *   process.c    fork, vfork, clone
 *   execve.c     new programs in this process
 *   reaper.c     the parent of the tree
 *   orphans.c    stopped process groups that the first process leaves
 *   translator.c the translator's death, and its access to this process
 *   lone.h       running without a translator
 *   debug.c      standing still for a debugger
 *   program.h    the guest program: loading it, its first stack
 *   guest_memory.h  guest memory: copies, mappings, the memory system calls; guest_map.h is their inside
 *   signals.h    guest signals: actions, masks, frames, host signal handlers; guest_signal.h is their inside
 *   sysroot.h    guest paths
 *   settings.h   what the guest sets of its process and the host kernel is not told
 *   proc.h       what files of /proc say of the guest
 *   syscall.h    the system call table (syscall_table.h) and its functions
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
  uint32_t flags; /* as sigaltstack got them */
};

/*
 * A host call stack: translated code keeps its return addresses here, and the executor's functions and offloaded code run on it.
 * Below `start` a reserve that opens for host code, so that only translated code loses its frames when it ends; it is as large
 * as the stacks that guests recurse on. Below that and from `low` a guard, in which handlers of an overflow find their room.
 */
struct call_stack {
  uint64_t low, start, end;
};
#define CALL_STACK_HANDLERS 0x40000 /* below the reserve: for a guest handler when host code has used that up */
#define CALL_STACK_END_GUARD (0x10000 + CALL_STACK_HANDLERS)
#define CALL_STACK_RESERVE 0x1000000
#define CALL_STACK_GUARD (FERRY_CALL_STACK - CALL_STACK_RESERVE - CALL_STACK_END_GUARD)

/* What the executor knows about the guest thread that runs on this host thread, beside the shared CPU state. */
struct thread {
  ferry_state *state;
  ferry_mailbox *mailbox;
  uint64_t blocked;                       /* guest signal mask: bit n-1 is signal n */
  uint64_t saved_blocked;                 /* mask to restore after a handler that ended sigsuspend or ppoll */
  bool restore_blocked;                   /* saved_blocked is valid */
  volatile bool leaving;                  /* in translated or host code, or about to be: the executor's functions look at
                                             signal_waiting and world_stopping no more, fault.c does */
  volatile bool in_host;                  /* world.c found it in host code */
  volatile bool interpreting;             /* in interpret.c: looks at signal_waiting and world_stopping at every jump */
  volatile bool called;                   /* its WORLD_SIGNAL is on the way */
  bool once;                              /* the debugger wants to see it again after it has run, not before */
  bool vfork_child;                       /* another process, which runs in the memory of this suspended thread */
  int vfork_parent;                       /* watch_translator's in the vfork child */
  struct signal_actions *dispositions;    /* the process's, or the vfork child's */
  uint64_t pending;                       /* caught by a host handler, not yet delivered to the guest */
  bool reserve_open;                      /* host code needed the reserve of the call stack */
  struct guest_stack alternate;           /* sigaltstack; size 0 = disabled */
  struct call_stack stack;
  uint64_t generation;                    /* of the space that its host call stack's frames return to */
  uint64_t clear_tid;                     /* guest address that gets 0 when the thread ends, 0 = none */
  int pid, tid;                           /* the vfork child's while there is one */
  void *host_frame[5];                    /* where the host thread ends; unset in the first one */
  struct thread *next;
};
extern _Thread_local struct thread thread;
/* All threads of the process, under the lock of thread.c. */
extern struct thread *threads;

/* Translated code and thunks reach the CPU state through this (state + FERRY_STATE_BIAS); its place relative to fs is
 * control->state_tls_offset. */
extern _Thread_local uint64_t ferry_biased_state;

extern ferry_control *control;

/* The guest program: its absolute path (what /proc/self/exe names). */
extern const char *guest_path;

/* The translation of pc, which the translator is asked for, or how to go on with the guest's handler when there is none. */
uint64_t translation_of(ferry_state *state, uint64_t pc);

/* On with translated code at state->pc, without the frames of the innermost level. */
_Noreturn void restart_guest(ferry_state *state);

/* Waits until other threads may run and no signal is due, then counts as running; true when a handler was entered. */
bool leave(ferry_state *state);
/* The instruction at state->pc without translated code; other threads must not run guest code when it stores. */
void execute_one(ferry_state *state);

/* Ends the guest process as exit_group does: tells the translator (EXIT) first. */
_Noreturn void executor_exit(int status);

/* Ends the executor because it can not go on: the reason goes to the translator (FAILED), or, before there is one, to
 * stderr; exit status 125. */
_Noreturn void executor_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ---- memory.c ---- */

/* This is the shared memory's descriptor. */
void memory_start(int fd);
/* The descriptor with this number, in decimal. */
int memory_inherited(const char *number);
int memory_descriptor(void);
/* Maps bytes of the shared memory, at `place` if it is not NULL; MAP_FAILED with errno. */
void *memory_map(void *place, size_t size, int protection, uint64_t offset);
/* A descriptor of a copy of bytes of it; -1 with errno. */
int memory_copy(uint64_t offset, uint64_t length);
/* Does not return when it fails. */
void memory_write(uint64_t offset, const void *bytes, uint64_t length);
/* Before execve: whether the next program gets the descriptor. Its number, valid until the next call of this thread. */
const char *memory_pass(bool on);
/* The guest is about to use the descriptor's number: it gets another one. False when none is free. */
bool memory_move(void);
void memory_after_fork(void);
/* In the parent, when the vfork child has ended or has other memory. */
void memory_after_vfork(void);

/* ---- mailbox.c ---- */

/* Posts a request with up to 8 words, waits for the answer and returns results[0]. The other results and the text are
 * in thread.mailbox. Not reentrant: no fault may happen between the words of `post`. */
uint64_t post(uint32_t kind, unsigned count, const uint64_t *args);
#define POST(kind, ...) \
  post(kind, sizeof((uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t), (const uint64_t[]){__VA_ARGS__})

/* Asks for the translation of pc, in executable guest code from start to end that is a file's, without waiting for it: it appears in
 * the dispatch table, unless the process has to move for it. */
void want(uint64_t pc, uint64_t start, uint64_t end);

/* ---- syscall.c (the system call table) ---- */

/* Result of system_call: every register and the pc were replaced (rt_sigreturn). */
#define SYSCALL_REPLACED INT64_MIN

/* Performs the system call in state->x[17] with arguments x[10..15] and returns what a0 gets (result or -errno), or
 * SYSCALL_REPLACED. The caller (executor.c) stores a0, delivers pending signals and restarts interrupted calls, so
 * this returns what host_call did. Prints the --log=strace trace itself (REQUEST_TRACE). */
int64_t system_call(ferry_state *state);

/* Whether the call may wait, and so be interrupted. */
bool system_call_waits(uint64_t number);

/* Whether SA_RESTART starts this call again after -EINTR (signal(7)); `first` was in x[10], the other arguments are. */
bool system_call_restarts(uint64_t number, uint64_t first);

/* Under --log=strace: a handler is entered for this signal. */
void trace_signal(int number, const void *siginfo);

/* ---- thread.c ---- */

/* Locks of the executor's tables: the holder touches no guest memory and waits for nothing but the translator. */
struct lock {
  uint32_t word;
};
void lock_take(struct lock *lock);
void lock_release(struct lock *lock);

/* A free slot of the control block for the calling thread; negative when there is none. */
int slot_take(void);
/* The slot's place in the control block. */
ferry_state *slot_state(int slot);
void thread_start_first(void);
/* Guest clone with CLONE_THREAD: the new thread's id or -errno. */
int64_t thread_clone(const ferry_state *state, uint64_t flags, uint64_t stack, uint64_t parent_tid, uint64_t tls,
                     uint64_t child_tid);
/* The guest's exit: the thread ends, and with the last one the process. */
_Noreturn void thread_exit(int status);
bool single_threaded(void);
/* A host call stack, low = 0 when there is no room; given back for the next thread. */
struct call_stack call_stack_take(void);
void call_stack_give(struct call_stack stack);
/* The lock of the free ones, for fork. */
void lock_call_stacks(bool taken);
/* In a forked child: only the calling thread is left. */
void threads_after_fork(void);
void lock_threads(bool taken);

/* ---- translator.c ---- */

/* Has the kernel tell of the parent's end, and with it perhaps the translator's. */
void watch_translator(void);
/* Whether WORLD_SIGNAL came from there; does not return when the translator is gone. */
bool parent_ended(const void *siginfo);
bool translator_gone(void);
_Noreturn void translator_lost(void);
/* Of the processor: those of which translations could make use (CPUID leaves 1 and 7). */
uint64_t cpu_features(void);
/* Ends what runs below a process ("self" or its number) without ferry. */
void end_host_programs(const char *process);
/* Around the requests for which the translator opens this process's memory: what prctl(2) says keeps it from that when
 * the guest has changed its user. begin_access returns what end_access puts back. */
int begin_access(void);
void end_access(int dumpable);

/* ---- process.c ---- */

/* The translator's number for this process and program. */
extern uint64_t program_image;

/* ---- reaper.c ---- */

/* In the first executor of a tree: returns in a child, which is to be the first guest process. */
void reaper_start(char **argv);

/* ---- orphans.c ---- */

/* In the reaper, when the first process has ended: what the kernel does to stopped process groups that are orphans then. */
void hang_up_orphans(void);

/* ---- execve.c ---- */

/* Frees what a failed execve, or that of a vfork child, left. */
void exec_give_back(void);
/* The path of this executor, for execve. */
extern char executor_path[4096];
/* Undoes what process.c did to the environment so that the host's loader did not see the guest's variables. */
void restore_environment(char **environment);

/* ---- space.c ---- */

struct guest_mapping;
struct stat;

/* When the file's status changed last, in ns: with device and inode it stands for the content. */
uint64_t space_changed(const struct stat *status);

extern volatile uint64_t space_generation;
/* Number of the space that is mapped. */
extern uint64_t space_number;
/* Maps the space that the last answer named; the same while threads may run from another one. */
void space_start(void);
void space_enter(void);
/* The lock of moves, for fork: the child has the whole of one space. */
void space_lock(bool taken);
/* After a request: whether the answer (or that of another thread, since `generation`) made this process move. */
bool space_moved(uint64_t generation);
/* Announces [start, start + length) as new executable code: of the file, or, with fd -1, written by the guest. */
void space_mapped(uint64_t start, uint64_t length, int fd, uint64_t offset);
/* Where the translator wants this file mapped in all processes; 0 = anywhere. */
uint64_t space_place(int fd, uint64_t length);
/* The same of what the table of mappings says of [start, end). */
void space_announce(uint64_t start, uint64_t end);
/* Guest code in the range changed, or (`of_file`) pages of files are no longer mapped there. */
void space_invalidate(uint64_t start, uint64_t end, bool of_file);
/* The translation of pc: host address, 0 when there is none. The process may have moved. */
uint64_t space_resolve(uint64_t pc, const struct guest_mapping *mapping);
/* The thread's frm came from a signal frame or a debugger: code that suits it. */
void space_rounding(uint32_t frm);

/* ---- world.c ---- */

/* It stops a thread when world_stopping is set; the guest may use it too. */
#define WORLD_SIGNAL FERRY_WORLD_SIGNAL
extern volatile uint32_t world_stopping;
/* Returns when all other threads of the process wait in world_wait or in the executor's functions, or are in host code. Calls nest. */
void world_stop(void);
void world_start(void);
void world_wait(void);
void world_after_fork(void);

/* ---- debug.c ---- */

/* The debugger wants to see this thread before its next guest instruction; before it gets signals. */
bool debug_stopping(void);
bool debug_sees_signals(void);
/* Whether WORLD_SIGNAL came from the translator, to bring this thread to its debugger. */
bool debug_kicked(const void *siginfo);
/* Stands still at state->pc for a DEBUG_REASON; registers and pc may be others afterwards. */
void debug_stop(ferry_state *state, uint64_t reason);
/* What the debugger makes of a signal that is about to be delivered at state->pc: the signal to deliver, 0 = none. */
int debug_signal(ferry_state *state, const void *siginfo);

/* ---- syscall_descriptor.c ---- */

/* The descriptor with a number that programs do not choose for themselves, closed on execve. */
int64_t descriptor_hide(int64_t fd);
bool descriptor_hidden(uint64_t fd);
/* Another one for the same file, with such a number, or -errno. */
int64_t descriptor_duplicate(int64_t fd);
