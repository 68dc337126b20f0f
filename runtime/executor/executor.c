/*
 * Start of the guest process, and the functions that translated code calls.
 *
 *   executor CONTROL_FD CODE_FD DISPATCH_FD GUEST_PATH ARGV0 [ARGUMENT...]
 *
 * The environment is the guest's. Descriptors are closed once mapped, so that the guest finds the ones it expects.
 */
#define _GNU_SOURCE
#include "executor.h"
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

extern char **environ;

_Thread_local struct thread thread;
/* Initial-exec: translated code finds it at a constant distance from fs. */
_Thread_local uint64_t ferry_biased_state __attribute__((tls_model("initial-exec")));
ferry_control *control;
const char *guest_path;

void executor_fail(const char *format, ...) {
  char text[sizeof ((ferry_mailbox *)0)->text];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  if (thread.mailbox) {
    memcpy(thread.mailbox->text, text, sizeof text);
    POST(REQUEST_FAILED, 0);
  } else {
    fprintf(stderr, "ferry: %s\n", text);
  }
  _exit(125);
}

void executor_exit(int status) {
  POST(REQUEST_EXIT, (uint64_t)status & 0xff);
  for (;;) syscall(SYS_exit_group, status);
}

/* ---- called from translated code through the CPU state ---- */

static uint64_t resume_address(void) { return FERRY_CODE_CACHE + control->gate_resume; }

static void fault_at(ferry_state *state, int number, int code, uint64_t address, uint64_t access) {
  siginfo_t info;
  memset(&info, 0, sizeof info);
  info.si_signo = number;
  info.si_code = code;
  info.si_addr = (void *)address;
  signal_fault(state, &info, (struct fault){.access = access});
}

/*
 * Host code needed the reserve below the call stack, so the frames above it go (they are predictions): on to state->pc
 * with an empty level. The reserve stays open while the bridge level itself lies in it.
 */
static void drop_frames_if_low(ferry_state *state) {
  if (!thread.reserve_open || state->level_base < FERRY_CALL_STACK + CALL_STACK_RESERVE) return;
  call_stack_reserve(false);
  __asm__ volatile("mov %0, %%rsp\n  mov %1, %%rbp\n  jmp *%2"
                   :
                   : "r"(state->level_base), "r"((uint64_t)state + FERRY_STATE_BIAS), "r"(resume_address())
                   : "memory");
  __builtin_unreachable();
}

static uint64_t resolve(ferry_state *state, uint64_t pc) {
  state->pc = pc;
  if (signal_waiting && signal_deliver_pending(state)) return resume_address();
  const struct guest_mapping *mapping = guest_mapping_at(pc);
  bool executable = mapping && mapping->protection & PROT_EXEC;
  uint64_t address = executable ? POST(REQUEST_RESOLVE, pc, mapping->start, mapping->end) : 0;
  if (address) return address;
  fault_at(state, SIGSEGV, mapping ? SEGV_ACCERR : SEGV_MAPERR, pc, ACCESS_FETCH);
  return resume_address();
}

/*
 * The last thing before translated code goes on at state->pc: delivers the signals that arrived meanwhile; true when a
 * handler was entered. A signal behind the last look at signal_waiting finds `leaving` set.
 */
static bool leave(ferry_state *state) {
  bool entered = false;
  thread.leaving = true;
  while (signal_waiting) {
    thread.leaving = false;
    if (!signal_deliver_pending(state)) break;
    entered = true;
    thread.leaving = true;
  }
  thread.leaving = true;
  return entered;
}

static uint64_t on_resolve(ferry_state *state, uint64_t pc) {
  thread.leaving = false;
  uint64_t address = resolve(state, pc);
  drop_frames_if_low(state);
  return leave(state) ? resume_address() : address;
}

/* state->pc is behind the ecall. */
static uint64_t perform_system_call(ferry_state *state) {
  /* A handler that is due runs before the call: host_call would answer EINTR to one that never waits. */
  if (signal_waiting) {
    state->pc -= 4;
    if (signal_deliver_pending(state)) return 1;
    state->pc += 4;
  }
  uint64_t first_argument = state->x[10];
  return signal_after_system_call(state, system_call(state), first_argument);
}

static uint64_t on_system_call(ferry_state *state) {
  thread.leaving = false;
  uint64_t replaced = perform_system_call(state);
  drop_frames_if_low(state);
  return leave(state) || replaced;
}

/* The translator runs one instruction on the CPU state. Accrued exceptions are there, not in MXCSR, meanwhile. */
static uint64_t interpret(ferry_state *state) {
  state->fflags |= fflags_of_mxcsr(__builtin_ia32_stmxcsr());
  uint64_t answer = POST(REQUEST_INTERPRET, state->pc);
  state->mxcsr = mxcsr_of_frm(state->frm);
  __builtin_ia32_ldmxcsr(state->mxcsr);
  return answer;
}

static void trap(ferry_state *state, uint64_t cause) {
  if (cause == TRAP_INTERPRET) cause = interpret(state);
  switch (cause) {
  case 0: return;
  case TRAP_ILLEGAL: return fault_at(state, SIGILL, ILL_ILLOPC, state->pc, ACCESS_UNKNOWN);
  case TRAP_BREAKPOINT: return fault_at(state, SIGTRAP, TRAP_BRKPT, state->pc, ACCESS_UNKNOWN);
  case TRAP_FETCH_FAULT: {
    int code = guest_mapping_at(state->pc) ? SEGV_ACCERR : SEGV_MAPERR;
    return fault_at(state, SIGSEGV, code, state->pc, ACCESS_FETCH);
  }
  default: {
    uint64_t address = thread.mailbox->results[1];
    int number = (int)(cause & 0xff), code = number == SIGBUS ? BUS_ADRALN : SEGV_MAPERR;
    if (number == SIGSEGV && guest_mapping_at(address)) code = SEGV_ACCERR;
    return fault_at(state, number, code, address, ACCESS_UNKNOWN);
  }
  }
}

static void on_trap(ferry_state *state, uint64_t cause) {
  thread.leaving = false;
  trap(state, cause);
  leave(state);
}

static void on_fence_i(ferry_state *state) {
  thread.leaving = false;
  guest_map_invalidate_writable();
  leave(state);
}

/* ---- start ---- */

static void *map_shared(int fd, uint64_t address, size_t size, int protection, int flags, const char *what) {
  void *place = mmap((void *)address, size, protection, flags | MAP_SHARED | (address ? MAP_FIXED_NOREPLACE : 0), fd, 0);
  if (place == MAP_FAILED || (address && place != (void *)address))
    executor_fail("can not map %s: %s", what, strerror(errno));
  /* A core dump would fill the holes of the sparse ones: tens of gigabytes. */
  madvise(place, size, MADV_DONTDUMP);
  close(fd);
  return place;
}

static void map_call_stack(void) {
  uint64_t start = CALL_STACK_GUARD, size = FERRY_CALL_STACK - start + FERRY_CALL_STACK_SIZE;
  void *place = mmap((void *)start, size, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  if (place != (void *)start || mprotect(place, FERRY_CALL_STACK - start, PROT_NONE))
    executor_fail("can not map the host call stack: %s", strerror(errno));
}

static int descriptor(const char *text) {
  char *end;
  long fd = strtol(text, &end, 10);
  if (*end || fd < 0) executor_fail("'%s' is not a descriptor; ferry starts the executor itself", text);
  return (int)fd;
}

static void map_shared_memory(char **argv) {
  int fd = descriptor(argv[1]);
  struct stat status;
  if (fstat(fd, &status)) executor_fail("descriptor %d: %s", fd, strerror(errno));
  ferry_control *block = map_shared(fd, 0, (size_t)status.st_size, PROT_READ | PROT_WRITE, 0, "the control block");
  if (block->magic != FERRY_CONTROL_MAGIC) executor_fail("the control block is from another version of ferry");
  control = block;
  thread.state = (ferry_state *)((char *)control + FERRY_THREADS);
  thread.mailbox = (ferry_mailbox *)((char *)thread.state + FERRY_MAILBOX);
  ferry_biased_state = (uint64_t)thread.state + FERRY_STATE_BIAS;
  uint64_t thread_pointer;
  __asm__("mov %%fs:0, %0" : "=r"(thread_pointer));
  control->state_tls_offset = (uint64_t)&ferry_biased_state - thread_pointer;
  control->executor_pid = (uint32_t)getpid();
  map_shared(descriptor(argv[2]), FERRY_CODE_CACHE, control->code_size, PROT_READ | PROT_EXEC, 0, "the code cache");
  map_shared(descriptor(argv[3]), FERRY_DISPATCH, FERRY_DISPATCH_SIZE, PROT_READ, MAP_NORESERVE, "the dispatch table");
  map_call_stack();
}

struct host_object {
  uint64_t functions, thunks;
};

static struct host_object load_host_object(uint64_t bias) {
  if (control->host_object_fd == UINT32_MAX) return (struct host_object){0};
  char path[32];
  snprintf(path, sizeof path, "/proc/self/fd/%u", control->host_object_fd);
  void *object = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!object) executor_fail("the host object can not be loaded: %s", dlerror());
  close((int)control->host_object_fd);
  void **refs = dlsym(object, "ferry_refs");
  struct host_object found = {(uint64_t)dlsym(object, "ferry_functions"), (uint64_t)dlsym(object, "ferry_thunks")};
  if (!found.functions) executor_fail("the host object has no ferry_functions");
  if (refs) *refs = (void *)(control->refs + bias);
  return found;
}

static void start_state(struct guest_image image) {
  ferry_state *state = thread.state;
  state->pc = image.entry;
  state->x[2] = image.stack;
  state->mxcsr = mxcsr_of_frm(0);
  state->reservation_address = UINT64_MAX;
  state->level_base = FERRY_CALL_STACK + FERRY_CALL_STACK_SIZE - 32;
  state->code_base = FERRY_CODE_CACHE;
  state->dispatch_base = FERRY_DISPATCH;
  state->fn_resolve = (uint64_t)on_resolve;
  state->fn_syscall = (uint64_t)on_system_call;
  state->profile = (uint64_t)control + FERRY_COUNTERS;
  state->fn_trap = (uint64_t)on_trap;
  state->fn_fence_i = (uint64_t)on_fence_i;
  control->guest_entry = image.entry;
}

int main(int argc, char **argv) {
  if (argc < 6) executor_fail("this program is started by ferry: ferry run PROGRAM");
  map_shared_memory(argv);
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) || (uint32_t)getppid() != control->translator_pid) _exit(125);
  guest_path = realpath(argv[4], NULL);
  if (!guest_path) guest_path = argv[4];
  const char *slash = strrchr(argv[4], '/');
  prctl(PR_SET_NAME, slash ? slash + 1 : argv[4]);

  struct guest_image image = load_guest(argv[4], argv + 5, environ);
  struct host_object object = load_host_object(image.bias);
  start_state(image);
  fault_start();
  signal_start();
  if (POST(REQUEST_READY, (uint64_t)getpid(), image.entry, object.functions, object.thunks, image.bias))
    executor_fail("%s", (const char *)thread.mailbox->text);
  ((void (*)(ferry_state *))(FERRY_CODE_CACHE + control->gate_enter))(thread.state);
  executor_fail("translated code ended without a system call");
}
