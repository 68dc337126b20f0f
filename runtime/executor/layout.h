/* Generated from base/layout.ts by `npm run generate`: do not edit. */

#pragma once

#include <stddef.h>
#include <stdint.h>

#define FERRY_GUEST_END UINT64_C(0x4000000000)
#define FERRY_CODE_CACHE UINT64_C(0x6000000000)
#define FERRY_CODE_SIZE UINT64_C(0x40000000)
#define FERRY_DISPATCH UINT64_C(0x8000000000)
#define FERRY_DISPATCH_SIZE UINT64_C(0x8000000000)
#define FERRY_CALL_STACK UINT64_C(0x3fc0000000)
#define FERRY_CALL_STACK_SIZE UINT64_C(0x10000000)
#define FERRY_RETURN_GATE UINT64_C(0x7ffffff0)
#define FERRY_CONTROL_MAGIC UINT64_C(0x59525246)
#define FERRY_MAX_THREADS 2048
#define FERRY_THREADS UINT64_C(0x1000)
#define FERRY_THREAD_SIZE UINT64_C(0x2000)
#define FERRY_COUNTERS UINT64_C(0x1001000)
#define FERRY_COUNTERS_SIZE UINT64_C(0x4000000)
#define FERRY_BLOCK_COUNTERS UINT64_C(0x100000)
#define FERRY_EDGES UINT64_C(0x4000000)
#define FERRY_EDGES_SIZE UINT64_C(0x200000)
#define FERRY_LIBRARIES UINT64_C(0x3e00000000)
#define FERRY_LIBRARIES_END UINT64_C(0x3f00000000)
#define FERRY_MAILBOX UINT64_C(0x1000)
#define FERRY_STATE_BIAS 128
#define FERRY_CONTROL_SIZE UINT64_C(0x5201000)
#define FERRY_SPACE_SIZE UINT64_C(0x10000000000)
#define FERRY_SHARED_SIZE UINT64_C(0x20000000000000)
#define FERRY_HEAT 64
#define FERRY_WORLD_SIGNAL 32

#define TRAP_ILLEGAL 1
#define TRAP_BREAKPOINT 2
#define TRAP_FETCH_FAULT 3
#define TRAP_INTERPRET 4
#define TRAP_DEBUG 5
#define TRAP_DIFFERENCE 6

#define REQUEST_READY 1
#define REQUEST_RESOLVE 2
#define REQUEST_LOCATE 3
#define REQUEST_INVALIDATE 4
#define REQUEST_TRACE 5
#define REQUEST_DIED 6
#define REQUEST_EXIT 7
#define REQUEST_INTERPRET 8
#define REQUEST_FAILED 9
#define REQUEST_PROGRAM 10
#define REQUEST_MAPPED 11
#define REQUEST_PLACE 12
#define REQUEST_FORK 13
#define REQUEST_MOVED 14
#define REQUEST_DEBUG 15
#define REQUEST_ROUNDING 16
#define REQUEST_HOSTED 17
#define REQUEST_DIFFERS 18

#define FIXUP_SIGN_EXTEND 1
#define FIXUP_IN_HOST 2
#define FIXUP_IN_HOST_SIGN_EXTEND 3
#define FIXUP_IN_STATE 4
#define FIXUP_CANONICAL_DOUBLE 5
#define FIXUP_BOX_SINGLE 6
#define FIXUP_BOX_BITS 7
#define FIXUP_ADD_SHIFTED 8

#define CONTROL_FLAG_TRACE 1
#define CONTROL_FLAG_REPEATABLE 2
#define CONTROL_FLAG_EMULATED 4

#define TRACE_ANSWER_PERFORM 0
#define TRACE_ANSWER_ANSWERED 1
#define TRACE_ANSWER_CHANGED 2
#define TRACE_ANSWER_ON_FILE 3

#define ACCESS_UNKNOWN 0
#define ACCESS_LOAD 1
#define ACCESS_STORE 2
#define ACCESS_FETCH 3
#define ACCESS_STACK_OVERFLOW 4

#define DEBUG_STOP 1
#define DEBUG_SIGNALS 2

#define DEBUG_REASON_STOP 0
#define DEBUG_REASON_BREAKPOINT 1
#define DEBUG_REASON_SIGNAL 2

#define ALONE_SERVED 0
#define ALONE_YES 1
#define ALONE_STARTING 2
#define ALONE_READY 3

#define WANTED_NONE 0
#define WANTED_POSTED 1
#define WANTED_TAKEN 2

#define KEPT_MAGIC "FERRYKEP"

typedef struct ferry_state {
  uint64_t x[32]; /* integer registers; those that the register convention pins are current only outside translated code */
  uint64_t f[32]; /* floating-point registers, single precision NaN-boxed */
  uint64_t pc; /* guest pc, current only outside translated code */
  uint32_t frm; /* fcsr.frm */
  uint32_t fflags; /* accrued exceptions that MXCSR does not hold; fflags = this | flags of MXCSR */
  uint32_t mxcsr; /* MXCSR scratch for stmxcsr/ldmxcsr */
  uint32_t thread; /* number of the thread slot */
  uint64_t reservation_address; /* LR/SC: address reserved, or all ones */
  uint64_t reservation_value; /* LR/SC: value that LR loaded */
  uint64_t executor_rsp; /* rsp of the C code that entered translated code through gate_enter */
  uint64_t level_base; /* rsp at the innermost bridge level: [level_base] host return, [level_base+8] RETURN_GATE */
  uint64_t code_base; /* address of the code cache */
  uint64_t dispatch_base; /* address of the dispatch table */
  uint64_t fn_resolve; /* C: uint64_t (state*, uint64_t pc, frame*): host address from which the guest goes on at pc; delivers a fault itself */
  uint64_t fn_syscall; /* C: uint64_t (state*): the system call in x[10..17]; 0 = go on behind the ecall, 1 = all registers and pc were replaced */
  uint64_t fn_trap; /* C: void (state*, uint64_t cause): ebreak or illegal instruction at state.pc; returns when a handler changed the state */
  uint64_t fn_fence_i; /* C: void (state*): fence.i at state.pc - drops translations of changed code */
  uint64_t scratch[8]; /* spill places of translated code between two guest instructions */
  uint64_t profile; /* address of the profile counters, or 0 */
  uint32_t native_off; /* 1: the next call of a function of the C library runs the guest's own code, because the native function has faulted */
  uint32_t threads; /* 1: other threads share, or have shared, the memory of this one */
} ferry_state;
_Static_assert(offsetof(ferry_state, x) == 0, "x");
_Static_assert(offsetof(ferry_state, f) == 256, "f");
_Static_assert(offsetof(ferry_state, pc) == 512, "pc");
_Static_assert(offsetof(ferry_state, frm) == 520, "frm");
_Static_assert(offsetof(ferry_state, fflags) == 524, "fflags");
_Static_assert(offsetof(ferry_state, mxcsr) == 528, "mxcsr");
_Static_assert(offsetof(ferry_state, thread) == 532, "thread");
_Static_assert(offsetof(ferry_state, reservation_address) == 536, "reservation_address");
_Static_assert(offsetof(ferry_state, reservation_value) == 544, "reservation_value");
_Static_assert(offsetof(ferry_state, executor_rsp) == 552, "executor_rsp");
_Static_assert(offsetof(ferry_state, level_base) == 560, "level_base");
_Static_assert(offsetof(ferry_state, code_base) == 568, "code_base");
_Static_assert(offsetof(ferry_state, dispatch_base) == 576, "dispatch_base");
_Static_assert(offsetof(ferry_state, fn_resolve) == 584, "fn_resolve");
_Static_assert(offsetof(ferry_state, fn_syscall) == 592, "fn_syscall");
_Static_assert(offsetof(ferry_state, fn_trap) == 600, "fn_trap");
_Static_assert(offsetof(ferry_state, fn_fence_i) == 608, "fn_fence_i");
_Static_assert(offsetof(ferry_state, scratch) == 616, "scratch");
_Static_assert(offsetof(ferry_state, profile) == 680, "profile");
_Static_assert(offsetof(ferry_state, native_off) == 688, "native_off");
_Static_assert(offsetof(ferry_state, threads) == 692, "threads");
_Static_assert(sizeof(ferry_state) == 696, "ferry_state");

typedef struct ferry_mailbox {
  uint32_t turn; /* futex: 0 idle, 1 request posted, 2 answered, 3 posted and asleep */
  uint32_t kind; /* a REQUEST */
  uint32_t owner; /* tid of the guest thread that has this slot, 0 = free; taken by compare-and-swap */
  uint32_t process; /* pid of its guest process */
  uint32_t debug; /* DEBUG bits, set by the translator; a new thread has those of the thread that made it */
  uint64_t args[8]; /* arguments of the request */
  uint64_t results[8]; /* results of the request */
  uint32_t wanted; /* a WANTED: a translation that the thread does not wait for */
  uint64_t wanted_code[3]; /* its pc, start and end of the executable guest code around it */
  uint8_t text[2048]; /* NUL-terminated text of the request or the answer */
} ferry_mailbox;
_Static_assert(offsetof(ferry_mailbox, turn) == 0, "turn");
_Static_assert(offsetof(ferry_mailbox, kind) == 4, "kind");
_Static_assert(offsetof(ferry_mailbox, owner) == 8, "owner");
_Static_assert(offsetof(ferry_mailbox, process) == 12, "process");
_Static_assert(offsetof(ferry_mailbox, debug) == 16, "debug");
_Static_assert(offsetof(ferry_mailbox, args) == 24, "args");
_Static_assert(offsetof(ferry_mailbox, results) == 88, "results");
_Static_assert(offsetof(ferry_mailbox, wanted) == 152, "wanted");
_Static_assert(offsetof(ferry_mailbox, wanted_code) == 160, "wanted_code");
_Static_assert(offsetof(ferry_mailbox, text) == 184, "text");
_Static_assert(sizeof(ferry_mailbox) == 2232, "ferry_mailbox");

typedef struct ferry_control {
  uint32_t magic; /* CONTROL_MAGIC */
  uint32_t doorbell; /* futex: incremented by the executor with every request */
  uint32_t translator_waits; /* 1 while the translator sleeps on the doorbell */
  uint32_t flags; /* CONTROL_FLAG bits */
  uint64_t code_size; /* bytes of the code cache */
  uint64_t gate_enter; /* offset in the code cache: C calls void gate(state*) to run translated code at state.pc */
  uint64_t gate_resume; /* offset: a signal handler sets rip here, rbp to the biased state: loads all registers, goes on at state.pc */
  uint64_t gate_trap; /* offset: as gate_resume, but calls fn_resolve(state.pc) first */
  uint64_t gate_call; /* offset, all registers loaded: calls the translation of state.pc; x[1] has the return address */
  uint64_t gate_return; /* offset, all registers loaded: returns to state.pc, which the frame on the host call stack has */
  uint64_t gate_ecall; /* offset, all registers loaded: the ecall at state.pc */
  uint64_t native_start; /* offset of the native functions of the C library (emulator/native/routines.ts) */
  uint64_t native_end; /* offset behind them */
  uint64_t native_stop; /* offset of a trap, to which the executor has them return when a signal waits */
  uint64_t state_tls_offset; /* offset from fs of the executor thread-local that points to the CPU state (biased) */
  uint32_t thread_count; /* thread slots that were ever in use; the ones in use are below it */
  uint32_t stack_size; /* bytes of the guest stack, 0 = RLIMIT_STACK (8 MiB when unlimited) */
  uint32_t translator_pid; /* executors end when it is gone */
  uint32_t reaper; /* pid of the parent of the tree, which runs no guest code */
  uint32_t initial; /* pid of the first guest process */
  uint32_t ended; /* 1 once that has ended */
  uint32_t end_status; /* how, as waitpid tells */
  uint32_t stops; /* how often that was stopped */
  uint32_t continued; /* `stops` when the translator was last told to go on */
  uint32_t reported; /* 1 once an executor has said that the translator is gone */
  uint32_t terminal_kept; /* 1 when `terminal` is what the terminal is set to when all of the tree are killed */
  uint32_t shell; /* process group of the shell that runs ferry as a job, 0: of none; its terminal is left alone */
  uint8_t terminal[64]; /* the kernel's struct termios of the terminal at the start */
  uint8_t sysroot[2048]; /* NUL-terminated: where absolute guest paths are looked for first (-L); empty: nowhere */
  uint64_t cpu; /* what distinguishes this CPU from others, set by the executor */
  uint32_t led; /* 1 when the first program was started without a translator: there is no reaper, and executors print messages */
  uint32_t alone; /* futex: an ALONE */
  uint32_t heat; /* code is interpreted until so many jumps have led there, then translated; 0: everything is translated at once */
  uint8_t kept[1024]; /* NUL-terminated path of the kept translations that the first program runs from when `led` */
  uint8_t node[512]; /* NUL-terminated path of Node.js when `led` */
} ferry_control;
_Static_assert(offsetof(ferry_control, magic) == 0, "magic");
_Static_assert(offsetof(ferry_control, doorbell) == 4, "doorbell");
_Static_assert(offsetof(ferry_control, translator_waits) == 8, "translator_waits");
_Static_assert(offsetof(ferry_control, flags) == 12, "flags");
_Static_assert(offsetof(ferry_control, code_size) == 16, "code_size");
_Static_assert(offsetof(ferry_control, gate_enter) == 24, "gate_enter");
_Static_assert(offsetof(ferry_control, gate_resume) == 32, "gate_resume");
_Static_assert(offsetof(ferry_control, gate_trap) == 40, "gate_trap");
_Static_assert(offsetof(ferry_control, gate_call) == 48, "gate_call");
_Static_assert(offsetof(ferry_control, gate_return) == 56, "gate_return");
_Static_assert(offsetof(ferry_control, gate_ecall) == 64, "gate_ecall");
_Static_assert(offsetof(ferry_control, native_start) == 72, "native_start");
_Static_assert(offsetof(ferry_control, native_end) == 80, "native_end");
_Static_assert(offsetof(ferry_control, native_stop) == 88, "native_stop");
_Static_assert(offsetof(ferry_control, state_tls_offset) == 96, "state_tls_offset");
_Static_assert(offsetof(ferry_control, thread_count) == 104, "thread_count");
_Static_assert(offsetof(ferry_control, stack_size) == 108, "stack_size");
_Static_assert(offsetof(ferry_control, translator_pid) == 112, "translator_pid");
_Static_assert(offsetof(ferry_control, reaper) == 116, "reaper");
_Static_assert(offsetof(ferry_control, initial) == 120, "initial");
_Static_assert(offsetof(ferry_control, ended) == 124, "ended");
_Static_assert(offsetof(ferry_control, end_status) == 128, "end_status");
_Static_assert(offsetof(ferry_control, stops) == 132, "stops");
_Static_assert(offsetof(ferry_control, continued) == 136, "continued");
_Static_assert(offsetof(ferry_control, reported) == 140, "reported");
_Static_assert(offsetof(ferry_control, terminal_kept) == 144, "terminal_kept");
_Static_assert(offsetof(ferry_control, shell) == 148, "shell");
_Static_assert(offsetof(ferry_control, terminal) == 152, "terminal");
_Static_assert(offsetof(ferry_control, sysroot) == 216, "sysroot");
_Static_assert(offsetof(ferry_control, cpu) == 2264, "cpu");
_Static_assert(offsetof(ferry_control, led) == 2272, "led");
_Static_assert(offsetof(ferry_control, alone) == 2276, "alone");
_Static_assert(offsetof(ferry_control, heat) == 2280, "heat");
_Static_assert(offsetof(ferry_control, kept) == 2284, "kept");
_Static_assert(offsetof(ferry_control, node) == 3308, "node");
_Static_assert(sizeof(ferry_control) == 3824, "ferry_control");

typedef struct ferry_kept {
  uint64_t magic; /* KEPT_MAGIC */
  uint64_t checksum; /* of the u32 words behind it: their sum modulo 2^32 below, the sum of the sums after each word above */
  uint64_t size; /* bytes of the file, a multiple of 4 */
  uint64_t cpu; /* CONTROL.cpu of the machine */
  uint64_t device; /* of the first program, with the next two */
  uint64_t inode;
  uint64_t changed; /* time of the last status change in ns */
  uint64_t code_size; /* bytes of the code cache */
  uint64_t gate_enter; /* as in CONTROL */
  uint64_t gate_resume;
  uint64_t gate_trap;
  uint64_t gate_call;
  uint64_t gate_return;
  uint64_t gate_ecall;
  uint64_t native_start;
  uint64_t native_end;
  uint64_t native_stop;
  uint64_t gate_leave; /* offset in the code cache of the translation of RETURN_GATE */
  uint64_t code_at; /* the start of the code cache, gates included; chains within a group only */
  uint64_t code_length; /* in bytes */
  uint64_t places_at; /* rows of KEPT_PLACE */
  uint64_t places;
  uint64_t groups_at; /* rows of KEPT_GROUP */
  uint64_t groups;
  uint64_t bridge_at; /* a KEPT_BRIDGE for a program with host functions, or 0 */
} ferry_kept;
_Static_assert(offsetof(ferry_kept, magic) == 0, "magic");
_Static_assert(offsetof(ferry_kept, checksum) == 8, "checksum");
_Static_assert(offsetof(ferry_kept, size) == 16, "size");
_Static_assert(offsetof(ferry_kept, cpu) == 24, "cpu");
_Static_assert(offsetof(ferry_kept, device) == 32, "device");
_Static_assert(offsetof(ferry_kept, inode) == 40, "inode");
_Static_assert(offsetof(ferry_kept, changed) == 48, "changed");
_Static_assert(offsetof(ferry_kept, code_size) == 56, "code_size");
_Static_assert(offsetof(ferry_kept, gate_enter) == 64, "gate_enter");
_Static_assert(offsetof(ferry_kept, gate_resume) == 72, "gate_resume");
_Static_assert(offsetof(ferry_kept, gate_trap) == 80, "gate_trap");
_Static_assert(offsetof(ferry_kept, gate_call) == 88, "gate_call");
_Static_assert(offsetof(ferry_kept, gate_return) == 96, "gate_return");
_Static_assert(offsetof(ferry_kept, gate_ecall) == 104, "gate_ecall");
_Static_assert(offsetof(ferry_kept, native_start) == 112, "native_start");
_Static_assert(offsetof(ferry_kept, native_end) == 120, "native_end");
_Static_assert(offsetof(ferry_kept, native_stop) == 128, "native_stop");
_Static_assert(offsetof(ferry_kept, gate_leave) == 136, "gate_leave");
_Static_assert(offsetof(ferry_kept, code_at) == 144, "code_at");
_Static_assert(offsetof(ferry_kept, code_length) == 152, "code_length");
_Static_assert(offsetof(ferry_kept, places_at) == 160, "places_at");
_Static_assert(offsetof(ferry_kept, places) == 168, "places");
_Static_assert(offsetof(ferry_kept, groups_at) == 176, "groups_at");
_Static_assert(offsetof(ferry_kept, groups) == 184, "groups");
_Static_assert(offsetof(ferry_kept, bridge_at) == 192, "bridge_at");
_Static_assert(sizeof(ferry_kept) == 200, "ferry_kept");

typedef struct ferry_kept_place {
  uint64_t device;
  uint64_t inode;
  uint64_t changed; /* ns */
  uint64_t length; /* bytes of the request */
  uint64_t address;
  uint64_t end;
} ferry_kept_place;
_Static_assert(offsetof(ferry_kept_place, device) == 0, "device");
_Static_assert(offsetof(ferry_kept_place, inode) == 8, "inode");
_Static_assert(offsetof(ferry_kept_place, changed) == 16, "changed");
_Static_assert(offsetof(ferry_kept_place, length) == 24, "length");
_Static_assert(offsetof(ferry_kept_place, address) == 32, "address");
_Static_assert(offsetof(ferry_kept_place, end) == 40, "end");
_Static_assert(sizeof(ferry_kept_place) == 48, "ferry_kept_place");

typedef struct ferry_kept_group {
  uint64_t start; /* guest addresses */
  uint64_t end;
  uint64_t device;
  uint64_t inode;
  uint64_t changed; /* ns */
  uint64_t distance; /* file offset minus guest address, modulo 2^64 */
  uint64_t entries_at; /* pairs of u32: guest pc - start, offset in the code cache */
  uint64_t entries;
  uint64_t regions_at; /* words (emulator/snapshot.ts) */
  uint64_t regions;
} ferry_kept_group;
_Static_assert(offsetof(ferry_kept_group, start) == 0, "start");
_Static_assert(offsetof(ferry_kept_group, end) == 8, "end");
_Static_assert(offsetof(ferry_kept_group, device) == 16, "device");
_Static_assert(offsetof(ferry_kept_group, inode) == 24, "inode");
_Static_assert(offsetof(ferry_kept_group, changed) == 32, "changed");
_Static_assert(offsetof(ferry_kept_group, distance) == 40, "distance");
_Static_assert(offsetof(ferry_kept_group, entries_at) == 48, "entries_at");
_Static_assert(offsetof(ferry_kept_group, entries) == 56, "entries");
_Static_assert(offsetof(ferry_kept_group, regions_at) == 64, "regions_at");
_Static_assert(offsetof(ferry_kept_group, regions) == 72, "regions");
_Static_assert(sizeof(ferry_kept_group) == 80, "ferry_kept_group");

typedef struct ferry_kept_bridge {
  uint64_t object_at; /* where the host object is in the program */
  uint64_t object_length; /* in bytes */
  uint64_t references; /* guest address of the reference table, bias not included */
  uint64_t bias; /* load bias that the rest is for */
  uint64_t code_at; /* the end of the code cache */
  uint64_t code_length; /* in bytes */
  uint64_t hosts; /* offset in the code cache of the addresses of the host object's functions */
  uint64_t functions; /* how many those are */
  uint64_t entries; /* offset in the code cache of the table of host entries; its second words are numbers of functions here */
  uint64_t entry_count; /* of two words each, a power of two */
  uint64_t lookup; /* bytes from ferry_thunks to ferry_entries, modulo 2^64; 0: there is none */
  uint64_t thunks_at; /* for each of ferry_thunks the offset in the code cache, u64 */
  uint64_t thunks;
  uint64_t stubs_at; /* pairs of u64: guest pc, offset in the code cache */
  uint64_t stubs;
} ferry_kept_bridge;
_Static_assert(offsetof(ferry_kept_bridge, object_at) == 0, "object_at");
_Static_assert(offsetof(ferry_kept_bridge, object_length) == 8, "object_length");
_Static_assert(offsetof(ferry_kept_bridge, references) == 16, "references");
_Static_assert(offsetof(ferry_kept_bridge, bias) == 24, "bias");
_Static_assert(offsetof(ferry_kept_bridge, code_at) == 32, "code_at");
_Static_assert(offsetof(ferry_kept_bridge, code_length) == 40, "code_length");
_Static_assert(offsetof(ferry_kept_bridge, hosts) == 48, "hosts");
_Static_assert(offsetof(ferry_kept_bridge, functions) == 56, "functions");
_Static_assert(offsetof(ferry_kept_bridge, entries) == 64, "entries");
_Static_assert(offsetof(ferry_kept_bridge, entry_count) == 72, "entry_count");
_Static_assert(offsetof(ferry_kept_bridge, lookup) == 80, "lookup");
_Static_assert(offsetof(ferry_kept_bridge, thunks_at) == 88, "thunks_at");
_Static_assert(offsetof(ferry_kept_bridge, thunks) == 96, "thunks");
_Static_assert(offsetof(ferry_kept_bridge, stubs_at) == 104, "stubs_at");
_Static_assert(offsetof(ferry_kept_bridge, stubs) == 112, "stubs");
_Static_assert(sizeof(ferry_kept_bridge) == 120, "ferry_kept_bridge");

_Static_assert(sizeof(ferry_state) <= FERRY_MAILBOX, "state and mailbox share a thread slot");

_Static_assert(FERRY_MAILBOX + sizeof(ferry_mailbox) <= FERRY_THREAD_SIZE, "thread slot");

_Static_assert(sizeof(ferry_control) <= FERRY_THREADS, "control page");

/* X(guest register, x86 encoding of the host register) */

#define FERRY_PINNED(X) \
  X(10, 7) /* a0 rdi */ \
  X(11, 6) /* a1 rsi */ \
  X(12, 2) /* a2 rdx */ \
  X(13, 1) /* a3 rcx */ \
  X(14, 8) /* a4 r8 */ \
  X(15, 9) /* a5 r9 */ \
  X(16, 11) /* a6 r11 */ \
  X(2, 3) /* sp rbx */ \
  X(8, 12) /* s0 r12 */ \
  X(9, 13) /* s1 r13 */ \
  X(18, 14) /* s2 r14 */ \
  X(19, 15) /* s3 r15 */

/* X(guest floating-point register, xmm register) */

#define FERRY_PINNED_FP(X) \
  X(10, 0) \
  X(11, 1) \
  X(12, 2) \
  X(13, 3) \
  X(14, 4) \
  X(15, 5) \
  X(16, 6) \
  X(17, 7) \
  X(0, 8) \
  X(1, 9) \
  X(2, 10) \
  X(3, 11) \
  X(4, 12) \
  X(5, 13)
