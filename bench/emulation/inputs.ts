/** Generated input files of the applications: the same bytes on every machine. */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { fetchSources } from '../debian/sources.ts'
import { root } from '../workload.ts'

/** Makes a file once; another process may make the same one meanwhile. */
function makeFile(path: string, content: () => Uint8Array): string {
  if (existsSync(path)) return path
  mkdirSync(dirname(path), { recursive: true })
  const unfinished = `${path}.${process.pid}`
  writeFileSync(unfinished, content())
  renameSync(unfinished, path)
  return path
}

/** Numerical Recipes' linear congruential generator. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state >>> 8
  }
}

/** Text of random words from a vocabulary with a skewed distribution: it compresses about as English does. */
export function textFile(folder: string, bytes: number): string {
  return makeFile(join(folder, `text-${bytes}`), () => {
    const random = generator(1)
    const vocabulary = Array.from({ length: 5000 }, () => {
      return Buffer.from(Array.from({ length: 2 + (random() % 9) }, () => 97 + (random() % (1 + (random() % 26)))))
    })
    const text = Buffer.alloc(bytes)
    for (let place = 0; place < bytes; ) {
      const word = vocabulary[random() % (1 + (random() % vocabulary.length))]!
      place += word.copy(text, place)
      if (place < bytes) text[place++] = random() % 12 === 0 ? 10 : 32
    }
    return text
  })
}

/** Letters, digits and punctuation that are drawn evenly, as in the ria-jit paper's figure 7. */
export function randomTextFile(folder: string, bytes: number): string {
  return makeFile(join(folder, `random-text-${bytes}`), () => {
    const random = generator(2)
    return Buffer.alloc(bytes).map(() => 33 + (random() % 94))
  })
}

/** Sixteen-bit stereo at 44.1 kHz: sweeping tones and noise. */
export function soundFile(folder: string, seconds: number): string {
  return makeFile(join(folder, `sound-${seconds}.wav`), () => {
    const random = generator(3)
    const samples = Math.round(seconds * 44100)
    const file = Buffer.alloc(44 + samples * 4)
    file.write('RIFF')
    file.writeUInt32LE(36 + samples * 4, 4)
    file.write('WAVEfmt ', 8)
    file.writeUInt32LE(16, 16)
    file.writeUInt16LE(1, 20)
    file.writeUInt16LE(2, 22)
    file.writeUInt32LE(44100, 24)
    file.writeUInt32LE(44100 * 4, 28)
    file.writeUInt16LE(4, 32)
    file.writeUInt16LE(16, 34)
    file.write('data', 36)
    file.writeUInt32LE(samples * 4, 40)
    for (let i = 0; i < samples; i++) {
      const tone = 6000 * Math.sin(i * 0.03) + 5000 * Math.sin(i * i * 1e-6)
      const value = Math.round(tone + (random() % 4000) - 2000)
      file.writeInt16LE(value, 44 + i * 4)
      file.writeInt16LE(-(value >> 1), 46 + i * 4)
    }
    return file
  })
}

/** Data for scripts/transport.mod. */
export function modelData(folder: string, places: number): string {
  return makeFile(join(folder, `transport-${places}.dat`), () => Buffer.from(`data;\nparam n := ${places};\nend;\n`))
}

/** Parts of Lua's sources. */
const C_FILES = {
  small: 'lopcodes lctype',
  full: 'lctype lopcodes lstring lobject llex lcode lparser',
} as const

/** A preprocessed C file: about 5,000 lines without headers (`full`), or 200. */
export async function cFile(folder: string, size: keyof typeof C_FILES): Promise<string> {
  const path = join(folder, `lua-${size}.i`)
  if (existsSync(path)) return path
  const sources = (await fetchSources(['lua5.4'], join(root, 'build/debian/sources'))).get('lua5.4')!
  const names = C_FILES[size].split(' ').map(name => `#include "${name}.c"\n`)
  const text = `#define LUA_CORE\n#define LUA_USE_POSIX\n#include "lprefix.h"\n${names.join('')}`
  const include = ['-I', join(sources, 'src'), '-I', join(root, 'bench/debian/include')]
  const { stdout } = await execa('riscv64-linux-gnu-gcc', ['-E', '-P', ...include, '-xc', '-'], { input: text })
  return makeFile(path, () => Buffer.from(stdout))
}
