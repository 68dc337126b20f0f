/**
 * Real programs from unmodified Debian sources give the same output, status and messages in every engine as natively:
 * bzip2 and minigzip compress and restore a 20 MB file, lua runs a script with errors and coroutines.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { debianPrograms } from '../../bench/debian/programs.ts'
import { ENGINES, type EngineName, type Outcome, runOnce } from '../../bench/engines.ts'
import { buildWorkload, root, type Workload } from '../../bench/workload.ts'

const SOURCES = join(root, 'build/debian')
const BUILDS = join(root, 'test/work/debian')
/** 20 MB through bzip2 in the slowest engine, on a busy machine. */
const TIMEOUT = 300_000
const NAMES = ['bzip2', 'minigzip', 'lua']
const COMPARED: readonly EngineName[] = ['qemu', 'emulated', 'hybrid', 'hybrid-off', 'hybrid-all', 'hybrid-qemu']

let programs: Workload[]

beforeAll(async () => {
  rmSync(BUILDS, { recursive: true, force: true })
  programs = await debianPrograms(SOURCES, 1)
}, TIMEOUT)

describe.each(NAMES)('%s', name => {
  let workload: Workload
  let expected: Outcome[]

  beforeAll(async () => {
    workload = programs.find(program => program.name === name)!
    expected = await runAll(workload, 'native')
  }, TIMEOUT)

  it('runs natively as it should', () => {
    const statuses = workload.runs.map(run => run.status ?? 0)
    expect(expected.map(outcome => outcome.status)).toEqual(statuses)
    expect(expected.every(outcome => outcome.length > 1000)).toBe(true)
  })

  it.each(COMPARED)(
    'does the same: %s',
    async engine => {
      const outcomes = await runAll(workload, engine)
      expect(outcomes.map(visible)).toEqual(expected.map(visible))
    },
    TIMEOUT,
  )
})

async function runAll(workload: Workload, engineName: EngineName): Promise<Outcome[]> {
  const engine = ENGINES[engineName]
  const program = await buildWorkload(workload, engine.build, BUILDS)
  const outcomes = []
  for (const run of workload.runs) outcomes.push(await runOnce(engine, program, run))
  return outcomes
}

/** What a run shows, without times. */
function visible({ status, signal, digest, length, stderr }: Outcome): object {
  return { status, signal, digest, length, stderr }
}
