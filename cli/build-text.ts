import { relative } from 'node:path'
import type { BuildResult } from '../offload/index.ts'

/** What was written, and what went with it. */
export function buildSummary({ output, analysis, manifest, refused }: Omit<BuildResult, 'warnings'>): string {
  const path = relative('', output)
  const entries = manifest?.functions.map(f => f.name) ?? []
  const native = analysis.functions.filter(f => f.verdict === 'chosen').length - refused.length
  const lines = [
    entries.length === 0
      ? `${path}: ordinary RISC-V, nothing offloaded (\`ferry analyze\` says why)`
      : `${path}: ${native} of ${analysis.functions.length} functions run natively, entered through ${entries.length}: ${shorten(entries)}`,
    ...refused.map(({ name, reason }) => `  ${name} stays on the guest: ${reason}`),
  ]
  return `${lines.join('\n')}\n`
}

const SHOWN = 8

function shorten(names: readonly string[]): string {
  const rest = names.length - SHOWN
  return rest > 1 ? `${names.slice(0, SHOWN).join(', ')} and ${rest} more` : names.join(', ')
}
