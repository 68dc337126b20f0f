/** Programs that do nearly nothing: what it takes to start. */
import { join } from 'node:path'
import type { Roots } from './applications.ts'
import type { Side, Subject } from './subject.ts'

const REPETITIONS = 5

export function startUps(
  roots: Roots,
  build: (name: string, side: Side, options?: readonly string[]) => Promise<string>,
): Subject[] {
  const common = { category: 'start-up', repetitions: REPETITIONS } as const
  return [
    {
      ...common,
      name: 'hello-static',
      program: async side => ({ path: await build('hello', side, ['-static']) }),
      full: { arguments: [] },
    },
    {
      ...common,
      name: 'hello-dynamic',
      program: async side => ({
        path: await build('hello', side, ['-fPIE', '-pie']),
        ...(side === 'guest' ? { root: roots.riscv64 } : {}),
      }),
      full: { arguments: [] },
    },
    {
      ...common,
      name: 'python-start',
      program: async side => {
        const root = side === 'native' ? roots.amd64 : roots.riscv64
        return { path: join(root, 'usr/bin/python3.13'), root, environment: { PYTHONHOME: join(root, 'usr') } }
      },
      full: { arguments: ['-c', 'pass'] },
    },
  ]
}
