/* Requests to the translator: a futex hand-off that spins first, because most answers take microseconds. */
#define _GNU_SOURCE
#include "executor.h"
#include "lone.h"
#include <errno.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* About 50 µs: longer than a hand-off between two running cores, shorter than what a long translation takes. */
#define SPINS 2000
#define PATIENCE 1 /* s */

static void ring(void) {
  __atomic_fetch_add(&control->doorbell, 1, __ATOMIC_SEQ_CST);
  if (__atomic_load_n(&control->translator_waits, __ATOMIC_SEQ_CST))
    syscall(SYS_futex, &control->doorbell, FUTEX_WAKE, 1, NULL, NULL, 0);
}

void want(uint64_t pc, uint64_t start, uint64_t end) {
  ferry_mailbox *mailbox = thread.mailbox;
  if (__atomic_load_n(&mailbox->wanted, __ATOMIC_ACQUIRE) != WANTED_NONE) return;
  mailbox->wanted_code[0] = pc;
  mailbox->wanted_code[1] = start;
  mailbox->wanted_code[2] = end;
  __atomic_store_n(&mailbox->wanted, WANTED_POSTED, __ATOMIC_SEQ_CST);
  ring();
}

/* What the translator has not begun may be about code that is about to change. */
static void withdraw(ferry_mailbox *mailbox) {
  uint32_t posted = WANTED_POSTED;
  __atomic_compare_exchange_n(&mailbox->wanted, &posted, WANTED_NONE, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

uint64_t post(uint32_t kind, unsigned count, const uint64_t *args) {
  ferry_mailbox *mailbox = thread.mailbox;
  if (__builtin_expect(control->alone, 0) && lone_answers(kind, count, args)) return mailbox->results[0];
  withdraw(mailbox);
  mailbox->kind = kind;
  memset(mailbox->args, 0, sizeof mailbox->args);
  memcpy(mailbox->args, args, count * sizeof *args);
  memset(mailbox->results, 0, sizeof mailbox->results);
  __atomic_store_n(&mailbox->turn, 1, __ATOMIC_SEQ_CST);
  ring();
  for (int i = 0; i < SPINS && __atomic_load_n(&mailbox->turn, __ATOMIC_ACQUIRE) != 2; i++) __builtin_ia32_pause();
  /* Nobody wakes who does not say that he sleeps. A signal or a stale wake ends the wait early. */
  static const struct timespec patience = {PATIENCE, 0};
  uint32_t posted = 1;
  __atomic_compare_exchange_n(&mailbox->turn, &posted, 3, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
  while (__atomic_load_n(&mailbox->turn, __ATOMIC_ACQUIRE) != 2)
    if (syscall(SYS_futex, &mailbox->turn, FUTEX_WAIT, 3, &patience, NULL, 0) && errno == ETIMEDOUT && translator_gone())
      translator_lost();
  __atomic_store_n(&mailbox->turn, 0, __ATOMIC_RELEASE);
  return mailbox->results[0];
}
