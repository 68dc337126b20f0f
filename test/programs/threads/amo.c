/*
 * Every AMO instruction with every ordering, and LR/SC loops, between four threads: results that no schedule changes.
 * The other architecture computes the same with compare-and-swap.
 */
#include "../probe.h"

enum { THREADS = 4, ROUNDS = 5000, ORDERS = 4 };

#ifdef __riscv
#define AMO(op, width, type, order)                                                                         \
  static type op##_##width##_##order(type *place, type operand) {                                           \
    type old;                                                                                               \
    __asm__ volatile(INSTRUCTION_##order(op, width) " %0, %2, (%1)" : "=r"(old) : "r"(place), "r"(operand)  \
                     : "memory");                                                                           \
    return old;                                                                                             \
  }
#define INSTRUCTION_none(op, width) #op "." #width
#define INSTRUCTION_aq(op, width) #op "." #width ".aq"
#define INSTRUCTION_rl(op, width) #op "." #width ".rl"
#define INSTRUCTION_aqrl(op, width) #op "." #width ".aqrl"
/* place := place * 5 + 1 by LR/SC. */
#define LR_SC(width, type, order, lr, sc)                                                                          \
  static type loop_##width##_##order(type *place) {                                                                \
    type old, new;                                                                                                 \
    long failed;                                                                                                   \
    __asm__ volatile("1: lr." #width lr " %0, (%3)\n  slli %1, %0, 2\n  add %1, %1, %0\n  addi %1, %1, 1\n"        \
                     "  sc." #width sc " %2, %1, (%3)\n  bnez %2, 1b"                                              \
                     : "=&r"(old), "=&r"(new), "=&r"(failed) : "r"(place) : "memory");                             \
    return old;                                                                                                    \
  }
#else
#define FORMULA_amoswap(a, b, type) (b)
#define FORMULA_amoadd(a, b, type) ((a) + (b))
#define FORMULA_amoxor(a, b, type) ((a) ^ (b))
#define FORMULA_amoand(a, b, type) ((a) & (b))
#define FORMULA_amoor(a, b, type) ((a) | (b))
#define FORMULA_amomin(a, b, type) ((a) < (b) ? (a) : (b))
#define FORMULA_amomax(a, b, type) ((a) > (b) ? (a) : (b))
#define FORMULA_amominu(a, b, type) ((unsigned type)(a) < (unsigned type)(b) ? (a) : (b))
#define FORMULA_amomaxu(a, b, type) ((unsigned type)(a) > (unsigned type)(b) ? (a) : (b))
#define AMO(op, width, type, order)                                                                     \
  static type op##_##width##_##order(type *place, type operand) {                                       \
    type old = __atomic_load_n(place, __ATOMIC_SEQ_CST);                                                \
    while (!__atomic_compare_exchange_n(place, &old, FORMULA_##op(old, operand, type), 1,               \
                                        __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {}                         \
    return old;                                                                                         \
  }
#define LR_SC(width, type, order, lr, sc)                                                                    \
  static type loop_##width##_##order(type *place) {                                                          \
    type old = __atomic_load_n(place, __ATOMIC_SEQ_CST);                                                     \
    while (!__atomic_compare_exchange_n(place, &old, old * 5 + 1, 1, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {} \
    return old;                                                                                              \
  }
#endif

#define ORDERINGS(op, width, type) \
  AMO(op, width, type, none) AMO(op, width, type, aq) AMO(op, width, type, rl) AMO(op, width, type, aqrl)
#define OPERATIONS(width, type)                                                                               \
  ORDERINGS(amoswap, width, type) ORDERINGS(amoadd, width, type) ORDERINGS(amoxor, width, type)               \
  ORDERINGS(amoand, width, type) ORDERINGS(amoor, width, type) ORDERINGS(amomin, width, type)                 \
  ORDERINGS(amomax, width, type) ORDERINGS(amominu, width, type) ORDERINGS(amomaxu, width, type)              \
  LR_SC(width, type, none, "", "") LR_SC(width, type, aq, ".aq", "") LR_SC(width, type, rl, "", ".rl")        \
  LR_SC(width, type, aqrl, ".aqrl", ".aqrl")
OPERATIONS(w, int)
OPERATIONS(d, long)

#define ALL(op, width) {op##_##width##_none, op##_##width##_aq, op##_##width##_rl, op##_##width##_aqrl}
#define DEFINE(width, type)                                                                                          \
  static type (*const swap_##width[])(type *, type) = ALL(amoswap, width), (*const add_##width[])(type *, type) =    \
      ALL(amoadd, width), (*const xor_##width[])(type *, type) = ALL(amoxor, width),                                 \
      (*const and_##width[])(type *, type) = ALL(amoand, width), (*const or_##width[])(type *, type) =               \
      ALL(amoor, width), (*const min_##width[])(type *, type) = ALL(amomin, width),                                  \
      (*const max_##width[])(type *, type) = ALL(amomax, width), (*const minu_##width[])(type *, type) =             \
      ALL(amominu, width), (*const maxu_##width[])(type *, type) = ALL(amomaxu, width);                              \
  static type (*const loop_##width[])(type *) = ALL(loop, width);                                                    \
  static struct {                                                                                                    \
    type swap, add, xor, and, or, min, max, minu, maxu, loop;                                                        \
    _Atomic uint64_t tokens, old_sum, claimed, rising, unordered;                                                    \
  } shared_##width;                                                                                                  \
  static void *run_##width(void *argument) {                                                                         \
    uint64_t self = (uint64_t)argument, random = self + 12345, tokens = 0, old_sum = 0, claimed = 0, wrong = 0;      \
    type last_min = shared_##width.min, last_max = shared_##width.max;                                               \
    for (int i = 0; i < ROUNDS; i++) {                                                                               \
      int order = i % ORDERS;                                                                                        \
      type value = (type)next_random(&random);                                                                       \
      tokens += (uint64_t)swap_##width[order](&shared_##width.swap, (type)(value & 0xffff)) - (value & 0xffff);      \
      old_sum += (uint64_t)add_##width[order](&shared_##width.add, 1);                                               \
      xor_##width[order](&shared_##width.xor, value);                                                                \
      type bit = (type)((uint64_t)1 << (value & (8 * sizeof(type) - 1)));                                            \
      claimed += !(or_##width[order](&shared_##width.or, bit) & bit);                                                \
      claimed += !!(and_##width[order](&shared_##width.and, ~bit) & bit);                                            \
      type old = min_##width[order](&shared_##width.min, value);                                                     \
      wrong += old > last_min;                                                                                       \
      last_min = old;                                                                                                \
      old = max_##width[order](&shared_##width.max, value);                                                          \
      wrong += old < last_max;                                                                                       \
      last_max = old;                                                                                                \
      minu_##width[order](&shared_##width.minu, value);                                                              \
      maxu_##width[order](&shared_##width.maxu, value);                                                              \
      loop_##width[order](&shared_##width.loop);                                                                     \
    }                                                                                                                \
    shared_##width.tokens += tokens;                                                                                 \
    shared_##width.old_sum += old_sum;                                                                               \
    shared_##width.claimed += claimed;                                                                               \
    shared_##width.unordered += wrong;                                                                               \
    return NULL;                                                                                                     \
  }                                                                                                                  \
  static void show_##width(void) {                                                                                   \
    shared_##width.and = -1;                                                                                         \
    shared_##width.minu = -1;                                                                                        \
    run_threads(THREADS, run_##width);                                                                               \
    printf(#width " tokens %ld sum %ld old values %ld xor %lx\n",                                                    \
           (long)(shared_##width.tokens + (uint64_t)shared_##width.swap), (long)shared_##width.add,                  \
           (long)shared_##width.old_sum, (long)shared_##width.xor);                                                  \
    printf("  or %lx and %lx claimed %ld\n", (long)shared_##width.or, (long)shared_##width.and,                      \
           (long)shared_##width.claimed);                                                                            \
    printf("  min %ld max %ld minu %lu maxu %lu unordered %ld loop %lx\n", (long)shared_##width.min,                 \
           (long)shared_##width.max, (long)shared_##width.minu, (long)shared_##width.maxu,                           \
           (long)shared_##width.unordered, (long)shared_##width.loop);                                               \
  }
DEFINE(w, int)
DEFINE(d, long)

/* An old value of 32 bits comes back sign-extended, and the upper half of the operand plays no part. */
static void show_extension(void) {
#ifdef __riscv
  int place = -5;
  long old, operand = 0x1234567800000007, failed;
  __asm__ volatile("amoadd.w %0, %2, (%1)" : "=r"(old) : "r"(&place), "r"(operand) : "memory");
  printf("old %lx new %d", old, place);
  __asm__ volatile("amomaxu.w %0, %2, (%1)" : "=r"(old) : "r"(&place), "r"(0xffffffff80000000) : "memory");
  printf(", old %lx new %d", old, place);
  __asm__ volatile("lr.w %0, (%2)\n  sc.w %1, %3, (%2)" : "=&r"(old), "=&r"(failed) : "r"(&place), "r"(1L) : "memory");
  printf(", old %lx new %d failed %ld", old, place, failed);
  /* A store conditional to another place fails, and so does a second one. */
  int other = 3;
  __asm__ volatile("lr.w %0, (%2)\n  sc.w %1, %0, (%3)" : "=&r"(old), "=&r"(failed) : "r"(&place), "r"(&other) : "memory");
  printf(", elsewhere %d %d", failed != 0, other);
  __asm__ volatile("lr.w %0, (%2)\n  sc.w %1, %0, (%2)\n  sc.w %1, x0, (%2)" : "=&r"(old), "=&r"(failed) : "r"(&place) : "memory");
  printf(", again %d %d\n", failed != 0, place);
#else
  printf("old fffffffffffffffb new 2, old 2 new -2147483648, old ffffffff80000000 new 1 failed 0, elsewhere 1 3, again 1 1\n");
#endif
}

int main(void) {
  show_w();
  show_d();
  show_extension();
}
