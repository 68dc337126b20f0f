/* Dispatch of guest system calls through the table that runtime/syscalls/table.ts generates, and their trace. */
#include "syscall.h"
#include <asm/unistd.h>
#include <linux/futex.h>

enum interruption { NONE, RESTART, BLOCKS };

struct row {
  enum { UNKNOWN, DIRECT, CONVERT, REFUSE } policy;
  enum interruption interruption;
  int host; /* DIRECT: host number; REFUSE: -errno */
  int64_t (*convert)(ferry_state *, const uint64_t *);
};

#define DIRECT_ROW(number, host_number, how) [number] = {.policy = DIRECT, .interruption = how, .host = host_number},
#define CONVERT_ROW(number, name, how) [number] = {.policy = CONVERT, .interruption = how, .convert = call_##name},
#define REFUSE_ROW(number, error) [number] = {.policy = REFUSE, .host = -error},
static const struct row rows[FERRY_SYSTEM_CALLS] = {FERRY_SYSTEM_CALL_ROWS(DIRECT_ROW, CONVERT_ROW, REFUSE_ROW)};

static int64_t perform(ferry_state *state) {
  uint64_t number = state->x[17];
  if (number >= FERRY_SYSTEM_CALLS) return -ENOSYS;
  const struct row *row = &rows[number];
  const uint64_t *a = &state->x[10];
  switch (row->policy) {
  case DIRECT:
    if (row->interruption == NONE) return kernel_call(row->host, a[0], a[1], a[2], a[3], a[4], a[5]);
    return host_call(row->host, a[0], a[1], a[2], a[3], a[4], a[5]);
  case CONVERT:
    return row->convert(state, a);
  case REFUSE:
    return row->host;
  default:
    return -ENOSYS;
  }
}

/* The translator prints the call: its arguments before, because exit never returns, and its result after. */
static __attribute__((noinline)) int64_t perform_traced(ferry_state *state) {
  uint64_t number = state->x[17];
  const uint64_t a[6] = {state->x[10], state->x[11], state->x[12], state->x[13], state->x[14], state->x[15]};
  POST(REQUEST_TRACE, number, 0, a[0], a[1], a[2], a[3], a[4], a[5]);
  int64_t result = perform(state);
  uint64_t shown = result == SYSCALL_REPLACED ? state->x[10] : (uint64_t)result;
  POST(REQUEST_TRACE, number, 1, a[0], a[1], a[2], a[3], a[4], shown);
  return result;
}

int64_t system_call(ferry_state *state) {
  if (__builtin_expect(control->flags & CONTROL_FLAG_TRACE, 0)) return perform_traced(state);
  return perform(state);
}

bool system_call_restarts(uint64_t number) {
  if (number >= FERRY_SYSTEM_CALLS || rows[number].interruption != RESTART) return false;
  /* A relative timeout can not start again from its beginning; the kernel answers EINTR. */
  const uint64_t *x = thread.state->x;
  bool timed_futex = number == 98 && (x[11] & FUTEX_CMD_MASK) == FUTEX_WAIT && x[13] != 0;
  return !timed_futex;
}
