/*
 * Start of the guest process, and the functions that translated code calls.
 *
 *   executor MEMORY GUEST_PATH NAME ARGV0 [ARGUMENT...]
 *   ferry COMMAND [WORD...]
 *   ferry-binfmt PROGRAM ARGV0 [ARGUMENT...]
 *
 * MEMORY is the descriptor of the shared memory (memory.c). NAME is what the program was started by: the process is called
 * so, and AT_EXECFN says it. The environment is the guest's (execve.c). bin/ferry and bin/ferry-binfmt
 * are links to this program (launch.c).
 */
#define _GNU_SOURCE
#include "executor.h"
#include "guest_memory.h"
#include "host_object.h"
#include "interpret.h"
#include "lone.h"
#include "program.h"
#include "settings.h"
#include "signals.h"
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
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
  if (thread.mailbox && !control->alone) {
    memcpy(thread.mailbox->text, text, sizeof text);
    POST(REQUEST_FAILED, 0);
    lone_print((const char *)thread.mailbox->text);
  } else {
    fprintf(stderr, "ferry: %s\n", text);
  }
  _exit(125);
}

void executor_exit(int status) {
  if (!thread.vfork_child) {
    heat_finish();
    lone_exit(status);
  }
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

void restart_guest(ferry_state *state) {
  thread.generation = space_generation;
  if (thread.reserve_open && state->level_base >= thread.stack.start + CALL_STACK_RESERVE) call_stack_reserve(false);
  __asm__ volatile("mov %0, %%rsp\n  mov %1, %%rbp\n  jmp *%2"
                   :
                   : "r"(state->level_base), "r"((uint64_t)state + FERRY_STATE_BIAS), "r"(resume_address())
                   : "memory");
  __builtin_unreachable();
}

/*
 * Host code needed the reserve below the call stack, so the frames above it go (they are predictions): on to state->pc
 * with an empty level. The reserve stays open while the bridge level itself lies in it.
 */
static bool frames_are_low(const ferry_state *state) {
  return thread.reserve_open && state->level_base >= thread.stack.start + CALL_STACK_RESERVE;
}

uint64_t translation_of(ferry_state *state, uint64_t pc) {
  state->pc = pc;
  if (signal_waiting && signal_deliver_pending(state)) return resume_address();
  struct guest_mapping mapping = guest_mapping_at(pc);
  bool executable = mapping.end && mapping.protection & PROT_EXEC;
  uint64_t address = executable ? space_resolve(pc, &mapping) : 0;
  if (address) return address;
  /* What can not be fetched of an instruction whose first half can is the second. */
  enum { HALF = 2 };
  uint64_t missing = executable ? pc + HALF : pc;
  if (executable) mapping = guest_mapping_at(missing);
  fault_at(state, SIGSEGV, mapping.end ? SEGV_ACCERR : SEGV_MAPERR, missing, ACCESS_FETCH);
  return resume_address();
}

/*
 * The last thing before translated code goes on at state->pc; true when that, or registers, became others. A signal, or a
 * stop of the world or for a debugger, behind the last look finds `leaving` set: fault.c deals with it.
 */
bool leave(ferry_state *state) {
  bool entered = false;
  for (;;) {
    thread.leaving = true;
    if (signal_waiting) {
      thread.leaving = false;
      if (signal_deliver_pending(state)) {
        entered = true;
        continue;
      }
      thread.leaving = true;
    }
    if (world_stopping) {
      thread.leaving = false;
      world_wait();
    } else if (debug_stopping() && !thread.once) {
      thread.leaving = false;
      debug_stop(state, DEBUG_REASON_STOP);
      entered = true;
    } else {
      thread.once = false;
      return entered;
    }
  }
}

/* As leave, and on from state->pc right away when the frames of the call stack can not be kept. */
static bool leave_for_code(ferry_state *state) {
  bool entered = leave(state);
  if (thread.generation != space_generation || frames_are_low(state)) restart_guest(state);
  return entered;
}

static uint64_t on_resolve(ferry_state *state, uint64_t pc, const uint64_t *frame) {
  thread.leaving = false;
  state->pc = pc;
  uint64_t address = control->heat ? interpret(state, frame) : translation_of(state, pc);
  return leave_for_code(state) ? resume_address() : address;
}

/* state->pc is behind the ecall. */
static uint64_t perform_system_call(ferry_state *state) {
  /* A handler that is due runs before the call: host_call does not start then. */
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
  return leave_for_code(state) || replaced;
}

/* The translator runs one instruction on the CPU state. Accrued exceptions are there, not in MXCSR, meanwhile. */
static uint64_t interpret_elsewhere(ferry_state *state) {
  state->fflags |= fflags_of_mxcsr(__builtin_ia32_stmxcsr());
  uint64_t generation, answer;
  do {
    generation = space_generation;
    answer = POST(REQUEST_INTERPRET, state->pc);
  } while (thread.mailbox->results[6] && space_moved(generation));
  state->mxcsr = mxcsr_of_frm(state->frm);
  __builtin_ia32_ldmxcsr(state->mxcsr);
  return answer;
}

/* As of every program that ferry can not go on with. */
enum { EXIT_DIFFERENT = 125 };

static void trap(ferry_state *state, uint64_t cause) {
  if (cause == TRAP_INTERPRET) cause = interpret_elsewhere(state);
  switch (cause) {
  case 0: return;
  case TRAP_ILLEGAL: return fault_at(state, SIGILL, ILL_ILLOPC, state->pc, ACCESS_UNKNOWN);
  case TRAP_DEBUG: return debug_stop(state, DEBUG_REASON_BREAKPOINT);
  case TRAP_BREAKPOINT: return fault_at(state, SIGTRAP, TRAP_BRKPT, state->pc, ACCESS_UNKNOWN);
  case TRAP_DIFFERENCE:
    POST(REQUEST_DIFFERS, state->pc, state->scratch[0], state->x[2]);
    executor_exit(EXIT_DIFFERENT);
  case TRAP_FETCH_FAULT: {
    int code = guest_mapping_at(state->pc).end ? SEGV_ACCERR : SEGV_MAPERR;
    return fault_at(state, SIGSEGV, code, state->pc, ACCESS_FETCH);
  }
  default: {
    uint64_t address = thread.mailbox->results[1];
    int number = (int)(cause & 0xff), code = number == SIGBUS ? BUS_ADRALN : SEGV_MAPERR;
    if (number == SIGSEGV && guest_mapping_at(address).end) code = SEGV_ACCERR;
    return fault_at(state, number, code, address, ACCESS_UNKNOWN);
  }
  }
}

void execute_one(ferry_state *state) { trap(state, TRAP_INTERPRET); }

static void on_trap(ferry_state *state, uint64_t cause) {
  thread.leaving = false;
  trap(state, cause);
  leave_for_code(state);
}

static void on_fence_i(ferry_state *state) {
  thread.leaving = false;
  guest_map_invalidate_unseen();
  leave_for_code(state);
}

/* ---- start ---- */

static void map_call_stack(void) {
  uint64_t start = CALL_STACK_GUARD, size = FERRY_CALL_STACK - start + FERRY_CALL_STACK_SIZE;
  void *place = mmap((void *)start, size, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  if (place != (void *)start || mprotect(place, FERRY_CALL_STACK - start, PROT_NONE))
    executor_fail("can not map the host call stack: %s", strerror(errno));
  thread.stack = (struct call_stack){start, FERRY_CALL_STACK, FERRY_CALL_STACK + FERRY_CALL_STACK_SIZE};
}

static void map_control(const char *descriptor) {
  memory_start(memory_inherited(descriptor));
  ferry_control *block = memory_map(NULL, FERRY_CONTROL_SIZE, PROT_READ | PROT_WRITE, 0);
  if (block == MAP_FAILED) executor_fail("can not map the control block: %s", strerror(errno));
  if (block->magic != FERRY_CONTROL_MAGIC) executor_fail("the control block is from another version of ferry");
  control = block;
}

/* Asks what belongs to the program, and loads the host object of a hybrid one, whose reference table is at `references` of the file. */
static struct host_object open_program(const char *path, uint64_t *references) {
  ferry_mailbox *mailbox = thread.mailbox;
  snprintf((char *)mailbox->text, sizeof mailbox->text, "%s", path);
  int dumpable = begin_access();
  uint64_t refused = POST(REQUEST_PROGRAM, (uint64_t)getpid());
  end_access(dumpable);
  if (refused) executor_fail("%s", (const char *)mailbox->text);
  uint64_t object_space = mailbox->results[1], length = mailbox->results[4];
  *references = mailbox->results[2];
  program_image = mailbox->results[3];
  space_start();
  return object_space ? host_object_load(object_space, length) : (struct host_object){0};
}

static void start_state(struct guest_image image) {
  ferry_state *state = thread.state;
  uint32_t number = state->thread;
  memset(state, 0, sizeof *state);
  state->thread = number;
  state->pc = image.entry;
  state->x[2] = image.stack;
  state->mxcsr = mxcsr_of_frm(0);
  state->reservation_address = UINT64_MAX;
  state->level_base = thread.stack.end - 32;
  state->code_base = FERRY_CODE_CACHE;
  state->dispatch_base = FERRY_DISPATCH;
  state->fn_resolve = (uint64_t)on_resolve;
  state->fn_syscall = (uint64_t)on_system_call;
  state->profile = (uint64_t)control + FERRY_COUNTERS;
  state->fn_trap = (uint64_t)on_trap;
  state->fn_fence_i = (uint64_t)on_fence_i;
}

int main(int argc, char **argv) {
  ssize_t length = readlink("/proc/self/exe", executor_path, sizeof executor_path - 1);
  if (length < 0) executor_fail("/proc/self/exe can not be read");
  bool started = argc >= 5 && isdigit((unsigned char)*argv[1]);
  struct launch program = started ? (struct launch){argv[2], argv[3], argv + 4} : launch(argv);
  if (started) map_control(argv[1]);
  reaper_start(argv);
  thread_start_first();
  map_call_stack();
  guest_path = realpath(program.path, NULL);
  if (!guest_path) guest_path = program.path;
  const char *slash = strrchr(program.name, '/');
  prctl(PR_SET_NAME, slash ? slash + 1 : program.name);

  uint64_t references;
  struct host_object object = open_program(guest_path, &references);
  restore_environment(environ);
  settings_start(environ);
  struct guest_image image = load_guest(program.path, program.name, program.argv, environ);
  if (object.references) *object.references = (void *)(references + image.bias);
  start_state(image);
  proc_tell();
  fault_start();
  signal_start();
  watch_translator();
  if (POST(REQUEST_READY, (uint64_t)getpid(), image.entry, object.functions, object.thunks, image.bias))
    executor_fail("%s", (const char *)thread.mailbox->text);
  leave(thread.state);
  ((void (*)(ferry_state *))(FERRY_CODE_CACHE + control->gate_enter))(thread.state);
  executor_fail("translated code ended without a system call");
}
