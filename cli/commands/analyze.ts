import { type Analysis, analyze, type Mode, printAnalysis, printDetails, withExcerpts } from '../../analyzer/index.ts'
import { FerryError } from '../../base/diagnostics.ts'
import { readArguments } from '../../offload/index.ts'
import { readRunProfile } from '../profile-file.ts'
import type { CommandFunction } from '../program.ts'
import { splitList } from '../values.ts'

/** `ferry analyze`: the table, everything about some functions, or all of it as JSON. */
export const command: CommandFunction = async (operands, options) => {
  const { sources, options: clangOptions } = readArguments(operands, 'analyze')
  const analysis = await analyze({
    ...{ sources, clangOptions, mode: options.offload as Mode | undefined },
    ...(options.profile === undefined ? {} : { profile: readRunProfile(options.profile as string) }),
  })
  for (const warning of analysis.warnings) process.stderr.write(`${warning}\n`)
  if (options.json) {
    process.stdout.write(`${JSON.stringify(await withExcerpts(analysis), undefined, 2)}\n`)
  } else if (options.explain === undefined) {
    process.stdout.write(printAnalysis(analysis))
  } else {
    process.stdout.write(explain(await withExcerpts(analysis), splitList(options.explain as string)))
  }
  return 0
}

/** @throws FerryError option-value for a function that the sources do not define */
function explain(analysis: Analysis, names: readonly string[]): string {
  const texts = names.flatMap(name => {
    const found = analysis.functions.filter(f => f.name === name || f.sourceName === name)
    if (found.length > 0) return found.map(row => printDetails(analysis, row))
    throw new FerryError('option-value', {
      option: '--explain',
      value: name,
      advice: 'no such function in these sources; `ferry analyze` without it lists them',
    })
  })
  return texts.join('\n')
}
