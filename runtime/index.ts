/** The typed API of the runtime. */
export type { Kind } from './report/commands.ts'
export type { FunctionReport } from './report/functions.ts'
export { type MeasuredRun, runMeasured } from './report/measure.ts'
export { describeEnding } from './report/outcome.ts'
export type { ProgramReport } from './report/programs.ts'
export { type Report, type ReportOptions, report } from './report/report.ts'
export { type Measurement, type RunOptions, type RunResult, run } from './run.ts'
