/*
 * Stopping the world: the other threads of the process get out of translated code, so that code can be changed and the
 * space replaced. A thread in the executor's functions counts as stopped, because it looks at world_stopping
 * before it leaves them (leave); one that interprets looks at every jump; one in translated code gets WORLD_SIGNAL and goes on in single steps to the next
 * instruction where its registers are known (fault.c); one in offloaded code comes back through code that never changes.
 */
#define _GNU_SOURCE
#include "executor.h"
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

volatile uint32_t world_stopping;
static struct lock world_lock;
static _Thread_local unsigned depth;

static bool stopped(const struct thread *t) { return (!t->leaving && !t->interpreting) || t->in_host; }

static void interrupt(struct thread *t) {
  for (unsigned tries = 0; !stopped(t); tries++) {
    /* Again after a while, because the steps have a limit; but no signals pile up at a thread that blocks them for now. */
    if (tries % 256 == 0 && t->leaving && !t->called) {
      siginfo_t info;
      memset(&info, 0, sizeof info);
      info.si_signo = WORLD_SIGNAL;
      info.si_code = SI_QUEUE;
      info.si_value.sival_ptr = (void *)&world_stopping;
      t->called = true;
      if (syscall(SYS_rt_tgsigqueueinfo, t->pid, t->tid, WORLD_SIGNAL, &info)) t->called = false;
    }
    if (tries % 16 == 0) sched_yield();
    else for (int i = 0; i < 100; i++) __builtin_ia32_pause();
  }
}

void world_stop(void) {
  if (depth++ > 0 || single_threaded()) return;
  static bool registered;
  lock_take(&world_lock);
  if (!registered) {
    syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0);
    registered = true;
  }
  lock_threads(true);
  for (struct thread *t = threads; t; t = t->next) t->in_host = false;
  __atomic_store_n(&world_stopping, 1, __ATOMIC_SEQ_CST);
  /* Every thread sees it at its next look, or has set `leaving` where it is seen here. */
  syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
  for (struct thread *t = threads; t; t = t->next)
    if (t != &thread) interrupt(t);
  lock_threads(false);
}

void world_start(void) {
  if (--depth > 0 || !world_stopping) return;
  __atomic_store_n(&world_stopping, 0, __ATOMIC_SEQ_CST);
  syscall(SYS_futex, &world_stopping, FUTEX_WAKE_PRIVATE, INT32_MAX, NULL, NULL, 0);
  lock_release(&world_lock);
}

void world_wait(void) {
  while (__atomic_load_n(&world_stopping, __ATOMIC_SEQ_CST))
    syscall(SYS_futex, &world_stopping, FUTEX_WAIT_PRIVATE, 1, NULL, NULL, 0);
}

void world_after_fork(void) {
  world_lock = (struct lock){0};
  world_stopping = 0;
  depth = 0;
}
