/**
 * Random programs by csmith, for seeds that stay the same. Every other program has its functions dealt out by annotations, so
 * that calls cross the bridge both ways in the middle of its call graph.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Subject } from './subject.ts'

const HEADERS = '/usr/include/csmith'
const GRAMMAR = [[], ['--float'], ['--builtins'], ['--packed-struct', '--inline-function']]
const LEVELS = ['-O2', '-O1', '-O3', '-O0', '-Os']
const PROTOTYPE = /^static .*\bfunc_\d+\(.*\);$/gm

/** The program of a seed, written below `folder`. */
export function csmithSubject(seed: number, folder: string): Subject {
  const source = join(folder, `${seed}.c`)
  if (!existsSync(source)) {
    mkdirSync(folder, { recursive: true })
    const words = ['--seed', `${seed}`, '--max-funcs', '12', ...GRAMMAR[seed % GRAMMAR.length]!]
    // it writes a file of its own where it is started
    const text = execFileSync('csmith', words, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 26 })
    writeFileSync(source, seed % 2 === 0 ? text : dealOut(text, seed))
  }
  // some have a loop without an end, which compilers may take to end (C11 6.8.5)
  const options = [
    `-I${HEADERS}`,
    '-Wno-incompatible-pointer-types',
    '-fno-finite-loops',
    LEVELS[seed % LEVELS.length]!,
  ]
  return { name: `csmith/${seed}`, source, options, portable: seed % GRAMMAR.length !== 1 }
}

/** Annotates the prototypes: by the bits of a number made of the seed, on the guest or on the host. */
function dealOut(text: string, seed: number): string {
  let bits = (seed * 2654435761) >>> 0
  return text.replace(PROTOTYPE, prototype => {
    bits = (Math.imul(bits, 1664525) + 1013904223) >>> 0
    const side = bits >>> 31 ? 'guest' : 'offload'
    return `__attribute__((noinline, annotate("ferry.${side}"))) ${prototype}`
  })
}
