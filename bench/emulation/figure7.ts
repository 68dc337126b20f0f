/** Figure 7 of the ria-jit paper: gzip of files of random text of growing size. */
import { join } from 'node:path'
import { formatTable } from '../../cli/table.ts'
import { writeDocument } from '../document.ts'
import { RESULTS } from '../offload.ts'
import { writeChart } from './chart.ts'
import { randomTextFile } from './inputs.ts'
import { Laboratory } from './laboratory.ts'
import { type EmulationOptions, isComplete } from './options.ts'
import { figure7Chart } from './pictures.ts'
import type { Subject } from './subject.ts'
import { ratio, total } from './summary.ts'

const MEGABYTE = 1_000_000

/** @param sizes megabytes */
export async function runFigure7(options: EmulationOptions, sizes: readonly number[]): Promise<void> {
  const laboratory = await Laboratory.open(options)
  const roots = laboratory.roots()
  const subjects = sizes.map(
    (size): Subject => ({
      name: `gzip-${size}MB`,
      category: 'application',
      program: async side => {
        const root = side === 'native' ? roots.amd64 : roots.riscv64
        return { path: join(root, 'usr/bin/gzip'), root }
      },
      full: { arguments: ['-c'], input: randomTextFile(join(laboratory.folder, 'inputs'), size * MEGABYTE) },
    }),
  )
  const engines = laboratory.engines()
  const results = await laboratory.run(subjects, engines)
  const cells = results.map(({ name, engines: measured }) => [
    name,
    ...engines.map(engine => total(measured[engine.name], 'wall')?.toFixed(2) ?? '-'),
    ratio(total(measured.qemu10, 'wall'), total(measured.cold, 'wall'))?.toFixed(2) ?? '-',
  ])
  const header = ['', ...engines.map(({ name }) => name), 'qemu10/cold']
  const align = ['left' as const, ...header.slice(1).map(() => 'right' as const)]
  console.log(`\nfigure 7: seconds on the clock\n\n${formatTable(header, cells, align)}`)
  const complete = isComplete(options)
  const json = options.json ?? (complete ? join(RESULTS, 'figure7.json') : undefined)
  const chart = options.chart ?? (complete ? join(RESULTS, 'figure7.svg') : undefined)
  if (json) writeDocument(json, 'figure7', { sizes, results })
  if (chart) writeChart(chart, figure7Chart(results, sizes))
}
