/** Medians, ratios and geometric means of what was measured. */
import { median } from '../../runtime/report/statistics.ts'
import type { Outcome } from './measure.ts'
import type { Measured, Result } from './suite.ts'

export type Quantity = 'cpu' | 'wall' | 'memory'

/** Median of the full runs; undefined without one. */
export function total(measured: Measured | undefined, quantity: Quantity = 'cpu'): number | undefined {
  return middle(measured?.full, quantity)
}

/** Seconds below which a difference of two runs is noise. */
const LEAST = 0.001

/**
 * CPU seconds of the work that the full run does and the small one does not: what is left without start-up, translation and
 * loading of kept translations. Without small runs the same as {@link total}.
 */
export function steady(measured: Measured | undefined): number | undefined {
  const full = middle(measured?.full, 'cpu')
  const small = middle(measured?.small, 'cpu')
  return full === undefined || small === undefined ? full : Math.max(full - small, LEAST)
}

function middle(outcomes: readonly Outcome[] | undefined, quantity: Quantity): number | undefined {
  return outcomes?.length ? median(outcomes.map(outcome => outcome[quantity])) : undefined
}

export function ratio(above: number | undefined, below: number | undefined): number | undefined {
  return above === undefined || below === undefined ? undefined : above / below
}

export function geometricMean(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter(value => value !== undefined)
  return known.length === 0
    ? undefined
    : Math.exp(known.reduce((sum, value) => sum + Math.log(value), 0) / known.length)
}

/** One figure of a result, such as a ratio of two engines. */
export interface Column {
  readonly title: string
  readonly value: (engines: Result['engines']) => number | undefined
  readonly decimals: number
  /** Whether geometric means of it say something. */
  readonly mean: boolean
}

const MIB = 1024
const seconds = (title: string, value: Column['value']): Column => ({ title, value, decimals: 3, mean: false })
const times = (title: string, value: Column['value']): Column => ({ title, value, decimals: 2, mean: true })
const whole = (title: string, value: Column['value']): Column => ({ title, value, decimals: 0, mean: false })

/** CPU time in steady state, as seconds and against the native build; against QEMU; then of whole runs. */
export const TIME_COLUMNS: readonly Column[] = [
  seconds('native s', e => steady(e.native)),
  times('qemu7', e => ratio(steady(e.qemu7), steady(e.native))),
  times('qemu10', e => ratio(steady(e.qemu10), steady(e.native))),
  times('ferry', e => ratio(steady(e.warm), steady(e.native))),
  times('qemu7/ferry', e => ratio(steady(e.qemu7), steady(e.warm))),
  times('qemu10/ferry', e => ratio(steady(e.qemu10), steady(e.warm))),
  times('cold', e => ratio(total(e.cold), total(e.native))),
  times('warm', e => ratio(total(e.warm), total(e.native))),
  times('qemu10/cold', e => ratio(total(e.qemu10), total(e.cold))),
  times('qemu10/warm', e => ratio(total(e.qemu10), total(e.warm))),
]

const ENGINES = ['native', 'qemu7', 'qemu10', 'cold', 'warm']

/** Milliseconds on the clock and of CPU time. */
export const START_COLUMNS: readonly Column[] = [
  ...ENGINES.map(name => whole(`${name} ms`, e => scale(total(e[name], 'wall'), 1000))),
  ...['qemu10', 'cold', 'warm'].map(name => whole(`${name} cpu`, e => scale(total(e[name]), 1000))),
  { ...times('warm/qemu10', e => ratio(total(e.warm, 'wall'), total(e.qemu10, 'wall'))), mean: false },
]

/** MiB at the peak. */
export const MEMORY_COLUMNS: readonly Column[] = [
  ...ENGINES.map(name => whole(name, e => scale(total(e[name], 'memory'), 1 / MIB))),
  ...['cold', 'warm'].map(name => whole(`${name}-qemu10`, e => memoryAbove(e, name))),
]

function scale(value: number | undefined, factor: number): number | undefined {
  return value === undefined ? undefined : value * factor
}

function memoryAbove(engines: Result['engines'], name: string): number | undefined {
  const [own, qemu] = [total(engines[name], 'memory'), total(engines.qemu10, 'memory')]
  return own === undefined || qemu === undefined ? undefined : (own - qemu) / MIB
}
