/**
 * The random-program fuzzer as a command: `npm run fuzz -- --seed 1 --seconds 600`.
 * Options: --seed N (default: from the clock), --seconds S, --count C (one of the two is required), --size X (1),
 * --newest (with instructions that QEMU 7.2 lacks; the interpreter is the oracle then), --interrupt MICROSECONDS (signals at this
 * interval), --optimize NAMES (as of `ferry run`), --no-keep (do not write failing programs to test/fuzz/found/). Exit status 1
 * when something was found.
 */
import { parseArgs } from 'node:util'
import { FERRY, ferryWithout } from '../diff/engines.ts'
import { hunt } from './hunt.ts'

/** How often a program that is interrupted runs. */
const ROUNDS = 20

const { values } = parseArgs({
  allowNegative: true,
  options: {
    seed: { type: 'string' },
    seconds: { type: 'string' },
    count: { type: 'string' },
    size: { type: 'string', default: '1' },
    newest: { type: 'boolean', default: false },
    interrupt: { type: 'string' },
    optimize: { type: 'string' },
    keep: { type: 'boolean', default: true },
  },
})

function number(name: 'seed' | 'seconds' | 'count' | 'size' | 'interrupt', otherwise: number): number {
  const text = values[name]
  if (text === undefined) return otherwise
  const value = Number(text)
  if (!Number.isFinite(value) || value < 0) throw new RangeError(`--${name} ${text}: not a number of at least 0`)
  return value
}

if (values.seconds === undefined && values.count === undefined) {
  process.stderr.write('fuzz: give a bound: --seconds S or --count C\n')
  process.exit(2)
}
const seed = number('seed', Math.floor(Date.now() / 1000) * 1000)
const { optimize } = values
const interval = number('interrupt', 0)
const started = Date.now()
let programs = 0
const findings = await hunt({
  seed,
  seconds: number('seconds', Number.POSITIVE_INFINITY),
  count: number('count', Number.POSITIVE_INFINITY),
  size: number('size', 1),
  engine: optimize === undefined ? FERRY : ferryWithout(optimize),
  keep: values.keep,
  newest: values.newest,
  interruptions: interval > 0 ? { interval, rounds: ROUNDS } : undefined,
  progress: (done, failures) => {
    programs = done
    if (process.stderr.isTTY) process.stderr.write(`\r${done} programs, ${failures} failures `)
  },
})
if (process.stderr.isTTY) process.stderr.write('\n')
for (const { seed: which, text, path } of findings) console.log(`seed ${which}${path ? ` → ${path}` : ''}\n${text}\n`)
console.log(
  `seed ${seed}: ${programs} programs in ${Math.round((Date.now() - started) / 1000)} s, ${findings.length} failures`,
)
process.exitCode = findings.length > 0 ? 1 : 0
