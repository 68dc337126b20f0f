/**
 * Archives in the System V and GNU format (ar(5)): `!<arch>\n`, or `!<thin>\n` when the members are files of their own, then
 * members with headers of 60 bytes at even offsets. Names longer than 15 bytes are in a member `//`, and a header has `/` and the
 * offset in it.
 */
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

export interface Member {
  readonly name: string
  /** Reads the file when the archive is a thin one. */
  readonly bytes: () => Uint8Array
}

const MAGIC = '!<arch>\n'
const THIN_MAGIC = '!<thin>\n'
const HEADER_SIZE = 60
const NAME_SIZE = 16
const END = '`\n'

/** The members in order, without symbol tables; undefined for what is no archive. */
export function readArchive(path: string): Member[] | undefined {
  const bytes = readFileSync(path)
  const magic = bytes.toString('latin1', 0, MAGIC.length)
  const thin = magic === THIN_MAGIC
  if (magic !== MAGIC && !thin) return undefined
  const members: Member[] = []
  let longNames = ''
  for (let at = MAGIC.length; at + HEADER_SIZE <= bytes.length; ) {
    const field = bytes.toString('latin1', at, at + NAME_SIZE).trimEnd()
    const size = Number(bytes.toString('latin1', at + 48, at + 58))
    const start = at + HEADER_SIZE
    const isTable = field === '/' || field === '/SYM64/'
    if (field === '//') longNames = bytes.toString('latin1', start, start + size)
    else if (!isTable) {
      const name = memberName(field, longNames)
      const file = resolve(dirname(path), name)
      members.push({ name, bytes: () => (thin ? readFileSync(file) : bytes.subarray(start, start + size)) })
    }
    const length = thin && !isTable && field !== '//' ? 0 : size
    at = start + length + (length % 2)
  }
  return members
}

function memberName(field: string, longNames: string): string {
  const place = /^\/(\d+)$/.exec(field)
  if (!place) return field.replace(/\/$/, '')
  const start = Number(place[1])
  return longNames.slice(start, longNames.indexOf('\n', start)).replace(/\/$/, '')
}

/** An archive with these members and without a symbol table, which LLVM's linker does not need. */
export function archiveBytes(members: readonly Member[]): Uint8Array {
  let longNames = ''
  const parts: Uint8Array[] = []
  for (const { name, bytes } of members) {
    const isShort = name.length < NAME_SIZE && !name.includes('/')
    const field = isShort ? `${name}/` : `/${longNames.length}`
    if (!isShort) longNames += `${name}/\n`
    parts.push(...member(field, bytes()))
  }
  const names = longNames === '' ? [] : member('//', Buffer.from(longNames, 'latin1'))
  return Buffer.concat([Buffer.from(MAGIC), ...names, ...parts])
}

function member(field: string, bytes: Uint8Array): Uint8Array[] {
  const numbers = `${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'644'.padEnd(8)}${String(bytes.length).padEnd(10)}`
  return [
    Buffer.from(`${field.padEnd(NAME_SIZE)}${numbers}${END}`, 'latin1'),
    bytes,
    Buffer.alloc(bytes.length % 2, 10),
  ]
}
