/**
 * The registers as GDB numbers them, and the target description that tells it so (GDB manual, appendix G, "RISC-V
 * Features": org.gnu.gdb.riscv.cpu and .fpu).
 */
import { CPU_STATE } from '../../base/layout.ts'

export interface Register {
  readonly name: string
  /** Number in packets. */
  readonly number: number
  /** Bytes. */
  readonly size: number
  read(state: DataView): bigint
  write(state: DataView, value: bigint): void
}

const { at } = CPU_STATE
const INTEGER_NAMES =
  'zero ra sp gp tp t0 t1 t2 fp s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6'.split(' ')
const FLOAT_NAMES =
  'ft0 ft1 ft2 ft3 ft4 ft5 ft6 ft7 fs0 fs1 fa0 fa1 fa2 fa3 fa4 fa5 fa6 fa7 fs2 fs3 fs4 fs5 fs6 fs7 fs8 fs9 fs10 fs11 ft8 ft9 ft10 ft11'.split(
    ' ',
  )
/** Numbers in GDB's riscv-tdep.h: RISCV_PC_REGNUM, RISCV_FIRST_FP_REGNUM, and the CSRs 1 to 3 behind RISCV_FIRST_CSR_REGNUM (65). */
const PC = 32
const FIRST_FLOAT = 33
const FFLAGS = 66
const FLAG_BITS = 0x1fn
const MODE_BITS = 0x7n
const MODE_SHIFT = 5n

function word(name: string, number: number, offset: number): Register {
  return {
    ...{ name, number, size: 8 },
    read: state => state.getBigUint64(offset, true),
    write: (state, value) => state.setBigUint64(offset, value, true),
  }
}

const zero: Register = { name: INTEGER_NAMES[0]!, number: 0, size: 8, read: () => 0n, write: () => {} }

const flags = (state: DataView): bigint => BigInt(state.getUint32(at.fflags, true)) & FLAG_BITS
const mode = (state: DataView): bigint => BigInt(state.getUint32(at.frm, true)) & MODE_BITS
const setFlags = (state: DataView, value: bigint): void => state.setUint32(at.fflags, Number(value & FLAG_BITS), true)
const setMode = (state: DataView, value: bigint): void => state.setUint32(at.frm, Number(value & MODE_BITS), true)

/** In the order of the `g` packet, which is that of their numbers. */
export const REGISTERS: readonly Register[] = [
  zero,
  ...INTEGER_NAMES.slice(1).map((name, i) => word(name, i + 1, at.x + (i + 1) * 8)),
  word('pc', PC, at.pc),
  ...FLOAT_NAMES.map((name, i) => word(name, FIRST_FLOAT + i, at.f + i * 8)),
  { name: 'fflags', number: FFLAGS, size: 4, read: flags, write: setFlags },
  { name: 'frm', number: FFLAGS + 1, size: 4, read: mode, write: setMode },
  {
    ...{ name: 'fcsr', number: FFLAGS + 2, size: 4 },
    read: state => (mode(state) << MODE_SHIFT) | flags(state),
    write: (state, value) => {
      setFlags(state, value)
      setMode(state, value >> MODE_SHIFT)
    },
  },
]

export function registerOf(number: number): Register | undefined {
  return REGISTERS.find(register => register.number === number)
}

/** The target description, an XML document. */
export function targetDescription(): string {
  const row = ({ name, number, size }: Register, type: string, group: string): string =>
    `    <reg name="${name}" bitsize="${size * 8}" type="${type}" regnum="${number}"${group}/>`
  const typeOf = (name: string): string => (name === 'pc' ? 'code_ptr' : /^[sgf]p$/.test(name) ? 'data_ptr' : 'int')
  return [
    '<?xml version="1.0"?>',
    '<!DOCTYPE target SYSTEM "gdb-target.dtd">',
    '<target version="1.0">',
    '  <architecture>riscv:rv64</architecture>',
    '  <osabi>GNU/Linux</osabi>',
    '  <feature name="org.gnu.gdb.riscv.cpu">',
    ...REGISTERS.slice(0, PC + 1).map(register => row(register, typeOf(register.name), '')),
    '  </feature>',
    '  <feature name="org.gnu.gdb.riscv.fpu">',
    '    <union id="riscv_double">',
    '      <field name="float" type="ieee_single"/>',
    '      <field name="double" type="ieee_double"/>',
    '    </union>',
    ...REGISTERS.slice(FIRST_FLOAT, FIRST_FLOAT + 32).map(register => row(register, 'riscv_double', ' group="float"')),
    ...REGISTERS.slice(FIRST_FLOAT + 32).map(register => row(register, 'int', ' group="float"')),
    '  </feature>',
    '</target>',
    '',
  ].join('\n')
}
