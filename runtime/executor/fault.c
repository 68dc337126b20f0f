/*
 * Host signal handlers. A fault in translated code becomes a guest signal: the translator says which guest instruction
 * it was and where that one's registers are (LOCATE), the CPU state is completed from the interrupted context, and
 * the context goes on at gate_resume, which loads the registers of the guest's handler.
 */
#define _GNU_SOURCE
#include "executor.h"
#include "guest_memory.h"
#include "lone.h"
#include "signals.h"
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

extern const char guest_copy_fault[], guest_copy_load[], guest_copy_store[], guest_copy_exchange[], guest_copy_end[];
extern const char host_call_start[], host_call_end[], host_call_interrupted[];

/* Places in gregs of the x86 register encodings. */
static const uint8_t greg_of[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                                    REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};

enum { TRAP_PAGE_FAULT = 14, ERROR_WRITE = 2, ERROR_FETCH = 16 };

static uint64_t host_integer(const ucontext_t *context, unsigned host) {
  return (uint64_t)context->uc_mcontext.gregs[greg_of[host & 15]];
}

static uint64_t host_float(const ucontext_t *context, unsigned xmm) {
  uint64_t value;
  memcpy(&value, &context->uc_mcontext.fpregs->_xmm[xmm & 15], sizeof value);
  return value;
}

static uint64_t canonical_double(uint64_t bits) {
  return (bits & INT64_MAX) > UINT64_C(0x7ff0000000000000) ? UINT64_C(0x7ff8000000000000) : bits;
}

static uint64_t boxed_single(uint64_t bits) {
  uint32_t low = (uint32_t)bits;
  if ((low & INT32_MAX) > 0x7f800000) low = 0x7fc00000;
  return UINT64_C(0xffffffff00000000) | low;
}

static uint64_t sign_extend(uint64_t value) { return (uint64_t)(int64_t)(int32_t)value; }

/* `spilled` is the CPU state as translated code left it. */
static void fix(ferry_state *state, const ferry_state *spilled, const ucontext_t *context, uint32_t fixup) {
  unsigned guest = fixup & 0xff, kind = fixup >> 8 & 0xff, host = fixup >> 16;
  if (guest >= 64) return;
  bool is_float = guest >= 32;
  uint64_t *value = is_float ? &state->f[guest - 32] : &state->x[guest];
  uint64_t held = is_float ? host_float(context, host) : host_integer(context, host);
  switch (kind) {
  case FIXUP_SIGN_EXTEND: *value = sign_extend(*value); break;
  case FIXUP_IN_HOST: *value = held; break;
  case FIXUP_IN_HOST_SIGN_EXTEND: *value = sign_extend(held); break;
  case FIXUP_IN_STATE: *value = is_float ? spilled->f[guest - 32] : spilled->x[guest]; break;
  case FIXUP_CANONICAL_DOUBLE: *value = canonical_double(*value); break;
  case FIXUP_BOX_SINGLE: *value = boxed_single(*value); break;
  case FIXUP_BOX_BITS: *value |= UINT64_C(0xffffffff00000000); break;
  }
}

/* Completes the CPU state at a fault in translated code; false when the host pc belongs to no guest instruction. */
static bool recover_state(ferry_state *state, const ucontext_t *context) {
  uint64_t pc = POST(REQUEST_LOCATE, (uint64_t)context->uc_mcontext.gregs[REG_RIP]);
  if (pc == 0) return false;
  ferry_state spilled = *state;
#define TAKE(guest, host) state->x[guest] = host_integer(context, host);
  FERRY_PINNED(TAKE)
#undef TAKE
#define TAKE(guest, xmm) state->f[guest] = host_float(context, xmm);
  FERRY_PINNED_FP(TAKE)
#undef TAKE
  const uint32_t *fixups = (const uint32_t *)thread.mailbox->text;
  uint64_t count = thread.mailbox->results[1];
  if (count > sizeof thread.mailbox->text / sizeof *fixups) count = 0;
  for (uint64_t i = 0; i < count; i++) fix(state, &spilled, context, fixups[i]);
  /* Sums of other registers come last, when those are right. */
  for (uint64_t i = 0; i < count; i++) {
    unsigned guest = fixups[i] & 31, scale = (fixups[i] >> 8 & 0xff) - FIXUP_ADD_SHIFTED;
    if (scale >= 8) continue;
    uint64_t index = state->x[fixups[i] >> 24 & 31];
    state->x[guest] = state->x[fixups[i] >> 16 & 31] + ((scale & 4 ? (uint32_t)index : index) << (scale & 3));
  }
  state->x[0] = 0;
  state->pc = pc;
  state->fflags |= fflags_of_mxcsr(context->uc_mcontext.fpregs->mxcsr);
  state->mxcsr = mxcsr_of_frm(state->frm);
  return true;
}

/*
 * Translated code ran into the guard below the host call stack. Its frames are predictions of returns, so all of
 * them up to the bridge level go. A guest call pushes the guest return address, then calls: when the call was what
 * faulted, the address stays pushed. False when there is nothing to drop.
 */
static bool drop_frames(ferry_state *state, ucontext_t *context) {
  greg_t *rsp = &context->uc_mcontext.gregs[REG_RSP];
  uint64_t base = state->level_base;
  if (base < thread.stack.start + 0x10000 || base >= thread.stack.end) return false;
  if (((uint64_t)*rsp ^ base) & 8) {
    base -= 8;
    *(uint64_t *)base = *(uint64_t *)*rsp;
  }
  *rsp = (greg_t)base;
  if (thread.reserve_open) call_stack_reserve(false);
  return true;
}

void call_stack_reserve(bool open) {
  mprotect((void *)(thread.stack.start - CALL_STACK_RESERVE), CALL_STACK_RESERVE,
           open ? PROT_READ | PROT_WRITE : PROT_NONE);
  thread.reserve_open = open;
}

static uint64_t access_of(int number, const ucontext_t *context) {
  const greg_t *registers = context->uc_mcontext.gregs;
  if ((number != SIGSEGV && number != SIGBUS) || registers[REG_TRAPNO] != TRAP_PAGE_FAULT) return ACCESS_UNKNOWN;
  if (registers[REG_ERR] & ERROR_FETCH) return ACCESS_FETCH;
  return registers[REG_ERR] & ERROR_WRITE ? ACCESS_STORE : ACCESS_LOAD;
}

static _Noreturn void die_in_host(int number, uint64_t pc, uint64_t address, uint64_t access) {
  char symbol[512] = "";
  Dl_info info;
  if (dladdr((void *)pc, &info) && info.dli_fname) {
    if (info.dli_sname)
      snprintf(symbol, sizeof symbol, "%s+0x%lx", info.dli_sname, (unsigned long)(pc - (uint64_t)info.dli_saddr));
    else
      snprintf(symbol, sizeof symbol, "%s+0x%lx", info.dli_fname, (unsigned long)(pc - (uint64_t)info.dli_fbase));
  }
  signal_die(number, 0, address, (struct fault){.host_pc = pc, .access = access, .symbol = symbol});
}

/* Leaves the host handler for the guest at state->pc: every register comes from the CPU state. */
static void resume_guest(const ferry_state *state, ucontext_t *context) {
  greg_t *registers = context->uc_mcontext.gregs;
  if (thread.generation != space_generation) {
    thread.generation = space_generation;
    registers[REG_RSP] = (greg_t)state->level_base;
  }
  context->uc_mcontext.fpregs->mxcsr = state->mxcsr;
  *(uint64_t *)&context->uc_sigmask = signal_host_mask();
  /* Anything but a whole frame on the call stack is dropped with the frames above the level. */
  if (((uint64_t)registers[REG_RSP] ^ state->level_base) & 15) registers[REG_RSP] = (greg_t)state->level_base;
  registers[REG_RBP] = (greg_t)((uint64_t)state + FERRY_STATE_BIAS);
  registers[REG_RIP] = (greg_t)(FERRY_CODE_CACHE + control->gate_resume);
}

static bool in_code_cache(uint64_t rip) { return rip >= FERRY_CODE_CACHE && rip < FERRY_CODE_CACHE + control->code_size; }

static bool in_executor(uint64_t rip) {
  extern const char __executable_start[], etext[];
  return rip >= (uint64_t)__executable_start && rip < (uint64_t)etext;
}

/*
 * A signal that arrives while translated code runs is delivered there: the guest may wait for its handler in a loop
 * without system calls. The guest's registers are known at the instructions that may fault, so the processor goes on in
 * single steps up to the next one, which a loop that watches memory is sure to have. The executor's functions deliver
 * what arrives in them, up to their last look at signal_waiting (`thread.leaving`); from there the steps lead to
 * translated code too. Stopping the world works the same way.
 */
static _Thread_local unsigned steps_left;
static _Thread_local volatile bool stepping; /* step() is at work: what comes meanwhile finds its steps under way */
enum { MOST_STEPS = 4096, TRAP_FLAG = 0x100 };

static bool due(void) { return signal_waiting || world_stopping || debug_stopping(); }

static void start_steps(ucontext_t *context) {
  steps_left = MOST_STEPS;
  context->uc_mcontext.gregs[REG_EFL] |= TRAP_FLAG;
}

/* Offloaded code, or a function of the host's library that it called. */
static bool in_offloaded(uint64_t rip) { return thread.leaving && !in_code_cache(rip) && !in_executor(rip); }

static void step(ucontext_t *context) {
  greg_t *registers = context->uc_mcontext.gregs;
  ferry_state *state = thread.state;
  uint64_t rip = (uint64_t)registers[REG_RIP];
  bool translated = in_code_cache(rip);
  if (signal_waiting && in_offloaded(rip)) {
    registers[REG_EFL] &= ~(greg_t)TRAP_FLAG;
    host_signal(0, NULL, (struct fault){0}, context);
    return;
  }
  if (in_native_function(rip)) {
    registers[REG_EFL] &= ~(greg_t)TRAP_FLAG;
    native_function_stop(context);
    return;
  }
  stepping = true;
  bool found = due() && translated && recover_state(state, context);
  bool go_on = due() && (translated || thread.leaving) && --steps_left > 0;
  stepping = false;
  if (!found && go_on) return;
  registers[REG_EFL] &= ~(greg_t)TRAP_FLAG;
  if (!found) return;
  thread.leaving = false;
  leave(state);
  resume_guest(state, context);
}

/* A signal from outside: a guest signal, a stop of the world, or the parent's end. */
static void asynchronous(int number, siginfo_t *info, ucontext_t *context) {
  greg_t *registers = context->uc_mcontext.gregs;
  uint64_t rip = (uint64_t)registers[REG_RIP];
  if (number == WORLD_SIGNAL && info->si_code == SI_QUEUE && info->si_value.sival_ptr == (void *)&world_stopping) {
    thread.called = false;
    /* The look comes later, or was before the stop. */
    if (!thread.leaving || !world_stopping) return;
    if (!in_code_cache(rip) && !in_executor(rip)) thread.in_host = true;
  } else if (debug_kicked(info)) {
    if (!thread.leaving) return;
  } else {
    if (number == WORLD_SIGNAL && (lone_translator_ended(info) || parent_ended(info))) return;
    signal_note(number, info, (uint64_t *)&context->uc_sigmask);
    if (rip >= (uint64_t)host_call_start && rip < (uint64_t)host_call_end && signal_waiting) {
      registers[REG_RIP] = (greg_t)host_call_interrupted;
      return;
    }
  }
  if (stepping) return;
  if (signal_waiting && in_offloaded(rip)) host_signal(0, NULL, (struct fault){0}, context);
  else if (due() && in_native_function(rip)) native_function_stop(context);
  else if (due() && (in_code_cache(rip) || thread.leaving)) start_steps(context);
}

/* Interpreted code has all registers in the CPU state; the frames, which are predictions, go. */
static void recover_interpreted(ferry_state *state, ucontext_t *context) {
  thread.interpreting = false;
  state->x[0] = 0;
  state->fflags |= fflags_of_mxcsr(context->uc_mcontext.fpregs->mxcsr);
  state->mxcsr = mxcsr_of_frm(state->frm);
  context->uc_mcontext.gregs[REG_RSP] = (greg_t)state->level_base;
}

static bool in_guest_copy(uint64_t rip) {
  return rip == (uint64_t)guest_copy_fault || rip == (uint64_t)guest_copy_load || rip == (uint64_t)guest_copy_store ||
         rip == (uint64_t)guest_copy_exchange;
}

static bool guest_writable(uint64_t address) { return guest_mapping_at(address).protection & PROT_WRITE; }

/*
 * Whether a store could fault for ever, because the page is watched again before the processor comes back to it: for the
 * store's own translation (space_resolve), or by another thread.
 */
static bool may_be_watched_again(const ferry_state *state, uint64_t address) {
  return page_floor(address) - page_floor(state->pc) < 2 * GUEST_PAGE || !single_threaded();
}

/* A store to a page that translated code came from: its translations are dropped, and the store is done. */
static bool store_to_watched(ferry_state *state, ucontext_t *context, uint64_t address) {
  enum { LONGEST_STORE = 8 };
  /* Before anything that may have to wait: who stops the world does not wait for this thread then. */
  thread.leaving = false;
  if (!guest_writable(address)) return false;
  uint64_t last = address + LONGEST_STORE - 1;
  bool crosses = page_floor(last) != page_floor(address);
  if (may_be_watched_again(state, address) && (!crosses || guest_writable(last))) {
    world_stop();
    execute_one(state);
    /* Behind the store: a thread in the executor may have what was there before translated until now. */
    guest_map_unwatch(address);
    if (crosses) guest_map_unwatch(last);
    world_start();
    leave(state);
    resume_guest(state, context);
    return true;
  }
  guest_map_unwatch(address);
  bool entered = leave(state);
  if (entered || thread.generation != space_generation) resume_guest(state, context);
  return true;
}

/* Offloaded code stores like any other. */
static bool store_in_host(uint64_t address) {
  bool leaving = thread.leaving;
  thread.leaving = false;
  bool writable = guest_map_unwatch(address);
  thread.leaving = leaving;
  while (leaving && world_stopping) {
    thread.leaving = false;
    world_wait();
    thread.leaving = true;
  }
  return writable;
}

/* The address as the guest would be told it: `overflow` when the host call stack ended where the guest's own would have. */
static void guest_address(siginfo_t *info, bool overflow) {
  if (info->si_code == SI_KERNEL) {
    /* A non-canonical address: x86 does not tell which. RISC-V has no such distinction. */
    info->si_code = SEGV_MAPERR;
    info->si_addr = NULL;
  }
  if (overflow) {
    info->si_code = SEGV_MAPERR;
    info->si_addr = (void *)thread.state->x[2];
  }
}

void fault_handler(int number, void *siginfo, void *context_) {
  siginfo_t *info = siginfo;
  ucontext_t *context = context_;
  greg_t *registers = context->uc_mcontext.gregs;
  uint64_t rip = (uint64_t)registers[REG_RIP], address = (uint64_t)info->si_addr;
  bool synchronous = info->si_code > 0 && (number == SIGSEGV || number == SIGBUS || number == SIGFPE ||
                                           number == SIGILL || number == SIGTRAP);
  if (!synchronous) return asynchronous(number, info, context);
  if (number == SIGTRAP && info->si_code == TRAP_TRACE && registers[REG_EFL] & TRAP_FLAG) return step(context);
  if (number == SIGTRAP && native_function_stopped(context)) {
    if (due()) start_steps(context);
    return;
  }
  uint64_t access = access_of(number, context);
  bool may_be_watched = number == SIGSEGV && access == ACCESS_STORE && info->si_code == SEGV_ACCERR;
  if (in_guest_copy(rip)) {
    if (may_be_watched && guest_map_unwatch(address)) return;
    registers[REG_RIP] = (greg_t)guest_copy_end;
    return;
  }
  ferry_state *state = thread.state;
  bool guard = address >= thread.stack.low && address < thread.stack.start;
  bool interpreted = thread.interpreting && in_executor(rip);
  if (interpreted) {
    recover_interpreted(state, context);
  } else if (!in_code_cache(rip)) {
    if (guard && !thread.reserve_open && address >= thread.stack.start - CALL_STACK_RESERVE)
      return call_stack_reserve(true);
    if (may_be_watched && store_in_host(address)) return;
    if (guard) access = ACCESS_STACK_OVERFLOW;
    guest_address(info, guard);
    if (in_offloaded(rip) && host_signal(number, info, (struct fault){.host_pc = rip, .access = access}, context)) return;
    die_in_host(number, rip, address, access);
  }
  if (!interpreted && in_native_function(rip)) {
    native_function_forget(context);
    if (!recover_state(state, context)) die_in_host(number, rip, address, access);
    thread.leaving = false;
    leave(state);
    resume_guest(state, context);
    return;
  }
  uint64_t rsp = (uint64_t)registers[REG_RSP];
  if (!interpreted && number == SIGSEGV && guard && rsp - address <= 16) {
    if (!drop_frames(state, context)) die_in_host(number, rip, address, ACCESS_STACK_OVERFLOW);
    return;
  }
  if (!interpreted && !recover_state(state, context)) die_in_host(number, rip, address, access);
  if (may_be_watched && store_to_watched(state, context, address)) {
    if (interpreted) resume_guest(state, context);
    return;
  }
  thread.leaving = false;
  guest_address(info, false);
  signal_fault(state, info, (struct fault){.access = access});
  leave(state);
  resume_guest(state, context);
}

void fault_start(void) {
  static _Thread_local char stack[64 * 1024] __attribute__((aligned(16)));
  stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
  if (sigaltstack(&alternate, NULL)) executor_fail("can not set up the signal stack");
}
