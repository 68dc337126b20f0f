/**
 * The memory that both processes share, described once. `npm run generate` writes `runtime/executor/layout.h` from
 * these tables (structs, constants, and a `_Static_assert` for every offset), so that translated code, the TypeScript
 * side and the C side can not disagree.
 *
 * All fields are little-endian and naturally aligned; offsets and sizes are in bytes.
 */
import { layout } from './fields.ts'

/** Fixed places in the executor's address space and sizes of the shared mappings (ARCHITECTURE.md). */
export const PLACES = {
  /** Guest addresses are below this (what Sv39 gives a RISC-V program). */
  GUEST_END: 2 ** 38,
  /** The code cache, read-execute in the executor. */
  CODE_CACHE: 0x60_0000_0000,
  /** Its bytes, if not chosen otherwise: sparse, so only what is used takes memory. rel32 jumps reach all of it. */
  CODE_SIZE: 1 << 30,
  /** The dispatch table: one u32 for every even guest pc, at `DISPATCH + pc * 2`. */
  DISPATCH: 0x80_0000_0000,
  /** Bytes of address space of the dispatch table (sparse): GUEST_END * 2. */
  DISPATCH_SIZE: 2 ** 39,
  /** The host call stack of the first guest thread, in the guest's region so that its addresses look like guest ones. */
  CALL_STACK: 0x3f_c000_0000,
  CALL_STACK_SIZE: 0x1000_0000,
  /**
   * Returning to this guest address leaves guest code for host code. Its page can be read in hybrid programs, so that unwinders see
   * that the stack ends there. It fits the 32 bits of an immediate operand.
   */
  RETURN_GATE: 0x7fff_fff0,
  CONTROL_MAGIC: 0x59525246,
  MAX_THREADS: 2048,
  /** Bytes of a thread slot; slot i is at `THREADS + i * THREAD_SIZE` of the control block. */
  THREADS: 4096,
  THREAD_SIZE: 8192,
  /** Counters behind the thread slots of the control block (sparse): first COUNTER entries, one a measured function. */
  COUNTERS: 4096 + 2048 * 8192,
  COUNTERS_SIZE: 64 << 20,
  /** Offset from COUNTERS of the execution counts of basic blocks, 64 bits each, up to COUNTERS_SIZE (--profile). */
  BLOCK_COUNTERS: 1 << 20,
  /** Offset from COUNTERS of the hash table of EDGE entries (--measure, --profile). */
  EDGES: 64 << 20,
  EDGES_SIZE: 2 << 20,
  /** Libraries are mapped here, each at the same address in every process of a tree (REQUEST.PLACE): high, because programs
   *  reserve heaps of most of the address space (GHC: 236 GiB, not below 8 GiB). */
  LIBRARIES: 0x3e_0000_0000,
  LIBRARIES_END: 0x3f_0000_0000,
  /** Offset of the mailbox in a thread slot; the CPU state is at its start. */
  MAILBOX: 4096,
  /** rbp points this many bytes past the start of the CPU state, so that x0..x31 have one-byte displacements. */
  STATE_BIAS: 128,
  /** Bytes of the control block, with which the shared memory begins. */
  CONTROL_SIZE: 4096 + 2048 * 8192 + (64 << 20) + (2 << 20),
  /** Space n (from 1 on) begins at n * SPACE_SIZE of the shared memory, with its dispatch table; its code cache follows. */
  SPACE_SIZE: 2 ** 40,
  /** Bytes of the shared memory (sparse). */
  SHARED_SIZE: 2 ** 53,
  /** CONTROL.heat of runs that nobody watches: a translation costs as much as some hundred rounds of interpretation. */
  HEAT: 64,
  /** Signal that brings a thread of an executor out of translated code, and tells of its parent's end. C libraries use it, between
   *  the threads of a process (tgkill), and nobody else. */
  WORLD_SIGNAL: 32,
} as const

/** The CPU state of one guest thread. rbp holds its address + STATE_BIAS while translated code runs. */
export const CPU_STATE = layout('ferry_state', [
  [
    'x',
    'u64',
    32,
    'integer registers; those that the register convention pins are current only outside translated code',
  ],
  ['f', 'u64', 32, 'floating-point registers, single precision NaN-boxed'],
  ['pc', 'u64', 1, 'guest pc, current only outside translated code'],
  ['frm', 'u32', 1, 'fcsr.frm'],
  ['fflags', 'u32', 1, 'accrued exceptions that MXCSR does not hold; fflags = this | flags of MXCSR'],
  ['mxcsr', 'u32', 1, 'MXCSR scratch for stmxcsr/ldmxcsr'],
  ['thread', 'u32', 1, 'number of the thread slot'],
  ['reservation_address', 'u64', 1, 'LR/SC: address reserved, or all ones'],
  ['reservation_value', 'u64', 1, 'LR/SC: value that LR loaded'],
  ['executor_rsp', 'u64', 1, 'rsp of the C code that entered translated code through gate_enter'],
  ['level_base', 'u64', 1, 'rsp at the innermost bridge level: [level_base] host return, [level_base+8] RETURN_GATE'],
  ['code_base', 'u64', 1, 'address of the code cache'],
  ['dispatch_base', 'u64', 1, 'address of the dispatch table'],
  [
    'fn_resolve',
    'u64',
    1,
    'C: uint64_t (state*, uint64_t pc, frame*): host address from which the guest goes on at pc; delivers a fault itself',
  ],
  [
    'fn_syscall',
    'u64',
    1,
    'C: uint64_t (state*): the system call in x[10..17]; 0 = go on behind the ecall, 1 = all registers and pc were replaced',
  ],
  [
    'fn_trap',
    'u64',
    1,
    'C: void (state*, uint64_t cause): ebreak or illegal instruction at state.pc; returns when a handler changed the state',
  ],
  ['fn_fence_i', 'u64', 1, 'C: void (state*): fence.i at state.pc - drops translations of changed code'],
  ['scratch', 'u64', 8, 'spill places of translated code between two guest instructions'],
  ['profile', 'u64', 1, 'address of the profile counters, or 0'],
  [
    'native_off',
    'u32',
    1,
    "1: the next call of a function of the C library runs the guest's own code, because the native function has faulted",
  ],
  ['threads', 'u32', 1, '1: other threads share, or have shared, the memory of this one'],
])

/** What a measuring stub of the bridge counts for one function, at `CPU_STATE.profile + index * COUNTER.size`. */
export const COUNTER = layout('ferry_counter', [
  ['calls', 'u64', 1, 'calls that came through the stub'],
  ['ticks', 'u64', 1, 'time-stamp counter ticks inside, of outermost calls'],
  ['depth', 'u64', 1, 'calls that have not returned'],
  ['outermost', 'u64', 1, 'calls that ended while no other call of the function was under way; `ticks` is their time'],
])

/** Crossings of the bridge from one place to one function (runtime/bridge/edges.ts), at `CPU_STATE.profile + PLACES.EDGES + index * EDGE.size`. */
export const EDGE = layout('ferry_edge', [
  ['key', 'u64', 1, 'a hash of the next two; 0: the entry is free'],
  ['from', 'u64', 1, 'return address in the caller: a guest pc, or a host address'],
  ['to', 'u64', 1, 'guest address of the callee'],
  ['calls', 'u64', 1, ''],
])

/** Trap causes given to fn_trap. INTERPRET: the translator executes the one instruction at state.pc (rare instructions and
 *  operands that have no fast translation); an INTERPRET answer of 0 means done, a TRAP cause means that trap instead.
 *  DEBUG: a debugger has a breakpoint at state.pc.
 *  DIFFERENCE: a checked function gives another result on the host (runtime/bridge/checked.ts), which ends the program. */
export const TRAP = { ILLEGAL: 1, BREAKPOINT: 2, FETCH_FAULT: 3, INTERPRET: 4, DEBUG: 5, DIFFERENCE: 6 } as const

/** The mailbox of one guest thread. `turn`: 0 idle, 1 the translator's, 2 answered, 3 the translator's while the thread sleeps (futex). */
export const MAILBOX = layout('ferry_mailbox', [
  ['turn', 'u32', 1, 'futex: 0 idle, 1 request posted, 2 answered, 3 posted and asleep'],
  ['kind', 'u32', 1, 'a REQUEST'],
  ['owner', 'u32', 1, 'tid of the guest thread that has this slot, 0 = free; taken by compare-and-swap'],
  ['process', 'u32', 1, 'pid of its guest process'],
  ['debug', 'u32', 1, 'DEBUG bits, set by the translator; a new thread has those of the thread that made it'],
  ['args', 'u64', 8, 'arguments of the request'],
  ['results', 'u64', 8, 'results of the request'],
  ['wanted', 'u32', 1, 'a WANTED: a translation that the thread does not wait for'],
  ['wanted_code', 'u64', 3, 'its pc, start and end of the executable guest code around it'],
  ['text', 'u8', 2048, 'NUL-terminated text of the request or the answer'],
])

/** MAILBOX.wanted: nothing, POSTED by the thread, TAKEN by the translator. The thread may withdraw what was not taken. */
export const WANTED = { NONE: 0, POSTED: 1, TAKEN: 2 } as const

/**
 * What the executor asks the translator for. Arguments and results are mailbox words. An answer may tell the process to
 * move to another space: result 6 is its number, or 0. Result 7 is not 0 when its code cache is System V shared memory: the
 * identifier plus 1 (--perf-map).
 */
export const REQUEST = {
  /** Executor is mapped and the guest loaded: pid, entry pc, addresses of ferry_functions and ferry_thunks of the host object or 0 0, load bias of the guest (static PIE). Answer: 0, or 1 with a text = give up. */
  READY: 1,
  /** pc, start and end of the executable guest code around it, 1 when that code may change without a request → result 0: host address, or 0 when no translation can be made (the guest gets SIGSEGV). */
  RESOLVE: 2,
  /** host pc in the code cache → guest pc (0 = unknown), number n of fixups, then n words `register | kind << 8 | host << 16` in `text` as u32 (see FIXUP). Register 32 + i is f[i], and its host an xmm register. */
  LOCATE: 3,
  /** start, length: translations made from this guest range are dropped. */
  INVALIDATE: 4,
  /** Under CONTROL_FLAG.TRACE: number | pid << 32, phase | tid << 32, then for a call (phase 0 before, 1 after) its 6 arguments, the last replaced by the result after it; for a signal that a handler gets (phase 2) the address of its siginfo. Answer before a call: a TRACE_ANSWER. */
  TRACE: 5,
  /** The guest ends by a signal: signal, guest pc (0 = unknown), fault address, host pc (0 if in translated code), an ACCESS; text: host symbol of host pc. Prints the one-line message, or, when CONTROL.led, answers with it in text. */
  DIED: 6,
  /** The guest process exits: status. Posted before _exit so that reports are complete. Answer: 1 = the translator ends as well. */
  EXIT: 7,
  /** state.pc: the translator executes one guest instruction on the CPU state. Answer: 0, a TRAP cause, or 0x100 | signal with the fault address in result 1. */
  INTERPRET: 8,
  /** The executor can not go on (it ends with status 125): reason in text; when CONTROL.led, the answer has what to print there. */
  FAILED: 9,
  /** First request of an executor. text: path of the guest program. Answer: 0, or 1 with a text = give up; result 1: number of the space that holds the host object or 0, and result 4 its length; result 2: guest address of the reference table, bias not included; result 3: number of this program in this process; results 6 and 7: its space. */
  PROGRAM: 10,
  /** start, length, device, inode, time of the last status change in ns, file offset of a new executable mapping; device and inode 0: private code. Answer, for a hybrid library that is new there: result 1: number of the space that holds its host object, and result 4 its length; result 2: guest address of the reference table. */
  MAPPED: 11,
  /** device, inode, time of the last status change in ns, length → the address where this file is mapped in all processes, 0: anywhere. */
  PLACE: 12,
  /** parent pid, the parent's result 3 of PROGRAM or FORK, number of the space that is mapped: the process of this slot was forked. Answer: result 3 as for PROGRAM. */
  FORK: 13,
  /** The process of this slot has moved to the space that it was told to move to. */
  MOVED: 14,
  /** The thread stands still under a debugger, all registers in its CPU state: a DEBUG_REASON, signal number; text: its siginfo_t. Answer 0: 1 = it goes on up to where it next enters the executor, even when STOP is set; answer 1: signal that it gets, 0 = none. */
  DEBUG: 15,
  /** frm has become a mode that the host lacks, without an instruction that wrote it: what is translated has to know. */
  ROUNDING: 16,
  /** The host object of a library is loaded: guest address of its reference table, addresses of ferry_functions and ferry_thunks. */
  HOSTED: 17,
  /** A function that starts at the guest pc has given two results: pc, address of a CALL_RECORD, the guest's sp. The executor ends with status 125. */
  DIFFERS: 18,
} as const

/** What a checked call leaves on the host call stack: arguments and results as the guest has them. */
export const CALL_RECORD = layout('ferry_call_record', [
  ['x', 'u64', 8, 'a0–a7 at the call'],
  ['f', 'u64', 8, 'fa0–fa7 at the call'],
  ['host', 'u64', 4, 'a0, a1, fa0, fa1 that the host function has given'],
  ['guest', 'u64', 4, 'a0, a1, fa0, fa1 that the guest function has given'],
])

/** What a thread tells a debugger (MAILBOX.debug). STOP: it posts REQUEST.DEBUG before its next guest instruction. SIGNALS: it
 *  posts REQUEST.DEBUG before it delivers a signal. */
export const DEBUG = { STOP: 1, SIGNALS: 2 } as const

/** Why a thread posts REQUEST.DEBUG. */
export const DEBUG_REASON = { STOP: 0, BREAKPOINT: 1, SIGNAL: 2 } as const

/** What a memory fault was, in DIED. */
export const ACCESS = { UNKNOWN: 0, LOAD: 1, STORE: 2, FETCH: 3, STACK_OVERFLOW: 4 } as const

/** How a guest register is recovered at a fault, in the words of a LOCATE answer. */
export const FIXUP = {
  /** The register's value is the sign extension of the low 32 bits of where it lives. */
  SIGN_EXTEND: 1,
  /** The register lives in host register `host` instead of its pinned place. */
  IN_HOST: 2,
  /** Both: in host register `host`, to be sign-extended. */
  IN_HOST_SIGN_EXTEND: 3,
  /** The register lives in the CPU state although it is pinned. */
  IN_STATE: 4,
  /** Floating-point register: a NaN becomes the canonical NaN of double precision. */
  CANONICAL_DOUBLE: 5,
  /** Floating-point register: the low half is a single whose NaN becomes canonical; the upper half becomes all ones. */
  BOX_SINGLE: 6,
  /** Floating-point register: the upper half becomes all ones; a NaN in the low half keeps its payload. */
  BOX_BITS: 7,
  /** 8 + n: the register is x[a] + (x[b] << n) of the other registers after their fixups; `host` is a | b << 8 (n up to 3).
   *  12 + n: the same of the low 32 bits of x[b], unsigned. */
  ADD_SHIFTED: 8,
} as const

/** The first page of the control block. */
export const CONTROL = layout('ferry_control', [
  ['magic', 'u32', 1, 'CONTROL_MAGIC'],
  ['doorbell', 'u32', 1, 'futex: incremented by the executor with every request'],
  ['translator_waits', 'u32', 1, '1 while the translator sleeps on the doorbell'],
  ['flags', 'u32', 1, 'CONTROL_FLAG bits'],
  ['code_size', 'u64', 1, 'bytes of the code cache'],
  ['gate_enter', 'u64', 1, 'offset in the code cache: C calls void gate(state*) to run translated code at state.pc'],
  [
    'gate_resume',
    'u64',
    1,
    'offset: a signal handler sets rip here, rbp to the biased state: loads all registers, goes on at state.pc',
  ],
  ['gate_trap', 'u64', 1, 'offset: as gate_resume, but calls fn_resolve(state.pc) first'],
  [
    'gate_call',
    'u64',
    1,
    'offset, all registers loaded: calls the translation of state.pc; x[1] has the return address',
  ],
  [
    'gate_return',
    'u64',
    1,
    'offset, all registers loaded: returns to state.pc, which the frame on the host call stack has',
  ],
  ['gate_ecall', 'u64', 1, 'offset, all registers loaded: the ecall at state.pc'],
  ['native_start', 'u64', 1, 'offset of the native functions of the C library (emulator/native/routines.ts)'],
  ['native_end', 'u64', 1, 'offset behind them'],
  ['native_stop', 'u64', 1, 'offset of a trap, to which the executor has them return when a signal waits'],
  ['state_tls_offset', 'u64', 1, 'offset from fs of the executor thread-local that points to the CPU state (biased)'],
  ['thread_count', 'u32', 1, 'thread slots that were ever in use; the ones in use are below it'],
  ['stack_size', 'u32', 1, 'bytes of the guest stack, 0 = RLIMIT_STACK (8 MiB when unlimited)'],
  ['translator_pid', 'u32', 1, 'executors end when it is gone'],
  ['reaper', 'u32', 1, 'pid of the parent of the tree, which runs no guest code'],
  ['initial', 'u32', 1, 'pid of the first guest process'],
  ['ended', 'u32', 1, '1 once that has ended'],
  ['end_status', 'u32', 1, 'how, as waitpid tells'],
  ['stops', 'u32', 1, 'how often that was stopped'],
  ['continued', 'u32', 1, '`stops` when the translator was last told to go on'],
  ['reported', 'u32', 1, '1 once an executor has said that the translator is gone'],
  ['terminal_kept', 'u32', 1, '1 when `terminal` is what the terminal is set to when all of the tree are killed'],
  ['shell', 'u32', 1, 'process group of the shell that runs ferry as a job, 0: of none; its terminal is left alone'],
  ['terminal', 'u8', 64, "the kernel's struct termios of the terminal at the start"],
  ['sysroot', 'u8', 2048, 'NUL-terminated: where absolute guest paths are looked for first (-L); empty: nowhere'],
  ['cpu', 'u64', 1, 'what distinguishes this CPU from others, set by the executor'],
  [
    'led',
    'u32',
    1,
    '1 when the first program was started without a translator: there is no reaper, and executors print messages',
  ],
  ['alone', 'u32', 1, 'futex: an ALONE'],
  [
    'heat',
    'u32',
    1,
    'code is interpreted until so many jumps have led there, then translated; 0: everything is translated at once',
  ],
  ['kept', 'u8', 1024, 'NUL-terminated path of the kept translations that the first program runs from when `led`'],
  ['node', 'u8', 512, 'NUL-terminated path of Node.js when `led`'],
])

/** CONTROL.alone: a translator serves or did from the start, none was started, one starts, it waits to be told. */
export const ALONE = { SERVED: 0, YES: 1, STARTING: 2, READY: 3 } as const

/**
 * TRACE: system calls are told of (REQUEST.TRACE). REPEATABLE: what the kernel makes up for a new program (AT_RANDOM) is the same in every run.
 * EMULATED: no host functions are wanted (`--offload=off`), in a run that began without a translator.
 */
export const CONTROL_FLAG = { TRACE: 1, REPEATABLE: 2, EMULATED: 4 } as const

/**
 * What the answer to a TRACE before a call has the executor do (result 0): the call; nothing, and the call's result is result 1; the call with
 * the arguments in results 1 to 6; the call with a descriptor of the file that the text names as argument 4.
 */
export const TRACE_ANSWER = { PERFORM: 0, ANSWERED: 1, CHANGED: 2, ON_FILE: 3 } as const

/** System V and RISC-V register places of the convention at region boundaries; the emulator, the gates and the executor's
 *  fault handler all read this table. Host register numbers are the x86 encodings (0 rax, 1 rcx, 2 rdx, 3 rbx, 4 rsp, 5 rbp, 6 rsi, 7 rdi, 8–15). */
export const PINNED: readonly (readonly [guest: number, host: number, name: string])[] = [
  [10, 7, 'a0 rdi'],
  [11, 6, 'a1 rsi'],
  [12, 2, 'a2 rdx'],
  [13, 1, 'a3 rcx'],
  [14, 8, 'a4 r8'],
  [15, 9, 'a5 r9'],
  [16, 11, 'a6 r11'],
  [2, 3, 'sp rbx'],
  [8, 12, 's0 r12'],
  [9, 13, 's1 r13'],
  [18, 14, 's2 r14'],
  [19, 15, 's3 r15'],
]

/** f10–f17 (fa0–fa7) in xmm0–7, f0–f5 (ft0–ft5) in xmm8–13; xmm14 and xmm15 are scratch. All xmm registers are
 *  caller-saved in System V, so only guest caller-saved registers are pinned. */
export const PINNED_FP: readonly (readonly [guest: number, xmm: number])[] = [
  [10, 0],
  [11, 1],
  [12, 2],
  [13, 3],
  [14, 4],
  [15, 5],
  [16, 6],
  [17, 7],
  [0, 8],
  [1, 9],
  [2, 10],
  [3, 11],
  [4, 12],
  [5, 13],
]
