/* Integer instructions beyond the base: M, Zba, Zbb, Zbs, Zicond, and the W-forms (ISA manual 20240411, chapters 13 and 28). */
#include "interpret.h"

static uint64_t extended(uint32_t value) { return (uint64_t)(int64_t)(int32_t)value; }
static uint64_t rotated(uint64_t value, unsigned by) { return by & 63 ? value >> (by & 63) | value << (64 - (by & 63)) : value; }
static uint64_t rotated_word(uint32_t value, unsigned by) {
  return extended(by & 31 ? value >> (by & 31) | value << (32 - (by & 31)) : value);
}
static uint64_t leading(uint64_t value) { return value ? (uint64_t)__builtin_clzll(value) : 64; }
static uint64_t trailing(uint64_t value) { return value ? (uint64_t)__builtin_ctzll(value) : 64; }

/* 0xff for every byte that is not 0. */
static uint64_t combined(uint64_t value) {
  uint64_t result = 0;
  for (unsigned shift = 0; shift < 64; shift += 8)
    if (value >> shift & 0xff) result |= UINT64_C(0xff) << shift;
  return result;
}

/* Chapter 13: what a division by zero and one that overflows give. */
static uint64_t divided(int64_t a, int64_t b) {
  if (b == 0) return UINT64_MAX;
  return b == -1 ? -(uint64_t)a : (uint64_t)(a / b);
}
static uint64_t remainder_of(int64_t a, int64_t b) {
  if (b == 0) return (uint64_t)a;
  return b == -1 ? 0 : (uint64_t)(a % b);
}

static bool multiply(unsigned funct3, uint64_t a, uint64_t b, uint64_t *rd) {
  switch (funct3) {
  case 0: *rd = a * b; break;
  case 1: *rd = (uint64_t)((__int128)(int64_t)a * (int64_t)b >> 64); break;
  case 2: *rd = (uint64_t)((__int128)(int64_t)a * (__int128)b >> 64); break;
  case 3: *rd = (uint64_t)((unsigned __int128)a * b >> 64); break;
  case 4: *rd = divided((int64_t)a, (int64_t)b); break;
  case 5: *rd = b ? a / b : UINT64_MAX; break;
  case 6: *rd = remainder_of((int64_t)a, (int64_t)b); break;
  default: *rd = b ? a % b : a; break;
  }
  return true;
}

static bool multiply_word(unsigned funct3, uint32_t a, uint32_t b, uint64_t *rd) {
  switch (funct3) {
  case 0: *rd = extended(a * b); return true;
  case 4: *rd = extended((uint32_t)divided((int32_t)a, (int32_t)b)); return true;
  case 5: *rd = extended(b ? a / b : UINT32_MAX); return true;
  case 6: *rd = extended((uint32_t)remainder_of((int32_t)a, (int32_t)b)); return true;
  case 7: *rd = extended(b ? a % b : a); return true;
  default: return false;
  }
}

/* funct7 and funct3 in one. */
#define KEY(funct7, funct3) ((funct7) << 3 | (funct3))

static bool operation(uint32_t word, uint64_t a, uint64_t b, uint64_t *rd) {
  switch (KEY(field_funct7(word), field_funct3(word))) {
  case KEY(0x20, 5): *rd = (uint64_t)((int64_t)a >> (b & 63)); return true;
  case KEY(0x10, 2): *rd = (a << 1) + b; return true;
  case KEY(0x10, 4): *rd = (a << 2) + b; return true;
  case KEY(0x10, 6): *rd = (a << 3) + b; return true;
  case KEY(0x20, 7): *rd = a & ~b; return true;
  case KEY(0x20, 6): *rd = a | ~b; return true;
  case KEY(0x20, 4): *rd = ~(a ^ b); return true;
  case KEY(0x05, 4): *rd = (int64_t)a < (int64_t)b ? a : b; return true;
  case KEY(0x05, 5): *rd = a < b ? a : b; return true;
  case KEY(0x05, 6): *rd = (int64_t)a > (int64_t)b ? a : b; return true;
  case KEY(0x05, 7): *rd = a > b ? a : b; return true;
  case KEY(0x30, 1): *rd = rotated(a, -(unsigned)b); return true;
  case KEY(0x30, 5): *rd = rotated(a, (unsigned)b); return true;
  case KEY(0x24, 1): *rd = a & ~(UINT64_C(1) << (b & 63)); return true;
  case KEY(0x24, 5): *rd = a >> (b & 63) & 1; return true;
  case KEY(0x34, 1): *rd = a ^ UINT64_C(1) << (b & 63); return true;
  case KEY(0x14, 1): *rd = a | UINT64_C(1) << (b & 63); return true;
  case KEY(0x07, 5): *rd = b ? a : 0; return true;
  case KEY(0x07, 7): *rd = b ? 0 : a; return true;
  default: return field_funct7(word) == 1 && multiply(field_funct3(word), a, b, rd);
  }
}

static bool operation_word(uint32_t word, uint64_t a, uint64_t b, uint64_t *rd) {
  uint64_t low = (uint32_t)a;
  switch (KEY(field_funct7(word), field_funct3(word))) {
  case KEY(0x20, 0): *rd = extended((uint32_t)(a - b)); return true;
  case KEY(0x00, 1): *rd = extended((uint32_t)a << (b & 31)); return true;
  case KEY(0x00, 5): *rd = extended((uint32_t)a >> (b & 31)); return true;
  case KEY(0x20, 5): *rd = (uint64_t)((int32_t)a >> (b & 31)); return true;
  case KEY(0x04, 0): *rd = low + b; return true;
  case KEY(0x10, 2): *rd = (low << 1) + b; return true;
  case KEY(0x10, 4): *rd = (low << 2) + b; return true;
  case KEY(0x10, 6): *rd = (low << 3) + b; return true;
  case KEY(0x30, 1): *rd = rotated_word((uint32_t)a, -(unsigned)b); return true;
  case KEY(0x30, 5): *rd = rotated_word((uint32_t)a, (unsigned)b); return true;
  case KEY(0x04, 4):
    if (field_rs2(word)) return false;
    *rd = (uint16_t)a;
    return true;
  default: return field_funct7(word) == 1 && multiply_word(field_funct3(word), (uint32_t)a, (uint32_t)b, rd);
  }
}

/* The unary ones: funct3 1, and what would be an immediate says which. */
static bool unary(uint32_t word, uint64_t a, uint64_t *rd) {
  switch (word >> 20) {
  case 0x600: *rd = leading(a); return true;
  case 0x601: *rd = trailing(a); return true;
  case 0x602: *rd = (uint64_t)__builtin_popcountll(a); return true;
  case 0x604: *rd = (uint64_t)(int8_t)a; return true;
  case 0x605: *rd = (uint64_t)(int16_t)a; return true;
  default: return false;
  }
}

static bool immediate(uint32_t word, uint64_t a, uint64_t *rd) {
  unsigned by = word >> 20 & 63;
  switch (word >> 26 << 3 | field_funct3(word)) {
  case 0x12 << 3 | 1: *rd = a & ~(UINT64_C(1) << by); return true;
  case 0x12 << 3 | 5: *rd = a >> by & 1; return true;
  case 0x1a << 3 | 1: *rd = a ^ UINT64_C(1) << by; return true;
  case 0x0a << 3 | 1: *rd = a | UINT64_C(1) << by; return true;
  case 0x18 << 3 | 5: *rd = rotated(a, by); return true;
  case 0x18 << 3 | 1: return unary(word, a, rd);
  default: break;
  }
  if (field_funct3(word) != 5) return false;
  if (word >> 20 == 0x287) *rd = combined(a);
  else if (word >> 20 == 0x6b8) *rd = __builtin_bswap64(a);
  else return false;
  return true;
}

static bool immediate_word(uint32_t word, uint64_t a, uint64_t *rd) {
  unsigned by = word >> 20 & 31;
  if (word >> 26 == 0x02 && field_funct3(word) == 1) {
    *rd = (uint64_t)(uint32_t)a << (word >> 20 & 63);
    return true;
  }
  switch (KEY(field_funct7(word), field_funct3(word))) {
  case KEY(0x00, 1): *rd = extended((uint32_t)a << by); return true;
  case KEY(0x00, 5): *rd = extended((uint32_t)a >> by); return true;
  case KEY(0x20, 5): *rd = (uint64_t)((int32_t)a >> by); return true;
  case KEY(0x30, 5): *rd = rotated_word((uint32_t)a, by); return true;
  case KEY(0x30, 1): break;
  default: return false;
  }
  if (by == 0) *rd = leading((uint32_t)a) - 32;
  else if (by == 1) *rd = (uint32_t)a ? trailing(a) : 32;
  else if (by == 2) *rd = (uint64_t)__builtin_popcount((uint32_t)a);
  else return false;
  return true;
}

bool interpret_integer(uint64_t *x, uint32_t word) {
  uint64_t a = x[field_rs1(word)], b = x[field_rs2(word)], *rd = &x[field_rd(word)];
  switch (word >> 2 & 31) {
  case MAJOR_OP: return operation(word, a, b, rd);
  case MAJOR_OP_32: return operation_word(word, a, b, rd);
  case MAJOR_OP_IMM: return immediate(word, a, rd);
  default: return immediate_word(word, a, rd);
  }
}
