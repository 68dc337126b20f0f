/** Runs a subject in all engines, interleaved, so that a slow minute of the machine meets all of them. */
import { commandOf, type Engine, emptyCache } from './engines.ts'
import type { Meter, Outcome } from './measure.ts'
import type { Program, Run, Side, Subject } from './subject.ts'

export interface Measured {
  readonly full: readonly Outcome[]
  readonly small: readonly Outcome[]
}

export interface Result {
  readonly name: string
  readonly category: Subject['category']
  /** By the names of the engines. */
  readonly engines: Readonly<Record<string, Measured>>
  /** What went wrong: engines that failed or whose output differs from the first one's. */
  readonly problems: readonly string[]
}

/** Seconds of CPU time after which an engine does not run the same program again. */
const ENOUGH = 30

/**
 * @param rounds how often each engine runs
 * @param folder for kept translations
 */
export async function runSubject(
  subject: Subject,
  engines: readonly Engine[],
  rounds: number,
  meter: Meter,
  folder: string,
): Promise<Result> {
  const programs = new Map<Side, Program>()
  for (const { side } of engines) programs.set(side, programs.get(side) ?? (await subject.program(side)))
  const measured = new Map(engines.map(engine => [engine, { full: [] as Outcome[], small: [] as Outcome[] }]))
  const problems: string[] = []
  const done = new Set<Engine>()
  for (let round = 0; round < rounds; round++) {
    for (const engine of engines.filter(one => !done.has(one))) {
      const lists = measured.get(engine)!
      const run = (what: Run) => meter.run(commandOf(engine, programs.get(engine.side)!, what, folder, subject.varying))
      try {
        if (engine.cache === 'primed' && round === 0) await run(subject.small ?? subject.full)
        // what depends on times, or on which thread is faster, comes to a little other code in each run
        if (engine.cache === 'warm') for (const what of [subject.small, subject.full]) if (what) await run(what)
        for (let i = 0; i < (subject.repetitions ?? 1); i++) {
          if (engine.cache === 'cold') emptyCache(engine, folder)
          lists.full.push(await run(subject.full))
        }
        // A cold run has no use for it: its translation is in both.
        if (subject.small && engine.cache !== 'cold') lists.small.push(await run(subject.small))
      } catch (error) {
        done.add(engine)
        problems.push(`${engine.name}: ${error instanceof Error ? error.message : error}`)
      }
      if (lists.full.reduce((sum, { cpu }) => sum + cpu, 0) > ENOUGH) done.add(engine)
    }
  }
  const compared = [...measured].filter(([{ side }]) => side === 'guest' || subject.compared !== 'guests')
  problems.push(...differences(compared, 'full'), ...differences(compared, 'small'))
  const byName = Object.fromEntries([...measured].map(([{ name }, lists]) => [name, lists]))
  return { name: subject.name, category: subject.category, engines: byName, problems }
}

function differences(measured: readonly (readonly [Engine, Measured])[], size: keyof Measured): string[] {
  const rows = measured.filter(([, lists]) => lists[size].length > 0)
  const [first, ...others] = rows
  const expected = first?.[1][size][0]?.digest
  return others
    .filter(([, lists]) => lists[size].some(({ digest }) => digest !== expected))
    .map(([{ name }]) => `${name}: other output than ${first![0].name}'s (${size} run)`)
}
