import type { Random } from './random.ts'
import { ALL_F, ALL_X, isFloat } from './registers.ts'
import { type Case, type Group, ROUNDS, type Row, registersOf, WINDOW } from './snippet.ts'

/**
 * The code around the cases of a group: sets inputs, records outputs. Each group runs with the registers that the driver
 * (program.ts) has set to known values, writes its record from OUTPUT on, and leaves the record's end in a cell.
 *
 * Record: 8-byte words in the order of {@link slotsOf}.
 */

/** Where records are written, and the first rows; addresses in the generated program. */
export const OUTPUT = 0x20000000
export const ROWS = 0x30000000

/** One word of a record. */
export interface Slot {
  readonly name: string
  /** The case that the word comes from; none for the dump of all registers. */
  readonly of?: { readonly case: Case; readonly row: Row; readonly round?: number }
}

/** Every input row of every group, each kept once. */
export class RowTable {
  private readonly places = new Map<string, number>()
  private readonly words: bigint[] = []

  /** Address of the rows, laid out one after the other. */
  place(rows: readonly Row[]): number {
    const key = rows.map(row => row.join()).join(';')
    const known = this.places.get(key)
    if (known !== undefined) return known
    const address = ROWS + this.words.length * 8
    for (const row of rows) this.words.push(...row)
    this.places.set(key, address)
    return address
  }

  bytes(): Uint8Array {
    return new Uint8Array(BigUint64Array.from(this.words).buffer)
  }
}

/** The words that a group records, in order. */
export function slotsOf(group: Group): Slot[] {
  const slots: Slot[] = []
  const rounds = group.placement === 'rotate' ? ROUNDS : group.cases[0]!.rows.length
  for (let round = 0; round < rounds; round++) {
    for (const item of group.cases) {
      const { outputs, fcsr, window } = item.snippet
      const of =
        group.placement === 'rotate'
          ? { case: item, row: item.rows[0]!, round }
          : { case: item, row: item.rows[round]! }
      for (const name of outputs) slots.push({ name, of })
      if (fcsr && group.placement !== 'rotate') slots.push({ name: 'fcsr', of })
      for (let word = 0; word < (window?.words ?? 0); word++) {
        slots.push({ name: `window${window!.offset + word * 8 >= 0 ? '+' : ''}${window!.offset + word * 8}`, of })
      }
    }
  }
  if (usesFcsr(group) && group.placement === 'rotate') slots.push({ name: 'fcsr' })
  if (group.dump) for (const name of [...ALL_X, ...ALL_F]) slots.push({ name })
  return slots
}

const usesFcsr = (group: Group): boolean => group.cases.some(({ snippet }) => snippet.fcsr)

const load = (register: string, offset: number, base: string): string =>
  `${isFloat(register) ? 'fld' : 'ld'} ${register}, ${offset}(${base})`
const store = (register: string, offset: number, base: string): string =>
  `${isFloat(register) ? 'fsd' : 'sd'} ${register}, ${offset}(${base})`

/** Assembly of one group. The registers of the frame are random ones that no case of the group uses. */
export function frame(group: Group, random: Random, table: RowTable): string[] {
  const used = group.cases.flatMap(({ snippet }) => registersOf(snippet))
  const [out, rows, count, scratch] = random.sample(
    ALL_X.filter(name => !used.includes(name)),
    4,
  ) as [string, string, string, string]
  const lines: string[] = [`li ${out}, ${OUTPUT}`]
  let recorded = 0
  const record = (register: string): void => {
    lines.push(store(register, recorded * 8, out))
    recorded++
  }
  const outputs = ({ snippet }: Case): void => {
    for (const name of snippet.outputs) record(name)
    if (snippet.fcsr && group.placement !== 'rotate') {
      lines.push(`csrr ${scratch}, fcsr`)
      record(scratch)
    }
    for (let word = 0; word < (snippet.window?.words ?? 0); word++) {
      lines.push(`li ${scratch}, ${WINDOW.middle + snippet.window!.offset + word * 8}`, `ld ${scratch}, 0(${scratch})`)
      record(scratch)
    }
  }
  const constants = ({ snippet, rows: [row] }: Case): void => {
    snippet.inputs.forEach((name, index) => {
      const value = BigInt.asIntN(64, row![index]!)
      if (isFloat(name)) lines.push(`li ${scratch}, ${value}`, `fmv.d.x ${name}, ${scratch}`)
      else lines.push(`li ${name}, ${value}`)
    })
    if (snippet.fcsr) lines.push(`li ${scratch}, ${row![snippet.inputs.length]}`, `csrw fcsr, ${scratch}`)
  }

  if (group.placement === 'table') {
    const length = group.cases[0]!.rows.length
    const joined = Array.from({ length }, (_, index) => group.cases.flatMap(({ rows: own }) => own[index]!))
    lines.push(`li ${rows}, ${table.place(joined)}`, `li ${count}, ${length}`, '8:')
    let column = 0
    for (const item of group.cases) {
      for (const name of item.snippet.inputs) lines.push(load(name, 8 * column++, rows))
      if (item.snippet.fcsr) lines.push(load(scratch, 8 * column++, rows), `csrw fcsr, ${scratch}`)
      lines.push(...item.snippet.code)
      outputs(item)
    }
    lines.push(`addi ${rows}, ${rows}, ${8 * column}`, `addi ${out}, ${out}, ${8 * recorded}`)
    lines.push(`addi ${count}, ${count}, -1`, `bnez ${count}, 8b`)
  } else if (group.placement === 'constant') {
    for (const item of group.cases) {
      constants(item)
      lines.push(...item.snippet.code)
      outputs(item)
    }
    lines.push(`addi ${out}, ${out}, ${8 * recorded}`)
  } else {
    for (const item of group.cases) constants(item)
    lines.push(`li ${count}, ${ROUNDS}`, '8:')
    for (const item of group.cases) {
      lines.push(...item.snippet.code)
      outputs(item)
    }
    lines.push(...rotation(group, scratch))
    lines.push(`addi ${out}, ${out}, ${8 * recorded}`, `addi ${count}, ${count}, -1`, `bnez ${count}, 8b`)
  }

  recorded = 0
  if (usesFcsr(group) && group.placement === 'rotate') {
    lines.push(`csrr ${scratch}, fcsr`)
    record(scratch)
  }
  if (group.dump) for (const name of [...ALL_X, ...ALL_F]) record(name)
  lines.push(`addi ${out}, ${out}, ${8 * recorded}`, `la ${scratch}, record_end`, `sd ${out}, 0(${scratch})`)
  return lines
}

/** Hands the value of every operand register on to the next one. */
function rotation(group: Group, scratch: string): string[] {
  const lines: string[] = []
  const operands = new Set(group.cases.flatMap(({ snippet }) => [...snippet.inputs, ...snippet.outputs]))
  const integers = [...operands].filter(name => !isFloat(name))
  const floats = [...operands].filter(isFloat)
  if (integers.length > 1) {
    lines.push(`mv ${scratch}, ${integers[0]}`)
    for (let i = 1; i < integers.length; i++) lines.push(`mv ${integers[i - 1]}, ${integers[i]}`)
    lines.push(`mv ${integers.at(-1)}, ${scratch}`)
  }
  if (floats.length > 1) {
    lines.push(`fmv.x.d ${scratch}, ${floats[0]}`)
    for (let i = 1; i < floats.length; i++) lines.push(`fmv.d ${floats[i - 1]}, ${floats[i]}`)
    lines.push(`fmv.d.x ${floats.at(-1)}, ${scratch}`)
  }
  return lines
}
