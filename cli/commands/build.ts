import { relative } from 'node:path'
import type { Mode } from '../../analyzer/index.ts'
import { type BuildResult, build, terminalProgress } from '../../offload/index.ts'
import type { CommandFunction } from '../program.ts'

/** `ferry build`: progress and what the compiler says on stderr, one line or one JSON document on stdout. */
export const command: CommandFunction = async (operands, options) => {
  const progress = terminalProgress(process.stderr)
  let result: BuildResult
  try {
    result = await build({
      arguments: operands,
      output: options.output as string | undefined,
      offload: options.offload as Mode | undefined,
      hostCpu: options.hostCpu as string | undefined,
      hostLibm: options.hostLibm === true,
      onProgress: progress.step,
    })
  } finally {
    progress.end()
  }
  for (const warning of result.warnings) process.stderr.write(`${warning}\n`)
  process.stdout.write(options.json ? `${JSON.stringify(result, undefined, 2)}\n` : summary(result))
  return 0
}

/** What was written, and what went with it. */
function summary({ output, analysis, manifest, refused }: BuildResult): string {
  const path = relative('', output)
  const entries = manifest?.functions.map(f => f.name) ?? []
  const native = analysis.functions.filter(f => f.verdict === 'chosen').length - refused.length
  const lines = [
    entries.length === 0
      ? `${path}: an ordinary RISC-V program, nothing offloaded (\`ferry analyze\` says why)`
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
