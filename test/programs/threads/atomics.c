/* C11 atomics of every width and order between four threads: sums, unique old values, claimed bits, conserved tokens. */
#include "../probe.h"

enum { THREADS = 4, ROUNDS = 20000 };

/* For a type: the final values of all read-modify-write operations, and what their old values add up to. */
#define DEFINE(name, type)                                                                                          \
  static _Atomic type name##_sum, name##_difference, name##_or, name##_xor, name##_and, name##_slot, name##_cas;    \
  static _Atomic uint64_t name##_old, name##_tokens, name##_tries;                                                  \
  static struct {                                                                                                   \
    type before;                                                                                                    \
    _Atomic type value;                                                                                             \
    type after;                                                                                                     \
  } name##_packed = {(type)0x5a5a5a5a5a5a5a5a, 0, (type)0xa5a5a5a5a5a5a5a5};                                        \
  static void *name##_run(void *argument) {                                                                         \
    uint64_t self = (uint64_t)argument, old = 0, tokens = 0;                                                        \
    for (uint64_t i = 0; i < ROUNDS; i++) {                                                                         \
      old += atomic_fetch_add_explicit(&name##_sum, 1, memory_order_relaxed);                                       \
      atomic_fetch_sub_explicit(&name##_difference, (type)(i * 3), memory_order_acq_rel);                           \
      atomic_fetch_or_explicit(&name##_or, (type)1 << (i * THREADS + self) % (8 * sizeof(type)),                    \
                               memory_order_release);                                                               \
      atomic_fetch_xor_explicit(&name##_xor, (type)(i * 0x9e3779b97f4a7c15u + self), memory_order_acquire);         \
      atomic_fetch_and_explicit(&name##_and, (type)~((type)1 << (i % 5)), memory_order_seq_cst);                    \
      tokens += atomic_exchange(&name##_slot, (type)(i & 0x7f));                                                    \
      type seen = atomic_load_explicit(&name##_cas, memory_order_acquire), wanted;                                  \
      do wanted = (type)(seen * 5 + 1);                                                                             \
      while (!atomic_compare_exchange_weak(&name##_cas, &seen, wanted));                                            \
      type expected = wanted;                                                                                       \
      if (atomic_compare_exchange_strong(&name##_cas, &expected, wanted) != (expected == wanted)) name##_tries++;   \
      name##_packed.value++;                                                                                        \
    }                                                                                                               \
    name##_old += old;                                                                                              \
    name##_tokens += tokens;                                                                                        \
    return NULL;                                                                                                    \
  }                                                                                                                 \
  static void name##_show(void) {                                                                                   \
    name##_and = (type)-1;                                                                                          \
    run_threads(THREADS, name##_run);                                                                               \
    printf(#name " add %llx sub %llx or %llx xor %llx and %llx cas %llx\n", (long long)name##_sum,                  \
           (long long)name##_difference, (long long)name##_or, (long long)name##_xor, (long long)name##_and,        \
           (long long)name##_cas);                                                                                  \
    uint64_t old = name##_old, tokens = name##_tokens + name##_slot;                                                \
    if (sizeof(type) >= 4) printf("  old values %llu\n", (long long)old);                                           \
    printf("  tokens %llu, wrong comparisons %llu, neighbours %llx %llx %llx\n", (long long)tokens,                 \
           (long long)name##_tries, (long long)name##_packed.before, (long long)name##_packed.value,                \
           (long long)name##_packed.after);                                                                         \
  }

DEFINE(u8, uint8_t)
DEFINE(s8, int8_t)
DEFINE(u16, uint16_t)
DEFINE(s16, int16_t)
DEFINE(u32, uint32_t)
DEFINE(s32, int32_t)
DEFINE(u64, uint64_t)
DEFINE(s64, int64_t)

/* Bytes of one word: operations on each leave the others alone. */
static _Atomic uint8_t bytes[8];
static void *count_byte(void *argument) {
  long self = (long)argument;
  for (int i = 0; i < 50001; i++) {
    bytes[self]++;
    atomic_fetch_sub(&bytes[self + THREADS], 3);
  }
  return NULL;
}

static atomic_flag flag = ATOMIC_FLAG_INIT;
static long guarded;
static void *take_flag(void *argument) {
  for (int i = 0; i < ROUNDS; i++) {
    while (atomic_flag_test_and_set_explicit(&flag, memory_order_acquire)) sched_yield();
    guarded++;
    atomic_flag_clear_explicit(&flag, memory_order_release);
  }
  return NULL;
}

/* Floating-point sums by compare-and-swap; the addends make them exact in every order. */
static _Atomic double real;
static _Atomic float single;
static void *add_real(void *argument) {
  for (int i = 0; i < ROUNDS; i++) {
    double old = real;
    while (!atomic_compare_exchange_weak(&real, &old, old + 0.25)) {}
    float old_single = single;
    while (!atomic_compare_exchange_weak(&single, &old_single, old_single + 0.5f)) {}
  }
  return NULL;
}

int main(void) {
  u8_show(), s8_show(), u16_show(), s16_show(), u32_show(), s32_show(), u64_show(), s64_show();
  run_threads(THREADS, count_byte);
  for (int i = 0; i < 8; i++) printf("%d ", bytes[i]);
  run_threads(THREADS, take_flag);
  run_threads(THREADS, add_real);
  printf("\nflag %ld real %.2f single %.1f\n", guarded, (double)real, (double)single);
}
