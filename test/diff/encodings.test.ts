import { describe, expect, test } from 'vitest'
import { Decoded, decode } from '../../emulator/riscv/decode.ts'
import { OPCODES } from '../../emulator/riscv/table.ts'
import { buildEncodings, different, executed, halfwords, instances, words } from './encodings.ts'
import { type Engine, execute, FERRY, TIERS } from './engines.ts'
import { BLOCK_OPS, CONDITIONAL_OPS, EXTREME_OPS, INTEGRAL_OPS, QUIET_COMPARE_OPS } from './families/newer.ts'
import { interpret } from './interpreter.ts'
import { Random } from './random.ts'

/**
 * Single encodings, of instructions and of none, with random registers: the signal, where it came, all registers and the
 * memory are as under qemu-riscv64 7.2, or, of what that lacks, as the reference interpreter has them.
 */

/** What ferry has and QEMU 7.2 has too. */
const QEMU: Engine = ['qemu-riscv64', '-cpu', 'rv64,Zfhmin=true,zbc=false']

const NEWER: readonly string[] = [...CONDITIONAL_OPS, ...BLOCK_OPS, 'fcvtmod', 'fli']
const NEWER_FLOAT: readonly string[] = [...EXTREME_OPS, ...INTEGRAL_OPS, ...QUIET_COMPARE_OPS]
const decoded = new Decoded()

function isNewer(word: number): boolean {
  if (!decode(word, decoded)) return false
  const { mnemonic } = OPCODES[decoded.op]!
  const [name] = mnemonic.split('.')
  if (NEWER.includes(mnemonic) || NEWER.includes(name!) || NEWER_FLOAT.includes(name!)) return true
  // Zcb
  const quadrant = word & 3
  return (quadrant === 0 && (word & 0xe000) === 0x8000) || (quadrant === 1 && (word & 0xfc40) === 0x9c40)
}

/** Jumps, whose targets the interpreter would execute in data too. */
function isJump(word: number): boolean {
  return decode(word, decoded) && OPCODES[decoded.op]!.flow === 'jump'
}

const LISTS: Readonly<Record<string, readonly number[]>> = {
  halfwords: halfwords(3, 7),
  instances: instances(new Random(1), 8),
  words: words(new Random(2), 3000),
}

describe.each(Object.entries(LISTS))('%s', (name, list) => {
  test.each(TIERS)('%s does what QEMU does', async (_, engine) => {
    const known = list.filter(word => !isNewer(word))
    const path = await buildEncodings(name, known)
    const [expected, got] = await Promise.all([execute(QEMU, path), execute(engine, path)])
    expect(executed(expected)).toHaveLength(known.length)
    expect(different(executed(expected), executed(got)).join('\n')).toBe('')
  })

  test('ferry does what the interpreter does', async () => {
    const some = list.filter((word, i) => !isJump(word) && (isNewer(word) || i % 16 === 0)).slice(0, 1000)
    const path = await buildEncodings(`${name}-interpreted`, some)
    const expected = interpret(path)
    expect(executed(expected)).toHaveLength(some.length)
    expect(different(executed(expected), executed(await execute(FERRY, path))).join('\n')).toBe('')
  })
})
