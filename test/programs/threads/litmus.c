/*
 * Message passing, store buffering, load buffering, coherence and write causality between threads, with the fences that forbid a
 * result: how often the forbidden one was seen, which is never.
 */
#include "../probe.h"

enum { ROUNDS = 20000 };

#ifdef __riscv
#define FENCE(before, after) __asm__ volatile("fence " #before ", " #after ::: "memory")
#define FENCE_TSO() __asm__ volatile("fence.tso" ::: "memory")
static inline int load_acquire(int *place) {
  int value;
  __asm__ volatile("lw %0, 0(%1)\n  fence r, rw" : "=r"(value) : "r"(place) : "memory");
  return value;
}
static inline void store_release(int *place, int value) {
  __asm__ volatile("fence rw, w\n  sw %0, 0(%1)" ::"r"(value), "r"(place) : "memory");
}
static inline int swap(int *place, int value) {
  int old;
  __asm__ volatile("amoswap.w.aqrl %0, %2, (%1)" : "=r"(old) : "r"(place), "r"(value) : "memory");
  return old;
}
static inline void swap_release(int *place, int value) {
  int old;
  __asm__ volatile("amoswap.w.rl %0, %2, (%1)" : "=r"(old) : "r"(place), "r"(value) : "memory");
}
static inline int add_acquire(int *place) {
  int old;
  __asm__ volatile("amoadd.w.aq %0, x0, (%1)" : "=r"(old) : "r"(place) : "memory");
  return old;
}
#else
#define FENCE(before, after) __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define FENCE_TSO() __atomic_thread_fence(__ATOMIC_ACQ_REL)
static inline int load_acquire(int *place) { return __atomic_load_n(place, __ATOMIC_ACQUIRE); }
static inline void store_release(int *place, int value) { __atomic_store_n(place, value, __ATOMIC_RELEASE); }
static inline int swap(int *place, int value) { return __atomic_exchange_n(place, value, __ATOMIC_SEQ_CST); }
static inline void swap_release(int *place, int value) { __atomic_exchange_n(place, value, __ATOMIC_RELEASE); }
static inline int add_acquire(int *place) { return __atomic_fetch_add(place, 0, __ATOMIC_ACQUIRE); }
#endif
#define LOAD(variable) (*(volatile int *)&(variable))
#define STORE(variable, value) (*(volatile int *)&(variable) = (value))

/* The variables of one round, on cache lines of their own. */
static struct cell {
  int x __attribute__((aligned(64))), y __attribute__((aligned(64)));
  int seen[4] __attribute__((aligned(64)));
} cells[ROUNDS];
static _Atomic int arrived;
static int threads;
static void (*act)(struct cell *, int);

/* All threads begin a round of 64 cells together. */
static void meet(int round) {
  arrived++;
  while (arrived < (round + 1) * threads) {
    if (threads > 2 || round % 4 == 0) sched_yield();
  }
}

static void *run(void *argument) {
  int self = (int)(long)argument;
  for (int i = 0; i < ROUNDS; i++) {
    if (i % 64 == 0) meet(i / 64);
    act(&cells[i], self);
  }
  return NULL;
}

static void mp_fence(struct cell *c, int self) {
  if (self == 0) {
    STORE(c->x, 1);
    FENCE(w, w);
    STORE(c->y, 1);
  } else {
    c->seen[0] = LOAD(c->y);
    FENCE(r, r);
    c->seen[1] = LOAD(c->x);
  }
}
static void mp_tso(struct cell *c, int self) {
  if (self == 0) {
    STORE(c->x, 1);
    FENCE_TSO();
    STORE(c->y, 1);
  } else {
    c->seen[0] = LOAD(c->y);
    FENCE_TSO();
    c->seen[1] = LOAD(c->x);
  }
}
static void mp_release(struct cell *c, int self) {
  if (self == 0) {
    STORE(c->x, 1);
    store_release(&c->y, 1);
  } else {
    c->seen[0] = load_acquire(&c->y);
    c->seen[1] = LOAD(c->x);
  }
}
static void mp_amo(struct cell *c, int self) {
  if (self == 0) {
    STORE(c->x, 1);
    swap_release(&c->y, 1);
  } else {
    c->seen[0] = add_acquire(&c->y);
    c->seen[1] = LOAD(c->x);
  }
}
static int mp_forbidden(struct cell *c) { return c->seen[0] == 1 && c->seen[1] == 0; }

static void sb_fence(struct cell *c, int self) {
  int *mine = self ? &c->y : &c->x, *other = self ? &c->x : &c->y;
  STORE(*mine, 1);
  FENCE(rw, rw);
  c->seen[self] = LOAD(*other);
}
static void sb_fence_wr(struct cell *c, int self) {
  int *mine = self ? &c->y : &c->x, *other = self ? &c->x : &c->y;
  STORE(*mine, 1);
  FENCE(w, r);
  c->seen[self] = LOAD(*other);
}
static void sb_amo(struct cell *c, int self) {
  int *mine = self ? &c->y : &c->x, *other = self ? &c->x : &c->y;
  swap(mine, 1);
  c->seen[self] = swap(other, LOAD(*other) ? 1 : 0);
}
static void sb_c11(struct cell *c, int self) {
  int *mine = self ? &c->y : &c->x, *other = self ? &c->x : &c->y;
  __atomic_store_n(mine, 1, __ATOMIC_SEQ_CST);
  c->seen[self] = __atomic_load_n(other, __ATOMIC_SEQ_CST);
}
static int sb_forbidden(struct cell *c) { return c->seen[0] == 0 && c->seen[1] == 0; }

static void lb_fence(struct cell *c, int self) {
  int *mine = self ? &c->y : &c->x, *other = self ? &c->x : &c->y;
  c->seen[self] = LOAD(*mine);
  FENCE(r, w);
  STORE(*other, 1);
}
static int lb_forbidden(struct cell *c) { return c->seen[0] == 1 && c->seen[1] == 1; }

/* Two loads of one variable never go back in time. */
static void coherence(struct cell *c, int self) {
  if (self == 0) {
    STORE(c->x, 1);
    STORE(c->x, 2);
  } else {
    c->seen[0] = LOAD(c->x);
    c->seen[1] = LOAD(c->x);
  }
}
static int coherence_forbidden(struct cell *c) { return c->seen[0] > c->seen[1]; }

/* Writes by one, seen by a second who tells a third. */
static void causality(struct cell *c, int self) {
  if (self == 0) {
    STORE(c->x, 1);
  } else if (self == 1) {
    c->seen[2] = LOAD(c->x);
    FENCE(rw, rw);
    STORE(c->y, c->seen[2]);
  } else {
    c->seen[0] = LOAD(c->y);
    FENCE(rw, rw);
    c->seen[1] = LOAD(c->x);
  }
}

/* Two readers agree on the order of two writers. */
static void readers(struct cell *c, int self) {
  if (self < 2) {
    STORE(*(self ? &c->y : &c->x), 1);
  } else if (self == 2) {
    c->seen[0] = LOAD(c->x);
    FENCE(rw, rw);
    c->seen[1] = LOAD(c->y);
  } else {
    c->seen[2] = LOAD(c->y);
    FENCE(rw, rw);
    c->seen[3] = LOAD(c->x);
  }
}
static int readers_forbidden(struct cell *c) {
  return c->seen[0] == 1 && c->seen[1] == 0 && c->seen[2] == 1 && c->seen[3] == 0;
}

static void test(const char *name, int count, void (*action)(struct cell *, int), int (*forbidden)(struct cell *)) {
  memset(cells, 0, sizeof cells);
  arrived = 0;
  threads = count;
  act = action;
  run_threads(count, run);
  long seen = 0;
  for (int i = 0; i < ROUNDS; i++) seen += forbidden(&cells[i]);
  printf("%s: forbidden results %ld\n", name, seen);
}

int main(void) {
  test("MP fence", 2, mp_fence, mp_forbidden);
  test("MP fence.tso", 2, mp_tso, mp_forbidden);
  test("MP release acquire", 2, mp_release, mp_forbidden);
  test("MP amo rl aq", 2, mp_amo, mp_forbidden);
  test("SB fence rw,rw", 2, sb_fence, sb_forbidden);
  test("SB fence w,r", 2, sb_fence_wr, sb_forbidden);
  test("SB amo aqrl", 2, sb_amo, sb_forbidden);
  test("SB seq_cst", 2, sb_c11, sb_forbidden);
  test("LB fence", 2, lb_fence, lb_forbidden);
  test("CoRR", 2, coherence, coherence_forbidden);
  test("WRC", 3, causality, mp_forbidden);
  test("IRIW", 4, readers, readers_forbidden);
}
