/** Threads: each program prints what its native build prints, statically and dynamically linked. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { BUILDS, type Build, build, programs, run, WORK } from './probe.ts'

/** How a process with threads ends, by the argument of `endings`. */
const ENDINGS = [
  'return',
  'exit',
  'thread-exit',
  'thread-_exit',
  'thread-abort',
  'thread-fault',
  'thread-kill',
  'kill-thread',
  'main-gone-exit',
  'main-gone-fault',
]
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  raw: ['-nostdlib', '-static', '-fno-stack-protector'],
}

describe.each(programs('threads').filter(name => name !== 'endings' && name !== 'dlopen'))('%s', name => {
  test.each(['static', 'dynamic'] as const)('%s', async kind => {
    const [expected, got] = await Promise.all(
      (['native', kind] as const).map(one => run(one, build('threads', name, one, OPTIONS[name]))),
    )
    expect(expected).toMatchObject({ signal: null, stderr: '' })
    expect(expected!.stdout).not.toBe('')
    expect(got).toEqual(expected)
  })
})

describe('endings', () => {
  test.each(ENDINGS)('%s', async ending => {
    const outcomes = []
    for (const kind of ['native', 'static', 'dynamic'] as const)
      outcomes.push(await run(kind, build('threads', 'endings', kind), { args: [ending] }))
    expect([outcomes[0]!.status, outcomes[0]!.signal]).not.toEqual([0, null])
    expect(outcomes[1]).toEqual(outcomes[0])
    expect(outcomes[2]).toEqual(outcomes[0])
  })
})

test('libraries loaded by threads', async () => {
  const use = (kind: Build) =>
    run(kind, build('threads', 'dlopen', kind, ['-ldl']), { args: [join(WORK, `threads/plug.${kind}`)] })
  const source = fileURLToPath(new URL('./threads/library/plug.c', import.meta.url))
  for (const kind of ['native', 'dynamic'] as const)
    for (let i = 0; i < 6; i++) {
      const [command = '', ...words] = BUILDS[kind].split(' ')
      build('threads', 'dlopen', kind, ['-ldl'])
      const library = join(WORK, `threads/plug.${kind}${i}.so`)
      execFileSync(command, [...words, '-shared', '-fPIC', `-DPLUG=${i}`, source, '-o', library])
    }
  const expected = await use('native')
  expect(expected).toMatchObject({ status: 0, stdout: expect.stringContaining('failures 0') })
  expect(await use('dynamic')).toEqual(expected)
})
