/** The typed API of the offload build. */
export { type BuildArguments, readArguments } from './arguments.ts'
export { type BuildOptions, type BuildResult, build, type Stage } from './build.ts'
export { buildNative } from './native.ts'
export { type Progress, terminalProgress } from './progress.ts'
