/*
 * Signals in offloaded code. Its registers are not the guest's, so the guest's handler runs in a bridge level of its own, as if
 * the interrupted code had called it there. When the handler returns, the interrupted code goes on; when it jumps out
 * (longjmp), that goes with the level.
 *
 * The kernel's signal frame is copied from the alternate stack to the host call stack, because handlers nest, and
 * rt_sigreturn(2) takes it from there.
 */
#define _GNU_SOURCE
#include "guest_signal.h"
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

enum {
  RED_ZONE = 128,
  STATE_ALIGNMENT = 64,
  /* Where the kernel tells of the extended state, in the legacy one's reserved bytes. */
  SOFTWARE_BYTES = 464,
  LEGACY_STATE_SIZE = 512,
  /* What a frame and the handler's first functions need at least. */
  ROOM = 0x8000,
};

struct host_frame {
  /* struct ucontext of the kernel, which ends with a signal mask of 8 bytes. */
  _Alignas(16) uint8_t context[offsetof(ucontext_t, uc_sigmask) + SIGSET_SIZE];
  int number; /* 0: those that are pending */
  siginfo_t info;
  struct fault fault;
};

/*
 * Opens a bridge level as thunks do (emulator/gates.ts, LEVEL), for offloaded code that the guest entered with this sp, and runs
 * from state->pc until the guest is at FERRY_RETURN_GATE.
 */
void host_level(uint64_t biased_state, uint64_t resume, uint64_t *level_base, uint64_t guest_sp);
#define TEXT(number) #number
#define PUSH(number) "  push $" TEXT(number) "\n"
__asm__(".text\n"
        "host_level:\n"
        "  push %rbx\n  push %rbp\n  push %r12\n  push %r13\n  push %r14\n  push %r15\n"
        "  push %rcx\n  push %rdx\n"
        "  mov %rdi, %rbp\n"
        "  push (%rdx)\n"
        "  push %rcx\n" PUSH(FERRY_RETURN_GATE)
        "  lea -8(%rsp), %rax\n"
        "  mov %rax, (%rdx)\n"
        "  call *%rsi\n"
        "  add $16, %rsp\n"
        "  pop %rax\n  pop %rdx\n  pop %rcx\n"
        "  mov %rax, (%rdx)\n"
        "  pop %r15\n  pop %r14\n  pop %r13\n  pop %r12\n  pop %rbp\n  pop %rbx\n"
        "  ret\n");

/* Runs on the host call stack, with what the interrupted code had in MXCSR. */
static _Noreturn void deliver(struct host_frame *frame) {
  ferry_state *state = thread.state;
  ucontext_t *context = (ucontext_t *)frame->context;
  uint64_t sp = state->x[2], mask = ~SYNCHRONOUS;
  for (int number = frame->number;; number = 0) {
    state->pc = FERRY_RETURN_GATE;
    state->mxcsr = mxcsr_of_frm(state->frm);
    if (number) signal_fault(state, &frame->info, frame->fault);
    else signal_deliver_pending(state);
    leave(state);
    host_level((uint64_t)state + FERRY_STATE_BIAS, FERRY_CODE_CACHE + control->gate_resume, &state->level_base, sp);
    state->x[2] = sp;
    thread.leaving = false;
    /* What comes from here on comes behind rt_sigreturn. */
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, SIGSET_SIZE);
    if (!signal_waiting) break;
  }
  mask = signal_host_mask();
  memcpy(&context->uc_sigmask, &mask, sizeof mask);
  thread.leaving = true;
  __asm__ volatile("mov %0, %%rsp\n  mov %1, %%eax\n  syscall" : : "r"(context), "i"(SYS_rt_sigreturn) : "memory");
  __builtin_unreachable();
}

static size_t extended_state_size(const void *state) {
  struct _fpx_sw_bytes software;
  memcpy(&software, (const uint8_t *)state + SOFTWARE_BYTES, sizeof software);
  return software.magic1 == FP_XSTATE_MAGIC1 ? software.extended_size : LEGACY_STATE_SIZE;
}

/*
 * The end of the room below the interrupted frames. Where there is none, the handler gets what lies below the stack's reserve:
 * the frames above it stay whole.
 */
static uint64_t free_stack(uint64_t rsp) {
  uint64_t low = thread.stack.start - (thread.reserve_open ? CALL_STACK_RESERVE : 0);
  if (rsp - ROOM >= low && rsp <= thread.stack.end) return rsp - RED_ZONE;
  if (!thread.reserve_open) {
    call_stack_reserve(true);
    if (rsp - ROOM >= low - CALL_STACK_RESERVE && rsp <= thread.stack.end) return rsp - RED_ZONE;
  }
  uint64_t end = thread.stack.start - CALL_STACK_RESERVE;
  mprotect((void *)(end - CALL_STACK_HANDLERS), CALL_STACK_HANDLERS, PROT_READ | PROT_WRITE);
  return end;
}

bool host_signal(int number, const void *siginfo, struct fault fault, void *context_) {
  ucontext_t *context = context_;
  greg_t *registers = context->uc_mcontext.gregs;
  const void *state = context->uc_mcontext.fpregs;
  if (number && (!signal_handled(number) || thread.blocked & BIT(number))) return false;
  thread.leaving = false;
  size_t size = extended_state_size(state);
  uint64_t copy = (free_stack((uint64_t)registers[REG_RSP]) - size) & ~(uint64_t)(STATE_ALIGNMENT - 1);
  memcpy((void *)copy, state, size);
  struct host_frame *frame = (struct host_frame *)((copy - sizeof *frame) & ~UINT64_C(15));
  memcpy(frame->context, context, sizeof frame->context);
  ((ucontext_t *)frame->context)->uc_mcontext.fpregs = (void *)copy;
  frame->number = number;
  if (number) memcpy(&frame->info, siginfo, sizeof frame->info);
  frame->fault = fault;
  registers[REG_RIP] = (greg_t)deliver;
  registers[REG_RDI] = (greg_t)frame;
  registers[REG_RSP] = (greg_t)((uint64_t)frame - sizeof(uint64_t));
  return true;
}
