/**
 * Register numbers as the x86-64 encodings have them (Intel SDM vol. 2, table 2-2 and section 2.2.1.2), operand sizes
 * and condition codes. An xmm register is its number 0–15.
 */
export const RAX = 0
export const RCX = 1
export const RDX = 2
export const RBX = 3
export const RSP = 4
export const RBP = 5
export const RSI = 6
export const RDI = 7
export const R8 = 8
export const R9 = 9
export const R10 = 10
export const R11 = 11
export const R12 = 12
export const R13 = 13
export const R14 = 14
export const R15 = 15

/** As the base of a memory operand: relative to the end of the instruction. It takes no index. */
export const RIPREL = 16
/** As the base or the index of a memory operand: there is none. */
export const NONE = -1

/** Operand size in bytes. */
export type Size = 1 | 2 | 4 | 8
export type Scale = 1 | 2 | 4 | 8

/** Condition codes of jcc, setcc and cmovcc (SDM vol. 1, appendix B). `cond ^ 1` is the opposite condition. */
export const Cond = {
  o: 0,
  no: 1,
  b: 2,
  ae: 3,
  e: 4,
  ne: 5,
  be: 6,
  a: 7,
  s: 8,
  ns: 9,
  p: 10,
  np: 11,
  l: 12,
  ge: 13,
  le: 14,
  g: 15,
} as const
