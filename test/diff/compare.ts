import type { Outcome } from './engines.ts'
import { type Slot, slotsOf } from './frame.ts'
import type { Program } from './program.ts'

/** How an engine's result differs from the expected one, as text; the first difference of each snippet. */
export interface Difference {
  /** The instructions of the case. */
  readonly code: string
  readonly text: string
}

const hex = (value: bigint | undefined): string => (value === undefined ? 'nothing' : `0x${value.toString(16)}`)

/** The slots of all records of a program, in the order of its output. */
export function layoutOf(program: Program): { slot: Slot; group: number }[] {
  return program.groups.flatMap((group, index) => slotsOf(group).map(slot => ({ slot, group: index })))
}

function words({ stdout }: Outcome): BigUint64Array {
  const bytes = new Uint8Array(stdout.subarray(0, stdout.length & ~7))
  return new BigUint64Array(bytes.buffer, bytes.byteOffset, bytes.length >> 3)
}

/**
 * Compares two runs of a program.
 * @param limit number of differences after which it stops
 */
export function differences(program: Program, expected: Outcome, got: Outcome, limit = 20): Difference[] {
  const found: Difference[] = []
  if (!expected.stdout.equals(got.stdout)) {
    const want = words(expected)
    const have = words(got)
    const seen = new Set<unknown>()
    const layout = layoutOf(program)
    for (const [index, { slot, group }] of layout.entries()) {
      if (want[index] === have[index]) continue
      const key = slot.of ? slot.of.case : `${group}`
      if (seen.has(key) || (!slot.of && program.groups[group]!.cases.some(item => seen.has(item)))) continue
      seen.add(key)
      found.push(describe(program, slot, group, want[index], have[index]))
      if (found.length === limit || have[index] === undefined) break
    }
  }
  if (expected.status !== got.status || expected.signal !== got.signal) {
    const end = (run: Outcome): string => `status ${run.status} signal ${run.signal}`
    found.push({ code: '', text: `${program.name}: expected ${end(expected)}, got ${end(got)}\n${got.stderr}` })
  }
  return found
}

function describe(program: Program, slot: Slot, index: number, want?: bigint, have?: bigint): Difference {
  const group = program.groups[index]!
  const where = `${program.name}.s g${index} (${group.placement}, ${group.cases.length} cases in the block)`
  const result = `  ${slot.name}: expected ${hex(want)}, got ${hex(have)}`
  if (!slot.of) {
    const all = group.cases.map(({ snippet }) => snippet.code.join('; ')).join(' | ')
    return { code: all, text: `${where}\n  after the group ${all}\n${result}` }
  }
  const { snippet } = slot.of.case
  const code = snippet.code.join('; ')
  const inputs = snippet.inputs.map((name, column) => `${name}=${hex(slot.of!.row[column])}`)
  if (snippet.fcsr) inputs.push(`fcsr=${hex(slot.of.row[snippet.inputs.length])}`)
  const round = slot.of.round === undefined ? '' : ` round ${slot.of.round}`
  return { code, text: `${where}\n  ${code}\n  with ${inputs.join(' ')}${round}\n${result}` }
}
