/** The command line of the linker: what ferry has to know of it, and what it changes. */
import { readFileSync } from 'node:fs'

/** Options whose value is the next word, as far as the value could be taken for a file that is linked. */
const SEPARATE = new Set([
  ...[
    '-o',
    '--output',
    '-e',
    '--entry',
    '-h',
    '-soname',
    '--soname',
    '-L',
    '--library-path',
    '-l',
    '--library',
    '-m',
    '-z',
  ],
  ...['-T', '--script', '--version-script', '--dynamic-list', '--export-dynamic-symbol', '-u', '--undefined', '--wrap'],
  ...['--defsym', '-rpath', '--rpath', '-rpath-link', '--rpath-link', '-dynamic-linker', '--dynamic-linker', '-I'],
  ...[
    '-Map',
    '--Map',
    '-y',
    '--trace-symbol',
    '-init',
    '-fini',
    '--exclude-libs',
    '--sysroot',
    '--retain-symbols-file',
  ],
  ...[
    '-F',
    '-f',
    '--filter',
    '--auxiliary',
    '-Y',
    '-Ttext',
    '-Tdata',
    '-Tbss',
    '--section-start',
    '--hash-style',
    '-O',
  ],
  ...[
    '--dependency-file',
    '--just-symbols',
    '-R',
    '--image-base',
    '--format',
    '-b',
    '--oformat',
    '--threads',
    '-plugin',
  ],
])

/** One dash or two, as GNU's linker has it for long options. */
const SHARED = /^--?(shared|Bshareable)$/
/** Outputs that are no programs. */
const OTHER_OUTPUT = /^(-r|-i|--relocatable|--?oformat=binary)$/

export interface LinkWords {
  readonly words: readonly string[]
  /** Index of every file among the words. */
  readonly inputs: readonly number[]
  readonly output: string
  readonly shared: boolean
  /** The output is a program or a library. */
  readonly whole: boolean
  /** The linker is told to name the files that it takes. */
  readonly traces: boolean
  /** Symbols whose uses go elsewhere than to the definition of that name. */
  readonly redirected: readonly string[]
}

export function readWords(given: readonly string[]): LinkWords {
  const words = given.flatMap(expand)
  const inputs: number[] = []
  const redirected: string[] = []
  let output = 'a.out'
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (word === '-o' || word === '--output') output = words[i + 1] ?? output
    else if (/^--output=/.test(word)) output = word.slice(word.indexOf('=') + 1)
    else if (/^-o./.test(word) && !word.startsWith('-oformat')) output = word.slice(2)
    const redirection = /^--?(?:wrap|defsym)(?:=(.*))?$/.exec(word)
    if (redirection) redirected.push((redirection[1] ?? words[i + 1] ?? '').replace(/=.*/, ''))
    if (SEPARATE.has(word)) i++
    else if (!word.startsWith('-')) inputs.push(i)
  }
  return {
    ...{ words, inputs, output, redirected },
    shared: words.some(word => SHARED.test(word)),
    whole: !words.some(word => OTHER_OUTPUT.test(word)),
    traces: words.some(word => /^(-t|--trace)$/.test(word)),
  }
}

/** The words of a response file in place of `@file`; a file that can not be read is the linker's to complain of. */
function expand(word: string): string[] {
  if (!word.startsWith('@')) return [word]
  let text: string
  try {
    text = readFileSync(word.slice(1), 'utf8')
  } catch {
    return [word]
  }
  return splitWords(text).flatMap(expand)
}

/** As a shell splits words, without its variables: quotes, and \ before any character. */
export function splitWords(text: string): string[] {
  const words = text.match(/(?:[^\s"'\\]|\\[\s\S]|"(?:[^"\\]|\\[\s\S])*"|'[^']*')+/g) ?? []
  return words.map(word =>
    word.replace(
      /\\([\s\S])|"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'/g,
      (_, escaped, double, single) => escaped ?? single ?? double.replace(/\\([\s\S])/g, '$1'),
    ),
  )
}

/** The words with another output. */
export function withOutput({ words }: LinkWords, output: string): string[] {
  const kept: string[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (word === '-o' || word === '--output') i++
    else if (!/^--output=|^-o(?!format)./.test(word)) kept.push(word)
  }
  return [...kept, '-o', output]
}
