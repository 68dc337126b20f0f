import { atomic } from './families/atomic.ts'
import { bits } from './families/bits.ts'
import { compressedForms } from './families/compressed.ts'
import { control } from './families/control.ts'
import { convert } from './families/convert.ts'
import { float } from './families/float.ts'
import { fusion } from './families/fusion.ts'
import { half } from './families/half.ts'
import { integer } from './families/integer.ts'
import { memory } from './families/memory.ts'
import { newer } from './families/newer.ts'
import { system } from './families/system.ts'
import { arrange, type Program, program } from './program.ts'
import { Random } from './random.ts'
import type { Case, Group } from './snippet.ts'

/** A family of cases and how many of them are placed again with constants and in rotating loops. */
interface Family {
  readonly cases: (random: Random) => Case[]
  readonly constant: number
  readonly rotate: number
  /** What says how it should be: qemu-riscv64, or the reference interpreter where QEMU 7.2 lacks the instructions. */
  readonly oracle?: 'interpreter'
}

export const FAMILIES: Readonly<Record<string, Family>> = {
  integer: { cases: integer, constant: 0.5, rotate: 0.3 },
  bits: { cases: bits, constant: 0.6, rotate: 0.3 },
  memory: { cases: memory, constant: 0.6, rotate: 0 },
  control: { cases: control, constant: 0.7, rotate: 0.2 },
  float: { cases: float, constant: 0.3, rotate: 0.5 },
  convert: { cases: convert, constant: 0.4, rotate: 0.3 },
  atomic: { cases: atomic, constant: 0.3, rotate: 0 },
  system: { cases: system, constant: 0.4, rotate: 0.2 },
  compressed: { cases: compressedForms, constant: 0.6, rotate: 0.3 },
  half: { cases: half, constant: 0.4, rotate: 0.3 },
  newer: { cases: newer, constant: 0.5, rotate: 0.3, oracle: 'interpreter' },
  fusion: { cases: fusion, constant: 0.25, rotate: 0.3 },
}

/**
 * The program of a family.
 * @param keep probability that a case is taken, for engines too slow for all
 */
export function familyProgram(name: string, seed: number, keep = 1): Program {
  const family = FAMILIES[name]
  if (!family) throw new RangeError(`no family '${name}': ${Object.keys(FAMILIES).join(', ')}`)
  const random = new Random(seed)
  return program(name, groupsOf(family, random, keep), random)
}

/**
 * A program of cases of all families whose oracle is qemu-riscv64.
 * @param keep probability that a case is taken
 */
export function mixedProgram(seed: number, keep: number): Program {
  const random = new Random(seed)
  const families = Object.values(FAMILIES).filter(({ oracle }) => oracle === undefined)
  return program(
    'mixed',
    families.flatMap(family => groupsOf(family, random, keep)),
    random,
  )
}

function groupsOf(family: Family, random: Random, keep: number): Group[] {
  const cases = family.cases(random).filter(() => keep === 1 || random.chance(keep))
  return arrange(cases, random, family)
}
