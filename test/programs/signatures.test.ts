/** Random signatures across the bridge, both ways: the result is that of a plain clang under qemu-riscv64. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { build } from '../../offload/index.ts'
import { signatureProgram } from './signatures.ts'

const ferry = join(dirname(fileURLToPath(import.meta.url)), '../../bin/ferry')
const GUEST = ['--target=riscv64-linux-gnu', '--gcc-install-dir=/usr/lib/gcc-cross/riscv64-linux-gnu/12', '-static']
const PAIRS = 40

let work = ''
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'ferry-signatures-'))
})
afterAll(() => rmSync(work, { recursive: true }))

test.each([1, 2, 3, 4, 5, 6])('seed %i', async seed => {
  const source = join(work, `${seed}.c`)
  const plain = join(work, `${seed}.plain`)
  const hybrid = join(work, `${seed}.hybrid`)
  writeFileSync(source, signatureProgram(seed, PAIRS))
  execFileSync('clang-22', [...GUEST, '-fuse-ld=lld', '-O1', '-w', source, '-o', plain])
  const expected = execFileSync('qemu-riscv64', [plain], { encoding: 'utf8' })
  const { refused, manifest } = await build({ arguments: ['-O1', '-w', source, '-o', hybrid] })
  expect(refused).toEqual([])
  expect(manifest!.functions.length).toBeGreaterThan(PAIRS)
  expect(execFileSync(ferry, ['run', hybrid], { encoding: 'utf8' })).toBe(expected)
})
