/** The typed API of the runtime. */
export { type Measurement, type RunOptions, type RunResult, run } from './run.ts'
