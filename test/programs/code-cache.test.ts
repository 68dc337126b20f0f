/** A code cache that is much too small: programs go from one to the next, and nothing of it is seen. */
import { describe, expect, test } from 'vitest'
import { execute, FERRY } from '../diff/engines.ts'
import { build, SYSROOT } from './probe.ts'

const SMALLEST = '65536'
const environment = (size: string) => ({ ...process.env, FERRY_SYSROOT: SYSROOT, FERRY_CODE_CACHE_SIZE: size })

describe.each(['mathematics', 'strings', 'recover', 'handlers', 'coroutines'])('%s', name => {
  test.each(['static', 'dynamic'] as const)('built %s', async kind => {
    const program = build('basic', name, kind)
    const run = (size: string) => execute(FERRY, program, { env: environment(size) })
    const [expected, got] = await Promise.all([run(''), run(SMALLEST)])
    expect(expected.stdout.length).toBeGreaterThan(0)
    expect(got).toEqual(expected)
  })
})

test('more than one was used', async () => {
  const program = build('basic', 'mathematics', 'dynamic')
  const { stderr } = await execute([...FERRY.slice(0, -1), '--benchmark', '--'], program, {
    env: environment(SMALLEST),
  })
  expect(Number(/moved (\d+)/.exec(stderr)?.[1])).toBeGreaterThan(1)
})

test.each(['0', '65535', '65537', '2147483648', 'big'])('a size of %s is refused', async size => {
  const { status, stderr } = await execute(FERRY, build('basic', 'hello', 'static'), { env: environment(size) })
  expect(status).toBe(2)
  expect(stderr).toContain(`FERRY_CODE_CACHE_SIZE=${size}: give a number of bytes from 65536 to 1073741824`)
})
