/** The benchmark programs: one file of bench/programs/ each. */
import { join } from 'node:path'
import { root, type Workload } from './workload.ts'

/** Compute kernels: these say on stderr how long the kernel itself took. */
const KERNELS = ['matmul', 'sha256', 'filter2d', 'nbody']
const OTHERS = ['coremark', 'dhrystone', 'fib', 'indirect', 'sort', 'interpreter', 'memory']

export const PROGRAMS: readonly Workload[] = [...KERNELS, ...OTHERS].map(name => ({
  name,
  directory: join(root, 'bench/programs'),
  sources: [`${name}.c`],
  options: ['-O2'],
  libraries: ['-lm'],
  runs: [{ name: '', arguments: [], timesKernel: KERNELS.includes(name) }],
}))
