import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { assemble, WORK } from '../diff/build.ts'
import { execute, FERRY, QEMU } from '../diff/engines.ts'
import { compare, LINK_OPTIONS } from './batch.ts'
import { emit } from './emit.ts'
import { generate } from './generate.ts'
import { FOUND, hunt } from './hunt.ts'
import { minimise } from './minimise.ts'
import type { Item, Program } from './program.ts'

describe('random programs', () => {
  test.each([1, 10_000, 20_000])('ferry gives what qemu-riscv64 gives, seeds from %i', async seed => {
    expect(await hunt({ seed, count: 100, seconds: 60, engine: FERRY, keep: false })).toEqual([])
  })

  test('ferry gives the same for larger programs', async () => {
    expect(await hunt({ seed: 30_000, count: 40, seconds: 60, engine: FERRY, keep: false, size: 3 })).toEqual([])
  })

  test('ferry gives what the interpreter gives, with instructions that QEMU 7.2 lacks', async () => {
    expect(await hunt({ seed: 40_000, count: 60, seconds: 60, engine: FERRY, keep: false, newest: true })).toEqual([])
  })

  test('ferry gives the same when signals interrupt the programs', async () => {
    const interruptions = { interval: 3000, rounds: 20 }
    expect(await hunt({ seed: 50_000, count: 20, seconds: 60, engine: FERRY, keep: false, interruptions })).toEqual([])
  })

  const found = existsSync(FOUND) ? readdirSync(FOUND).filter(name => name.endsWith('.s')) : []
  for (const name of found) {
    test(`found before: ${name}`, async () => {
      const text = readFileSync(`${FOUND}${name}`, 'utf8')
      const path = await assemble(`${WORK}found`, name.replace(/\.s$/, ''), text, LINK_OPTIONS)
      expect(compare(await execute(QEMU, path), await execute(FERRY, path))).toEqual([])
    })
  }
})

describe('generate', () => {
  test('makes the same program from the same seed', () => {
    expect(emit([generate(77n)])).toBe(emit([generate(77n)]))
    expect(emit([generate(77n)])).not.toBe(emit([generate(78n)]))
  })
})

describe('compare', () => {
  test('names the checkpoint, the register and both values', async () => {
    const path = await assemble(`${WORK}fuzz`, 'compare', emit([generate(5n), generate(6n)]), LINK_OPTIONS)
    const expected = await execute(QEMU, path)
    const stdout = Buffer.from(expected.stdout)
    const first = Number(stdout.readBigUInt64LE(0))
    expect(compare(expected, expected)).toEqual([])
    // The first register of the second program's first dump: x1.
    stdout.writeUInt8(stdout.readUInt8(8 + first + 8) ^ 1, 8 + first + 8)
    const [failure, ...others] = compare(expected, { ...expected, stdout })
    expect(others).toEqual([])
    expect(failure!.index).toBe(1)
    expect(failure!.text).toMatch(/^checkpoint \d+ \(dump 0\): x1 expected 0x[0-9a-f]+, got 0x[0-9a-f]+$/)
  })

  test('tells which program an engine did not finish', async () => {
    const path = await assemble(`${WORK}fuzz`, 'unfinished', emit([generate(5n), generate(6n)]), LINK_OPTIONS)
    const expected = await execute(QEMU, path)
    const length = 8 + Number(expected.stdout.readBigUInt64LE(0))
    const got = {
      ...expected,
      status: null,
      signal: 'SIGSEGV',
      stdout: expected.stdout.subarray(0, length + 40),
    } as const
    expect(compare(expected, got)).toEqual([{ index: 1, text: 'expected status 0, got status null signal SIGSEGV' }])
  })
})

describe('minimise', () => {
  const lines = (items: readonly Item[]): string[] =>
    items.flatMap(item => {
      if (item.kind === 'code') return [...item.lines]
      if (item.kind === 'if') return [...lines(item.body), ...lines(item.otherwise)]
      if (item.kind === 'loop' || item.kind === 'catch') return lines(item.body)
      if (item.kind === 'switch') return item.arms.flatMap(lines)
      return item.kind === 'tangle' ? item.blocks.flatMap(({ body }) => lines(body)) : []
    })

  test('leaves the instruction that is needed and nothing else', async () => {
    const needed = (program: Program): boolean =>
      program.routines.some(({ body }) => lines(body).some(line => line.startsWith('divw ')))
    let seed = 1n
    while (!needed(generate(seed))) seed++
    const judge = async (variants: readonly Program[]): Promise<number | undefined> => {
      const index = variants.findIndex(needed)
      return index < 0 ? undefined : index
    }
    const small = await minimise(generate(seed), judge, Number.POSITIVE_INFINITY)
    const rest = small.routines.flatMap(({ body }) => body)
    expect(rest.length).toBe(1)
    expect(lines(rest).at(-1)).toMatch(/^divw /)
  })
})
