/** Names of addresses, with this process as the one that has the files mapped: node and the C library. */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseElf } from '../../../base/elf/parse.ts'
import { MappedFiles } from '../../../runtime/symbols.ts'

/** The executable part of the C library: where it is mapped, and its file. */
let path: string
let start: number
let offset: number
beforeAll(() => {
  const line = readFileSync('/proc/self/maps', 'utf8').match(/^.* r-xp .*\/libc\.so\.6$/m)![0]
  const words = line.split(/\s+/)
  path = words[5]!
  start = Number.parseInt(words[0]!, 16)
  offset = Number.parseInt(words[2]!, 16)
})

describe('the files of a process', () => {
  it('name functions of shared libraries', () => {
    const image = parseElf(readFileSync(path), path)
    const { address } = image.symbol('qsort')!
    const segment = image.segments.find(row => address >= row.address && address < row.address + row.memorySize)!
    const pc = start + (address - segment.address + segment.offset - offset)
    const files = new MappedFiles(process.pid)
    expect(files.placeAt(pc)).toMatchObject({ name: 'qsort', offset: 0, file: 'libc.so.6' })
    expect(files.placeAt(pc + 2)).toMatchObject({ name: 'qsort', offset: 2, file: 'libc.so.6' })
  })

  it('name the file where no symbol is known', () => {
    const segment = parseElf(readFileSync(path), path).segments.find(row => row.offset === offset)!
    const place = new MappedFiles(process.pid).placeAt(start)!
    expect(place).toMatchObject({ file: basename(path) })
    if (place.name === place.file) expect(place.offset).toBe(segment.address)
    else expect(place.offset).toBe(0)
  })

  it('know nothing where no file is mapped', () => {
    const files = new MappedFiles(process.pid)
    expect(files.placeAt(0x10)).toBeUndefined()
    files.forget()
    expect(files.placeAt(0x10)).toBeUndefined()
  })

  it('are none of a process that is gone', () => {
    expect(new MappedFiles(2 ** 30).placeAt(start)).toBeUndefined()
  })
})
