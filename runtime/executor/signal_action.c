/* What the guest does with each signal, and what the host kernel is told of it. */
#define _GNU_SOURCE
#include "guest_memory.h"
#include "guest_signal.h"
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct signal_actions process_actions;
static struct lock actions_lock;

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
void signal_host_action(int number, void *handler, uint64_t flags) {
  struct host_action action = {handler, flags | HOST_SA_RESTORER, host_restorer, ~SYNCHRONOUS};
  syscall(SYS_rt_sigaction, number, &action, NULL, SIGSET_SIZE);
}

static void catch(int number, uint64_t guest_flags) {
  signal_host_action(number, fault_handler,
                     SA_SIGINFO | SA_ONSTACK | SA_NODEFER | (guest_flags & (SA_NOCLDSTOP | SA_NOCLDWAIT)));
}

bool signal_ignored(int number) {
  uint64_t handler = actions[number].handler;
  const uint64_t by_default = BIT(SIGCHLD) | BIT(SIGCONT) | BIT(SIGURG) | BIT(SIGWINCH);
  return handler == (uint64_t)SIG_IGN || (handler == (uint64_t)SIG_DFL && (BIT(number) & by_default));
}

bool signal_handled(int number) {
  return actions[number].handler != (uint64_t)SIG_DFL && actions[number].handler != (uint64_t)SIG_IGN;
}

bool signal_shown(int number) { return debug_sees_signals() && !signal_ignored(number); }

void signal_clear_handlers(void) {
  for (int number = 1; number <= SIGNALS; number++) {
    if (!signal_handled(number)) continue;
    actions[number] = (struct guest_action){0};
    if (!(BIT(number) & RESERVED)) signal_host_action(number, (void *)SIG_DFL, 0);
  }
}

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
    if (BIT(number) & RESERVED || signal_shown(number)) catch(number, 0);
  }
  signal_apply_mask();
}

void signal_start_thread(void) {
  thread.dispositions = &process_actions;
  signal_apply_mask();
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
  signal_apply_mask();
}

void signal_lock(bool taken) {
  if (taken) lock_take(&actions_lock);
  else lock_release(&actions_lock);
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
    if (signal_handled(number) || signal_shown(number) || (BIT(number) & RESERVED)) catch(number, new.flags);
    else signal_host_action(number, (void *)new.handler, new.flags & (SA_NOCLDSTOP | SA_NOCLDWAIT));
    lock_release(&actions_lock);
    if (signal_ignored(number)) signal_drop(number);
    signal_apply_mask();
  }
  if (old_action && guest_write(old_action, &old, sizeof old)) return -EFAULT;
  return 0;
}
