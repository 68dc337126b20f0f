/** A translated region as text: IR, then host code with the names of what it refers to. */
import { FIXUP } from '../../../base/layout.ts'
import type { Gates } from '../../../emulator/gates.ts'
import type { Region } from '../../../emulator/region.ts'
import { F_NAMES, X_NAMES } from '../../../emulator/riscv/print.ts'
import { disassemble } from './case.ts'

export interface Translated {
  readonly title: string
  readonly ir: readonly string[]
  readonly region: Region
}

const hex = (value: number): string => `0x${value.toString(16)}`
const GATES = ['miss', 'resume', 'enter', 'leave', 'mismatch', 'syscall', 'trap', 'fence'] as const

/** Listings of all regions, by one run of the disassembler. The gates are at address 0, as in the code cache. */
export function listAll(gates: Gates, translated: readonly Translated[]): string[] {
  const names = new Map<number, string>(GATES.map(name => [gates[name], `gate ${name}`]))
  for (const [name, place] of Object.entries(gates.pool)) names.set(place, name)
  const offsets: number[] = []
  let size = gates.bytes.length
  for (const { region } of translated) {
    offsets.push(size)
    size = Math.ceil((size + region.bytes.length) / 64) * 64
  }
  const code = new Uint8Array(size).fill(0x90)
  for (const [k, { region }] of translated.entries()) link(code, offsets[k]!, region)
  const lines = disassemble(code)
  return translated.map(({ title, ir, region }, k) => {
    const own = lines.filter(({ address }) => address >= offsets[k]! && address < offsets[k]! + region.bytes.length)
    const host = own.map(({ address, text }) => ({ at: address - offsets[k]!, text: name(text, offsets[k]!, names) }))
    return [`== ${title}`, ...ir, '--', ...hostLines(host, region), ''].join('\n')
  })
}

/** Places the region as the code cache does, with every chain waiting at its stub. */
function link(code: Uint8Array, offset: number, region: Region): void {
  code.set(region.bytes, offset)
  const view = new DataView(code.buffer)
  const point = (field: number, target: number): void =>
    view.setInt32(offset + field, target - (offset + field + 4), true)
  for (const { field, gate } of region.gateReferences) point(field, gate)
  for (const { field, stub } of region.chains) point(field, offset + stub)
}

/** Targets of jumps and rip-relative operands by name, or as positions in the region. */
function name(text: string, offset: number, names: ReadonlyMap<number, string>): string {
  const place = (address: string): string => names.get(Number(address)) ?? hex(Number(address) - offset)
  return text
    .replace(/\[rip [+-] \d+\] # (0x[0-9a-f]+).*$/, (_, address: string) => `[${place(address)}]`)
    .replace(/\b(0x[0-9a-f]+) <[^>]*>$/, (_, address: string) => place(address))
}

function hostLines(host: readonly { at: number; text: string }[], region: Region): string[] {
  return host.flatMap(({ at, text }, k) => {
    const end = host[k + 1]?.at ?? region.bytes.length
    const notes = [
      ...region.chains.filter(({ field }) => field >= at && field < end).map(({ pc }) => `chain ${hex(pc)}`),
      ...region.sites
        .list()
        .filter(({ position }) => position === at)
        .map(({ pc, fixups }) => fault(pc, fixups)),
    ]
    const line = `  ${at.toString(16).padStart(3)}: ${text}`
    const entries = region.entries.filter(({ position }) => position === at).map(({ pc }) => `entry ${hex(pc)}`)
    return [...entries, notes.length === 0 ? line : `${line.padEnd(56)} ; ${notes.join(', ')}`]
  })
}

const KINDS = new Map<number, string>(Object.entries(FIXUP).map(([kind, number]) => [number, kind.toLowerCase()]))

function fault(pc: number, fixups: readonly number[]): string {
  const words = fixups.map(word => {
    const [register, kind, host] = [word & 255, (word >> 8) & 255, word >>> 16]
    const guest = register < 32 ? X_NAMES[register] : F_NAMES[register - 32]
    if (kind < FIXUP.ADD_SHIFTED) return `${guest} ${KINDS.get(kind)}${kind === FIXUP.IN_HOST ? ` ${host}` : ''}`
    const scale = kind - FIXUP.ADD_SHIFTED
    return `${guest} = ${X_NAMES[host & 255]} + (${X_NAMES[host >> 8]}${scale > 3 ? '.w' : ''} << ${scale & 3})`
  })
  return [`fault ${hex(pc)}`, ...words].join('; ')
}
