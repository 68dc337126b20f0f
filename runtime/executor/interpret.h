/*
 * The first tier: guest code without a translation is interpreted until it has proved to be worth one, which the translator
 * then makes while the guest goes on. Whatever is rare is left to the translator.
 *
 *   interpret.c          control flow, loads, stores and the base integer instructions
 *   interpret_integer.c  M, Zba, Zbb, Zbs, Zicond
 *   interpret_atomic.c   A
 *   interpret_float.c    F, D
 *   heat.c               how often jumps lead where, and requests for translations
 */
#pragma once
#include "executor.h"

/*
 * Runs guest code from state->pc on, all registers in the CPU state, until translated code can go on: the host address of that.
 * `frame` is the top of the host call stack (host and guest return address).
 */
uint64_t interpret(ferry_state *state, const uint64_t *frame);

/* Executable guest code without a gap; start = end = 0: none. */
struct code {
  uint64_t start, end;
  bool steady; /* a file's, which the guest can not write to */
};

/* ---- the instructions: false = none of these, nothing has happened ---- */

bool interpret_integer(uint64_t *x, uint32_t word);
bool interpret_atomic(ferry_state *state, uint32_t word);
bool interpret_float(ferry_state *state, uint32_t word);
bool interpret_csr(ferry_state *state, uint32_t word);

/* ---- heat.c ---- */

/* A jump leads to pc, or a return from translated code. True when the caller has to ask for its translation, and wait for that. */
bool heat_arrive(uint64_t pc, const struct code *code, bool returned);
/*
 * At the end of a process: what was hot while its translator started, and never again, is translated for the next run, which would
 * start one too.
 */
void heat_finish(void);

/* ---- fields (ISA manual, section 2.2) ---- */

static inline unsigned field_rd(uint32_t word) { return word >> 7 & 31; }
static inline unsigned field_rs1(uint32_t word) { return word >> 15 & 31; }
static inline unsigned field_rs2(uint32_t word) { return word >> 20 & 31; }
static inline unsigned field_funct3(uint32_t word) { return word >> 12 & 7; }
static inline unsigned field_funct7(uint32_t word) { return word >> 25; }

static inline int64_t immediate_i(uint32_t word) { return (int32_t)word >> 20; }
static inline int64_t immediate_s(uint32_t word) { return (int32_t)(word & 0xfe000000) >> 20 | (int32_t)(word >> 7 & 31); }
static inline int64_t immediate_b(uint32_t word) {
  return (int32_t)(word & 0x80000000) >> 19 | (int32_t)((word & 0x80) << 4 | (word >> 20 & 0x7e0) | (word >> 7 & 0x1e));
}
static inline int64_t immediate_u(uint32_t word) { return (int32_t)(word & 0xfffff000); }
static inline int64_t immediate_j(uint32_t word) {
  return (int32_t)(word & 0x80000000) >> 11 | (int32_t)((word & 0xff000) | (word >> 9 & 0x800) | (word >> 20 & 0x7fe));
}

/* Major opcodes without their lowest two bits (ISA manual, table 24.1). */
enum {
  MAJOR_LOAD = 0, MAJOR_LOAD_FP = 1, MAJOR_MISC_MEM = 3, MAJOR_OP_IMM = 4, MAJOR_AUIPC = 5, MAJOR_OP_IMM_32 = 6,
  MAJOR_STORE = 8, MAJOR_STORE_FP = 9, MAJOR_AMO = 11, MAJOR_OP = 12, MAJOR_LUI = 13, MAJOR_OP_32 = 14,
  MAJOR_MADD = 16, MAJOR_MSUB = 17, MAJOR_NMSUB = 18, MAJOR_NMADD = 19, MAJOR_OP_FP = 20,
  MAJOR_BRANCH = 24, MAJOR_JALR = 25, MAJOR_JAL = 27, MAJOR_SYSTEM = 28,
};
