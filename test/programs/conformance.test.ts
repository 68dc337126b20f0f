/**
 * Some programs of the conformance suites, at least one of each feature, as the bridge carries it: under `--offload=all` they show what
 * qemu-riscv64 shows. All of them, in every mode: npm run conformance.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { featureSubjects } from '../conformance/corpus.ts'
import { attempt } from '../conformance/modes.ts'

const SOME = [
  ...[
    'callbacks/qsort',
    'callbacks/once',
    'control/computed-goto',
    'linkage/constructors',
    'linkage/ifunc',
    'linkage/weak',
  ],
  ...[
    'memory/alloca',
    'memory/strings',
    'numbers/half',
    'numbers/rounding',
    'pointers/objects',
    'processes/threads-fork',
  ],
  ...[
    'signals/flag',
    'signals/jump',
    'signals/registers',
    'threads/cancel',
    'threads/crossings',
    'threads/deep',
    'variadic/forward',
  ],
  ...[
    'variadic/iiiiiiiii-ii',
    'variadic/i-lqlq',
    'thread-local/local-exec',
    'layouts/bits-across',
    'atomics/short',
    'types/half',
  ],
  ...[
    'faults/load-exit',
    'faults/loop-repair',
    'faults/overflow-both-jump',
    'faults/null-call-default',
    'jumps/alternating-5',
  ],
]

const subjects = featureSubjects()
let work = ''
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'ferry-conformance-'))
})
afterAll(() => rmSync(work, { recursive: true }))

test('the suite has the programs that are asked for', () => {
  const names = subjects.map(subject => subject.name)
  expect(new Set(names).size).toBe(names.length)
  expect(names.length).toBeGreaterThanOrEqual(300)
  for (const name of SOME) expect(names).toContain(name)
})

describe.each(SOME)('%s', name => {
  test('--offload=all', async () => {
    const subject = subjects.find(s => s.name === name)!
    const { outcomes } = await attempt(subject, ['qemu', 'all'], join(work, name))
    expect(outcomes.get('qemu')).toMatchObject({ built: true, finished: true })
    expect(outcomes.get('all')).toEqual(outcomes.get('qemu'))
  })
})
