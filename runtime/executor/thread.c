/*
 * Guest threads. Each is a host thread with a slot of the control block (CPU state and mailbox), a host call stack, and the
 * thread-locals of the executor. The kernel keeps what it can: robust lists, the signal queue, scheduling, names.
 */
#define _GNU_SOURCE
#include "executor.h"
#include "guest_memory.h"
#include "signals.h"
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct thread *threads;
static struct lock threads_lock;

void lock_take(struct lock *lock) {
  uint32_t seen = 0;
  if (__atomic_compare_exchange_n(&lock->word, &seen, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) return;
  while (__atomic_exchange_n(&lock->word, 2, __ATOMIC_ACQUIRE) != 0)
    syscall(SYS_futex, &lock->word, FUTEX_WAIT_PRIVATE, 2, NULL, NULL, 0);
}

void lock_release(struct lock *lock) {
  if (__atomic_exchange_n(&lock->word, 0, __ATOMIC_RELEASE) == 2)
    syscall(SYS_futex, &lock->word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

void lock_threads(bool taken) {
  if (taken) lock_take(&threads_lock);
  else lock_release(&threads_lock);
}

/* ---- slots ---- */

ferry_state *slot_state(int slot) {
  return (ferry_state *)((char *)control + FERRY_THREADS + (uint64_t)slot * FERRY_THREAD_SIZE);
}

static ferry_mailbox *mailbox_of(ferry_state *state) { return (ferry_mailbox *)((char *)state + FERRY_MAILBOX); }

static void slot_give(ferry_mailbox *mailbox) { __atomic_store_n(&mailbox->owner, 0, __ATOMIC_RELEASE); }

int slot_take(void) {
  uint32_t self = (uint32_t)gettid();
  for (uint32_t slot = 0; slot < FERRY_MAX_THREADS; slot++) {
    ferry_mailbox *mailbox = mailbox_of(slot_state((int)slot));
    uint32_t none = 0;
    if (!__atomic_compare_exchange_n(&mailbox->owner, &none, self, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) continue;
    /* The translator is still at work on a request of a thread that execve has ended. */
    bool busy = __atomic_load_n(&mailbox->turn, __ATOMIC_ACQUIRE) & 1;
    if (busy || __atomic_load_n(&mailbox->wanted, __ATOMIC_ACQUIRE) == WANTED_TAKEN) {
      slot_give(mailbox);
      continue;
    }
    mailbox->turn = mailbox->wanted = mailbox->debug = 0;
    mailbox->process = (uint32_t)getpid();
    slot_state((int)slot)->thread = slot;
    uint32_t used = __atomic_load_n(&control->thread_count, __ATOMIC_RELAXED);
    while (used <= slot && !__atomic_compare_exchange_n(&control->thread_count, &used, slot + 1, false,
                                                        __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) {}
    return (int)slot;
  }
  return -1;
}

static void use_slot(ferry_state *state) {
  thread.state = state;
  thread.mailbox = mailbox_of(state);
  thread.pid = getpid();
  thread.mailbox->owner = (uint32_t)(thread.tid = gettid());
  ferry_biased_state = (uint64_t)state + FERRY_STATE_BIAS;
}

/* ---- the list ---- */

static void enlist(void) {
  lock_take(&threads_lock);
  thread.next = threads;
  threads = &thread;
  lock_release(&threads_lock);
}

/* Whether others are left. */
static bool delist(void) {
  lock_take(&threads_lock);
  for (struct thread **link = &threads; *link; link = &(*link)->next) {
    if (*link != &thread) continue;
    *link = thread.next;
    break;
  }
  bool others = threads != NULL;
  lock_release(&threads_lock);
  return others;
}

bool single_threaded(void) { return threads == &thread && thread.next == NULL; }

void threads_after_fork(void) {
  threads_lock = (struct lock){0};
  thread.next = NULL;
  thread.vfork_child = thread.called = false;
  thread.pid = getpid();
  thread.tid = gettid();
  thread.clear_tid = 0;
  threads = &thread;
}

/* Slots of the image that execve replaced are free. */
static void free_old_slots(void) {
  uint32_t self = (uint32_t)getpid();
  for (uint32_t slot = 0; slot < control->thread_count; slot++) {
    ferry_mailbox *mailbox = mailbox_of(slot_state((int)slot));
    if (mailbox->owner && mailbox->process == self) slot_give(mailbox);
  }
}

void thread_start_first(void) {
  uint64_t thread_pointer;
  __asm__("mov %%fs:0, %0" : "=r"(thread_pointer));
  control->state_tls_offset = (uint64_t)&ferry_biased_state - thread_pointer;
  control->cpu = cpu_features();
  free_old_slots();
  int slot = slot_take();
  if (slot < 0) executor_fail("no slot is free: %d guest threads run", FERRY_MAX_THREADS);
  use_slot(slot_state(slot));
  enlist();
}

/* ---- host call stacks of threads other than the first ---- */

#define THREAD_CALL_STACK (CALL_STACK_END_GUARD + CALL_STACK_RESERVE + 0x100000)

static struct lock stacks_lock;
static struct free_stack {
  struct call_stack stack;
  struct free_stack *next;
} *free_stacks; /* each at the end of its own stack */

void lock_call_stacks(bool taken) {
  if (taken) lock_take(&stacks_lock);
  else lock_release(&stacks_lock);
}

struct call_stack call_stack_take(void) {
  lock_take(&stacks_lock);
  struct free_stack *found = free_stacks;
  if (found) free_stacks = found->next;
  lock_release(&stacks_lock);
  if (found) return found->stack;
  uint64_t low = guest_map_reserve(THREAD_CALL_STACK);
  if (low == 0) return (struct call_stack){0};
  uint64_t start = low + CALL_STACK_END_GUARD + CALL_STACK_RESERVE, end = low + THREAD_CALL_STACK;
  if (mprotect((void *)start, end - start, PROT_READ | PROT_WRITE)) return (struct call_stack){0};
  return (struct call_stack){low, start, end};
}

void call_stack_give(struct call_stack stack) {
  if (stack.low == CALL_STACK_GUARD) return;
  struct free_stack *place = (struct free_stack *)(stack.end - sizeof *place);
  lock_take(&stacks_lock);
  *place = (struct free_stack){stack, free_stacks};
  free_stacks = place;
  lock_release(&stacks_lock);
}

/* ---- start and end ---- */

struct start {
  const struct thread *parent;
  ferry_state *state;
  struct call_stack stack;
  uint64_t flags, parent_tid, child_tid;
  uint32_t tid; /* futex: set when the thread needs this no more */
};

static void store_tid(uint64_t place, int tid) { guest_write(place, &tid, sizeof tid); }

static void *thread_main(void *argument) {
  struct start *start = argument;
  /* libc lets its own signal through in each new thread; it is the guest's, and comes as soon as somebody knows the tid. */
  uint64_t all = UINT64_MAX;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, sizeof all);
  thread.blocked = start->parent->blocked;
  thread.stack = start->stack;
  thread.alternate.flags = SS_DISABLE;
  thread.generation = space_generation;
  use_slot(start->state);
  if (start->flags & CLONE_PARENT_SETTID) store_tid(start->parent_tid, thread.tid);
  if (start->flags & CLONE_CHILD_SETTID) store_tid(start->child_tid, thread.tid);
  if (start->flags & CLONE_CHILD_CLEARTID) thread.clear_tid = start->child_tid;
  enlist();
  __atomic_store_n(&start->tid, (uint32_t)thread.tid, __ATOMIC_RELEASE);
  syscall(SYS_futex, &start->tid, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);

  fault_start();
  signal_start_thread();
  if (__builtin_setjmp(thread.host_frame) == 0) {
    __builtin_ia32_ldmxcsr(thread.state->mxcsr);
    leave(thread.state);
    thread.generation = space_generation;
    ((void (*)(ferry_state *))(FERRY_CODE_CACHE + control->gate_enter))(thread.state);
  }
  call_stack_give(thread.stack);
  return NULL;
}

static void fill_state(ferry_state *state, const ferry_state *parent, const struct start *start, uint64_t stack, uint64_t tls) {
  uint32_t number = state->thread;
  memcpy(state, parent, sizeof *state);
  state->thread = number;
  state->x[10] = 0;
  if (stack) state->x[2] = stack;
  if (start->flags & CLONE_SETTLS) state->x[4] = tls;
  state->reservation_address = UINT64_MAX;
  state->level_base = start->stack.end - 32;
  state->mxcsr = mxcsr_of_frm(state->frm);
}

/* What libc's setuid sends to every thread. The executor's libc takes it when it starts its first thread; it is the guest's. */
#define SIGSETXID 33

static int create_host_thread(pthread_t *host, const pthread_attr_t *attributes, struct start *start) {
  uint64_t action[4]; /* the kernel's struct sigaction */
  bool first = single_threaded();
  if (first) syscall(SYS_rt_sigaction, SIGSETXID, NULL, action, sizeof action[3]);
  int error = pthread_create(host, attributes, thread_main, start);
  if (first) syscall(SYS_rt_sigaction, SIGSETXID, action, NULL, sizeof action[3]);
  return error;
}

int64_t thread_clone(const ferry_state *parent, uint64_t flags, uint64_t stack, uint64_t parent_tid, uint64_t tls,
                     uint64_t child_tid) {
  struct start start = {.parent = &thread, .flags = flags, .parent_tid = parent_tid, .child_tid = child_tid};
  start.stack = call_stack_take();
  if (start.stack.low == 0) return -ENOMEM;
  int slot = slot_take();
  if (slot < 0) {
    call_stack_give(start.stack);
    return -EAGAIN;
  }
  start.state = slot_state(slot);
  mailbox_of(start.state)->debug = thread.mailbox->debug;
  thread.state->threads = 1;
  fill_state(start.state, parent, &start, stack, tls);

  pthread_attr_t attributes;
  pthread_t host;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, 256 * 1024);
  /* Nothing is caught in the new thread before its thread-locals are there. */
  uint64_t all = UINT64_MAX, mask;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &mask, sizeof all);
  int error = create_host_thread(&host, &attributes, &start);
  pthread_attr_destroy(&attributes);
  if (error) {
    slot_give(mailbox_of(start.state));
    call_stack_give(start.stack);
  } else {
    while (__atomic_load_n(&start.tid, __ATOMIC_ACQUIRE) == 0)
      syscall(SYS_futex, &start.tid, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
  }
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, sizeof mask);
  return error ? -EAGAIN : (int64_t)start.tid;
}

/* A futex that the thread holds at its end, as handle_futex_death of Linux has it. */
static void release_futex(uint64_t at, bool inherits, bool unlisted) {
  uint32_t seen;
  if (at % sizeof seen || guest_read(&seen, at, sizeof seen)) return;
  uint32_t owner = seen & FUTEX_TID_MASK;
  bool wake = !inherits && unlisted && owner == 0;
  if (owner == (uint32_t)thread.tid) {
    int error;
    while ((error = guest_exchange(at, &seen, (seen & FUTEX_WAITERS) | FUTEX_OWNER_DIED)) > 0) {}
    wake = error == 0 && !inherits && seen & FUTEX_WAITERS;
  }
  if (wake) syscall(SYS_futex, at, FUTEX_WAKE, 1, NULL, NULL, 0);
}

/* The kernel would go through the list only when the host thread ends: too late, for the guest's may be joined before. */
static void release_robust_list(void) {
  uint64_t place = 0, word, list[3]; /* struct robust_list_head: first entry, offset of the futex, entry in the making */
  size_t size;
  if (syscall(SYS_get_robust_list, 0, &place, &size) || place == 0 || guest_read(list, place, sizeof list)) return;
  syscall(SYS_set_robust_list, NULL, sizeof list);
  /* Bit 0 says that the futex has priority inheritance. */
  uint64_t entry = list[0], unlisted = list[2] & ~UINT64_C(1);
  for (int left = ROBUST_LIST_LIMIT; left > 0 && (entry & ~UINT64_C(1)) != place; left--, entry = word) {
    bool failed = guest_read(&word, entry & ~UINT64_C(1), sizeof word);
    if ((entry & ~UINT64_C(1)) != unlisted) release_futex((entry & ~UINT64_C(1)) + list[1], entry & 1, false);
    if (failed) break;
  }
  if (unlisted) release_futex(unlisted + list[1], list[2] & 1, true);
}

void thread_exit(int status) {
  uint64_t all = UINT64_MAX;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, sizeof all);
  if (thread.vfork_child || single_threaded()) executor_exit(status);
  signal_give_back();
  uint64_t clear = thread.clear_tid;
  ferry_mailbox *mailbox = thread.mailbox;
  if (!delist()) {
    /* The others ended meanwhile. */
    executor_exit(status);
  }
  release_robust_list();
  if (clear) {
    store_tid(clear, 0);
    syscall(SYS_futex, clear, FUTEX_WAKE, 1, NULL, NULL, 0);
  }
  slot_give(mailbox);
  if (thread.host_frame[0]) __builtin_longjmp(thread.host_frame, 1);
  for (;;) syscall(SYS_exit, status);
}
