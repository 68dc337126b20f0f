/** Splits what stands behind `ferry build` into sources and options for clang, which may be mixed in any order. */

/** Options of clang whose value is the next argument (clang -cc1as and linker options that C builds use). */
const WITH_VALUE = new Set([
  '-D',
  '-I',
  '-L',
  '-U',
  '-T',
  '-MF',
  '-MQ',
  '-MT',
  '-Xassembler',
  '-Xclang',
  '-Xlinker',
  '-Xpreprocessor',
  '-idirafter',
  '-imacros',
  '-include',
  '-iprefix',
  '-iquote',
  '-isysroot',
  '-isystem',
  '-iwithprefix',
  '-l',
  '-mllvm',
  '-rpath',
  '-u',
  '-x',
  '-z',
])

/** Options that belong to the link step alone; clang would warn of them when it only compiles. */
const LINK =
  /^(-l|-L|-Wl,|-Xlinker$|-z$|-T$|-u$|-rpath$|-static|-shared|-pie$|-no-pie$|-rdynamic$|-nostdlib|-nostartfiles|-nodefaultlibs|-s$)/

export interface ClangArguments {
  readonly sources: readonly string[]
  /** For compiling, in order; a separate value follows its option. */
  readonly options: readonly string[]
  /** For linking, in order. */
  readonly linkOptions: readonly string[]
}

export function splitClangArguments(args: readonly string[]): ClangArguments {
  const sources: string[] = []
  const options: string[] = []
  const linkOptions: string[] = []
  for (let i = 0; i < args.length; i++) {
    const argument = args[i]!
    if (!argument.startsWith('-') || argument === '-') {
      sources.push(argument)
      continue
    }
    const list = LINK.test(argument) ? linkOptions : options
    list.push(argument)
    if (WITH_VALUE.has(argument) && i + 1 < args.length) list.push(args[++i]!)
  }
  return { sources, options, linkOptions }
}
