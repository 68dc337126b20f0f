/** What is missing around ferry: its own parts, address space. */
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root, Workshop } from './errors/workshop.ts'

const workshop = new Workshop('environment')

beforeAll(() => {
  workshop.guest('program.s', '.globl _start\n_start:\n  li a0, 3\n  li a7, 93\n  ecall\n', ['-nostdlib'])
})
afterAll(() => workshop.dispose())

/** A copy of what ferry consists of at run time, to take parts from. */
function copyOfFerry(): string {
  const copy = workshop.path('ferry')
  rmSync(copy, { recursive: true, force: true })
  mkdirSync(copy)
  cpSync(join(root, 'bin'), join(copy, 'bin'), { recursive: true, verbatimSymlinks: true })
  cpSync(join(root, 'dist'), join(copy, 'dist'), { recursive: true })
  cpSync(join(root, 'package.json'), join(copy, 'package.json'))
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

describe('a ferry without', () => {
  test('its executor', () => {
    const copy = copyOfFerry()
    expect(workshop.run(join(copy, 'bin/ferry'), ['run', 'program']).status).toBe(3)
    rmSync(join(copy, 'dist/executor'))
    const result = workshop.run(process.execPath, [join(copy, 'bin/ferry.cjs'), 'run', 'program'])
    workshop.expectFailure(
      result,
      1,
      'dist/executor: the executor is not built. Run `npm run build` in the folder of ferry',
    )
  })

  test('an executor that runs', () => {
    const copy = copyOfFerry()
    rmSync(join(copy, 'dist/executor'))
    cpSync(join(root, 'package.json'), join(copy, 'dist/executor'))
    const result = workshop.run(process.execPath, [join(copy, 'bin/ferry.cjs'), 'run', 'program'])
    workshop.expectFailure(result, 125, 'the executor could not start the guest:', 'EACCES')
  })

  test('an executor of its version', () => {
    const copy = copyOfFerry()
    rmSync(join(copy, 'dist/executor'))
    cpSync('/bin/true', join(copy, 'dist/executor'))
    const result = workshop.run(process.execPath, [join(copy, 'bin/ferry.cjs'), 'run', 'program'])
    workshop.expectFailure(result, 125, 'the executor could not start the guest: it ended with 0')
  })

  test('being built', () => {
    const copy = copyOfFerry()
    for (const name of readdirSync(join(copy, 'dist'))) rmSync(join(copy, 'dist', name))
    const result = workshop.run(process.execPath, [join(copy, 'bin/ferry.cjs'), 'run', 'program'])
    workshop.expectFailure(result, 1, 'not built yet. Run: npm --prefix', 'run setup')
  })
})

describe('a limit of', () => {
  test.each([8, 64])('%i GB of address space', size => {
    const result = workshop.shell(`ulimit -v ${size << 20}; exec $FERRY run program`)
    workshop.expectFailure(result, 1, /not enough address space .*|no shared memory/, 'ulimit -v')
  })

  test('file sizes that shared memory exceeds', () => {
    const result = workshop.shell('ulimit -f 1000; exec $FERRY run program')
    workshop.expectFailure(result, 1, 'no shared memory for ferry: ftruncate failed', 'ulimit -f')
  })
})

test('arguments that do not fit', () => {
  const line = 'exec $FERRY run --stack-size=128K program $(seq 1 20000)'
  workshop.expectFailure(workshop.shell(line), 1, 'the arguments and environment do not fit', 'Give fewer')
})
