import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { definesSymbol, symbolsNamed } from '../../../base/elf/named.ts'
import { parseElf } from '../../../base/elf/parse.ts'
import { NATIVE_FUNCTIONS } from '../../../emulator/native/functions.ts'
import { nativeFunctionsOf } from '../../../runtime/native-libc.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ferry-native-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** The file is one where the functions are looked for. */
const isSearched = (image: { readonly path: string }) => definesSymbol(image.path, '__libc_start_main')
const open = (path: string) => parseElf(readFileSync(path), path)

function build(source: string, ...options: string[]) {
  const [input, output] = [join(folder, 'a.c'), join(folder, 'a.out')]
  writeFileSync(input, source)
  execFileSync('riscv64-linux-gnu-gcc', ['-O1', '-fno-builtin', '-w', input, '-o', output, ...options])
  return open(output)
}

const LIBRARY = ['-shared', '-fPIC', '-nostdlib']
const START = 'void __libc_start_main(void) {}'

describe('functions of the C library are found', () => {
  test('in the library', () => {
    const library = open('/usr/riscv64-linux-gnu/lib/libc.so.6')
    expect(isSearched(library)).toBe(true)
    const { symbols } = library
    expect(symbolsNamed(library, ['memchr', '__libc_start_main', 'none'])).toEqual(
      symbols.filter(({ name }) => name === 'memchr' || name === '__libc_start_main'),
    )
    const names = [...nativeFunctionsOf(library).values()]
    expect(new Set(names)).toEqual(new Set(NATIVE_FUNCTIONS))
  })

  test('in a program that is linked statically, and none that comes before the library', () => {
    const image = build(
      'unsigned long strlen(const char *s) { return 7; } int main() { return strlen(0) + memcmp(&main, &main, 4); }',
      '-static',
    )
    expect(isSearched(image)).toBe(true)
    const found = nativeFunctionsOf(image)
    expect(found.get(image.symbol('memcmp')!.address)).toBe('memcmp')
    expect(found.has(image.symbol('strlen')!.address)).toBe(false)
  })

  test('behind indirect functions: every choice, also of a stripped library', () => {
    const source = `${START}
      static void *first(void *to) { return to; }
      static void *second(void *to) { return to + 1; }
      static void *choose(int a) { return a ? first : second; }
      void *memcpy(void *, const void *, unsigned long) __attribute__((ifunc("choose")));`
    const whole = build(source, ...LIBRARY)
    const expected = ['first', 'second'].map(name => [whole.symbol(name)!.address, 'memcpy'])
    expect([...nativeFunctionsOf(whole)].sort()).toEqual(expected.sort())
    expect([...nativeFunctionsOf(build(source, ...LIBRARY, '-s'))].sort()).toEqual(expected.sort())
  })
})

describe('functions of the same names are left alone', () => {
  test('in other libraries and programs', () => {
    const source = 'void *memcpy(void *to, const void *from, unsigned long n) { return to; }'
    const library = build(source, ...LIBRARY)
    expect(isSearched(library)).toBe(false)
    expect(nativeFunctionsOf(library).size).toBe(0)
    const program = build(`${source} int main() { return 0; }`)
    expect(isSearched(program)).toBe(false)
    expect(nativeFunctionsOf(program).size).toBe(0)
    expect(isSearched({ path: join(folder, 'a.c') })).toBe(false)
    expect(isSearched({ path: join(folder, 'none') })).toBe(false)
  })

  test('when they are local', () => {
    const source = `${START} static unsigned long strlen(const char *s) { return 1; }
      unsigned long (*used)(const char *) = strlen;`
    expect(nativeFunctionsOf(build(source, ...LIBRARY)).size).toBe(0)
  })
})
