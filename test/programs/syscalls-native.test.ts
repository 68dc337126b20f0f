/** System calls: each program of syscalls-native/ prints what its build for this machine prints. */
import { describe, expect, test } from 'vitest'
import { build, programs, run } from './probe.ts'

describe.each(programs('syscalls-native'))('%s', name => {
  test('prints what it prints natively', async () => {
    const native = build('syscalls-native', name, 'native')
    const guest = build('syscalls-native', name, 'dynamic')
    const [expected, given] = await Promise.all([run('native', native), run('dynamic', guest)])
    expect(expected).toMatchObject({ status: 0, signal: null, stderr: '' })
    expect(expected.stdout).not.toBe('')
    expect(given).toEqual(expected)
  })
})
