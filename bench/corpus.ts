/** A large file of real text and real binaries, made of files of this machine: the same bytes every time on one machine. */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'

const TEXT = ['/usr/share/common-licenses', '/usr/include', '/usr/share/perl', '/usr/share/doc']
const BINARIES = ['/usr/bin', '/usr/lib/x86_64-linux-gnu']
/** Files above this size would crowd the others out. */
const LARGEST = 2 << 20

/** Writes `size` bytes to `path`, text and binaries half and half in turn; keeps a file of that size. */
export function makeCorpus(path: string, size: number): string {
  if (existsSync(path) && statSync(path).size === size) return path
  mkdirSync(dirname(path), { recursive: true })
  const unfinished = `${path}.${process.pid}`
  const output = openSync(unfinished, 'w')
  const sources = [filesBelow(TEXT), filesBelow(BINARIES)]
  const written = [0, 0]
  for (let total = 0; total < size; ) {
    const kind = written[0]! <= written[1]! ? 0 : 1
    const { value: file, done } = sources[kind]!.next()
    if (done) throw new Error(`not enough files below ${[TEXT, BINARIES][kind]!.join(', ')} for ${size} bytes`)
    const bytes = readFileSync(file)
    const part = bytes.subarray(0, size - total)
    writeSync(output, part)
    written[kind]! += part.length
    total += part.length
  }
  closeSync(output)
  renameSync(unfinished, path)
  return path
}

function* filesBelow(folders: readonly string[]): Generator<string> {
  for (const folder of folders) {
    if (!existsSync(folder)) continue
    const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
    for (const entry of entries) {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) yield* filesBelow([path])
      else if (entry.isFile() && isUsable(path)) yield path
    }
  }
}

function isUsable(path: string): boolean {
  const { size } = statSync(path)
  return size > 0 && size <= LARGEST
}
