import { readFileSync } from 'node:fs'
import { Interpreter } from '../../emulator/riscv/interpret/interpreter.ts'
import { FlatMemory, type Memory, MemoryFault } from '../../emulator/riscv/interpret/memory.ts'
import type { Outcome } from './engines.ts'
import { Signals } from './interpreter-signals.ts'

/**
 * The reference interpreter as an engine for programs that use no system calls but write and exit, and handlers of faults on an
 * alternate stack.
 */

const SYS_WRITE = 64n
const SYS_EXIT_GROUP = 94n
const SYS_SIGALTSTACK = 132n
const SYS_SIGACTION = 134n

/** Loaded segments; an access finds its own by trying the last one first. */
class Segments implements Memory {
  private last: FlatMemory
  constructor(private readonly segments: readonly FlatMemory[]) {
    this.last = segments[0]!
  }

  private find(address: bigint): FlatMemory {
    const holds = ({ base, bytes }: FlatMemory): boolean => address >= base && address < base + BigInt(bytes.length)
    if (holds(this.last)) return this.last
    const found = this.segments.find(holds)
    if (!found) throw new MemoryFault(address)
    this.last = found
    return found
  }

  load(address: bigint, size: number): bigint {
    return this.find(address).load(address, size)
  }

  store(address: bigint, size: number, value: bigint): void {
    this.find(address).store(address, size, value)
  }

  slice(address: bigint, length: number): Uint8Array {
    const { base, bytes } = this.find(address)
    const start = Number(address - base)
    return bytes.slice(start, start + length)
  }
}

/** Loads the PT_LOAD segments of an ELF file (gABI, program header). */
function load(path: string): { memory: Segments; entry: bigint } {
  const file = readFileSync(path)
  const segments: FlatMemory[] = []
  const headers = Number(file.readBigUInt64LE(32))
  for (let index = 0; index < file.readUInt16LE(56); index++) {
    const at = headers + index * file.readUInt16LE(54)
    if (file.readUInt32LE(at) !== 1) continue
    const [offset, address] = [Number(file.readBigUInt64LE(at + 8)), file.readBigUInt64LE(at + 16)]
    const [inFile, inMemory] = [Number(file.readBigUInt64LE(at + 32)), Number(file.readBigUInt64LE(at + 40))]
    const segment = new FlatMemory(address, inMemory)
    segment.bytes.set(file.subarray(offset, offset + inFile))
    segments.push(segment)
  }
  return { memory: new Segments(segments), entry: file.readBigUInt64LE(24) }
}

/** Runs a program to its exit, or to the first trap without a handler, which is told as text. */
export function interpret(path: string): Outcome {
  const { memory, entry } = load(path)
  const interpreter = new Interpreter()
  interpreter.pc = entry
  const signals = new Signals(interpreter, memory)
  const written: Uint8Array[] = []
  const end = (status: number | null, stderr: string): Outcome => ({
    status,
    signal: null,
    stdout: Buffer.concat(written),
    stderr,
  })
  for (;;) {
    const result = interpreter.run(memory, 1_000_000)
    if (result === 'ok') continue
    const pc = `pc 0x${interpreter.pc.toString(16)}`
    if (result !== 'ecall') {
      if (signals.leave(result) || signals.enter(result)) continue
      return end(null, `${result} at ${pc}`)
    }
    const { x } = interpreter
    const [call, first, second, third] = [x[17]!, x[10]!, x[11]!, x[12]!]
    if (call === SYS_EXIT_GROUP) return end(Number(first), '')
    if (call === SYS_WRITE) {
      written.push(memory.slice(second, Number(third)))
      x[10] = third
    } else if (call === SYS_SIGALTSTACK) {
      signals.stack = memory.load(first, 8) + memory.load(first + 16n, 8)
      x[10] = 0n
    } else if (call === SYS_SIGACTION) {
      signals.handlers.set(Number(first), memory.load(second, 8))
      x[10] = 0n
    } else return end(null, `system call ${call} at ${pc}`)
    interpreter.pc += 4n
  }
}
