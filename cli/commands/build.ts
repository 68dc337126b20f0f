import type { Mode } from '../../analyzer/index.ts'
import { type BuildResult, build, terminalProgress } from '../../offload/index.ts'
import { buildSummary } from '../build-text.ts'
import { readRunProfile } from '../profile-file.ts'
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
      ...(options.profile === undefined ? {} : { profile: readRunProfile(options.profile as string) }),
      hostCpu: options.hostCpu as string | undefined,
      hostLibm: options.hostLibm === true,
      onProgress: progress.step,
    })
  } finally {
    progress.end()
  }
  for (const warning of result.warnings) process.stderr.write(`${warning}\n`)
  process.stdout.write(options.json ? `${JSON.stringify(result, undefined, 2)}\n` : buildSummary(result))
  return 0
}
