/*
 * RISC-V signal frames, as arch/riscv/kernel/signal.c of Linux lays them out: siginfo, then ucontext with the integer
 * registers (pc in the place of x0), the d extension's state and an empty list of further extensions.
 */
#include "executor.h"
#include "guest_memory.h"
#include "signals.h"
#include <errno.h>
#include <string.h>

struct frame {
  uint8_t info[128];
  uint64_t flags, link;
  struct {
    uint64_t sp;
    uint32_t flags, padding;
    uint64_t size;
  } stack;
  uint64_t mask, mask_padding[15];
  uint64_t padding;
  uint64_t pc, x[31];
  uint64_t f[32];
  uint32_t fcsr;
  uint32_t reserved[67]; /* up to the q extension's size; all zero ends the list of extensions */
};
_Static_assert(offsetof(struct frame, flags) == 128, "ucontext");
_Static_assert(offsetof(struct frame, pc) == 128 + 176, "uc_mcontext is aligned to 16");
_Static_assert(sizeof(struct frame) == 1088, "sizeof(struct rt_sigframe) on riscv64");

enum { SS_ON_STACK = 1, SS_DISABLED = 2, SMALLEST_STACK = 2048 };
#define SS_AUTODISARM (1u << 31)

uint32_t fflags_of_mxcsr(uint32_t mxcsr) {
  /* MXCSR: IE DE ZE OE UE PE from bit 0; fflags: NX UF OF DZ NV. Denormal operands (DE) are no exception in RISC-V. */
  return (mxcsr & 1) << 4 | (mxcsr >> 2 & 1) << 3 | (mxcsr >> 3 & 1) << 2 | (mxcsr >> 4 & 1) << 1 | (mxcsr >> 5 & 1);
}

uint32_t mxcsr_of_frm(uint32_t frm) {
  /* RNE RTZ RDN RUP RMM; RMM has no equivalent and is computed without MXCSR. */
  static const uint8_t rounding[8] = {0, 3, 1, 2, 0, 0, 0, 0};
  return 0x1f80 | (uint32_t)rounding[frm & 7] << 13;
}

static bool within(struct guest_stack stack, uint64_t sp) { return stack.size && sp - 1 - stack.start < stack.size; }

/* A stack that is disarmed while a handler runs is never in use. */
static bool on_stack(uint64_t sp) {
  return !(thread.alternate.flags & SS_AUTODISARM) && within(thread.alternate, sp);
}

struct guest_stack alternate_stack(uint64_t sp) {
  struct guest_stack now = thread.alternate;
  uint32_t state = now.size == 0 ? SS_DISABLED : on_stack(sp) ? SS_ON_STACK : 0;
  now.flags = state | (now.flags & SS_AUTODISARM);
  return now;
}

int64_t set_alternate_stack(uint64_t sp, struct guest_stack new) {
  uint32_t mode = new.flags & ~SS_AUTODISARM;
  if (on_stack(sp)) return -EPERM;
  if (mode != 0 && mode != SS_DISABLED && mode != SS_ON_STACK) return -EINVAL;
  if (mode == SS_DISABLED) new.start = new.size = 0;
  else if (new.size < SMALLEST_STACK) return -ENOMEM;
  thread.alternate = new;
  return 0;
}

bool frame_push(ferry_state *state, int number, const void *siginfo, uint64_t handler, bool on_alternate,
                uint64_t mask) {
  uint64_t sp = state->x[2];
  bool nested = on_stack(sp);
  if (on_alternate && alternate_stack(sp).flags % SS_AUTODISARM == 0) sp = thread.alternate.start + thread.alternate.size;
  uint64_t place = (sp - sizeof(struct frame)) & ~UINT64_C(15);
  /* An alternate stack that overflows is an error, not a reason to write below it. */
  if (nested && !on_stack(place)) return false;

  struct frame frame;
  memset(&frame, 0, sizeof frame);
  memcpy(frame.info, siginfo, sizeof frame.info);
  frame.stack.sp = thread.alternate.start;
  frame.stack.size = thread.alternate.size;
  frame.stack.flags = thread.alternate.flags;
  frame.mask = mask;
  frame.pc = state->pc;
  memcpy(frame.x, state->x + 1, sizeof frame.x);
  memcpy(frame.f, state->f, sizeof frame.f);
  state->fflags |= fflags_of_mxcsr(__builtin_ia32_stmxcsr());
  frame.fcsr = state->frm << 5 | state->fflags;
  if (guest_write(place, &frame, sizeof frame)) return false;
  if (thread.alternate.flags & SS_AUTODISARM) thread.alternate = (struct guest_stack){.flags = SS_DISABLED};

  state->x[1] = SIGRETURN_PAGE;
  state->x[2] = place;
  state->x[10] = (uint64_t)number;
  state->x[11] = place;
  state->x[12] = place + offsetof(struct frame, flags);
  state->pc = handler;
  return true;
}

bool frame_pop(ferry_state *state, uint64_t *mask) {
  struct frame frame;
  if (guest_read(&frame, state->x[2], sizeof frame)) return false;
  /* Linux checks the same: no extension that this machine does not have may follow. */
  if (frame.reserved[64] || frame.reserved[65] || frame.reserved[66]) return false;
  *mask = frame.mask;
  state->pc = frame.pc & ~UINT64_C(1);
  memcpy(state->x + 1, frame.x, sizeof frame.x);
  memcpy(state->f, frame.f, sizeof frame.f);
  state->frm = frame.fcsr >> 5 & 7;
  state->fflags = frame.fcsr & 31;
  state->mxcsr = mxcsr_of_frm(state->frm);
  __builtin_ia32_ldmxcsr(state->mxcsr);
  /* What can not be set stays as it is. */
  set_alternate_stack(state->x[2], (struct guest_stack){frame.stack.sp, frame.stack.size, frame.stack.flags});
  return true;
}
