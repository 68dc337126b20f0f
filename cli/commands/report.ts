import { fstatSync, writeFileSync } from 'node:fs'
import { terminalProgress } from '../../offload/progress.ts'
import type { ReportOptions } from '../../runtime/index.ts'
import { report, reportPage } from '../api.ts'
import { openOutput } from '../output.ts'
import type { CommandFunction, Options } from '../program.ts'
import { reportText } from '../report-text.ts'
import { runOptions } from '../run-options.ts'

const STDIN = 0

/** `ferry report`: progress on stderr, the tables or one JSON document on stdout. */
export const command: CommandFunction = async (operands, options) => {
  const { program, arguments: args, optimize, stackSize } = runOptions(operands, options)
  const html = options.html === undefined ? undefined : openOutput(options.html as string)
  const input = standardInput()
  const progress = terminalProgress(process.stderr)
  const result = await report({
    ...{ program, arguments: args, optimize, stackSize },
    ...(options.runs === undefined ? {} : { runs: options.runs as number }),
    ...(options.warmup === undefined ? {} : { warmup: options.warmup as number }),
    qemu: options.qemu === true,
    ...(input === 'file' ? { stdin: `/proc/self/fd/${STDIN}` } : {}),
    ...(await nativeProgram(options)),
    onProgress: text => progress.step(`report: ${text}`),
  }).finally(() => progress.end())
  if (input === 'pipe') process.stderr.write('ferry: standard input is a pipe: the runs read nothing; use <file\n')
  if (html !== undefined) writeFileSync(html, await reportPage(result))
  process.stdout.write(options.json ? `${JSON.stringify(result, undefined, 2)}\n` : reportText(result))
  return 0
}

/** Built from the sources that the binary names, or given. */
async function nativeProgram({ native, nativeFile }: Options): Promise<Pick<ReportOptions, 'buildNative'>> {
  if (native === undefined && nativeFile === undefined) return {}
  const { buildNative, useNative } = await import('../../offload/native.ts')
  return { buildNative: nativeFile === undefined ? buildNative : useNative(nativeFile as string) }
}

/** Only a file can be read again by every run. */
function standardInput(): 'file' | 'pipe' | 'none' {
  const stat = fstatSync(STDIN)
  if (stat.isFile()) return 'file'
  return stat.isFIFO() ? 'pipe' : 'none'
}
