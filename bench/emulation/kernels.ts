/** The compute kernels: one C file of bench/programs/ each, about a quarter of a second natively. */
import type { Category, Side, Subject } from './subject.ts'

/** Category, file, argument of the full run (see the head of the file), argument of the small run (an eighth). */
export const ROWS: readonly (readonly [Category, string, number, number?])[] = [
  ['integer', 'coremark', 4200],
  ['integer', 'sha256', 72],
  ['integer', 'md5', 184],
  ['integer', 'aes', 56],
  ['integer', 'crc32', 120],
  ['integer', 'montgomery', 2800],
  ['integer', 'bits', 32],
  ['integer', 'knapsack', 800],
  ['integer', 'filter2d', 320],
  ['branch', 'huffman', 72],
  ['branch', 'lz', 48],
  ['branch', 'json', 32],
  ['branch', 'search', 160],
  ['branch', 'automaton', 200],
  ['branch', 'life', 480],
  ['branch', 'quicksort', 20, 3],
  ['branch', 'edit', 200],
  ['call', 'dhrystone', 16],
  ['call', 'fib', 40, 36],
  ['call', 'ackermann', 48],
  ['call', 'tak', 440],
  ['call', 'trees', 520],
  ['call', 'queens', 256],
  ['indirect', 'indirect', 104],
  ['indirect', 'sort', 600],
  ['indirect', 'interpreter', 136],
  ['indirect', 'threaded', 16],
  ['indirect', 'shapes', 9600],
  ['indirect', 'events', 4800],
  ['memory', 'memory', 16],
  ['memory', 'list', 8],
  ['memory', 'hash', 16000],
  ['memory', 'stream', 520],
  ['memory', 'sieve', 24],
  ['memory', 'histogram', 104],
  ['float', 'matmul', 1024, 512],
  ['float', 'gemm', 48],
  ['float', 'lu', 320],
  ['float', 'fft', 3200],
  ['float', 'stencil', 440],
  ['float', 'nbody', 5600],
  ['float', 'mandelbrot', 296],
  ['float', 'montecarlo', 48000],
  ['float', 'spectral', 1520],
  ['float', 'neural', 1720],
  ['float', 'rays', 960],
]

/** @param build compiles a kernel for one side and returns the program's path */
export function kernels(build: (name: string, side: Side) => Promise<string>): Subject[] {
  return ROWS.map(([category, name, full, small = Math.round(full / 8)]) => {
    const run = (count: number) => ({ arguments: [String(count)] })
    const program = async (side: Side) => ({ path: await build(name, side) })
    return { name, category, program, full: run(full), small: run(small) }
  })
}
