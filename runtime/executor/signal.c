/*
 * Guest signals. The host's dispositions and mask mirror the guest's, so that default actions, ignored signals, and
 * signals from and to other processes are the host kernel's work. Only a signal with a guest handler is caught, and
 * every synchronous one (fault.c).
 *
 * A caught signal is noted in `thread.pending` with its siginfo, and stays blocked in the host until the guest's
 * handler is entered, so that further instances queue in the kernel as they should. Handlers are entered behind
 * system calls and where translated code asks for a translation.
 */
#define _GNU_SOURCE
#include "executor.h"
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SIGNALS = 64, SIGSET_SIZE = 8 };
#define BIT(number) (UINT64_C(1) << ((number) - 1))
#define UNBLOCKABLE (BIT(SIGKILL) | BIT(SIGSTOP))
/* Never blocked in the host: a fault that is blocked kills without a word. */
#define SYNCHRONOUS (BIT(SIGSEGV) | BIT(SIGBUS) | BIT(SIGFPE) | BIT(SIGILL) | BIT(SIGTRAP))

/* Caught whatever the guest does with them, and never blocked in the host. */
#define RESERVED (SYNCHRONOUS | BIT(WORLD_SIGNAL))

static struct signal_actions process_actions;
static struct lock actions_lock;
#define actions thread.dispositions->of
static _Thread_local siginfo_t noted[SIGNALS + 1];
_Thread_local volatile uint32_t signal_waiting;

/* The host kernel's struct sigaction; libc's wrapper refuses the signals that it keeps for itself (32, 33). */
struct host_action {
  void *handler;
  uint64_t flags;
  void (*restorer)(void);
  uint64_t mask;
};
#define HOST_SA_RESTORER 0x04000000
void host_restorer(void);
__asm__(".pushsection .text\nhost_restorer:\n  mov $15, %eax\n  syscall\n.popsection\n");

/* WORLD_SIGNAL waits until the handler returns: nothing may begin to step through the handler that steps. */
static void host_action(int number, void *handler, uint64_t flags) {
  struct host_action action = {handler, flags | HOST_SA_RESTORER, host_restorer, ~SYNCHRONOUS};
  syscall(SYS_rt_sigaction, number, &action, NULL, SIGSET_SIZE);
}

static void catch(int number, uint64_t guest_flags) {
  host_action(number, fault_handler,
              SA_SIGINFO | SA_ONSTACK | SA_NODEFER | (guest_flags & (SA_NOCLDSTOP | SA_NOCLDWAIT)));
}

/* The host handler changes these between any two instructions, so single atomic operations and a second look. */
static uint64_t pending_now(void) { return __atomic_load_n(&thread.pending, __ATOMIC_RELAXED); }
static void drop_pending(int number) { __atomic_fetch_and(&thread.pending, ~BIT(number), __ATOMIC_RELAXED); }

static void update_waiting(void) {
  uint64_t pending;
  do {
    pending = pending_now();
    signal_waiting = (pending & ~thread.blocked) != 0;
  } while (pending_now() != pending);
}

uint64_t signal_host_mask(void) { return (thread.blocked | pending_now()) & ~RESERVED; }

/* What the kernel is about to be told. signal_note adds to it, so that what is noted before stays blocked. */
static _Thread_local volatile uint64_t next_host_mask;

static void set_host_mask(uint64_t blocked) {
  uint64_t pending;
  do {
    pending = pending_now();
    next_host_mask = (blocked | pending) & ~RESERVED;
  } while (pending_now() != pending);
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &next_host_mask, NULL, SIGSET_SIZE);
}

static void apply_mask(void) {
  update_waiting();
  set_host_mask(thread.blocked);
}

/* A debugger sees it whatever the guest does with it. */
static bool shown(int number);

void signal_start(void) {
  uint64_t mask = 0;
  syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &mask, SIGSET_SIZE);
  thread.blocked = mask;
  thread.dispositions = &process_actions;
  for (int number = 1; number <= SIGNALS; number++) {
    struct host_action action = {0};
    if (BIT(number) & UNBLOCKABLE) continue;
    syscall(SYS_rt_sigaction, number, NULL, &action, SIGSET_SIZE);
    actions[number].handler = action.handler == (void *)SIG_IGN ? 1 : 0;
    if (BIT(number) & RESERVED || shown(number)) catch(number, 0);
  }
  apply_mask();
}

void signal_start_thread(void) {
  thread.dispositions = &process_actions;
  apply_mask();
}

void signal_after_fork(void) {
  actions_lock = (struct lock){0};
  process_actions = *thread.dispositions;
  thread.dispositions = &process_actions;
  thread.pending = 0;
  signal_waiting = 0;
}

void signal_start_vfork_child(struct signal_actions *own) {
  *own = *thread.dispositions;
  thread.dispositions = own;
  thread.pending = 0;
  apply_mask();
}

void signal_apply_mask(void) { apply_mask(); }

void signal_lock(bool taken) {
  if (taken) lock_take(&actions_lock);
  else lock_release(&actions_lock);
}

static void give_back(uint64_t numbers) {
  for (uint64_t left = pending_now() & numbers; left; left &= left - 1) {
    int number = __builtin_ctzll(left) + 1;
    if (syscall(SYS_rt_sigqueueinfo, getpid(), number, &noted[number])) kill(getpid(), number);
  }
}

void signal_give_back(void) {
  /* What was for this thread alone ends with it. */
  for (int number = 1; number <= SIGNALS; number++)
    if (noted[number].si_code == SI_TKILL) drop_pending(number);
  give_back(UINT64_MAX);
}

void signal_keep_blocked(void) {
  uint64_t numbers = pending_now() & thread.blocked & ~RESERVED;
  give_back(numbers);
  __atomic_fetch_and(&thread.pending, ~numbers, __ATOMIC_RELAXED);
}

static bool ignored(int number) {
  uint64_t handler = actions[number].handler;
  const uint64_t by_default = BIT(SIGCHLD) | BIT(SIGCONT) | BIT(SIGURG) | BIT(SIGWINCH);
  return handler == (uint64_t)SIG_IGN || (handler == (uint64_t)SIG_DFL && (BIT(number) & by_default));
}

static bool handled(int number) {
  return actions[number].handler != (uint64_t)SIG_DFL && actions[number].handler != (uint64_t)SIG_IGN;
}

static bool shown(int number) { return debug_sees_signals() && !ignored(number); }

void signal_clear_handlers(void) {
  for (int number = 1; number <= SIGNALS; number++) {
    if (!handled(number)) continue;
    actions[number] = (struct guest_action){0};
    if (!(BIT(number) & RESERVED)) host_action(number, (void *)SIG_DFL, 0);
  }
}

static void act_by_default(int number);

void signal_note(int number, const void *siginfo, uint64_t *host_mask) {
  if (ignored(number)) return;
  /* Only for ferry's sake was it caught. */
  if (BIT(number) & RESERVED & ~thread.blocked && !handled(number) && !debug_sees_signals()) return act_by_default(number);
  memcpy(&noted[number], siginfo, sizeof(siginfo_t));
  __atomic_fetch_or(&thread.pending, BIT(number), __ATOMIC_RELAXED);
  *host_mask |= BIT(number) & ~RESERVED;
  next_host_mask |= BIT(number) & ~RESERVED;
  update_waiting();
}

int64_t signal_action(int number, uint64_t action, uint64_t old_action, uint64_t size) {
  if (size != SIGSET_SIZE || number < 1 || number > SIGNALS) return -EINVAL;
  struct guest_action old = actions[number], new;
  if (action) {
    if (BIT(number) & UNBLOCKABLE) return -EINVAL;
    if (guest_read(&new, action, sizeof new)) return -EFAULT;
    new.mask &= ~UNBLOCKABLE;
    /* Nothing is caught between the two tables' changes. */
    uint64_t all = ~RESERVED;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, SIGSET_SIZE);
    lock_take(&actions_lock);
    old = actions[number];
    actions[number] = new;
    if (handled(number) || shown(number) || (BIT(number) & RESERVED)) catch(number, new.flags);
    else host_action(number, (void *)new.handler, new.flags & (SA_NOCLDSTOP | SA_NOCLDWAIT));
    lock_release(&actions_lock);
    if (ignored(number)) drop_pending(number);
    apply_mask();
  }
  if (old_action && guest_write(old_action, &old, sizeof old)) return -EFAULT;
  return 0;
}

int64_t signal_mask(int how, uint64_t set, uint64_t old_set, uint64_t size) {
  if (size != SIGSET_SIZE) return -EINVAL;
  uint64_t old = thread.blocked, change;
  if (set) {
    if (guest_read(&change, set, sizeof change)) return -EFAULT;
    switch (how) {
    case SIG_BLOCK: change |= old; break;
    case SIG_UNBLOCK: change = old & ~change; break;
    case SIG_SETMASK: break;
    default: return -EINVAL;
    }
    change &= ~UNBLOCKABLE;
    if (change != old) set_host_mask(change);
    /* It came before the call then, and its handler runs first: nowhere but in the kernel does a blocked signal wait well. */
    if (pending_now() & change & ~old & ~RESERVED) {
      apply_mask();
      return HOST_CALL_NOT_STARTED;
    }
    thread.blocked = change;
    update_waiting();
  }
  if (old_set && guest_write(old_set, &old, sizeof old)) return -EFAULT;
  return 0;
}

int64_t signal_pending(uint64_t set, uint64_t size) {
  if (size > SIGSET_SIZE) return -EINVAL;
  uint64_t pending = 0;
  syscall(SYS_rt_sigpending, &pending, SIGSET_SIZE);
  pending = (pending | pending_now()) & thread.blocked;
  return guest_write(set, &pending, size) ? -EFAULT : 0;
}

int64_t signal_temporary_mask(uint64_t set, uint64_t size) {
  uint64_t mask;
  if (set == 0) return 0;
  if (size != SIGSET_SIZE) return -EINVAL;
  if (guest_read(&mask, set, sizeof mask)) return -EFAULT;
  thread.saved_blocked = thread.blocked;
  thread.restore_blocked = true;
  thread.blocked = mask & ~UNBLOCKABLE;
  apply_mask();
  return 0;
}

static void restore_mask(void) {
  if (!thread.restore_blocked) return;
  thread.restore_blocked = false;
  thread.blocked = thread.saved_blocked;
  apply_mask();
}

int64_t signal_suspend(uint64_t set, uint64_t size) {
  if (size != SIGSET_SIZE) return -EINVAL;
  if (set == 0) return -EFAULT;
  int64_t result = signal_temporary_mask(set, size);
  return result ? result : host_call(SYS_pause, 0, 0, 0, 0, 0, 0);
}

int64_t signal_timed_wait(uint64_t set, uint64_t info, uint64_t timeout, uint64_t size) {
  if (size != SIGSET_SIZE) return -EINVAL;
  uint64_t mask;
  if (guest_read(&mask, set, sizeof mask)) return -EFAULT;
  uint64_t ready = pending_now() & mask & ~UNBLOCKABLE;
  if (ready) {
    int number = __builtin_ctzll(ready) + 1;
    if (info && guest_write(info, &noted[number], sizeof noted[number])) return -EFAULT;
    drop_pending(number);
    apply_mask();
    return number;
  }
  /* What is waited for must not run a host handler meanwhile, even when the guest forgot to block it. */
  set_host_mask(thread.blocked | mask);
  int64_t result = host_call(SYS_rt_sigtimedwait, (uint64_t)&mask, info, timeout, SIGSET_SIZE, 0, 0);
  apply_mask();
  return result;
}

int64_t signal_stack(ferry_state *state, uint64_t stack, uint64_t old_stack) {
  struct {
    uint64_t start;
    uint32_t flags, padding;
    uint64_t size;
  } words = {0};
  struct guest_stack old = alternate_stack(state->x[2]);
  if (stack) {
    if (guest_read(&words, stack, sizeof words)) return -EFAULT;
    int64_t error = set_alternate_stack(state->x[2], (struct guest_stack){words.start, words.size, words.flags});
    if (error) return error;
  }
  words.start = old.start;
  words.size = old.size;
  words.flags = old.flags;
  return old_stack && guest_write(old_stack, &words, sizeof words) ? -EFAULT : 0;
}

int64_t signal_return(ferry_state *state) {
  uint64_t mask;
  if (!frame_pop(state, &mask)) signal_die(SIGSEGV, state->pc, state->x[2], (struct fault){0});
  space_rounding(state->frm);
  thread.blocked = mask & ~UNBLOCKABLE;
  apply_mask();
  return SYSCALL_REPLACED;
}

/* Enters the guest's handler at state->pc. */
static void enter_handler(ferry_state *state, int number, const siginfo_t *info, struct fault fault) {
  struct guest_action action = actions[number];
  uint64_t mask = thread.restore_blocked ? thread.saved_blocked : thread.blocked, pc = state->pc;
  trace_signal(number, info);
  if (!frame_push(state, number, info, action.handler, action.flags & SA_ONSTACK, mask))
    signal_die(SIGSEGV, pc, state->x[2], fault);
  thread.restore_blocked = false;
  if (action.flags & SA_RESETHAND) {
    actions[number].handler = (uint64_t)SIG_DFL;
    if (!(BIT(number) & RESERVED)) host_action(number, (void *)SIG_DFL, 0);
  }
  thread.blocked |= action.mask | (action.flags & SA_NODEFER ? 0 : BIT(number));
  apply_mask();
}

/* Takes the next deliverable signal; 0 = none. Synchronous ones first, as the kernel does. */
static int take(void) {
  uint64_t ready = pending_now() & ~thread.blocked;
  if (ready & SYNCHRONOUS) ready &= SYNCHRONOUS;
  if (!ready) return 0;
  int number = __builtin_ctzll(ready) + 1;
  drop_pending(number);
  return number;
}

/* The default action of a signal that was caught before the guest gave up its handler, or of a synchronous one that a
 * process sent: back to the kernel. */
static void act_by_default(int number) {
  if (ignored(number)) return apply_mask();
  host_action(number, (void *)SIG_DFL, 0);
  apply_mask();
  syscall(SYS_tgkill, getpid(), gettid(), number);
}

bool signal_deliver_pending(ferry_state *state) {
  bool entered = false;
  for (int number; signal_waiting && (number = take());) {
    int given = debug_signal(state, &noted[number]);
    if (debug_sees_signals()) entered = true;
    if (given != number) {
      noted[given] = noted[number];
      noted[number = given].si_signo = given;
      apply_mask();
    }
    if (number == 0) continue;
    if (handled(number)) {
      enter_handler(state, number, &noted[number], (struct fault){0});
      entered = true;
    } else {
      act_by_default(number);
    }
  }
  return entered;
}

bool signal_after_system_call(ferry_state *state, int64_t result, uint64_t first_argument) {
  bool replaced = result == SYSCALL_REPLACED;
  /* The signal came before the call, whose temporary mask lets it interrupt the call all the same. */
  if (result == HOST_CALL_NOT_STARTED && thread.restore_blocked) result = -EINTR;
  if (result == HOST_CALL_NOT_STARTED) {
    state->x[10] = first_argument;
    state->pc -= 4;
    signal_deliver_pending(state);
    return true;
  }
  if (!replaced) state->x[10] = (uint64_t)result;
  if (result != -EINTR) restore_mask();
  if (!signal_waiting) {
    /* Only a signal of ferry's own interrupted it. */
    if (result == -EINTR && !thread.restore_blocked && system_call_waits(state->x[17])) {
      state->x[10] = first_argument;
      state->pc -= 4;
      return true;
    }
    restore_mask();
    return replaced;
  }
  /* pc is behind the ecall. */
  bool restart = false;
  int first = __builtin_ctzll(pending_now() & ~thread.blocked) + 1;
  if (result == -EINTR && system_call_restarts(state->x[17], first_argument) && handled(first) &&
      (actions[first].flags & SA_RESTART)) {
    restart = true;
    state->x[10] = first_argument;
    state->pc -= 4;
  }
  bool entered = signal_deliver_pending(state);
  restore_mask();
  return entered || replaced || restart;
}

void signal_die(int number, uint64_t guest_pc, uint64_t address, struct fault fault) {
  ferry_mailbox *mailbox = thread.mailbox;
  mailbox->text[0] = 0;
  if (fault.symbol) strncpy((char *)mailbox->text, fault.symbol, sizeof mailbox->text - 1);
  POST(REQUEST_DIED, (uint64_t)number, guest_pc, address, fault.host_pc, fault.access);
  /* A core file would show the executor, not the guest. */
  prctl(PR_SET_DUMPABLE, 0);
  host_action(number, (void *)SIG_DFL, 0);
  uint64_t none = 0;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, SIGSET_SIZE);
  for (;;) syscall(SYS_tgkill, getpid(), gettid(), number);
}

void signal_fault(ferry_state *state, const void *siginfo, struct fault fault) {
  siginfo_t *info = &noted[0];
  *info = *(const siginfo_t *)siginfo;
  int number = info->si_signo = debug_signal(state, info);
  if (number == 0) return;
  /* A synchronous signal that is blocked or ignored ends the process all the same. */
  if (!handled(number) || (thread.blocked & BIT(number)))
    signal_die(number, state->pc, (uint64_t)info->si_addr, fault);
  enter_handler(state, number, info, fault);
}
