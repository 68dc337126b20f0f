/** Rows of docs/compatibility.md: a program, natively, under ferry and under qemu, one after the other. */
import { join } from 'node:path'
import { packageVersion, type Sysroots } from '../../bench/debian/sysroot.ts'
import { compareOutcomes } from './compare.ts'
import { type Engine, type Outcome, runWorkload } from './engines.ts'
import type { Other } from './others.ts'

export const HEADER = `| program | what it did | ferry | QEMU | native | ferry | QEMU |
| --- | --- | --- | --- | --- | --- | --- |`

/** @param below new folder for what the runs find and leave */
export async function tableRow(row: Other, sysroots: Sysroots, below: string, limit: number): Promise<string> {
  const home = join(below, row.name.replaceAll('/', '-'))
  const run = (engine: Engine) =>
    runWorkload(engine, row, sysroots, { files: join(home, engine), seen: join(home, 'work') }, limit)
  const native = await run('native')
  const ferry = await run('ferry')
  const qemu = await run('qemu')
  const cells = [
    `${row.title} ${packageVersion(row.packages[0]!, sysroots) ?? ''}`.trim(),
    row.does,
    ...[ferry, qemu].map(outcome => verdict(row, native, outcome)),
    ...[native, ferry, qemu].map(({ seconds }) => `${seconds.toFixed(1)} s`),
  ]
  return `| ${cells.join(' | ')} |`
}

function verdict(row: Other, native: Outcome, outcome: Outcome): string {
  if (outcome.status === null) return 'no end in time'
  return compareOutcomes(row, native, outcome).length === 0 ? 'same' : 'differs'
}
