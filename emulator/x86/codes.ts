/**
 * The rows of the instruction table as numbers, for the encoder: one Int32Array a form, indexed by row id, 0 where the
 * row lacks the form.
 *
 *   bits 0–7 opcode · 8–9 map (0 none, 1 0F, 2 0F38, 3 0F3A) · 10–11 mandatory prefix (0 none, 1 66, 2 F3, 3 F2)
 *   bits 12–14 digit of ModRM.reg · 15 W · 16–17 operand encoding · from 18 the flags below
 */
import { FORMS, type Form, MNEMONICS, ROWS, type Row } from './table.ts'

export const CODE = {
  W: 1 << 15,
  RM: 0,
  MR: 1 << 16,
  RMV: 2 << 16,
  VM: 3 << 16,
  /** Mask of the operand encoding. */
  ENCODING: 3 << 16,
  VEX: 1 << 18,
  IMM8: 1 << 19,
  IS4: 1 << 20,
  SHORT: 1 << 21,
  ONE: 1 << 22,
  D64: 1 << 23,
  COMMUTES: 1 << 24,
  /** The operand in ModRM.rm is a byte register whatever the operand size is (movzx, movsx). */
  BYTE_RM: 1 << 25,
  /** VEX.L: the operands have 256 bits. */
  WIDE: 1 << 26,
} as const

const FLAGS: Readonly<Record<string, number>> = {
  RM: CODE.RM,
  MR: CODE.MR,
  RMV: CODE.RMV,
  VM: CODE.VM,
  ib: CODE.IMM8,
  is4: CODE.IS4 | CODE.IMM8,
  s8: CODE.SHORT,
  one: CODE.ONE,
  d64: CODE.D64,
  commutes: CODE.COMMUTES,
  wide: CODE.WIDE,
}
const MAPS = ['', '0F', '0F38', '0F3A']
const PREFIXES = ['', '66', 'F3', 'F2']
const NOTATION = /^(VEX )?(?:(66|F3|F2) )?(?:(0F|0F38|0F3A) )?(W1 )?([0-9A-F]{2})(?: \/([0-7]))?((?: [a-zA-Z]\w+)*)$/

/** The code of an opcode in the notation of the table; throws for what is not in that notation. */
export function parseOpcode(text: string): number {
  const match = NOTATION.exec(text)
  if (!match) throw new SyntaxError(`not an opcode: '${text}'`)
  const [, vex, prefix = '', map = '', w, opcode, digit = '0', flags] = match
  let code = Number.parseInt(opcode!, 16) | (MAPS.indexOf(map) << 8) | (PREFIXES.indexOf(prefix) << 10)
  code |= (Number(digit) << 12) | (w ? CODE.W : 0) | (vex ? CODE.VEX : 0)
  for (const name of flags!.split(' ').slice(1)) {
    const flag = FLAGS[name]
    if (flag === undefined) throw new SyntaxError(`unknown flag '${name}' of the opcode '${text}'`)
    code |= flag
  }
  return code
}

const rows: readonly Row[] = MNEMONICS.map(name => ROWS[name])

function column(form: Form): Int32Array {
  const byteSource = (row: Row) => (row.width === 1 ? CODE.BYTE_RM : 0)
  return Int32Array.from(rows, row => (row[form] === undefined ? 0 : parseOpcode(row[form]) | byteSource(row)))
}

export const CODES = Object.fromEntries(FORMS.map(form => [form, column(form)])) as Readonly<Record<Form, Int32Array>>

/** Operand sizes of the general-purpose forms: a set of the bits 1, 2, 4, 8. */
export const SIZES = Uint8Array.from(rows, row => row.sizes ?? 0)

const whole = rows.map(row => (row.op ?? '').split(' ').filter(Boolean))
/** Instructions without operands: their bytes in little-endian order, and their number. */
export const OP_BYTES = Int32Array.from(whole, bytes =>
  bytes.reduce((word, byte, at) => word | (Number.parseInt(byte, 16) << (8 * at)), 0),
)
export const OP_LENGTH = Uint8Array.from(whole, bytes => bytes.length)

/** Ends a request for a form that the row lacks. */
export function refuse(i: number, form: Form | 'op', size?: number): never {
  throw new RangeError(
    `${MNEMONICS[i] ?? `row ${i}`} has no form ${form}${size === undefined ? '' : ` of ${size} bytes`}`,
  )
}

/** Code of a general-purpose form. */
export function pick(column: Int32Array, i: number, size: number, form: Form): number {
  const code = column[i]!
  if (code === 0 || (SIZES[i]! & size) === 0) refuse(i, form, size)
  return code
}

/** Code of a vector form. */
export function pickVector(column: Int32Array, i: number, form: Form): number {
  return column[i]! || refuse(i, form)
}
