/** Where the programs of the conformance suites are: own ones by feature, families written from tables, csmith's. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { csmithSubject } from './csmith.ts'
import { FAMILIES } from './families/index.ts'
import { readSubject, type Subject } from './subject.ts'

const here = dirname(fileURLToPath(import.meta.url))
const PROGRAMS = join(here, '../programs/conformance')
export const WORK = join(here, '../work/conformance')

const SOURCE = /\.(c|cc)$/

/** Programs of a folder, in the order of their names. */
export function subjectsOf(folder: string, name: string, options: readonly string[] = []): Subject[] {
  const sources = readdirSync(folder).filter(file => SOURCE.test(file))
  return sources.sort().map(file => readSubject(join(folder, file), name, options))
}

/** The suite of C features: a folder for each feature, and the families, whose sources are written below {@link WORK}. */
export function featureSubjects(): Subject[] {
  const folders = readdirSync(PROGRAMS, { withFileTypes: true }).filter(entry => entry.isDirectory())
  const written = folders.flatMap(({ name }) => subjectsOf(join(PROGRAMS, name), name, [`-I${PROGRAMS}`]))
  const families = FAMILIES.flatMap(({ name, programs }) => {
    const folder = join(WORK, 'sources', name)
    mkdirSync(folder, { recursive: true })
    return [...programs()].map(([program, text]) => {
      const source = join(folder, `${program}.c`)
      writeFileSync(source, text)
      return readSubject(source, name)
    })
  })
  return [...written, ...families]
}

/** Programs of the seeds 1 … count. */
export function csmithSubjects(count: number): Subject[] {
  return Array.from({ length: count }, (_, i) => csmithSubject(i + 1, join(WORK, 'sources/csmith')))
}
