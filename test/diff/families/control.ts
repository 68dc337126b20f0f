import type { Random } from '../random.ts'
import { anyInteger, INTEGER_CLASSES, integerRegister } from '../registers.ts'
import { type Case, type Row, type Snippet, WINDOW } from '../snippet.ts'
import { integerValue } from '../values.ts'
import { CORNER_PAIRS, integerRows } from './integer.ts'

/** Branches, jumps, calls and returns (ISA manual, chapter RV32I, control transfer instructions). */

export const BRANCHES = ['beq', 'bne', 'blt', 'bge', 'bltu', 'bgeu'] as const

const real = (list: readonly string[]): string[] => [...new Set(list)].filter(name => name !== 'x0')

/** Places of a branch: what is skipped, an if with an else, the end of a loop, a branch over a branch. */
function branchCode(random: Random, branch: string, marker: string, counter: string): string[] {
  const shape = random.below(4)
  if (shape === 0) return [`li ${marker}, 5`, `${branch}, 1f`, `addi ${marker}, ${marker}, 2`, '1:']
  if (shape === 1) {
    return [`${branch}, 1f`, `li ${marker}, 1`, 'j 2f', '1:', `li ${marker}, 2`, '2:', `slli ${marker}, ${marker}, 3`]
  }
  if (shape === 2) {
    const head = [`li ${marker}, 0`, `li ${counter}, ${random.between(1, 5)}`, '1:', `addi ${marker}, ${marker}, 7`]
    return [...head, `addi ${counter}, ${counter}, -1`, `beqz ${counter}, 2f`, `${branch}, 1b`, '2:']
  }
  return [`li ${marker}, 3`, `${branch}, 1f`, 'j 2f', '1:', `xori ${marker}, ${marker}, -1`, '2:']
}

function branches(random: Random): Case[] {
  const cases: Case[] = []
  const add = (op: string, rs1: string, rs2: string, extra: readonly Row[] = []): void => {
    const marker = anyInteger(random, [rs1, rs2])
    const counter = anyInteger(random, [rs1, rs2, marker])
    const inputs = real([rs1, rs2])
    const code = branchCode(random, `${op} ${rs1}, ${rs2}`, marker, counter)
    const rows = integerRows(random, inputs.length, 6)
    // Equal operands are rare among random ones and half of what these instructions are about.
    if (inputs.length === 2) rows.push(...[0, 1].map(() => Array<bigint>(2).fill(integerValue(random))))
    cases.push({ snippet: { code, inputs, outputs: [marker] }, rows: [...rows, ...extra] })
  }
  for (const op of BRANCHES) {
    for (const first of INTEGER_CLASSES) {
      for (const second of INTEGER_CLASSES) {
        const rs1 = integerRegister(random, first)
        add(op, rs1, integerRegister(random, second, [rs1]))
      }
    }
    for (const kind of ['pinned', 'unpinned'] as const) {
      const rs1 = integerRegister(random, kind)
      add(op, rs1, rs1)
      for (let i = 0; i < 4; i++) add(op, rs1, integerRegister(random, kind, [rs1]), CORNER_PAIRS)
    }
  }
  return cases
}

function jumps(random: Random): Case[] {
  const cases: Case[] = []
  const add = (code: readonly string[], outputs: readonly string[]): void => {
    cases.push({ snippet: { code, inputs: [], outputs: real(outputs), still: true }, rows: [[]] })
  }
  const links = [...INTEGER_CLASSES.map(kind => integerRegister(random, kind)), 'x5', 'x1', 'x0']
  for (const rd of links) {
    const m = anyInteger(random, [rd])
    add([`li ${m}, 0`, `jal ${rd}, 1f`, `addi ${m}, ${m}, 1`, '1:', `addi ${m}, ${m}, 2`], [rd, m])
    add(
      [`li ${m}, 0`, 'j 2f', '1:', `addi ${m}, ${m}, 4`, 'j 3f', '2:', `jal ${rd}, 1b`, `addi ${m}, ${m}, 1`, '3:'],
      [rd, m],
    )
  }
  for (const rd of links) {
    for (const kind of ['pinned', 'unpinned', 'sp', 'ra'] as const) {
      for (const known of [true, false]) {
        const base = random.chance(0.25) && rd !== 'x0' ? rd : integerRegister(random, kind, [rd])
        const m = anyInteger(random, [rd, base])
        const s = anyInteger(random, [rd, base, m])
        // Targets are given odd too: jalr clears bit 0.
        const offset = random.pick([0, 0, 1, -1, 2047, -2048, random.between(-2048, 2047)])
        const odd = random.below(2)
        const hidden = known ? [] : [`li ${s}, ${WINDOW.address}`, `sd ${base}, 0(${s})`, `ld ${base}, 0(${s})`]
        const adjust = -offset + (offset % 2 === 0 ? odd : 0)
        const steps = [Math.trunc(adjust / 2), adjust - Math.trunc(adjust / 2)]
        const set = [`la ${base}, 1f`, ...steps.map(step => `addi ${base}, ${base}, ${step}`), ...hidden]
        const jump = `jalr ${rd}, ${offset}(${base})`
        add([`li ${m}, 0`, ...set, jump, `addi ${m}, ${m}, 1`, '1:', `addi ${m}, ${m}, 2`], [rd, m])
      }
    }
  }
  return cases
}

/** Jumps through a table of addresses, and into code at a computed distance. */
function tables(random: Random): Case[] {
  const cases: Case[] = []
  for (let i = 0; i < 24; i++) {
    const [v, t, m] = random.sample(['x5', 'x6', 'x7', 'x10', 'x11', 'x15', 'x18', 'x20', 'x28', 'x31', 'x8'], 3)
    const arms = ['1:', `addi ${m}, ${v}, 1`, 'j 6f', '2:', `slli ${m}, ${v}, 2`, 'j 6f', '3:', `xori ${m}, ${v}, 3`]
    const rest = ['j 6f', '4:', `not ${m}, ${v}`, 'j 6f', '.balign 8', '5:', '.quad 1b, 2b, 3b, 4b', '6:']
    const jump = [`andi ${v}, ${v}, 3`, `slli ${m}, ${v}, 3`, `la ${t}, 5f`, `add ${t}, ${t}, ${m}`, `ld ${t}, 0(${t})`]
    const code = [...jump, `jr ${t}`, ...arms, ...rest]
    cases.push({ snippet: { code, inputs: [v!], outputs: [m!, v!] }, rows: integerRows(random, 1, 8) })
    const slots = [0, 1, 2, 3].map(k => `addi ${m}, ${m}, ${k + 1}`)
    const computed = ['.option push', '.option norvc', `andi ${v}, ${v}, 3`, `slli ${v}, ${v}, 2`, `la ${t}, 1f`]
    const into = [`add ${t}, ${t}, ${v}`, `li ${m}, 0`, `jr ${t}`, '1:', ...slots, '.option pop']
    cases.push({
      snippet: { code: [...computed, ...into], inputs: [v!], outputs: [m!] },
      rows: integerRows(random, 1, 8),
    })
  }
  return cases
}

/** Calls and returns, proper and improper: a return address is a prediction that the program may ignore. */
function calls(random: Random): Case[] {
  const cases: Case[] = []
  for (let i = 0; i < 12; i++) {
    const [a, m, s, t] = random.sample(
      ['x6', 'x7', 'x8', 'x9', 'x10', 'x12', 'x16', 'x17', 'x18', 'x19', 'x21', 'x29'],
      4,
    )
    const step = (k: number): string => `addi ${m}, ${m}, ${k}`
    const add = (code: readonly string[], extra: Partial<Snippet> = {}): void => {
      const snippet = { code: [`mv ${m}, ${a}`, ...code], inputs: [a!], outputs: [m!, a!], still: true, ...extra }
      cases.push({ snippet, rows: integerRows(random, 1, 4) })
    }
    const link = random.pick(['ra', 'ra', 't0'])
    // A call and its return; the same through a pointer; one call within another.
    add([`jal ${link}, 1f`, step(1), 'j 2f', '1:', step(16), `jr ${link}`, '2:'])
    add([`la ${t}, 1f`, `jalr ${link}, 0(${t})`, step(1), 'j 2f', '1:', step(16), `jr ${link}`, '2:'])
    const inner = ['3:', `slli ${m}, ${m}, 1`, 'ret']
    add([
      'jal ra, 1f',
      step(1),
      'j 2f',
      '1:',
      `mv ${s}, ra`,
      'jal ra, 3f',
      step(4),
      `mv ra, ${s}`,
      'ret',
      ...inner,
      '2:',
    ])
    // A tail call; a return to another place; one to an odd address.
    add(['jal ra, 1f', step(1), 'j 2f', '1:', step(8), 'j 3f', ...inner, '2:'])
    add(['jal ra, 1f', step(1), 'j 2f', '1:', 'la ra, 3f', 'ret', '3:', step(32), '2:'])
    add(['jal ra, 1f', step(1), 'j 2f', '1:', step(64), 'ori ra, ra, 1', 'ret', '2:'])
    // The inner function goes past its caller's frame, as longjmp does.
    add(['jal ra, 1f', step(1), 'j 2f', '1:', `mv ${s}, ra`, 'jal ra, 3f', step(4), 'ret', '3:', `jr ${s}`, '2:'])
    // Two routines that call each other back and forth by jalr ra, ra, which both pops and pushes.
    add([
      'jal ra, 1f',
      step(1),
      'jalr ra, 0(ra)',
      step(2),
      'j 2f',
      '1:',
      step(16),
      'jalr ra, 0(ra)',
      step(32),
      'jalr ra, 0(ra)',
      '2:',
    ])
    // One routine twice from two places, with the saved return addresses given back in the wrong order.
    add([
      'jal ra, 1f',
      step(1),
      `mv ${s}, ra`,
      'jal ra, 4f',
      step(2),
      'j 2f',
      '1:',
      step(16),
      'ret',
      '4:',
      step(8),
      `la ${t}, 5f`,
      `jr ${t}`,
      '5:',
      step(64),
      'ret',
      '2:',
    ])
    // Recursion with a stack.
    const save = ['addi sp, sp, -16', 'sd ra, 8(sp)', `sd ${s}, 0(sp)`, `mv ${s}, ${a}`]
    const load = [`ld ${s}, 0(sp)`, 'ld ra, 8(sp)', 'addi sp, sp, 16', 'ret']
    const recursion = [`blez ${a}, 3f`, `addi ${a}, ${a}, -1`, 'jal ra, 1b', '3:', `add ${m}, ${m}, ${s}`]
    const depth = random.pick([1, 2, 5, 15])
    add([
      `andi ${a}, ${a}, ${depth}`,
      `li sp, ${WINDOW.middle}`,
      'jal ra, 1f',
      'j 2f',
      '1:',
      ...save,
      ...recursion,
      ...load,
      '2:',
    ])
  }
  return cases
}

export function control(random: Random): Case[] {
  return [...branches(random), ...jumps(random), ...tables(random), ...calls(random)]
}
