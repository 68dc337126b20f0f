/** A report as text for people. Pure: the same on a terminal and in a file. */
import {
  type Crossing,
  describeEnding,
  type FunctionReport,
  type ProgramReport,
  type Report,
} from '../runtime/index.ts'
import { formatTable } from './table.ts'

const NONE = '-'
/** From this factor on the report says that measuring slowed the program down. */
const NOTICEABLE = 1.2

export function reportText(report: Report): string {
  const { functions, programs } = report
  const parts = [
    heading(report),
    functionTable(functions),
    functionNotes(report),
    crossingTable(report),
    verdictSummary(report),
    programTable(programs),
    programNotes(report),
  ]
  return `${parts.filter(part => part !== '').join('\n\n')}\n`
}

/** Three significant digits and the unit that fits: `1.23 s`, `45.6 ms`, `789 µs`, `12.0 ns`. */
export function formatSeconds(seconds: number): string {
  const units = [
    ['s', 1],
    ['ms', 1e-3],
    ['µs', 1e-6],
    ['ns', 1e-9],
  ] as const
  const [name, unit] = units.find(([, size]) => seconds >= size * 0.9995) ?? units.at(-1)!
  const value = seconds / unit
  const digits = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
  return `${value.toFixed(digits)} ${name}`
}

/** `0.98x`, `12.3x`, `1234x`. */
export function formatFactor(factor: number): string {
  return `${factor.toFixed(factor >= 99.95 ? 0 : factor >= 9.995 ? 1 : 2)}x`
}

function heading({ program, arguments: args, functions, runs, outcome, environment }: Report): string {
  const count = functions.length === 1 ? '1 offloaded function' : `${functions.length} offloaded functions`
  return [
    [program, ...args].join(' '),
    `${count}; ${runs} timed ${runs === 1 ? 'run' : 'runs'} of each kind, all with the same output (${outcome.stdoutBytes} bytes) and ${describeEnding(outcome)}`,
    `${environment.cpu}, ${environment.cpuCount} processors, Linux ${environment.kernel}, native code for ${environment.hostCpu}`,
  ].join('\n')
}

function functionTable(functions: readonly FunctionReport[]): string {
  return formatTable(
    ['function', 'calls', 'crossings', 'emulated', 'offloaded', 'speedup', 'source'],
    functions.map(row => [
      row.name,
      String(row.calls),
      String(row.crossings),
      row.emulated > 0 ? formatSeconds(row.emulated) : NONE,
      row.offloaded > 0 ? formatSeconds(row.offloaded) : NONE,
      row.speedup === null ? NONE : `${row.comparable ? '' : '~'}${formatFactor(row.speedup)}`,
      row.source ?? '',
    ]),
    ['left', 'right', 'right', 'right', 'right', 'right', 'left'],
  )
}

function functionNotes({ functions, programs, measured }: Report): string {
  const names = (rows: readonly FunctionReport[]): string => rows.map(row => row.name).join(', ')
  const inside = functions.filter(row => row.calls > 0 && row.crossings === 0)
  const unlike = functions.filter(row => row.speedup !== null && !row.comparable)
  const unused = functions.filter(row => row.calls === 0 && row.crossings === 0)
  const unreturned = functions.filter(row => row.unreturned > 0)
  const slowdown = measured.emulated.wall / programs.find(row => row.kind === 'emulated')!.wall.median
  return [
    'Times of a function are those of one emulated and one hybrid run, and include the functions that it calls.',
    inside.length > 0 &&
      `Called by offloaded functions only, so without crossings; the time offloaded is inside the callers': ${names(inside)}.`,
    unlike.length > 0 &&
      `~ the time offloaded lacks the calls that offloaded functions made; the speedup is that of the mean call: ${names(unlike)}.`,
    unreturned.length > 0 && `Calls that exit or longjmp left are not in the times of: ${names(unreturned)}.`,
    unused.length > 0 && `Not called: ${names(unused)}.`,
    slowdown >= NOTICEABLE &&
      `Measuring made the emulated run ${formatFactor(slowdown)} as long: short functions take less than shown.`,
  ]
    .filter(Boolean)
    .join('\n')
}

/** Nanoseconds of a call over the bridge and back (`npm run bench -- crossing`). */
const CROSSING_TIME = { 'guest-host': 1.6, 'host-guest': 3.3 } as const
const CROSSINGS_SHOWN = 10

/** Calls, time, direction, caller and callee of each crossing, those that cost most first. */
export function crossingRows({ crossings }: Report): string[][] {
  const time = ({ direction, calls }: Crossing): number => (calls * CROSSING_TIME[direction]) / 1e9
  return crossings
    .toSorted((a, b) => time(b) - time(a))
    .map(row => [
      String(row.calls),
      formatSeconds(time(row)),
      row.direction === 'guest-host' ? 'guest to host' : 'host to guest',
      row.from || '(elsewhere)',
      row.to || '(elsewhere)',
    ])
}

function crossingTable(report: Report): string {
  const rows = crossingRows(report)
  if (rows.length === 0) return ''
  const header = ['crossings', 'time', 'direction', 'caller', 'callee']
  const table = formatTable(header, rows.slice(0, CROSSINGS_SHOWN), ['right', 'right', 'left', 'left', 'left'])
  const rest = rows.length - CROSSINGS_SHOWN
  return rest > 0 ? `${table}\nand ${rest} more pairs of caller and callee` : table
}

/** How many functions run where, and what keeps the others on the guest. */
export function verdictSummary({ verdicts }: Report): string {
  if (verdicts === undefined) return ''
  const { functions, mode } = verdicts
  const native = functions.filter(row => row.verdict === 'chosen').length
  const rules = new Map<string, number>()
  for (const { rule } of functions) if (rule !== undefined) rules.set(rule, (rules.get(rule) ?? 0) + 1)
  const refused = [...rules].sort((a, b) => b[1] - a[1]).map(([rule, count]) => `${rule} ${count}`)
  const by = refused.length === 0 ? 'no rule refuses any' : `rules refuse ${refused.join(', ')}`
  return `${native} of ${functions.length} functions run natively (--offload=${mode}); ${by}.`
}

function programTable(programs: readonly ProgramReport[]): string {
  const withNative = programs.some(row => row.ofNative !== null)
  return formatTable(
    ['program', 'median', 'min', 'CPU', 'speedup', ...(withNative ? ['of native'] : [])],
    programs.map(row => [
      row.kind,
      formatSeconds(row.wall.median),
      formatSeconds(row.wall.min),
      formatSeconds(row.cpu.median),
      formatFactor(row.speedup),
      ...(withNative ? [`${(row.ofNative! * 100).toFixed(0)} %`] : []),
    ]),
    ['left', 'right', 'right', 'right', 'right', 'right'],
  )
}

function programNotes({ programs, environment }: Report): string {
  const different = programs.find(row => row.difference)?.difference
  const { load, cpuCount } = environment
  return [
    'Times of the program are of whole processes, start included; translations are kept between runs. Speedup is against emulated.',
    different &&
      `The native build does not do what the RISC-V program does: ${different.what}. Compare ${different.emulated} with ${different.native}.`,
    // A run is two processes, translator and guest, that may work at the same time.
    load > cpuCount - 1 &&
      `The machine was busy (load ${load.toFixed(1)} on ${cpuCount} processors) when the runs began: times may be longer than need be.`,
  ]
    .filter(Boolean)
    .join('\n')
}
