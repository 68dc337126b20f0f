/* A, as translations have it (emulator/emit/atomic.ts). Addresses that are not aligned are the translator's. */
#include "interpret.h"

enum { LR = 2, SC = 3, SWAP = 1, ADD = 0, XOR = 4, AND = 12, OR = 8, MIN = 16, MAX = 20, MINU = 24, MAXU = 28 };

#define ATOMIC(name, type, signed_type)                                                                             \
  static bool name(ferry_state *state, uint32_t word, uint64_t address) {                                           \
    type volatile *at = (type volatile *)address;                                                                   \
    type b = (type)state->x[field_rs2(word)], old, new;                                                             \
    uint64_t *rd = &state->x[field_rd(word)];                                                                       \
    switch (word >> 27) {                                                                                           \
    case LR:                                                                                                        \
      old = __atomic_load_n(at, __ATOMIC_SEQ_CST);                                                                  \
      state->reservation_address = address;                                                                         \
      state->reservation_value = (uint64_t)(int64_t)(signed_type)old;                                               \
      break;                                                                                                        \
    case SC: {                                                                                                      \
      bool reserved = address == state->reservation_address;                                                        \
      old = (type)state->reservation_value;                                                                         \
      bool done = reserved && __atomic_compare_exchange_n(at, &old, b, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);  \
      state->reservation_address = UINT64_MAX;                                                                      \
      *rd = !done;                                                                                                  \
      return true;                                                                                                  \
    }                                                                                                               \
    case SWAP: old = __atomic_exchange_n(at, b, __ATOMIC_SEQ_CST); break;                                           \
    case ADD: old = __atomic_fetch_add(at, b, __ATOMIC_SEQ_CST); break;                                             \
    case XOR: old = __atomic_fetch_xor(at, b, __ATOMIC_SEQ_CST); break;                                             \
    case AND: old = __atomic_fetch_and(at, b, __ATOMIC_SEQ_CST); break;                                             \
    case OR: old = __atomic_fetch_or(at, b, __ATOMIC_SEQ_CST); break;                                               \
    case MIN:                                                                                                       \
    case MAX:                                                                                                       \
    case MINU:                                                                                                      \
    case MAXU:                                                                                                      \
      old = __atomic_load_n(at, __ATOMIC_SEQ_CST);                                                                  \
      do {                                                                                                          \
        bool less = word >> 30 & 1 ? old < b : (signed_type)old < (signed_type)b;                                     \
        new = less != (word >> 29 & 1) ? old : b;                                                                   \
      } while (!__atomic_compare_exchange_n(at, &old, new, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));             \
      break;                                                                                                        \
    default: return false;                                                                                          \
    }                                                                                                               \
    *rd = (uint64_t)(int64_t)(signed_type)old;                                                                      \
    return true;                                                                                                    \
  }
ATOMIC(atomic_word, uint32_t, int32_t)
ATOMIC(atomic_double, uint64_t, int64_t)

bool interpret_atomic(ferry_state *state, uint32_t word) {
  enum { WORD = 2, DOUBLE = 3 };
  uint64_t address = state->x[field_rs1(word)];
  unsigned size = field_funct3(word);
  if ((size != WORD && size != DOUBLE) || address & ((UINT64_C(1) << size) - 1)) return false;
  if (word >> 27 == LR && field_rs2(word)) return false;
  return size == WORD ? atomic_word(state, word, address) : atomic_double(state, word, address);
}
