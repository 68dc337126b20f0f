/** Processes: each program prints what its native build prints, with all the processes that it starts. */
import { describe, expect, test } from 'vitest'
import { type Build, build, programs, run } from './probe.ts'

/** The other program that `exec` starts: linked the other way. */
const OTHER: Readonly<Record<'native' | 'static' | 'dynamic', Build>> = {
  native: 'native',
  static: 'dynamic',
  dynamic: 'static',
}
const ENDS_WITH: Readonly<Record<string, number>> = { outlive: 23, stopped: 23 }

describe.each(programs('processes'))('%s', name => {
  test.each(['static', 'dynamic'] as const)('%s', async kind => {
    const use = (one: 'native' | 'static' | 'dynamic') =>
      run(one, build('processes', name, one), { args: name === 'exec' ? [build('processes', name, OTHER[one])] : [] })
    const expected = await use('native')
    expect(expected).toMatchObject({ status: ENDS_WITH[name] ?? 0, signal: null, stderr: '' })
    expect(expected.stdout).not.toBe('')
    expect(await use(kind)).toEqual(expected)
  })
})
