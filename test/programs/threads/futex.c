/* The futex system call itself: what each operation returns, and whom it wakes. */
#include "../probe.h"
#include <linux/futex.h>

static uint32_t word, other, results[8];
static _Atomic pid_t waiter[8];
static _Atomic int woken;

static long futex(uint32_t *place, int operation, uint32_t value, const void *timeout, uint32_t *second, uint32_t third) {
  return syscall(SYS_futex, place, operation, value, timeout, second, third);
}

static void *wait_on_word(void *argument) {
  long self = (long)argument;
  waiter[self] = gettid();
  long result = futex(&word, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 0, NULL, NULL, 0);
  results[self] = result == 0 ? 0 : errno;
  woken++;
  return NULL;
}
static void *wait_for_bits(void *argument) {
  long self = (long)argument;
  waiter[self] = gettid();
  futex(&word, FUTEX_WAIT_BITSET, 0, NULL, NULL, 1u << self);
  results[self] = 100;
  woken++;
  return NULL;
}

static pthread_t threads[8];
static void start(int count, void *(*run)(void *)) {
  woken = 0;
  for (long i = 0; i < count; i++) {
    waiter[i] = 0;
    threads[i] = start_thread(run, (void *)i);
    WAIT_UNTIL(waiter[i] && thread_state(getpid(), waiter[i]) == 'S');
  }
  /* A thread may also sleep elsewhere on its way: ask until all are counted without being moved. */
  int operation = run == wait_on_word ? FUTEX_CMP_REQUEUE | FUTEX_PRIVATE_FLAG : FUTEX_CMP_REQUEUE;
  WAIT_UNTIL(futex(&word, operation, 0, (void *)(long)count, &word, 0) == count);
}
static void finish(int count) {
  for (int i = 0; i < count; i++) join(threads[i]);
}

/* A lock with priority inheritance: the kernel keeps the owner in the word. */
static uint32_t lock;
static long guarded;
static void *count_with_pi(void *argument) {
  uint32_t self = (uint32_t)gettid();
  for (int i = 0; i < 3000; i++) {
    uint32_t free = 0;
    if (!__atomic_compare_exchange_n(&lock, &free, self, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
      MUST(futex(&lock, FUTEX_LOCK_PI | FUTEX_PRIVATE_FLAG, 0, NULL, NULL, 0));
    guarded++;
    if (!__atomic_compare_exchange_n(&lock, &self, 0, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED))
      MUST(futex(&lock, FUTEX_UNLOCK_PI | FUTEX_PRIVATE_FLAG, 0, NULL, NULL, 0));
    self = (uint32_t)gettid();
  }
  return NULL;
}
static void *take_and_die(void *argument) {
  MUST(futex(&lock, FUTEX_LOCK_PI, 0, NULL, NULL, 0));
  return NULL;
}

/* A list of robust futexes as libc registers it, for this thread alone. */
static struct {
  struct robust_list list;
  uint32_t word;
} held;
static void *die_with_robust(void *argument) {
  static struct robust_list_head head;
  head.list.next = &held.list;
  head.futex_offset = (char *)&held.word - (char *)&held.list;
  held.list.next = &head.list;
  held.word = (uint32_t)gettid() | FUTEX_WAITERS;
  MUST(syscall(SYS_set_robust_list, &head, sizeof head));
  struct robust_list_head *read_back;
  size_t size;
  MUST(syscall(SYS_get_robust_list, 0, &read_back, &size));
  printf("robust list: %s, %zu\n", read_back == &head ? "as set" : "another", size);
  syscall(SYS_exit, 0);
  return NULL;
}

/* Threads take turns through one word. */
static uint32_t turn;
static void *take_turns(void *argument) {
  uint32_t self = (uint32_t)(long)argument;
  for (int i = 0; i < 2000; i++) {
    for (uint32_t now; (now = __atomic_load_n(&turn, __ATOMIC_ACQUIRE)) % 4 != self;)
      futex(&turn, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, now, NULL, NULL, 0);
    __atomic_fetch_add(&turn, 1, __ATOMIC_RELEASE);
    futex(&turn, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, INT32_MAX, NULL, NULL, 0);
  }
  return NULL;
}

int main(void) {
  struct timespec brief = {0, 5000000}, bad = {0, 2000000000};
  SHOW(futex(&word, FUTEX_WAIT, 1, NULL, NULL, 0));
  SHOW(futex(&word, FUTEX_WAIT, 0, &brief, NULL, 0));
  SHOW(futex(&word, FUTEX_WAIT, 0, &bad, NULL, 0));
  SHOW(futex((uint32_t *)((char *)&word + 1), FUTEX_WAIT, 0, NULL, NULL, 0));
  SHOW(futex(NULL, FUTEX_WAIT, 0, NULL, NULL, 0));
  SHOW(futex(&word, FUTEX_WAKE, 1, NULL, NULL, 0));
  SHOW(futex(&word, FUTEX_WAIT_BITSET, 0, NULL, NULL, 0));
  SHOW(futex(&word, 77, 0, NULL, NULL, 0));
  struct timespec absolute;
  clock_gettime(CLOCK_REALTIME, &absolute);
  SHOW(futex(&word, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 0, &absolute, NULL, FUTEX_BITSET_MATCH_ANY));
  clock_gettime(CLOCK_MONOTONIC, &absolute);
  SHOW(futex(&word, FUTEX_WAIT_BITSET, 0, &absolute, NULL, FUTEX_BITSET_MATCH_ANY));

  start(5, wait_on_word);
  SHOW(futex(&word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 2, NULL, NULL, 0));
  WAIT_UNTIL(woken == 2);
  SHOW(futex(&word, FUTEX_REQUEUE | FUTEX_PRIVATE_FLAG, 1, (void *)1L, &other, 0));
  SHOW(futex(&word, FUTEX_CMP_REQUEUE | FUTEX_PRIVATE_FLAG, 0, (void *)10L, &other, 1));
  SHOW(futex(&word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 10, NULL, NULL, 0));
  SHOW(futex(&other, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 10, NULL, NULL, 0));
  finish(5);
  printf("results %d %d %d %d %d\n", results[0], results[1], results[2], results[3], results[4]);

  start(4, wait_for_bits);
  SHOW(futex(&word, FUTEX_WAKE_BITSET, 10, NULL, NULL, 1u << 6));
  SHOW(futex(&word, FUTEX_WAKE_BITSET, 10, NULL, NULL, 1u << 1 | 1u << 3));
  WAIT_UNTIL(woken == 2);
  WAIT_UNTIL(results[1] == 100 && results[3] == 100);
  printf("the others sleep: %d\n", results[0] != 100 && results[2] != 100);
  SHOW(futex(&word, FUTEX_WAKE, 10, NULL, NULL, 0));
  finish(4);

  start(2, wait_on_word);
  other = 5;
  SHOW(futex(&other, FUTEX_WAKE_OP | FUTEX_PRIVATE_FLAG, 1, (void *)1L, &word,
             FUTEX_OP(FUTEX_OP_ADD, 3, FUTEX_OP_CMP_EQ, 0)));
  printf("word %d\n", word);
  SHOW(futex(&other, FUTEX_WAKE_OP | FUTEX_PRIVATE_FLAG, 1, (void *)1L, &word,
             FUTEX_OP(FUTEX_OP_SET, 9, FUTEX_OP_CMP_NE, 3)));
  printf("word %d\n", word);
  SHOW(futex(&word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 10, NULL, NULL, 0));
  finish(2);
  word = 0;

  SHOW(futex(&lock, FUTEX_LOCK_PI, 0, NULL, NULL, 0));
  printf("owner is main: %d\n", lock == (uint32_t)gettid());
  SHOW(futex(&lock, FUTEX_LOCK_PI, 0, NULL, NULL, 0));
  SHOW(futex(&lock, FUTEX_TRYLOCK_PI, 0, NULL, NULL, 0));
  SHOW(futex(&lock, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0));
  SHOW(futex(&lock, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0));
  run_threads(4, count_with_pi);
  printf("guarded %ld, lock %u\n", guarded, lock);
  join(start_thread(take_and_die, NULL));
  printf("owner died: %d\n", (lock & FUTEX_OWNER_DIED) != 0);

  threads[0] = start_thread(die_with_robust, NULL);
  WAIT_UNTIL(__atomic_load_n(&held.word, __ATOMIC_ACQUIRE) & FUTEX_OWNER_DIED);
  printf("robust word %#x\n", held.word);
  join(threads[0]);

  run_threads(4, take_turns);
  printf("turns %u\n", turn);

#ifdef SYS_futex_waitv
  struct {
    uint64_t value, address;
    uint32_t flags, reserved;
  } vector[2] = {{1, (uint64_t)&word, 2, 0}, {turn, (uint64_t)&turn, 2, 0}};
  SHOW(syscall(SYS_futex_waitv, vector, 2, 0, NULL, 0));
#endif
}
