/* Dispatch of guest system calls through the table that runtime/syscalls/table.ts generates, and their trace. */
#define _GNU_SOURCE
#include "lone.h"
#include "syscall.h"
#include <asm/unistd.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

enum interruption { NONE, RESTART, BLOCKS };

struct row {
  enum { UNKNOWN, DIRECT, CONVERT, REFUSE } policy;
  enum interruption interruption;
  int host;        /* DIRECT: host number; REFUSE: -errno */
  uint8_t written; /* arguments that the kernel may write through */
  uint8_t vector;  /* DIRECT */
  int64_t (*convert)(ferry_state *, const uint64_t *);
};

#define DIRECT_ROW(number, host_number, how, written_to, iovec) \
  [number] = {.policy = DIRECT, .interruption = how, .host = host_number, .written = written_to, .vector = iovec},
#define CONVERT_ROW(number, name, how, written_to) \
  [number] = {.policy = CONVERT, .interruption = how, .written = written_to, .convert = call_##name},
#define REFUSE_ROW(number, error) [number] = {.policy = REFUSE, .host = -error},
static const struct row rows[FERRY_SYSTEM_CALLS] = {FERRY_SYSTEM_CALL_ROWS(DIRECT_ROW, CONVERT_ROW, REFUSE_ROW)};

bool vector_of_executor(uint64_t vector, uint64_t count) {
  struct iovec entries[64];
  if (count > MOST_VECTORS) return false; /* the kernel refuses it */
  while (count > 0) {
    uint64_t part = count < 64 ? count : 64;
    if (guest_read(entries, vector, part * sizeof *entries)) return false;
    for (uint64_t i = 0; i < part; i++)
      if (of_executor((uint64_t)entries[i].iov_base)) return true;
    vector += part * sizeof *entries;
    count -= part;
  }
  return false;
}

/* Whether the kernel would write into the executor's own memory, if the call uses the argument. */
static bool writes_executor(const struct row *row, const uint64_t *a) {
  for (unsigned left = row->written; left; left &= left - 1)
    if (of_executor(a[__builtin_ctz(left)])) return true;
  return false;
}

/* The arguments with an address that nobody can write to in place of the executor's. */
static void without_executor(uint64_t to[6], const struct row *row, const uint64_t *a) {
  const uint64_t nowhere = (uint64_t)-GUEST_PAGE;
  for (unsigned i = 0; i < 6; i++) to[i] = row->written >> i & 1 && of_executor(a[i]) ? nowhere : a[i];
}

/* setregid to setfsgid: the kernel forgets whom it should tell of the parent's end (PR_SET_PDEATHSIG). */
enum { FIRST_OF_USERS = 143, LAST_OF_USERS = 152 };

static int64_t perform(ferry_state *state) {
  uint64_t number = state->x[17];
  if (number >= FERRY_SYSTEM_CALLS) return -ENOSYS;
  const struct row *row = &rows[number];
  const uint64_t *a = &state->x[10];
  uint64_t changed[6];
  if (writes_executor(row, a)) {
    without_executor(changed, row, a);
    a = changed;
  }
  if (row->vector && vector_of_executor(a[row->vector], a[row->vector + 1])) return -EFAULT;
  switch (row->policy) {
  case DIRECT:
    if (number >= FIRST_OF_USERS && number <= LAST_OF_USERS) {
      lone_end();
      int64_t result = kernel_call(row->host, a[0], a[1], a[2], a[3], a[4], a[5]);
      watch_translator();
      return result;
    }
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

static int64_t perform_anew(ferry_state *state) {
  int64_t result = perform(state);
  /* The kernel can not write to pages that are watched. */
  if (__builtin_expect(result == -EFAULT, 0) && guest_map_unwatch_all()) result = perform(state);
  if (__builtin_expect(proc_memory_open, 0) && result > 0)
    proc_memory_stored(state->x[17], &state->x[10], (uint64_t)result);
  return result;
}

/* The phases of a call, and a signal; each with the thread that it is about, which may share a slot (vfork). */
enum { BEFORE, AFTER, SIGNAL };
enum { RT_SIGRETURN = 139, FRAME_MASK = 168 /* in struct rt_sigframe: uc_sigmask behind siginfo */ };
static uint64_t with(uint64_t word, int id) { return (word & UINT32_MAX) | (uint64_t)id << 32; }

/* Performs the call with other arguments: those of the answer, or on the file that its text names. */
static int64_t perform_otherwise(ferry_state *state, uint64_t how) {
  const ferry_mailbox *mailbox = thread.mailbox;
  uint64_t *a = &state->x[10], given[6];
  int fd = -1;
  memcpy(given, a, sizeof given);
  if (how == TRACE_ANSWER_CHANGED) memcpy(a, mailbox->results + 1, sizeof given);
  else if ((fd = open((const char *)mailbox->text, O_RDONLY | O_CLOEXEC)) < 0) return -errno;
  else a[4] = (uint64_t)fd;
  int64_t result = perform_anew(state);
  if (fd >= 0) close(fd);
  memcpy(a, given, sizeof given);
  return result;
}

static int64_t perform_answered(ferry_state *state, uint64_t how) {
  if (how == TRACE_ANSWER_PERFORM) return perform_anew(state);
  if (how != TRACE_ANSWER_ANSWERED) return perform_otherwise(state, how);
  int64_t result = (int64_t)thread.mailbox->results[1];
  /* What was stored in code for the call has not faulted. */
  guest_map_unwatch_all();
  return result;
}

/* The translator is told of the call, its arguments before, because exit never returns, and its result after. It prints them, or, to
 * verify a run, has another one repeated. */
static __attribute__((noinline)) int64_t perform_traced(ferry_state *state) {
  uint64_t number = with(state->x[17], getpid());
  uint64_t a[6] = {state->x[10], state->x[11], state->x[12], state->x[13], state->x[14], state->x[15]};
  /* Its argument is the frame at sp: the mask in it is shown. */
  if (state->x[17] == RT_SIGRETURN) a[0] = state->x[2] + FRAME_MASK;
  uint64_t how = POST(REQUEST_TRACE, number, with(BEFORE, gettid()), a[0], a[1], a[2], a[3], a[4], a[5]);
  int64_t result = perform_answered(state, how);
  /* A forked child has told nothing of the call. */
  number = with(state->x[17], getpid());
  uint64_t shown = result == SYSCALL_REPLACED ? state->x[10] : (uint64_t)result;
  POST(REQUEST_TRACE, number, with(AFTER, gettid()), a[0], a[1], a[2], a[3], a[4], shown);
  return result;
}

void trace_signal(int number, const void *siginfo) {
  if (!(control->flags & CONTROL_FLAG_TRACE)) return;
  POST(REQUEST_TRACE, with((uint64_t)number, getpid()), with(SIGNAL, gettid()), (uint64_t)siginfo);
}

int64_t system_call(ferry_state *state) {
  if (__builtin_expect(control->flags & CONTROL_FLAG_TRACE, 0)) return perform_traced(state);
  return perform_anew(state);
}

bool system_call_waits(uint64_t number) { return number < FERRY_SYSTEM_CALLS && rows[number].interruption != NONE; }

/* Calls on a socket with a timeout (SO_RCVTIMEO, SO_SNDTIMEO) end with EINTR. */
static bool timed_socket(int fd) {
  static const int options[] = {SO_RCVTIMEO, SO_SNDTIMEO};
  for (int i = 0; i < 2; i++) {
    struct timeval timeout = {0, 0};
    uint32_t size = sizeof timeout;
    kernel_call(__NR_getsockopt, (uint64_t)(int64_t)fd, SOL_SOCKET, (uint64_t)options[i], (uint64_t)&timeout,
                (uint64_t)&size, 0);
    if (timeout.tv_sec || timeout.tv_usec) return true;
  }
  return false;
}

bool system_call_restarts(uint64_t number, uint64_t first) {
  if (number >= FERRY_SYSTEM_CALLS || rows[number].interruption != RESTART) return false;
  enum { READ = 63, PWRITEV = 70, FUTEX = 98, ACCEPT = 202, RECVMSG = 212, ACCEPT4 = 242, RECVMMSG = 243, SENDMMSG = 269 };
  const uint64_t *x = thread.state->x;
  /* A timeout can not start again from its beginning; the kernel answers EINTR. */
  if (number == FUTEX) {
    unsigned command = x[11] & FUTEX_CMD_MASK;
    return !((command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET) && x[13] != 0);
  }
  bool socket = (number >= READ && number <= PWRITEV) || (number >= ACCEPT && number <= RECVMSG) ||
                number == ACCEPT4 || number == RECVMMSG || number == SENDMMSG;
  return !socket || !timed_socket((int)first);
}
