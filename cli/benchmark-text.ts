/** `ferry run --benchmark` as text for people. Pure. */
import type { Benchmark } from '../runtime/index.ts'

export function benchmarkText(benchmark: Benchmark): string {
  const { startup, wall, firstInstruction, executor, translator, translation, requests } = benchmark
  const { regions, instructions, bytes, bytesPerInstruction, milliseconds } = translation
  const first = firstInstruction === undefined ? '' : `, first guest instruction after ${ms(firstInstruction)}`
  const counts = Object.entries(requests).map(([name, count]) => `${name} ${count}`)
  const lines = [
    ['run', `${ms(wall)}, start and end of the guest included${first}; ${ms(startup)} before that to load ferry`],
    ['cpu', `executor ${cpu(executor)}, translator ${cpu(translator)}`],
    [
      'translation',
      `${ms(milliseconds)} for ${regions} regions: ${instructions} guest instructions, ${bytes} bytes of host code, ${bytesPerInstruction.toFixed(2)} bytes per guest instruction`,
    ],
    ['requests', counts.join(', ') || 'none'],
  ]
  return lines.map(([name, text]) => `ferry: ${name!.padEnd(11)}  ${text}\n`).join('')
}

const ms = (milliseconds: number): string => `${milliseconds.toFixed(1)} ms`

const cpu = ({ user, system }: Benchmark['executor']): string => `${ms(user)} user + ${ms(system)} system`
