/**
 * Runs guest programs again and again: every outcome must be that of the native build.
 *
 *   npm run soak -- threads|signals|processes|code [PROGRAM...] [--runs=100] [--build=static,dynamic]
 *
 * Without a program: those that the bars are about. Exit status 1 when a run differs; its output goes to standard error.
 */
import { parseArgs } from 'node:util'
import { type Build, build, type ProbeOutcome, run } from './probe.ts'

const DEFAULTS: Readonly<Record<string, readonly string[]>> = {
  threads: ['work', 'atomics', 'litmus'],
  signals: ['timers', 'storm', 'jump'],
  processes: ['fork', 'replace', 'pipeline'],
  code: ['million', 'patch'],
}
/** A million times takes minutes. */
const LIMIT = 1_800_000

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '100' }, build: { type: 'string', default: 'static,dynamic' } },
})
const [group = '', ...named] = positionals
const names = named.length > 0 ? named : DEFAULTS[group]
const runs = Number(values.runs)
if (!names || !(runs > 0)) {
  console.error(
    'usage: npm run soak -- threads|signals|processes|code [PROGRAM...] [--runs=100] [--build=static,dynamic]',
  )
  process.exit(2)
}

const same = (a: ProbeOutcome, b: ProbeOutcome) => JSON.stringify(a) === JSON.stringify(b)

for (const name of names) {
  const expected = await run('native', build(group, name, 'native'), { limit: LIMIT })
  for (const kind of values.build.split(',') as Build[]) {
    const program = build(group, name, kind)
    const start = performance.now()
    let differences = 0
    for (let i = 1; i <= runs; i++) {
      const got = await run(kind, program, { limit: LIMIT })
      if (same(got, expected)) continue
      differences++
      process.exitCode = 1
      console.error(`${group}/${name} ${kind}, run ${i}: ${JSON.stringify({ expected, got }, null, 1)}`)
    }
    const seconds = ((performance.now() - start) / 1000 / runs).toFixed(2)
    console.log(`${group}/${name} ${kind}: ${runs} runs of ${seconds} s, ${differences} different`)
  }
}
