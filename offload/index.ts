/** The typed API of the offload build. */
export { type BuildArguments, readArguments } from './arguments.ts'
export { type BuildOptions, type BuildResult, build, type Stage } from './build.ts'
export { type Linked, type LinkOptions, type LinkResult, link } from './link/link.ts'
export { splitWords } from './link/words.ts'
export { buildNative } from './native.ts'
export { type Progress, terminalProgress } from './progress.ts'
