/** Signals: each program prints what its native build prints, and ends by what ends that. */
import { describe, expect, test } from 'vitest'
import { build, programs, run } from './probe.ts'

/** Signals that end the process, by the argument of `endings`. */
const ENDINGS = [
  'abort',
  'abort-handled',
  'abort-ignored',
  'segv',
  'segv-blocked',
  'segv-ignored',
  'segv-in-handler',
  'segv-on-bad-stack',
  'overflow',
  'overflow-handled-there',
  'illegal',
  'kill',
  'term',
  'hup',
  'int',
  'pipe',
  'alarm',
  'vtalrm',
  'fpe-sent',
  'segv-sent',
  'trap-sent',
  'bus',
  'cpu-limit',
  'file-limit',
]

describe.each(programs('signals').filter(name => name !== 'endings'))('%s', name => {
  test.each(['static', 'dynamic'] as const)('%s', async kind => {
    const [expected, got] = await Promise.all(
      (['native', kind] as const).map(one => run(one, build('signals', name, one))),
    )
    expect(expected).toMatchObject({ status: 0, signal: null, stderr: '' })
    expect(expected!.stdout).not.toBe('')
    expect(got).toEqual(expected)
  })
})

describe('endings', () => {
  test.each(ENDINGS)('%s', async ending => {
    const outcomes = []
    for (const kind of ['native', 'static', 'dynamic'] as const)
      outcomes.push(await run(kind, build('signals', 'endings', kind), { args: [ending] }))
    expect([outcomes[0]!.status, outcomes[0]!.signal]).not.toEqual([0, null])
    expect(outcomes[1]).toEqual(outcomes[0])
    expect(outcomes[2]).toEqual(outcomes[0])
  })
})
