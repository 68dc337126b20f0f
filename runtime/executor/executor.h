/*
 * The executor: the guest process. It maps what it shares with the translator, loads the guest program at its own
 * addresses, runs translated code and performs system calls. Guest address = host address, below FERRY_GUEST_END.
 *
 *   executor.c   start: READY, entering translated code, the functions in the CPU state
 *   load.c       the guest program and its interpreter
 *   stack.c      the first stack of a guest program
 *   sysroot.c    guest paths
 *   memory.c     the memory shared by all processes of the tree
 *   mailbox.c    requests to the translator
 *   thread.c     guest threads: slots, host call stacks, start and end
 *   process.c    fork, vfork, clone
 *   reaper.c     the parent of the tree
 *   translator.c the translator's death, and its access to this process
 *   execve.c     new programs in this process
 *   space.c      the code cache and dispatch table that this process runs from, and moves to others
 *   world.c      stopping the other threads of the process
 *   debug.c      standing still for a debugger
 *   guest_*.c    which guest pages are mapped how; the memory system calls (guest_map.h)
 *   guest_copy.c copies that survive bad guest addresses; interruptible host system calls
 *   signal*.c    guest signal actions, masks, pending signals; the signal system calls (guest_signal.h)
 *   frame.c      RISC-V signal frames
 *   fault.c      host signal handlers
 *   syscall*.c   the system call table
 *   proc_*.c     what files of /proc say of the guest (proc.h)
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
 * Below `start` a reserve that opens for host code, so that only translated code loses its frames when it ends, and
 * from `low` a guard that nothing opens.
 */
struct call_stack {
  uint64_t low, start, end;
};
#define CALL_STACK_END_GUARD 0x10000
#define CALL_STACK_RESERVE 0x100000
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

/* Takes the descriptor with this number, in decimal, for the shared memory's. */
void memory_start(const char *number);
int memory_descriptor(void);
/* Maps bytes of the shared memory, at `place` if it is not NULL; MAP_FAILED with errno. */
void *memory_map(void *place, size_t size, int protection, uint64_t offset);
/* A descriptor of a copy of bytes of it; -1 with errno. */
int memory_copy(uint64_t offset, uint64_t length);
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

/* ---- guest_copy.c ---- */

/* Copies between guest and executor memory; 0 or -EFAULT. Bytes before the bad address are copied. */
int guest_read(void *to, uint64_t from, size_t size);
int guest_write(uint64_t to, const void *from, size_t size);
/* Copies a NUL-terminated string; its length, -EFAULT, or -ENAMETOOLONG when it does not fit in `size` with its NUL. */
int64_t guest_read_string(char *to, uint64_t from, size_t size);
/* Replaces *expected by `new` in an aligned word, atomically: 0; 1 and *expected := what is there; or -EFAULT. */
int guest_exchange(uint64_t at, uint32_t *expected, uint32_t new);

/* A host system call that guest signals interrupt: the result or -errno, and HOST_CALL_NOT_STARTED without entering the
 * kernel when a guest signal is already pending; system_call returns that, and the call is made again behind the handler.
 * Every call that may block goes through this. */
#define HOST_CALL_NOT_STARTED (-513)
int64_t host_call(int64_t number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f);

/* ---- guest_map.c and the files beside it (guest_map.h) ---- */

/* The whole memory system calls of the guest, in the guest's flags (equal to the host's) and protections. */
int64_t guest_mmap(uint64_t address, uint64_t length, int protection, int flags, int fd, uint64_t offset);
int64_t guest_munmap(uint64_t address, uint64_t length);
int64_t guest_mprotect(uint64_t address, uint64_t length, int protection);
int64_t guest_mremap(uint64_t old, uint64_t old_length, uint64_t new_length, int flags, uint64_t new_address);
int64_t guest_brk(uint64_t address);
/* Bytes that the guest has mapped. */
uint64_t guest_map_size(void);
/* mlockall. */
int64_t guest_lock_all(int flags);
/* Page-aligned range within the guest's region and entirely mapped; for madvise, msync, mlock, mincore. */
bool guest_mapped(uint64_t address, uint64_t length);

#define GUEST_PAGE 4096
#define page_floor(x) ((uint64_t)(x) & ~(uint64_t)(GUEST_PAGE - 1))
#define page_ceil(x) page_floor((uint64_t)(x) + GUEST_PAGE - 1)

/* What a file's pages are told apart by; all zero: no file, or no longer what the file holds. */
struct file_identity {
  uint64_t device, inode, modified; /* ns */
};

struct guest_mapping {
  uint64_t start, end;
  int protection; /* as the guest asked; the host mapping never has PROT_EXEC */
  bool shared;
  bool watched; /* translated code came from here: the host mapping is not writable, though the guest's may be */
  struct file_identity file;
  uint64_t offset;
};
/* The mapping that contains the address; start = end = 0 when there is none. */
struct guest_mapping guest_mapping_at(uint64_t address);
/* Says which file's pages a mapping holds. */
void guest_map_identify(uint64_t start, uint64_t end, struct file_identity file, uint64_t offset);
/* Room for the executor's own use within the guest's region; 0 = none. */
uint64_t guest_map_reserve(uint64_t length);
/* Makes the writable pages of a range fault at a store from now on. */
void guest_map_watch(uint64_t start, uint64_t end);
/* A store to the address faulted: whether its page was watched and is writable now; its translations are dropped. */
bool guest_map_unwatch(uint64_t address);
/* The kernel could not write somewhere: the same for every watched page. */
bool guest_map_unwatch_all(void);
/* The lock of the table, for fork. */
void guest_map_lock(bool taken);
/* Records a mapping that the loader made; sets where brk starts and where the search for free ranges ends. */
void guest_map_record(uint64_t start, uint64_t end, int protection, bool shared);
void guest_map_set_break(uint64_t start);
void guest_map_set_top(uint64_t top);
/* Posts INVALIDATE for every executable mapping that can change without a fault (guest_map_watch): what fence.i may be about. */
void guest_map_invalidate_unseen(void);

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
/* sigaltstack: what it tells where the stack pointer is sp; and what it sets: 0 or -errno. */
struct guest_stack alternate_stack(uint64_t sp);
int64_t set_alternate_stack(uint64_t sp, struct guest_stack new);

/* Accrued exceptions of MXCSR as fflags. */
uint32_t fflags_of_mxcsr(uint32_t mxcsr);
/* MXCSR for a rounding mode, with no exceptions accrued and all masked. */
uint32_t mxcsr_of_frm(uint32_t frm);

/* Opens or closes the reserve of this thread's call stack. */
void call_stack_reserve(bool open);

/* ---- fault.c ---- */

/* Installs the handlers of the synchronous signals and the alternate stack of this thread. */
void fault_start(void);
void fault_handler(int number, void *siginfo, void *context);

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

/* ---- execve.c ---- */

/* Frees what a failed execve, or that of a vfork child, left. */
void exec_give_back(void);
/* The path of this executor, for execve. */
extern char executor_path[4096];
/* Undoes what process.c did to the environment so that the host's loader did not see the guest's variables. */
void restore_environment(char **environment);

/* ---- space.c ---- */

struct guest_mapping;

extern volatile uint64_t space_generation;
/* Number of the space that is mapped. */
extern uint64_t space_number;
/* Maps the space that the last answer named. */
void space_start(void);
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

/* ---- sysroot.c ---- */

/* Bytes of any host path of a guest path: the sysroot's and the guest's. */
#define SYSROOT_PATH 8192

/* Whether a guest path is looked for in the sysroot: the path to look for there, or 0. Relative paths start at `folder`,
 * a descriptor or AT_FDCWD, and use `to`, of SYSROOT_PATH bytes. */
uint64_t sysroot_covers(char *to, int folder, uint64_t path, bool follow);
/* The current folder has changed. */
void sysroot_moved(void);
/* The descriptor of the sysroot, which the guest does not see; -1 while it is not open. */
int sysroot_descriptor(void);
/* The guest is about to use that number: it is the sysroot's no more. */
void sysroot_forget(void);
/* Other mounts are seen from now on. */
void sysroot_renew(void);
/* openat2 in the sysroot of a path that sysroot_covers gave: a descriptor or -errno. */
int64_t sysroot_open(uint64_t covered, uint64_t flags, uint64_t mode, uint64_t resolve);
/* The same where the kernel has no openat2. */
int64_t sysroot_walk(const char *path, uint64_t flags, uint64_t mode);
/* openat of a link in the sysroot that leads to what only the host has. */
int64_t sysroot_open_through(uint64_t covered, uint64_t flags);
/* Whether a result says that nothing is there. */
bool sysroot_lacks(int64_t result);
/* One system call with arguments `a`, but on `path`, which is the host's and relative to no descriptor that is not in
 * `a`. Where fd is not -1, path is that descriptor's magic link: to be followed, whatever the call does with links. */
typedef int64_t path_call(uint64_t path, int fd, const uint64_t *a);
/* Performs a call on what a guest path names, first in the sysroot, then on the host. */
int64_t sysroot_perform(int folder, uint64_t path, bool follow, path_call *call, const uint64_t *a);
/*
 * The host's path of what a guest path, relative to `folder`, names: of the file in the sysroot with its links resolved, of the guest program
 * for /proc/PID/exe, and otherwise the path as it is, whether or not the file exists. 0, -EFAULT or -ENAMETOOLONG. For
 * execve, and for what else names a program.
 */
int sysroot_find(char *to, int folder, const char *path, size_t size);
/* A host path as the guest knows it: without the sysroot's own path. Points into its argument. */
const char *sysroot_strip(const char *path);
/* The path to use where what a guest path names is not looked for in the sysroot: the guest's own, or, after chroot, that in
 * the new root, in `to` of SYSROOT_PATH bytes. */
uint64_t sysroot_outside(char *to, int folder, uint64_t path);
/* Whether nothing but the root is looked at; its host path. */
bool sysroot_alone(void);
const char *sysroot_root(void);
/* chroot, to a folder's host path: 0 or -errno. */
int sysroot_confine(const char *root);
/* Splits a guest path: a descriptor (O_PATH) of the folder in the sysroot that has, or would have, the file, and its name
 * there. Negative when the folder is not in the sysroot. */
int64_t sysroot_parent(int folder, uint64_t path, char *name);

/* ---- load.c ---- */

struct guest_image {
  uint64_t entry, stack, bias;
};
/* What execve answers for the file of a host path: 0 = load_guest can load it; -ENOEXEC: no RISC-V program; the
 * interpreter's errors: -ELIBBAD when it is no RISC-V program, -ENOENT, -EACCES … when it can not be opened. */
int load_check(const char *path);
/* `path` is the host's, `name` what execve was given. */
struct guest_image load_guest(const char *path, const char *name, char **argv, char **environment);

/* ---- stack.c ---- */

/* What the first stack tells the program; `path` is for messages. */
struct first_stack {
  const char *path, *name;
  char **argv, **environment;
  int protection;
  uint64_t entry, headers, header_count, base;
};
/* Maps the stack and the signal return page: the stack pointer. */
uint64_t stack_build(const struct first_stack *first);

/* RLIMIT_STACK has become so much: lets the first stack grow to that, if it may have more than now. */
void stack_raise(uint64_t limit);

/* Where the guest program is, for /proc/self/stat and /proc/self/auxv. */
struct guest_program {
  uint64_t code_start, code_end, data_start, data_end, break_start, stack_start;
  uint64_t arguments_start, arguments_end, environment_end;
  uint64_t auxiliary[18][2];
};
extern struct guest_program guest_program;

/* ---- proc_kernel.c ---- */

/* Has the kernel tell of the guest's arguments, environment and auxiliary vector instead of the executor's. */
void proc_tell(void);
