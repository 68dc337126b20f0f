/** The typed API of the runtime. */
export { type RunOptions, run } from './run.ts'
