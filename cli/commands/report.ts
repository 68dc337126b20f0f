import { fstatSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { terminalProgress } from '../../offload/progress.ts'
import { version } from '../../package.json'
import { report } from '../../runtime/index.ts'
import { openOutput } from '../output.ts'
import { reportPage } from '../page/page.ts'
import type { CommandFunction } from '../program.ts'
import { reportText } from '../report-text.ts'
import { ferryRoot } from '../root.ts'
import { runOptions } from '../run-options.ts'

const RUNS = 5
const WARMUP = 1
const STDIN = 0
/** The charts of the page, bundled by scripts/build.mjs. */
const PAGE_SCRIPT = 'dist/report-page.js'

/** `ferry report`: progress on stderr, the tables or one JSON document on stdout. */
export const command: CommandFunction = async (operands, options) => {
  const { program, arguments: args, optimize, stackSize } = runOptions(operands, options)
  const html = options.html === undefined ? undefined : openOutput(options.html as string)
  const input = standardInput()
  const progress = terminalProgress(process.stderr)
  const result = await report({
    ...{ program, arguments: args, optimize, stackSize },
    ferry: [process.execPath, join(ferryRoot(), 'bin/ferry.cjs')],
    runs: (options.runs as number | undefined) ?? RUNS,
    warmup: (options.warmup as number | undefined) ?? WARMUP,
    qemu: options.qemu === true,
    versions: { ferry: version },
    ...(input === 'file' ? { stdin: `/proc/self/fd/${STDIN}` } : {}),
    ...(options.native ? { buildNative: (await import('../../offload/native.ts')).buildNative } : {}),
    onProgress: text => progress.step(`report: ${text}`),
  }).finally(() => progress.end())
  if (input === 'pipe') process.stderr.write('ferry: standard input is a pipe: the runs read nothing; use <file\n')
  if (html !== undefined)
    writeSync(html, await reportPage(result, readFileSync(join(ferryRoot(), PAGE_SCRIPT), 'utf8')))
  process.stdout.write(options.json ? `${JSON.stringify(result, undefined, 2)}\n` : reportText(result))
  return 0
}

/** Only a file can be read again by every run. */
function standardInput(): 'file' | 'pipe' | 'none' {
  const stat = fstatSync(STDIN)
  if (stat.isFile()) return 'file'
  return stat.isFIFO() ? 'pipe' : 'none'
}
