/**
 * ferry as a library: `import { analyze, build, run, report } from 'ferry'`. The same functions that the commands are made of, with the
 * commands' defaults. All refuse with a {@link FerryError}, whose message is the one that the command prints.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { version } from '../package.json'
import {
  report as measure,
  type Report,
  type ReportOptions,
  type RunOptions,
  type RunResult,
  run as start,
} from '../runtime/index.ts'
import { reportPage as page } from './page/page.ts'
import { ferryRoot } from './root.ts'

export { type Analysis, type AnalyzeOptions, analyze, type FunctionAnalysis, type Mode } from '../analyzer/index.ts'
export { FerryError } from '../base/diagnostics.ts'
export type { Manifest } from '../base/manifest.ts'
export type { RunProfile } from '../base/run-profile.ts'
export type { Verdicts } from '../base/verdicts.ts'
export { type BuildOptions, type BuildResult, build, buildNative } from '../offload/index.ts'
export type { Crossing, FunctionReport, Profile, ProgramReport, Report, RunResult } from '../runtime/index.ts'
export { reportText } from './report-text.ts'

export type RunSettings = Pick<RunOptions, 'program'> & Partial<RunOptions>

/** Runs a program to its end. It has this process's standard streams and, unless `env` is given, its environment. */
export function run(settings: RunSettings): Promise<RunResult> {
  const usual = { arguments: [], offload: 'on', log: [], optimize: '', profile: false, stackSize: 0 } as const
  return start({ ...usual, ...settings })
}

export type ReportSettings = Pick<ReportOptions, 'program'> & Partial<ReportOptions>

/** Measures what offloading gains, in runs that are processes of their own. */
export function report(settings: ReportSettings): Promise<Report> {
  return measure({
    ...{ arguments: [], runs: 5, warmup: 1, versions: { ferry: version } },
    ferry: [join(ferryRoot(), 'bin/ferry')],
    ...settings,
  })
}

/** The charts of the page, bundled by scripts/build.mjs. */
const PAGE_SCRIPT = 'dist/report-page.js'

/** A report as a page for browsers: one file that loads nothing. */
export function reportPage(report: Report): Promise<string> {
  return page(report, readFileSync(join(ferryRoot(), PAGE_SCRIPT), 'utf8'))
}
