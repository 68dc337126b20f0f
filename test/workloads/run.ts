/**
 * Runs workloads natively and under ferry and compares what they print, write and return.
 *
 *   npm run workloads -- [options] [part of a name]…
 *
 * Options: --list, --quick (only the part in `npm test`), --others (instead: compilers, servers and other runtimes, with a
 * gigabyte of packages in sysroots of their own), --with ferry|qemu|native (what is compared with native; ferry),
 * --table (with --others: the table of docs/compatibility.md, native, ferry and qemu in turn), --jobs N (2), --limit SECONDS
 * (300, of each run), --json (one document on stdout), --keep (the folders, and says where).
 * Exit status 1 when something differs. FERRY_SYSROOT_DIR: where the sysroots are (sysroot.ts). QEMU: path of qemu-riscv64.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { makeSysroots, PACKAGES, sysrootFolder } from '../../bench/debian/sysroot.ts'
import { compareOutcomes } from './compare.ts'
import { ENGINES, type Engine, runWorkload, whyNot } from './engines.ts'
import { WORKLOADS } from './list.ts'
import { OTHERS } from './others.ts'
import { HEADER, tableRow } from './table.ts'
import type { Workload } from './workload.ts'

interface Result {
  readonly name: string
  readonly same: boolean
  readonly differences: readonly string[]
  readonly nativeSeconds: number
  readonly seconds: number
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    others: { type: 'boolean', default: false },
    table: { type: 'boolean', default: false },
    with: { type: 'string', default: 'ferry' },
    jobs: { type: 'string', default: '2' },
    limit: { type: 'string', default: '300' },
    json: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
})

const isNamed = (row: Workload) => positionals.length === 0 || positionals.some(part => row.name.includes(part))
const others = OTHERS.filter(isNamed)
const named = values.others ? others : WORKLOADS.filter(isNamed)
const chosen = named.filter(row => row.quick || !values.quick)
process.exitCode = values.list ? list() : await main()

function list(): number {
  for (const { name, command, quick } of chosen) console.log(`${name}${quick ? ' (quick)' : ''}: ${command.join(' ')}`)
  return 0
}

async function main(): Promise<number> {
  const engine = ENGINES.find(name => name === values.with)
  const reason = engine === undefined ? `--with ${values.with}: give ${ENGINES.join(', ')}` : whyNot()
  if (engine === undefined || reason !== undefined || chosen.length === 0) {
    console.error(`workloads: ${reason ?? 'no workload has such a name'}`)
    return 2
  }
  const sysroots = values.others
    ? makeSysroots([...PACKAGES, ...others.flatMap(({ packages }) => packages)], sysrootFolder('others'))
    : makeSysroots()
  const folder = mkdtempSync(join(tmpdir(), 'ferry-workloads-'))
  // For workloads that become another user.
  chmodSync(folder, 0o755)
  process.env.FERRY_CACHE_DIR ??= join(folder, 'cache')
  const results: Result[] = []
  if (values.table && values.others) {
    console.log(HEADER)
    for (const row of others) console.log(await tableRow(row, sysroots, folder, Number(values.limit)))
    rmSync(folder, { recursive: true, force: true })
    return 0
  }
  const waiting = [...chosen]
  const work = async () => {
    for (let row = waiting.shift(); row; row = waiting.shift()) {
      const result = await measure(row, engine, folder)
      results.push(result)
      if (!values.json) report(result)
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, Number(values.jobs)) }, work))
  const failed = results.filter(result => !result.same).length
  if (values.json) console.log(JSON.stringify({ engine, results }, null, 2))
  else console.log(`${results.length - failed} the same, ${failed} different`)
  if (values.keep) console.error(`kept: ${folder}`)
  else rmSync(folder, { recursive: true, force: true })
  return failed === 0 ? 0 : 1

  async function measure(row: Workload, other: Engine, below: string): Promise<Result> {
    const limit = Number(values.limit)
    const home = join(below, row.name.replaceAll('/', '-'))
    const seen = join(home, 'work')
    const expected = await runWorkload('native', row, sysroots, { files: join(home, 'expected'), seen }, limit)
    const got = await runWorkload(other, row, sysroots, { files: join(home, 'got'), seen }, limit)
    const differences = compareOutcomes(row, expected, got)
    if (expected.status !== row.status) differences.unshift(`native: exit status ${expected.status}, not ${row.status}`)
    const { name } = row
    return { name, same: differences.length === 0, differences, nativeSeconds: expected.seconds, seconds: got.seconds }
  }
}

function report({ name, same, differences, nativeSeconds, seconds }: Result): void {
  const times = `${seconds.toFixed(2)} s, native ${nativeSeconds.toFixed(2)} s, ${(seconds / nativeSeconds).toFixed(1)}x`
  console.log(`${same ? 'ok     ' : 'DIFFERS'} ${name} (${times})`)
  for (const text of differences) console.log(text.replace(/^/gm, '        '))
}
