/** `ferry run --profile` as text for people: the hottest of everything. Pure; --json has all of it. */
import type { Measurement, Profile } from '../runtime/index.ts'
import { type Align, formatTable } from './table.ts'

/** Rows of the tables of blocks, functions and edges. */
const ROWS = 20
const NONE = '-'

/** @param measurements of the marked functions of a hybrid binary */
export function profileText(profile: Profile, measurements: readonly Measurement[] = []): string {
  const parts = [
    heading(profile),
    section('hottest blocks', profile.blocks, blockTable),
    section('hottest functions', profile.functions, functionTable),
    section('most taken edges', profile.edges, edgeTable),
    section(
      'most taken ways out of regions',
      profile.edges.filter(({ exit }) => exit),
      edgeTable,
    ),
    registerTable('uses of integer registers', profile, false),
    registerTable('uses of floating-point registers', profile, true),
    crossings(measurements),
  ]
  return `${parts.filter(part => part !== '').join('\n\n')}\n`
}

function heading(profile: Profile): string {
  const { executions, instructions, hostBytesPerInstruction, blocksTranslated, blocksUncounted, edgesOpen } = profile
  const open = edgesOpen === 0 ? '' : `; ${edgesOpen} edges can not be told from them`
  const lines = [
    `ferry: profile: ${instructions} guest instructions in ${executions} executions of ${profile.blocks.length} blocks (${blocksTranslated} translated${open}), ${hostBytesPerInstruction.toFixed(2)} host bytes per guest instruction`,
  ]
  if (blocksUncounted > 0) lines.push(`ferry: profile: ${blocksUncounted} blocks were not counted: out of counters`)
  return lines.join('\n')
}

function section<Row>(title: string, rows: readonly Row[], table: (rows: readonly Row[]) => string): string {
  if (rows.length === 0) return ''
  const shown = rows.slice(0, ROWS)
  const of = rows.length > shown.length ? ` (${shown.length} of ${rows.length})` : ''
  return `${title}${of}\n${table(shown)}`
}

const hex = (pc: number): string => `0x${pc.toString(16)}`
const percent = (share: number): string => `${(share * 100).toFixed(2)} %`
const right = (count: number): Align[] => Array.from({ length: count }, () => 'right')

function blockTable(rows: Profile['blocks']): string {
  return formatTable(
    ['executions', 'instructions', 'share', 'bytes/instruction', 'pc', 'place'],
    rows.map(row => [
      String(row.executions),
      String(row.instructions),
      percent(row.share),
      row.hostBytesPerInstruction.toFixed(2),
      hex(row.pc),
      row.place ?? NONE,
    ]),
    right(5),
  )
}

function functionTable(rows: Profile['functions']): string {
  return formatTable(
    ['instructions', 'share', 'bytes/instruction', 'blocks', 'function'],
    rows.map(row => [
      String(row.instructions),
      percent(row.share),
      row.hostBytesPerInstruction.toFixed(2),
      String(row.blocks),
      row.name ?? NONE,
    ]),
    right(4),
  )
}

function edgeTable(rows: Profile['edges']): string {
  return formatTable(
    ['count', 'kind', 'from', 'to'],
    rows.map(row => [
      String(row.count),
      row.kind,
      row.fromPlace ?? hex(row.from),
      row.to === undefined ? NONE : (row.toPlace ?? hex(row.to)),
    ]),
    right(1),
  )
}

function registerTable(title: string, { registers }: Profile, float: boolean): string {
  const rows = registers.filter(({ name }) => name.startsWith('f') === float)
  if (rows.length === 0) return ''
  const table = formatTable(
    ['reads', 'writes', 'share', 'in a register', 'guest', 'home'],
    rows.map(row => [
      String(row.reads),
      String(row.writes),
      percent(row.share),
      row.home === 'constant' ? NONE : percent(row.inHost),
      row.name,
      row.home,
    ]),
    right(4),
  )
  return `${title}\n${table}`
}

function crossings(measurements: readonly Measurement[]): string {
  const rows = measurements.filter(({ offloaded, calls }) => offloaded && calls > 0)
  if (rows.length === 0) return ''
  const sorted = rows.toSorted((a, b) => b.calls - a.calls)
  return section('bridge calls of offloaded functions', sorted, shown =>
    formatTable(
      ['calls', 'function'],
      shown.map(({ name, calls }) => [String(calls), name]),
      right(1),
    ),
  )
}
