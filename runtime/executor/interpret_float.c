/*
 * F and D, and their control and status register. MXCSR has the guest's rounding mode and accrued exceptions, as in translated code;
 * exceptions that are found without it go to state->fflags. Rounding modes that MXCSR lacks are the translator's, and so is
 * what glibc and compilers do not use (Zfa, Zfhmin).
 */
#define _GNU_SOURCE
#include "interpret.h"
#include "signals.h"
#include <string.h>

enum { NX = 1, NV = 16 };
enum { DYNAMIC = 7, HOST_MODES = 4, ROUNDING = 0x6000, HOST_FLAGS = 0x3f };

#define BOX UINT64_C(0xffffffff00000000)
#define NAN_DOUBLE UINT64_C(0x7ff8000000000000)
#define NAN_SINGLE UINT64_C(0x7fc00000)
#define INFINITE UINT64_C(0x7ff0000000000000)
#define QUIET UINT64_C(0x0008000000000000)
#define SIGN (UINT64_C(1) << 63)

static double as_double(uint64_t bits) {
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}
static uint64_t bits_of(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}
static float as_single(uint64_t bits) {
  uint32_t low = (uint32_t)bits;
  float value;
  memcpy(&value, &low, sizeof value);
  return value;
}
static uint32_t single_bits(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

static bool is_nan(uint64_t bits) { return (bits & ~SIGN) > INFINITE; }
static bool is_signaling(uint64_t bits) { return is_nan(bits) && !(bits & QUIET); }

/* A single that is not boxed is the canonical NaN (ISA manual, section 12.2). */
static uint64_t unboxed(uint64_t register_) { return register_ >= BOX ? (uint32_t)register_ : NAN_SINGLE; }
/* The double of the same value; of a NaN, quiet or signaling as it is. No exceptions. */
static uint64_t widened(uint64_t single) {
  if ((single & 0x7fffffff) > 0x7f800000) return (single & 0x80000000) << 32 | INFINITE | (single & 0x7fffff) << 29;
  uint32_t before = __builtin_ia32_stmxcsr();
  double wide;
  __asm__ volatile("vcvtss2sd %1, %1, %0" : "=x"(wide) : "x"(as_single(single)));
  __builtin_ia32_ldmxcsr(before);
  return bits_of(wide);
}

static uint64_t result_double(double value) { return value != value ? NAN_DOUBLE : bits_of(value); }
static uint64_t result_single(float value) { return BOX | (value != value ? NAN_SINGLE : single_bits(value)); }

/* Until `rounded_back`, MXCSR rounds as the instruction says. */
static bool round_as(const ferry_state *state, unsigned mode, uint32_t *before) {
  *before = __builtin_ia32_stmxcsr();
  if (mode == DYNAMIC) return state->frm < HOST_MODES;
  if (mode >= HOST_MODES) return false;
  uint32_t wanted = (*before & ~(uint32_t)ROUNDING) | (mxcsr_of_frm(mode) & ROUNDING);
  if (wanted != *before) __builtin_ia32_ldmxcsr(wanted);
  return true;
}
static void rounded_back(uint32_t before) {
  uint32_t now = __builtin_ia32_stmxcsr();
  if ((now ^ before) & ROUNDING) __builtin_ia32_ldmxcsr((now & ~(uint32_t)ROUNDING) | (before & ROUNDING));
}

#define ARITHMETIC(name, type, suffix)                                                                   \
  static bool name(unsigned operation, type a, type b, type *r) {                                        \
    switch (operation) {                                                                                 \
    case 0: __asm__ volatile("vadds" suffix " %2, %1, %0" : "=x"(*r) : "x"(a), "x"(b)); return true;     \
    case 1: __asm__ volatile("vsubs" suffix " %2, %1, %0" : "=x"(*r) : "x"(a), "x"(b)); return true;     \
    case 2: __asm__ volatile("vmuls" suffix " %2, %1, %0" : "=x"(*r) : "x"(a), "x"(b)); return true;     \
    case 3: __asm__ volatile("vdivs" suffix " %2, %1, %0" : "=x"(*r) : "x"(a), "x"(b)); return true;     \
    default: __asm__ volatile("vsqrts" suffix " %1, %1, %0" : "=x"(*r) : "x"(a)); return true;           \
    }                                                                                                    \
  }
ARITHMETIC(arithmetic_double, double, "d")
ARITHMETIC(arithmetic_single, float, "s")

/* Order of numbers, with -0 before +0. */
static int64_t key(uint64_t bits) { return (int64_t)(bits & SIGN ? bits ^ ~SIGN : bits); }

/* In doubles, which hold every single. */
static bool compare(ferry_state *state, unsigned kind, uint64_t a, uint64_t b, uint64_t *rd) {
  enum { LE = 0, LT = 1, EQ = 2 };
  if (kind > EQ) return false;
  bool quiet = kind == EQ, zeros = !((a | b) & ~SIGN);
  if (is_nan(a) || is_nan(b)) {
    if (!quiet || is_signaling(a) || is_signaling(b)) state->fflags |= NV;
    *rd = 0;
  } else {
    *rd = kind == EQ ? a == b || zeros : kind == LT ? key(a) < key(b) && !zeros : key(a) <= key(b) || zeros;
  }
  return true;
}

/* Which of two is the minimum or maximum: 0 or 1, 2 for neither. */
static unsigned choose(ferry_state *state, bool maximum, uint64_t a, uint64_t b) {
  if (is_signaling(a) || is_signaling(b)) state->fflags |= NV;
  if (is_nan(a)) return is_nan(b) ? 2 : 1;
  return is_nan(b) || (key(a) <= key(b)) != maximum ? 0 : 1;
}

static uint64_t class_of(uint64_t bits, uint64_t smallest_normal) {
  unsigned negative = bits >> 63;
  uint64_t magnitude = bits & ~SIGN;
  if (is_nan(bits)) return is_signaling(bits) ? 1 << 8 : 1 << 9;
  unsigned kind = magnitude == INFINITE ? 0 : magnitude == 0 ? 3 : magnitude < smallest_normal ? 2 : 1;
  return 1u << (negative ? kind : 7 - kind);
}

/* The rounding is that of MXCSR; what is out of range saturates, and is not inexact (section 11.7). */
static uint64_t to_integer(ferry_state *state, unsigned kind, uint64_t bits) {
  enum { W = 0, WU = 1, L = 2, LU = 3 };
  static const uint64_t lowest[] = {-(uint64_t)0x80000000, 0, SIGN, 0};
  static const uint64_t highest[] = {0x7fffffff, UINT64_MAX, ~SIGN, UINT64_MAX};
  static const double below[] = {-0x1p31, 0, -0x1p63, 0}, limit[] = {0x1p31, 0x1p32, 0x1p63, 0x1p64};
  double a = as_double(bits), r;
  if (is_nan(bits)) {
    state->fflags |= NV;
    return highest[kind];
  }
  __asm__ volatile("vroundsd $12, %1, %1, %0" : "=x"(r) : "x"(a));
  if (r < below[kind] || r >= limit[kind]) {
    state->fflags |= NV;
    return r < 0 ? lowest[kind] : highest[kind];
  }
  if (r != a) state->fflags |= NX;
  if (kind == LU && r >= 0x1p63) return (uint64_t)(int64_t)(r - 0x1p63) ^ SIGN;
  int64_t value = (int64_t)r;
  return kind == WU ? (uint64_t)(int32_t)value : (uint64_t)value;
}

#define FROM_INTEGER(name, type, suffix)                                                                   \
  static type name(unsigned kind, uint64_t value) {                                                        \
    enum { W = 0, WU = 1, LU = 3 };                                                                        \
    uint64_t half = value >> 1 | (value & 1), v = kind == W ? (uint64_t)(int32_t)value : kind == WU ? (uint32_t)value : value; \
    bool large = kind == LU && value >> 63;                                                                \
    type r;                                                                                                \
    if (large) v = half;                                                                                   \
    __asm__ volatile("vxorps %0, %0, %0\n\tvcvtsi2s" suffix "q %1, %0, %0" : "=&x"(r) : "r"(v));           \
    return large ? r + r : r;                                                                              \
  }
FROM_INTEGER(double_from, double, "d")
FROM_INTEGER(single_from, float, "s")

static uint64_t with_sign(unsigned how, uint64_t a, uint64_t b, uint64_t sign) {
  return (a & ~sign) | ((how == 0 ? b : how == 1 ? ~b : a ^ b) & sign);
}

/* Infinity times zero is invalid, whatever is added (section 11.6); the host says so unless it is a NaN. */
static bool invalid_product(uint64_t a, uint64_t b) {
  a &= ~SIGN;
  b &= ~SIGN;
  return (a == INFINITE && b == 0) || (b == INFINITE && a == 0);
}

static bool multiply_add(ferry_state *state, uint32_t word) {
  const uint64_t *f = state->f;
  uint64_t a = f[field_rs1(word)], b = f[field_rs2(word)], c = f[word >> 27], *rd = &state->f[field_rd(word)];
  unsigned major = word >> 2 & 31, format = word >> 25 & 3;
  bool negative = major == MAJOR_NMADD || major == MAJOR_NMSUB, subtract = major == MAJOR_MSUB || major == MAJOR_NMADD;
  uint32_t before;
  if (format > 1 || !round_as(state, field_funct3(word), &before)) return false;
  if (format == 1) {
    double x = as_double(negative ? a ^ SIGN : a);
    if (is_nan(c) && invalid_product(a, b)) state->fflags |= NV;
    __asm__ volatile("vfmadd213sd %2, %1, %0" : "+x"(x) : "x"(as_double(b)), "x"(as_double(subtract ? c ^ SIGN : c)));
    *rd = result_double(x);
  } else {
    a = unboxed(a), b = unboxed(b), c = unboxed(c);
    if (is_nan(widened(c)) && invalid_product(widened(a), widened(b))) state->fflags |= NV;
    float x = as_single(negative ? a ^ 0x80000000 : a);
    __asm__ volatile("vfmadd213ss %2, %1, %0"
                     : "+x"(x)
                     : "x"(as_single(b)), "x"(as_single(subtract ? c ^ 0x80000000 : c)));
    *rd = result_single(x);
  }
  rounded_back(before);
  return true;
}

/* Those that round as rm says: f = they write a floating-point register. */
static bool rounding(ferry_state *state, uint32_t word) {
  enum { FROM_FORMAT = 0x08, SQRT = 0x0b, TO_INTEGER = 0x18, FROM_INTEGER = 0x1a };
  unsigned operation = word >> 27, kind = field_rs2(word);
  bool wide = word >> 25 & 1;
  uint64_t a = state->f[field_rs1(word)], b = state->f[kind], *rd = &state->f[field_rd(word)];
  uint32_t before;
  if (operation == SQRT && kind) return false;
  if (operation == FROM_FORMAT && kind != !wide) return false;
  if ((operation == TO_INTEGER || operation == FROM_INTEGER) && kind > 3) return false;
  if (!round_as(state, field_funct3(word), &before)) return false;
  if (operation == TO_INTEGER) {
    state->x[field_rd(word)] = to_integer(state, kind, wide ? a : widened(unboxed(a)));
  } else if (operation == FROM_INTEGER) {
    uint64_t value = state->x[field_rs1(word)];
    *rd = wide ? bits_of(double_from(kind, value)) : BOX | single_bits(single_from(kind, value));
  } else if (operation == FROM_FORMAT && wide) {
    double r;
    __asm__ volatile("vcvtss2sd %1, %1, %0" : "=x"(r) : "x"(as_single(unboxed(a))));
    *rd = result_double(r);
  } else if (operation == FROM_FORMAT) {
    float r;
    __asm__ volatile("vcvtsd2ss %1, %1, %0" : "=x"(r) : "x"(as_double(a)));
    *rd = result_single(r);
  } else if (wide) {
    double r;
    arithmetic_double(operation, as_double(a), as_double(b), &r);
    *rd = result_double(r);
  } else {
    float r;
    arithmetic_single(operation, as_single(unboxed(a)), as_single(unboxed(b)), &r);
    *rd = result_single(r);
  }
  rounded_back(before);
  return true;
}

static bool exact(ferry_state *state, uint32_t word) {
  enum { SIGN_INJECTION = 4, MINIMUM = 5, COMPARE = 0x14, TO_BITS = 0x1c, FROM_BITS = 0x1e };
  unsigned how = field_funct3(word);
  bool wide = word >> 25 & 1;
  uint64_t a = state->f[field_rs1(word)], b = state->f[field_rs2(word)];
  uint64_t *x = &state->x[field_rd(word)], *f = &state->f[field_rd(word)];
  uint64_t a_wide = wide ? a : widened(unboxed(a)), b_wide = wide ? b : widened(unboxed(b));
  switch (word >> 27) {
  case SIGN_INJECTION:
    if (how > 2) return false;
    *f = wide ? with_sign(how, a, b, SIGN) : BOX | with_sign(how, unboxed(a), unboxed(b), 0x80000000);
    return true;
  case MINIMUM: {
    if (how > 1) return false;
    unsigned chosen = choose(state, how, a_wide, b_wide);
    if (chosen == 2) *f = wide ? NAN_DOUBLE : BOX | NAN_SINGLE;
    else *f = chosen ? b : a;
    return true;
  }
  case COMPARE: return compare(state, how, a_wide, b_wide, x);
  case TO_BITS:
    if (field_rs2(word) || how > 1) return false;
    if (how) *x = class_of(a_wide, wide ? UINT64_C(1) << 52 : UINT64_C(0x3810000000000000));
    else *x = wide ? a : (uint64_t)(int32_t)a;
    return true;
  case FROM_BITS:
    if (field_rs2(word) || how) return false;
    *f = wide ? state->x[field_rs1(word)] : BOX | (uint32_t)state->x[field_rs1(word)];
    return true;
  default: return false;
  }
}

bool interpret_float(ferry_state *state, uint32_t word) {
  enum { ROUNDING_ONES = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 3 | 1 << 8 | 1 << 11 | 1 << 24 | 1 << 26 };
  if ((word >> 2 & 31) != MAJOR_OP_FP) return multiply_add(state, word);
  if (word >> 26 & 1) return false;
  return ROUNDING_ONES >> (word >> 27) & 1 ? rounding(state, word) : exact(state, word);
}

bool interpret_csr(ferry_state *state, uint32_t word) {
  enum { FFLAGS = 1, FRM = 2, FCSR = 3, WRITE = 1, SET = 2, CLEAR = 3, IMMEDIATE = 4 };
  unsigned csr = word >> 20, how = field_funct3(word), source = field_rs1(word);
  uint64_t operand = how & IMMEDIATE ? source : state->x[source];
  uint32_t mxcsr = __builtin_ia32_stmxcsr(), fcsr = state->frm << 5 | state->fflags | fflags_of_mxcsr(mxcsr);
  if (csr < FFLAGS || csr > FCSR || !(how & 3)) return false;
  unsigned shift = csr == FRM ? 5 : 0;
  uint64_t mask = csr == FFLAGS ? 31 : csr == FRM ? 7 : 255, old = fcsr >> shift & mask;
  uint64_t new = ((how & 3) == WRITE ? operand : (how & 3) == SET ? old | operand : old & ~operand) & mask;
  uint32_t after = (fcsr & ~(uint32_t)(mask << shift)) | (uint32_t)(new << shift);
  bool writes = (how & 3) == WRITE || source;
  if (writes && (state->frm >= HOST_MODES || after >> 5 >= HOST_MODES)) return false;
  if (writes && after != fcsr) {
    state->frm = after >> 5;
    state->fflags = after & 31;
    __builtin_ia32_ldmxcsr(mxcsr_of_frm(state->frm));
  }
  state->x[field_rd(word)] = old;
  return true;
}
