/** What a run of a program shows of itself, and how two runs differ. */
import { closeSync, openSync, readSync } from 'node:fs'
import type { Ending } from './process.ts'

export interface Outcome extends Ending {
  /** The file that holds what it wrote to stdout. */
  readonly stdout: string
}

const CHUNK = 1 << 20

/** `exit status 1`, `SIGSEGV`. */
export function describeEnding({ status, signal }: Ending): string {
  return signal ?? `exit status ${status}`
}

/** In words how `second` differs from `first`; undefined when they agree. */
export function difference(first: Outcome, second: Outcome): string | undefined {
  const place = firstDifference(first.stdout, second.stdout)
  const output = place && `stdout differs from line ${place.line} on (byte ${place.byte})`
  const endings = [describeEnding(first), describeEnding(second)] as const
  if (endings[0] === endings[1]) return output
  const ending = `${endings[0]} against ${endings[1]}`
  return output ? `${ending}, and ${output}` : ending
}

/** Where two files first differ: the byte counts from 0, the line from 1. A file that ends early differs at its end. */
export function firstDifference(first: string, second: string): { byte: number; line: number } | undefined {
  const files = [openSync(first, 'r'), openSync(second, 'r')] as const
  const buffers = [Buffer.alloc(CHUNK), Buffer.alloc(CHUNK)] as const
  try {
    let line = 1
    for (let at = 0; ; at += CHUNK) {
      const [a, b] = [0, 1].map(i => buffers[i]!.subarray(0, fill(files[i]!, buffers[i]!, at))) as [Buffer, Buffer]
      const equal = a.equals(b) ? a.length : commonLength(a, b)
      for (let i = 0; i < equal; i++) if (a[i] === 0x0a) line++
      if (equal < Math.max(a.length, b.length)) return { byte: at + equal, line }
      if (a.length < CHUNK) return undefined
    }
  } finally {
    for (const fd of files) closeSync(fd)
  }
}

/** Reads until the buffer is full or the file ends; returns the bytes read. */
function fill(fd: number, buffer: Buffer, position: number): number {
  let length = 0
  while (length < buffer.length) {
    const got = readSync(fd, buffer, length, buffer.length - length, position + length)
    if (got === 0) break
    length += got
  }
  return length
}

function commonLength(a: Buffer, b: Buffer): number {
  const end = Math.min(a.length, b.length)
  let i = 0
  while (i < end && a[i] === b[i]) i++
  return i
}
