/**
 * Reads the part of a `ferry build` line that is clang's: sources, options for compiling, and what the link step needs.
 * Options that ferry does not know are clang's business; the few that contradict a one-step build of a static RISC-V
 * program are refused here, with the reason.
 */
import { FerryError } from '../base/diagnostics.ts'

export interface BuildArguments {
  /** C sources and preprocessed sources, in order. */
  readonly sources: readonly string[]
  /** Options for compiling, in order; a separate value follows its option. */
  readonly options: readonly string[]
  /** Objects, archives, libraries and linker options, in the order that the linker shall see them. */
  readonly link: readonly string[]
  /** `-o`, when it stands among clang's arguments. */
  readonly output?: string
}

/** Options of clang whose value may be the next argument. */
const SEPARATE = new Set([
  ...[
    '-D',
    '-U',
    '-I',
    '-L',
    '-l',
    '-T',
    '-u',
    '-x',
    '-z',
    '-o',
    '-include',
    '-imacros',
    '-isystem',
    '-iquote',
    '-idirafter',
  ],
  ...[
    '-iprefix',
    '-iwithprefix',
    '-isysroot',
    '-MF',
    '-MT',
    '-MQ',
    '-Xclang',
    '-Xlinker',
    '-Xassembler',
    '-Xpreprocessor',
  ],
  ...['-mllvm', '-rpath', '--param', '-arch', '-target'],
])

/** Options that only the link step reads. */
const LINK = /^(-l|-L|-Wl,|-Xlinker$|-z$|-T|-u$|-static$|-rdynamic$|-s$|-nostdlib|-nostartfiles|-nodefaultlibs|-rpath$)/

/** Options that contradict what a build does, and why. */
const REFUSED: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^-c$/, 'ferry build compiles and links in one step; name all sources and leave -c out'],
  [/^-[SE]$/, 'ferry build writes a program; use clang-22 itself for assembly or preprocessed text'],
  [/^-M{1,2}$/, 'ferry build writes a program; use clang-22 itself for dependency files'],
  [/^-(shared|r)$/, 'ferry build writes a static program'],
  [/^-(pie|fpie|fPIE|static-pie)$/, 'ferry build writes a static program without PIE'],
  [/^(-target$|--target=(?!riscv64)|-arch$|-m32$|-mabi=(?!lp64d$))/, 'the guest is riscv64 with the lp64d ABI'],
  [/^-fsanitize=/, 'sanitizers have no run-time library for the guest'],
  [
    /^-(pg|fprofile-.*|fcoverage-mapping|-coverage|-pg)$/,
    'profiling has no run-time library for the guest; use ferry run --profile',
  ],
  [/^-flto/, 'ferry links the bitcode of all sources itself; leave -flto out'],
]

const SOURCE = /\.(c|i)$/
const LINK_INPUT = /(\.o|\.a|\.obj|\.lo)$/
/**
 * @throws FerryError `source-none`, `source-type`, `build-option`, `build-option-value`
 */
export function readArguments(words: readonly string[], command = 'build'): BuildArguments {
  const sources: string[] = []
  const options: string[] = []
  const link: string[] = []
  let output: string | undefined
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (!word.startsWith('-') || word === '-') {
      placeInput(word, sources, link)
      continue
    }
    const refused = REFUSED.find(([pattern]) => pattern.test(word))
    if (refused) throw new FerryError('build-option', { option: word, reason: refused[1] })
    const value = SEPARATE.has(word) ? words[++i] : undefined
    if (SEPARATE.has(word) && value === undefined) throw new FerryError('build-option-value', { option: word })
    if (word === '-o') output = value
    else if (word.startsWith('-o') && word.length > 2 && !word.startsWith('-objc')) output = word.slice(2)
    else (LINK.test(word) ? link : options).push(word, ...(value === undefined ? [] : [value]))
  }
  if (sources.length === 0) throw new FerryError('source-none', { command })
  return { sources, options, link, ...(output === undefined ? {} : { output }) }
}

function placeInput(word: string, sources: string[], link: string[]): void {
  if (SOURCE.test(word)) {
    sources.push(word)
    return
  }
  if (LINK_INPUT.test(word)) {
    link.push(word)
    return
  }
  throw new FerryError('source-type', { path: word })
}

/** The last `-O` option: `-O2` → '2'; '0' without one, as clang has it. `-Ofast` is `-O3` and `-ffast-math`. */
export function optimisationLevel(options: readonly string[]): '0' | '1' | '2' | '3' | 's' | 'z' {
  const last = options.filter(option => /^-O/.test(option)).at(-1)
  const level = last?.slice(2)
  if (level === undefined || level === '0') return '0'
  if (level === '') return '1'
  if (level === 'fast' || level === '4') return '3'
  if (level === 'g') return '1'
  return level as '1' | '2' | '3' | 's' | 'z'
}

/** Options whose effect is to allow other floating-point results than the operations of the source have. */
const RELAXED_FLOAT =
  /^-f(fast-math|unsafe-math-optimizations|associative-math|reciprocal-math|finite-math-only|no-honor-nans|no-honor-infinities|no-signed-zeros|approx-func|fp-contract=.*|fp-model=.*)$/

/**
 * Options for generating code from bitcode in which relaxed floating point was already taken out: without this the
 * code generator would fuse operations on one side only.
 */
export function withoutRelaxedFloat(options: readonly string[]): string[] {
  return [...options.map(o => (o === '-Ofast' ? '-O3' : o)).filter(o => !RELAXED_FLOAT.test(o)), '-ffp-contract=on']
}
