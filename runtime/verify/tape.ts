/**
 * The record of a run's system calls: a file without a name, because what a program reads and writes may be more than fits
 * into memory. Each call is the length of a header, the header as JSON, and the bytes that it counts.
 */
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FerryError } from '../../base/diagnostics.ts'
import { describeSystemError } from '../../base/system-error.ts'

export interface RecordedCall {
  readonly number: number
  /** Of the arguments, as the trace shows them before the call; null: left out. */
  readonly texts: readonly (string | null)[]
  /** Behind the ecall, and return addresses of its callers. */
  readonly pc: number
  readonly callers: readonly number[]
  /** The 64 bits of it; undefined when the call never returned. */
  readonly result?: bigint
  /** The file that the call has mapped: its index among those that the recorder keeps. */
  readonly file?: number
  /** What the call read of guest memory, and the lengths of what it might have written. */
  readonly input: Uint8Array
  readonly rooms: readonly number[]
  /** What it wrote there, place by place. */
  readonly output: readonly Uint8Array[]
}

type Header = Omit<RecordedCall, 'result' | 'input' | 'output'> & {
  readonly result?: string
  readonly input: number
  readonly output: readonly number[]
}

const LENGTH = 4

export class Tape {
  readonly #fd: number
  #end = 0
  #at = 0
  #count = 0

  /** @throws FerryError `temporary-folder` */
  constructor() {
    const folder = tmpdir()
    const path = join(folder, `ferry-verify-${process.pid}-${process.hrtime.bigint()}`)
    try {
      this.#fd = openSync(path, 'wx+', 0o600)
      unlinkSync(path)
    } catch (error) {
      throw new FerryError('temporary-folder', { path: folder, reason: describeSystemError(error) })
    }
  }

  /** Calls that were appended. */
  get count(): number {
    return this.#count
  }

  /** @throws FerryError `temporary-folder` */
  append({ result, input, output, ...rest }: RecordedCall): void {
    const header: Header = {
      ...rest,
      ...(result === undefined ? {} : { result: String(result) }),
      input: input.length,
      output: output.map(({ length }) => length),
    }
    const text = Buffer.from(JSON.stringify(header))
    const length = Buffer.alloc(LENGTH)
    length.writeUInt32LE(text.length)
    const bytes = Buffer.concat([length, text, input, ...output])
    try {
      for (let done = 0; done < bytes.length; )
        done += writeSync(this.#fd, bytes, done, bytes.length - done, this.#end + done)
    } catch (error) {
      throw new FerryError('temporary-folder', { path: tmpdir(), reason: describeSystemError(error) })
    }
    this.#end += bytes.length
    this.#count++
  }

  /** The next call in order; undefined behind the last. */
  next(): RecordedCall | undefined {
    if (this.#at === this.#end) return undefined
    const header = JSON.parse(this.#take(this.#take(LENGTH).readUInt32LE()).toString()) as Header
    const { result, input, output, ...rest } = header
    return {
      ...rest,
      ...(result === undefined ? {} : { result: BigInt(result) }),
      input: this.#take(input),
      output: output.map(length => this.#take(length)),
    }
  }

  close(): void {
    closeSync(this.#fd)
  }

  #take(length: number): Buffer {
    const bytes = Buffer.alloc(length)
    for (let done = 0; done < length; ) done += readSync(this.#fd, bytes, done, length - done, this.#at + done)
    this.#at += length
    return bytes
  }
}
