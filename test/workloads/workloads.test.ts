/**
 * The quick part of the workloads: Debian programs under ferry do what they do natively. `npm run workloads` runs all.
 * Needs the sysroots (sysroot.ts fetches them once) and namespaces; without one of them the tests are skipped.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeSysroots, type Sysroots } from '../../bench/debian/sysroot.ts'
import { compareOutcomes } from './compare.ts'
import { runWorkload, whyNot } from './engines.ts'
import { WORKLOADS } from './list.ts'

/** Seconds for fetching the packages, and for one run on a busy machine. */
const FETCH = 600
const LIMIT = 120

let sysroots: Sysroots | undefined
let reason = whyNot()
const folder = mkdtempSync(join(tmpdir(), 'ferry-workloads-'))

beforeAll(() => {
  // Translations are kept from one workload to the next, as users have it.
  process.env.FERRY_CACHE = ''
  process.env.FERRY_CACHE_DIR = join(folder, 'cache')
  if (reason !== undefined) return
  try {
    sysroots = makeSysroots()
  } catch (error) {
    reason = `no sysroots: ${(error as Error).message}`
  }
}, FETCH * 1000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

for (const row of WORKLOADS.filter(workload => workload.quick)) {
  test(
    row.name,
    async ({ skip }) => {
      if (!sysroots) return skip(reason)
      const home = join(folder, row.name.replaceAll('/', '-'))
      const place = (name: string) => ({ files: join(home, name), seen: join(home, 'work') })
      const expected = await runWorkload('native', row, sysroots, place('expected'), LIMIT)
      const got = await runWorkload('ferry', row, sysroots, place('got'), LIMIT)
      expect(expected.status).toBe(row.status)
      expect(compareOutcomes(row, expected, got).join('\n')).toBe('')
    },
    2 * LIMIT * 1000,
  )
}
