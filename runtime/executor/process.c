/*
 * New processes and new programs. A forked executor takes a slot of its own, which it maps over its parent's so that every
 * pointer to the CPU state stays right. A vfork child runs in its parent's memory on another host call stack, and the
 * parent puts back afterwards what it changed of the executor.
 */
#define _GNU_SOURCE
#include "lone.h"
#include "settings.h"
#include "signals.h"
#include "syscall.h"
#include "sysroot.h"
#include <elf.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

uint64_t program_image;

/* ---- fork ---- */

/* Maps the slot over the one that the parent uses. */
static void take_over(int slot) {
  uint64_t offset = (uint64_t)((char *)slot_state(slot) - (char *)control);
  if (memory_map(thread.state, FERRY_THREAD_SIZE, PROT_READ | PROT_WRITE, offset) == MAP_FAILED) _exit(125);
  thread.mailbox->turn = 0;
  thread.mailbox->owner = thread.mailbox->process = (uint32_t)getpid();
}

static void start_child(int slot, uint32_t parent) {
  threads_after_fork();
  world_after_fork();
  memory_after_fork();
  settings_after_fork();
  take_over(slot);
  watch_translator();
  signal_after_fork();
  uint64_t generation = space_generation;
  int dumpable = begin_access();
  POST(REQUEST_FORK, parent, program_image, space_number);
  end_access(dumpable);
  program_image = thread.mailbox->results[3];
  space_moved(generation);
}

/* CLONE_CLEAR_SIGHAND, in the child. */
static void clear_handlers(uint64_t flags) {
  if (flags & CLONE_CLEAR_SIGHAND) signal_clear_handlers();
}

/* libc's fork makes its own locks usable in the child; clone with other flags has to do without. */
static int64_t fork_host(uint64_t flags, uint64_t exit_signal) {
  const uint64_t done_here = CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | CLONE_PARENT_SETTID | CLONE_VM | CLONE_VFORK |
                             CLONE_SETTLS | CLONE_CLEAR_SIGHAND | CLONE_PIDFD;
  flags &= ~done_here;
  if (flags == 0 && exit_signal == SIGCHLD) {
    pid_t pid = fork();
    return pid < 0 ? -errno : pid;
  }
  return kernel_call(SYS_clone, flags | exit_signal, 0, 0, 0, 0, 0);
}

/* In the child they are free: nobody is left who could release one. */
static void lock_all(bool taken) {
  guest_map_lock(taken);
  space_lock(taken);
  signal_lock(taken);
  lock_call_stacks(taken);
  lock_threads(taken);
}

static int64_t fork_guest(ferry_state *state, uint64_t flags, uint64_t exit_signal, uint64_t stack, uint64_t parent_tid,
                          uint64_t tls, uint64_t child_tid) {
  uint32_t parent = (uint32_t)getpid();
  int slot = slot_take();
  if (slot < 0) return -EAGAIN;
  ferry_mailbox *mailbox = (ferry_mailbox *)((char *)slot_state(slot) + FERRY_MAILBOX);
  /* An execve here, before the child has taken the slot over, must not free it with those of this process. */
  mailbox->process = 0;
  /* Before the fork, because the parent goes on in its slot, which the child sees. */
  memcpy(slot_state(slot), state, sizeof *state);
  slot_state(slot)->thread = (uint32_t)slot;
  /* No signal is handled by the child before it has its own slot. */
  uint64_t all = UINT64_MAX;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, sizeof all);
  lock_all(true);
  int64_t pid = fork_host(flags, exit_signal);
  lock_all(false);
  if (pid == 0) {
    start_child(slot, parent);
    clear_handlers(flags);
    if (flags & CLONE_NEWNS) sysroot_renew();
    int tid = gettid();
    if (flags & CLONE_CHILD_SETTID) guest_write(child_tid, &tid, sizeof tid);
    if (flags & CLONE_CHILD_CLEARTID) thread.clear_tid = child_tid;
    if (stack) state->x[2] = stack;
    if (flags & CLONE_SETTLS) state->x[4] = tls;
  } else if (pid < 0) {
    __atomic_store_n(&mailbox->owner, 0, __ATOMIC_RELEASE);
  } else {
    /* The end of this thread must not free it either. */
    uint32_t self = (uint32_t)gettid();
    __atomic_compare_exchange_n(&mailbox->owner, &self, (uint32_t)pid, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
    int tid = (int)pid;
    if (flags & CLONE_PARENT_SETTID) guest_write(parent_tid, &tid, sizeof tid);
  }
  signal_apply_mask();
  return pid;
}

/* ---- vfork ---- */

struct vfork {
  struct signal_actions actions;
  uint64_t flags;
  ferry_state *state;
};

static int vfork_child(void *argument) {
  struct vfork *vfork = argument;
  thread.vfork_child = true;
  thread.called = false;
  settings_after_fork();
  thread.pid = thread.tid = getpid();
  watch_translator();
  fault_start();
  signal_start_vfork_child(&vfork->actions);
  clear_handlers(vfork->flags);
  leave(vfork->state);
  restart_guest(vfork->state);
}

static bool ended(int pid) {
  siginfo_t info = {.si_pid = 0};
  return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) || info.si_pid;
}

/* CLONE_VFORK would make the kernel wait, where nothing tells of the translator's end. */
static void await_vfork_child(int pid, uint32_t *alive) {
  static const struct timespec patience = {1, 0};
  while (__atomic_load_n(alive, __ATOMIC_ACQUIRE)) {
    if (syscall(SYS_futex, alive, FUTEX_WAIT, 1, &patience, NULL, 0) == 0 || errno != ETIMEDOUT) continue;
    if (translator_gone()) translator_lost();
    if (ended(pid)) return;
  }
}

static int64_t vfork_guest(ferry_state *state, uint64_t flags, uint64_t exit_signal, uint64_t stack, uint64_t tls) {
  struct call_stack own = thread.stack, other = call_stack_take();
  if (other.low == 0) return -ENOMEM;
  uint64_t all = UINT64_MAX;
  struct vfork vfork = {.state = state, .flags = flags};
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, sizeof all);
  ferry_state saved_state = *state;
  struct thread saved_thread = thread;
  struct settings saved_settings = settings;

  /* A level of its own, as gate_enter makes it. */
  uint64_t *level = (uint64_t *)(other.end - 72);
  level[0] = FERRY_CODE_CACHE; /* nothing returns from this level */
  level[1] = FERRY_RETURN_GATE;
  level[2] = UINT64_MAX;
  level[3] = 0;
  state->level_base = (uint64_t)level;
  state->x[10] = 0;
  if (stack) state->x[2] = stack;
  if (flags & CLONE_SETTLS) state->x[4] = tls;
  thread.stack = other;
  uint32_t alive = 1;
  const uint64_t passed = CLONE_PARENT | CLONE_FILES | CLONE_FS | CLONE_IO | CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS |
                          CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWNET;
  int kind = (int)(CLONE_VM | CLONE_CHILD_CLEARTID | (flags & passed) | exit_signal);
  int pid = clone(vfork_child, (void *)(other.end - 4096), kind, &vfork, NULL, NULL, &alive);
  int error = errno;
  if (pid > 0) await_vfork_child(pid, &alive);

  *state = saved_state;
  /* Whoever stops the world must not wait for a child that was killed. */
  thread.leaving = false;
  lock_threads(true);
  struct thread *next = thread.next;
  uint64_t generation = thread.generation;
  thread = saved_thread;
  thread.next = next;
  lock_threads(false);
  thread.generation = generation == space_generation ? saved_thread.generation : generation;
  thread.stack = own;
  settings = saved_settings;
  exec_give_back();
  memory_after_vfork();
  call_stack_give(other);
  signal_apply_mask();
  return pid < 0 ? -error : pid;
}

/* The new process's descriptor goes where the caller wants it. */
static void store_pidfd(uint64_t flags, uint64_t place, int64_t pid) {
  if (pid <= 0 || !(flags & CLONE_PIDFD)) return;
  int fd = (int)kernel_call(SYS_pidfd_open, (uint64_t)pid, 0, 0, 0, 0, 0);
  guest_write(place, &fd, sizeof fd);
}

static int64_t clone_guest(ferry_state *state, const struct clone_args *new) {
  if (new->flags & CLONE_NEWPID) return -EINVAL; /* see call_unshare */
  if (!(new->flags & CLONE_THREAD)) lone_end();
  uint64_t flags = new->flags, stack = new->stack + new->stack_size;
  const uint64_t thread_flags = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD;
  if (flags & CLONE_THREAD) {
    if ((flags & thread_flags) != thread_flags) return -EINVAL;
    return thread_clone(state, flags, stack, new->parent_tid, new->tls, new->child_tid);
  }
  int64_t pid;
  if ((flags & (CLONE_VM | CLONE_VFORK)) == (CLONE_VM | CLONE_VFORK)) {
    pid = vfork_guest(state, flags, new->exit_signal, stack, new->tls);
    int tid = (int)pid;
    if (pid > 0 && flags & CLONE_PARENT_SETTID) guest_write(new->parent_tid, &tid, sizeof tid);
  } else {
    pid = fork_guest(state, flags, new->exit_signal, stack, new->parent_tid, new->tls, new->child_tid);
  }
  store_pidfd(flags, new->pidfd, pid);
  return pid;
}

int64_t call_clone(ferry_state *state, const uint64_t *a) {
  /* The place of the parent's tid takes the descriptor here. */
  return clone_guest(state, &(struct clone_args){.flags = a[0] & ~(uint64_t)CSIGNAL,
                                                 .exit_signal = a[0] & CSIGNAL,
                                                 .stack = a[1],
                                                 .pidfd = a[2],
                                                 .parent_tid = a[2],
                                                 .tls = a[3],
                                                 .child_tid = a[4]});
}

int64_t call_clone3(ferry_state *state, const uint64_t *a) {
  enum { SMALLEST = 64, LARGEST = 4096 };
  struct clone_args new = {0};
  if (a[1] > LARGEST) return -E2BIG;
  if (a[1] < SMALLEST) return -EINVAL;
  if (guest_read(&new, a[0], a[1] < sizeof new ? a[1] : sizeof new)) return -EFAULT;
  if (new.flags & CSIGNAL || (new.stack == 0) != (new.stack_size == 0) || new.exit_signal > CSIGNAL) return -EINVAL;
  if (new.flags & CLONE_THREAD && new.exit_signal) return -EINVAL;
  /* Chosen pids and cgroups are privileged; the caller tries without. */
  if (new.set_tid_size || new.flags & CLONE_INTO_CGROUP) return -EPERM;
  return clone_guest(state, &new);
}

int64_t call_set_tid_address(ferry_state *state, const uint64_t *a) {
  (void)state;
  thread.clear_tid = a[0];
  return gettid();
}
