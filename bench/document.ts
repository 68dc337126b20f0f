/** Result files: what was measured, where and when, with the raw runs. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { dirname } from 'node:path'
import { root } from './workload.ts'

/** Writes `content` and the circumstances as JSON. */
export function writeDocument(path: string, suite: string, content: Readonly<Record<string, unknown>>): void {
  const document = {
    suite,
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim(),
    date: new Date().toISOString(),
    cpu: cpus()[0]!.model,
    processors: cpus().length,
    ...content,
  }
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${JSON.stringify(document, undefined, 1)}\n`)
}
