/** The benchmark programs as hybrids: the kernels, with four times the work, because a hybrid starts more slowly. */
import { join } from 'node:path'
import { ROWS } from './emulation/kernels.ts'
import { root, type Workload } from './workload.ts'

const MORE_WORK = 4
/** Arguments of those whose work grows faster than their argument. */
const ARGUMENTS: Readonly<Record<string, number>> = { fib: 43, matmul: 1600, quicksort: 40 }
/** These say on stderr how long the kernel itself took. */
const TIMED = ['matmul', 'sha256', 'filter2d', 'nbody']

export const PROGRAMS: readonly Workload[] = ROWS.map(([, name, full]) => ({
  name,
  directory: join(root, 'bench/programs'),
  sources: [`${name}.c`],
  options: ['-O2'],
  libraries: ['-lm'],
  runs: [{ name: '', arguments: [String(ARGUMENTS[name] ?? full * MORE_WORK)], timesKernel: TIMED.includes(name) }],
}))
