import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { PerfMap, type PlacedCode } from '../../../runtime/perf-map.ts'
import type { GuestProcess } from '../../../runtime/process.ts'
import type { Space } from '../../../runtime/space.ts'
import * as standardError from '../../../runtime/standard-error.ts'
import type { GuestPlace } from '../../../runtime/symbols.ts'

const PLACES: Readonly<Record<number, GuestPlace>> = {
  65536: { name: 'main', offset: 0 },
  65552: { name: 'main', offset: 16 },
  131072: { name: 'qsort', offset: 4, file: 'libc.so.6' },
  196608: { name: 'libc.so.6', offset: 0x1234, file: 'libc.so.6' },
}
const GATES = '6000000000 880 ferry: gates\n'

const guest = (pid: number): GuestProcess => ({ pid, symbolAt: (pc: number) => PLACES[pc] }) as unknown as GuestProcess
const space = (regions: readonly PlacedCode[], ...pids: number[]): Space =>
  ({ pids: new Set(pids), cache: { gateSize: 0x880, regions } }) as unknown as Space

let folder: string
let map: PerfMap
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ferry-perf-'))
  map = new PerfMap(folder)
})
afterEach(() => {
  map.close()
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

const file = (pid: number): string => readFileSync(join(folder, `perf-${pid}.map`), 'utf8')

describe('the map of a process', () => {
  it('names each translation that is made', () => {
    const own = space([], 7)
    map.attached(guest(7), own)
    for (const [i, pc] of [0x10000, 0x10010, 0x20000, 0x30000, 0x40000].entries()) {
      map.placed(guest(7), own, { pc, offset: 0x1000 + i * 0x100, length: 0x80 + i })
    }
    map.flush()
    expect(file(7)).toBe(
      [
        '6000000000 880 ferry: gates',
        '6000001000 80 main',
        '6000001100 81 main',
        '6000001200 82 qsort [libc.so.6]',
        '6000001300 83 libc.so.6+0x1234',
        '6000001400 84 guest 0x40000\n',
      ].join('\n'),
    )
  })

  it('begins with what its space has', () => {
    map.attached(guest(7), space([{ pc: 0x10000, offset: 0x900, length: 16 }], 7))
    map.flush()
    expect(file(7)).toBe(`${GATES}6000000900 10 main\n`)
  })

  it('has what other processes of the space make', () => {
    const shared = space([], 7, 8)
    map.attached(guest(7), shared)
    map.placed(guest(7), shared, { pc: 0x10000, offset: 0x900, length: 16 })
    map.flush()
    map.attached(guest(8), shared)
    map.placed(guest(8), shared, { pc: 0x20000, offset: 0xa00, length: 16 })
    map.flush()
    expect(file(7)).toBe(`${GATES}6000000900 10 main\n6000000a00 10 qsort [libc.so.6]\n`)
    expect(file(8)).toBe(file(7))
  })

  it('is of the last space that it moved to', () => {
    map.attached(guest(7), space([{ pc: 0x10000, offset: 0x900, length: 16 }], 7))
    map.attached(guest(7), space([], 7))
    map.flush()
    expect(file(7)).toBe(GATES)
  })

  it('takes the place of an old one', () => {
    writeFileSync(join(folder, 'perf-7.map'), 'old\n')
    map.attached(guest(7), space([], 7))
    map.flush()
    expect(file(7)).toBe(GATES)
  })

  it('is not written where a link leads, which is said once', () => {
    const said = vi.spyOn(standardError, 'toStandardError').mockImplementation(() => {})
    writeFileSync(join(folder, 'precious'), 'precious')
    symlinkSync('precious', join(folder, 'perf-7.map'))
    map.attached(guest(7), space([], 7))
    map.attached(guest(8), space([], 8))
    map.flush()
    expect(readFileSync(join(folder, 'precious'), 'utf8')).toBe('precious')
    expect(readdirSync(folder).sort()).toEqual(['perf-7.map', 'precious'])
    expect(said).toHaveBeenCalledTimes(1)
    expect(said.mock.calls[0]![0]).toMatch(/^ferry: .*perf-7\.map: can not be written: /)
  })
})
