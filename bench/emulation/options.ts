/** What the command line says for the suites of the emulator. */
export interface EmulationOptions {
  /** How often each engine runs each program. */
  readonly runs: number
  /** Only a part of the programs. */
  readonly quick: boolean
  /** Names of the programs to run. */
  readonly only?: readonly string[]
  /** Names of the engines to run. */
  readonly engines?: readonly string[]
  /** Files for the results. */
  readonly json?: string
  readonly chart?: string
}

/** Whether the results are of the whole suite and may be kept as such. */
export function isComplete({ quick, only, engines }: EmulationOptions): boolean {
  return !quick && only === undefined && engines === undefined
}

/** What `--quick` runs: two or three programs of each category. */
const QUICK = new Set(
  [
    'coremark sha256 md5 huffman json search dhrystone fib trees',
    'sort interpreter threaded list hash stream gemm fft nbody',
    'gzip lua sqlite cc1 glpsol hello-static python-start',
  ].flatMap(names => names.split(' ')),
)

export function isChosen(name: string, { quick, only }: EmulationOptions): boolean {
  return only ? only.includes(name) : !quick || QUICK.has(name)
}
