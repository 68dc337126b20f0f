/*
 * Signals and faults in the native functions of the C library (emulator/native/routines.ts). While one runs, every guest register is
 * as it was at the guest's call of it, and the top of the host call stack is the address to return to, where the guest's pc is known.
 */
#define _GNU_SOURCE
#include "executor.h"
#include "signals.h"
#include <ucontext.h>

static uint64_t stop(void) { return FERRY_CODE_CACHE + control->native_stop; }

static _Thread_local uint64_t stopped_return; /* where the function that has to stop would have returned to */

bool in_native_function(uint64_t rip) {
  uint64_t offset = rip - FERRY_CODE_CACHE;
  return offset >= control->native_start && offset < control->native_end;
}

void native_function_stop(ucontext_t *context) {
  uint64_t *back = (uint64_t *)context->uc_mcontext.gregs[REG_RSP];
  if (*back == stop()) return;
  stopped_return = *back;
  *back = stop();
}

bool native_function_stopped(ucontext_t *context) {
  greg_t *rip = &context->uc_mcontext.gregs[REG_RIP];
  if ((uint64_t)*rip != stop() + 1) return false;
  *rip = (greg_t)stopped_return;
  return true;
}

void native_function_forget(ucontext_t *context) {
  greg_t *registers = context->uc_mcontext.gregs;
  uint64_t back = *(uint64_t *)registers[REG_RSP];
  registers[REG_RIP] = (greg_t)(back == stop() ? stopped_return : back);
  registers[REG_RSP] += 8;
  thread.state->native_off = 1;
}
