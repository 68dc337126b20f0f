#define _GNU_SOURCE
#include "interpret.h"
#include "guest_memory.h"
#include "signals.h"
#include <sys/mman.h>

/* The 32-bit instruction that each 16-bit word stands for (emulator/riscv/expansions.ts), 0 where none. */
__asm__(".section .rodata\n.balign 4\ninterpret_expansions:\n.incbin \"" FERRY_EXPANSIONS "\"\n.text");
extern const uint32_t interpret_expansions[1 << 16];

/* Guest memory: any alignment, any type; what was written before has to be there when an access faults. */
#define ACCESS(type, address) (*(volatile type##_unaligned *)(address))
typedef int8_t int8_t_unaligned __attribute__((may_alias));
typedef uint8_t uint8_t_unaligned __attribute__((may_alias));
typedef int16_t int16_t_unaligned __attribute__((may_alias, aligned(1)));
typedef uint16_t uint16_t_unaligned __attribute__((may_alias, aligned(1)));
typedef int32_t int32_t_unaligned __attribute__((may_alias, aligned(1)));
typedef uint32_t uint32_t_unaligned __attribute__((may_alias, aligned(1)));
typedef uint64_t uint64_t_unaligned __attribute__((may_alias, aligned(1)));
static inline void settled(void) { __asm__ volatile("" ::: "memory"); }

enum { LONGEST = 4 }; /* bytes of an instruction */

/* The code around pc. Another thread that changes mappings may wait for this one (world.c), and hold their lock. */
static struct code code_at(uint64_t pc) {
  static _Thread_local struct code last;
  static _Thread_local uint64_t changes = UINT64_MAX;
  uint64_t now = guest_map_changes;
  if (now == changes && pc - last.start < last.end - last.start) return last;
  thread.interpreting = false;
  struct guest_mapping mapping = guest_mapping_at(pc);
  thread.interpreting = true;
  changes = now;
  last = (struct code){0};
  if (mapping.end && mapping.protection & PROT_EXEC)
    last = (struct code){mapping.start, mapping.end, mapping.file.inode && !(mapping.protection & PROT_WRITE)};
  return last;
}

static uint64_t gate(uint64_t offset) { return FERRY_CODE_CACHE + offset; }

/* No guest code runs here any more: on at pc. */
static void end(ferry_state *state, uint64_t pc) {
  state->pc = pc;
  state->mxcsr = __builtin_ia32_stmxcsr();
  thread.interpreting = false;
}

static uint64_t translated(ferry_state *state, uint64_t pc) {
  end(state, pc);
  return translation_of(state, pc);
}

static bool load(ferry_state *state, uint32_t word, uint64_t address) {
  uint64_t value;
  settled();
  switch (field_funct3(word)) {
  case 0: value = (uint64_t)ACCESS(int8_t, address); break;
  case 1: value = (uint64_t)ACCESS(int16_t, address); break;
  case 2: value = (uint64_t)ACCESS(int32_t, address); break;
  case 3: value = ACCESS(uint64_t, address); break;
  case 4: value = ACCESS(uint8_t, address); break;
  case 5: value = ACCESS(uint16_t, address); break;
  case 6: value = ACCESS(uint32_t, address); break;
  default: return false;
  }
  state->x[field_rd(word)] = value;
  return true;
}

static bool store(const ferry_state *state, uint32_t word, uint64_t address) {
  uint64_t value = state->x[field_rs2(word)];
  settled();
  switch (field_funct3(word)) {
  case 0: ACCESS(uint8_t, address) = (uint8_t)value; return true;
  case 1: ACCESS(uint16_t, address) = (uint16_t)value; return true;
  case 2: ACCESS(uint32_t, address) = (uint32_t)value; return true;
  case 3: ACCESS(uint64_t, address) = value; return true;
  default: return false;
  }
}

enum { SINGLE = 2, DOUBLE = 3 }; /* funct3 of loads and stores */

static bool load_float(ferry_state *state, uint32_t word, uint64_t address) {
  uint64_t *f = &state->f[field_rd(word)];
  settled();
  if (field_funct3(word) == SINGLE) *f = UINT64_C(0xffffffff00000000) | ACCESS(uint32_t, address);
  else if (field_funct3(word) == DOUBLE) *f = ACCESS(uint64_t, address);
  else return false;
  return true;
}

static bool store_float(const ferry_state *state, uint32_t word, uint64_t address) {
  uint64_t value = state->f[field_rs2(word)];
  settled();
  if (field_funct3(word) == SINGLE) ACCESS(uint32_t, address) = (uint32_t)value;
  else if (field_funct3(word) == DOUBLE) ACCESS(uint64_t, address) = value;
  else return false;
  return true;
}

static bool taken(const uint64_t *x, uint32_t word) {
  uint64_t a = x[field_rs1(word)], b = x[field_rs2(word)];
  switch (field_funct3(word) >> 1) {
  case 0: return (a == b) ^ (word >> 12 & 1);
  case 2: return ((int64_t)a < (int64_t)b) ^ (word >> 12 & 1);
  default: return (a < b) ^ (word >> 12 & 1);
  }
}

/* OP-IMM and OP of the base; everything else there is in interpret_integer.c. */
static bool immediate_operation(uint64_t *x, uint32_t word) {
  uint64_t a = x[field_rs1(word)], b = (uint64_t)immediate_i(word), *rd = &x[field_rd(word)];
  switch (field_funct3(word)) {
  case 0: *rd = a + b; return true;
  case 2: *rd = (int64_t)a < (int64_t)b; return true;
  case 3: *rd = a < b; return true;
  case 4: *rd = a ^ b; return true;
  case 6: *rd = a | b; return true;
  case 7: *rd = a & b; return true;
  case 1:
    if (word >> 26) return interpret_integer(x, word);
    *rd = a << (b & 63);
    return true;
  default:
    if (word >> 26 & ~UINT32_C(0x10)) return interpret_integer(x, word);
    *rd = word >> 30 ? (uint64_t)((int64_t)a >> (b & 63)) : a >> (b & 63);
    return true;
  }
}

static bool operation(uint64_t *x, uint32_t word) {
  enum { SUBTRACT = 0x20 };
  uint64_t a = x[field_rs1(word)], b = x[field_rs2(word)], *rd = &x[field_rd(word)];
  if (field_funct7(word)) {
    if (field_funct7(word) != SUBTRACT || field_funct3(word)) return interpret_integer(x, word);
    *rd = a - b;
    return true;
  }
  switch (field_funct3(word)) {
  case 0: *rd = a + b; return true;
  case 1: *rd = a << (b & 63); return true;
  case 2: *rd = (int64_t)a < (int64_t)b; return true;
  case 3: *rd = a < b; return true;
  case 4: *rd = a ^ b; return true;
  case 5: *rd = a >> (b & 63); return true;
  case 6: *rd = a | b; return true;
  default: *rd = a & b; return true;
  }
}

static bool is_call(uint32_t word) { return field_rd(word) == 1; }
static bool is_return(uint32_t word) { return field_rd(word) == 0 && field_rs1(word) == 1; }

/* The guest's sp is where the bridge level was opened, or above: its end, or a longjmp out of it (emulator/gates.ts). */
static bool leaves_level(const ferry_state *state) {
  enum { GUEST_SP = 2 };
  return state->x[2] >= ((const uint64_t *)state->level_base)[GUEST_SP];
}

uint64_t interpret(ferry_state *state, const uint64_t *frame) {
  enum { ECALL = 0x73, FENCE = 0 };
  uint64_t *x = state->x, pc = state->pc;
  /* Calls made here that have not returned. */
  unsigned depth = 0;
  bool called = false, returned = x[1] == pc;
  thread.interpreting = true;
  for (;;) {
    /* Behind a jump. */
    if (signal_waiting || world_stopping) {
      end(state, pc);
      return gate(control->gate_resume);
    }
    if (pc >= FERRY_GUEST_END) return translated(state, pc);
    uint32_t offset = ((const volatile uint32_t *)FERRY_DISPATCH)[pc / 2];
    if (offset) {
      end(state, pc);
      return gate(called ? control->gate_call : offset);
    }
    struct code code = code_at(pc);
    if (heat_arrive(pc, &code, returned)) return translated(state, pc);
    /* It may have waited. */
    if (world_stopping) continue;
    depth += called;
    uint64_t length = code.end - code.start < LONGEST ? 0 : code.end - code.start - LONGEST;
    called = returned = false;
    for (bool straight = true; straight;) {
      if (pc - code.start >= length) return translated(state, pc);
      state->pc = pc;
      settled();
      uint32_t word = ACCESS(uint16_t, pc), size = 2;
      if ((word & 3) != 3) {
        word = interpret_expansions[word];
        if (word == 0) return translated(state, pc);
      } else {
        word |= (uint32_t)ACCESS(uint16_t, pc + 2) << 16;
        size = 4;
      }
      bool known = true;
      uint64_t next = pc + size, a = x[field_rs1(word)];
      switch (word >> 2 & 31) {
      case MAJOR_LOAD: known = load(state, word, a + (uint64_t)immediate_i(word)); break;
      case MAJOR_STORE: known = store(state, word, a + (uint64_t)immediate_s(word)); break;
      case MAJOR_LOAD_FP: known = load_float(state, word, a + (uint64_t)immediate_i(word)); break;
      case MAJOR_STORE_FP: known = store_float(state, word, a + (uint64_t)immediate_s(word)); break;
      case MAJOR_LUI: x[field_rd(word)] = (uint64_t)immediate_u(word); break;
      case MAJOR_AUIPC: x[field_rd(word)] = pc + (uint64_t)immediate_u(word); break;
      case MAJOR_OP_IMM: known = immediate_operation(x, word); break;
      case MAJOR_OP: known = operation(x, word); break;
      case MAJOR_OP_IMM_32:
        if (field_funct3(word) == 0) x[field_rd(word)] = (uint64_t)(int32_t)(a + (uint64_t)immediate_i(word));
        else known = interpret_integer(x, word);
        break;
      case MAJOR_OP_32:
        if (field_funct3(word) == 0 && field_funct7(word) == 0)
          x[field_rd(word)] = (uint64_t)(int32_t)(a + x[field_rs2(word)]);
        else known = interpret_integer(x, word);
        break;
      case MAJOR_BRANCH:
        if (field_funct3(word) >> 1 == 1) {
          known = false;
        } else if (taken(x, word)) {
          next = pc + (uint64_t)immediate_b(word);
          /* Only what comes back can become hot. */
          straight = next > pc;
        }
        break;
      case MAJOR_JAL:
        x[field_rd(word)] = next;
        next = pc + (uint64_t)immediate_j(word);
        called = is_call(word);
        straight = field_rd(word) == 0 && next > pc;
        break;
      case MAJOR_JALR:
        if (field_funct3(word)) return translated(state, pc);
        x[field_rd(word)] = next;
        x[0] = 0;
        next = (a + (uint64_t)immediate_i(word)) & ~UINT64_C(1);
        called = is_call(word);
        returned = is_return(word);
        straight = false;
        if (returned && leaves_level(state)) {
          end(state, next);
          return gate(control->gate_return);
        }
        if (returned && depth > 0) {
          depth--;
          /* Back in code that is not hot: its next loop or call looks. */
          straight = next - code.start < length;
          returned = !straight;
        } else if (returned && frame[1] == next) {
          end(state, next);
          return gate(control->gate_return);
        }
        break;
      case MAJOR_MISC_MEM:
        known = field_funct3(word) == FENCE;
        if (known) __atomic_thread_fence(__ATOMIC_SEQ_CST);
        break;
      case MAJOR_AMO: known = interpret_atomic(state, word); break;
      case MAJOR_MADD:
      case MAJOR_MSUB:
      case MAJOR_NMSUB:
      case MAJOR_NMADD:
      case MAJOR_OP_FP: known = interpret_float(state, word); break;
      case MAJOR_SYSTEM:
        if (word == ECALL) {
          end(state, pc);
          return gate(control->gate_ecall);
        }
        known = interpret_csr(state, word);
        break;
      default: known = false;
      }
      if (!known) return translated(state, pc);
      x[0] = 0;
      pc = next;
    }
  }
}
