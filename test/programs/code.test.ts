/** Code that programs write and run: each prints what its native build prints, whatever it does to say that code is new. */
import { describe, expect, test } from 'vitest'
import { type Build, build, programs, run } from './probe.ts'

/** Rounds of `million` here; `npm run soak -- code` has a million. */
const ROUNDS = '20000'
/** Nested functions are an extension of gcc's. */
const KINDS: Readonly<Record<string, readonly Build[]>> = { trampolines: ['static-gcc', 'dynamic'] }

describe.each(programs('code'))('%s', name => {
  test.each(KINDS[name] ?? ['static', 'dynamic'])('%s', async kind => {
    const args = name === 'million' ? [ROUNDS] : []
    const expected = await run('native', build('code', name, 'native'), { args })
    expect(expected).toMatchObject({ status: 0, signal: null, stderr: '' })
    expect(expected.stdout).not.toBe('')
    expect(await run(kind, build('code', name, kind), { args })).toEqual(expected)
  })
})
