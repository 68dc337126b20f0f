import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseSignature } from '../../../../base/signature.ts'
import { type Place, place } from '../../../../runtime/bridge/placement.ts'

/**
 * Where words are: guest and host place of each, as clang puts them for riscv64 (lp64d) and x86-64. Places: a0–a7 and fa0–fa7,
 * or s0, s1 … for words of the guest stack; rdi … r9 and x0–x7 (xmm), or s0, s1 … for words of the host stack.
 */
const TABLE: readonly (readonly [signature: string, guest: string, host: string])[] = [
  [':', '', ''],
  ['iiiiii:i', 'a0 a1 a2 a3 a4 a5', 'rdi rsi rdx rcx r8 r9'],
  ['iiiiiii:i', 'a0 a1 a2 a3 a4 a5 a6', 'rdi rsi rdx rcx r8 r9 s0'],
  ['iiiiiiiii:', 'a0 a1 a2 a3 a4 a5 a6 a7 s0', 'rdi rsi rdx rcx r8 r9 s0 s1 s2'],
  ['iiiiiiiiii:', 'a0 a1 a2 a3 a4 a5 a6 a7 s0 s1', 'rdi rsi rdx rcx r8 r9 s0 s1 s2 s3'],
  ['dfdfdfdf:', 'fa0 fa1 fa2 fa3 fa4 fa5 fa6 fa7', 'x0 x1 x2 x3 x4 x5 x6 x7'],
  ['dddddddddf:', 'fa0 fa1 fa2 fa3 fa4 fa5 fa6 fa7 a0 a1', 'x0 x1 x2 x3 x4 x5 x6 x7 s0 s1'],
  ['idifid:d', 'a0 fa0 a1 fa1 a2 fa2', 'rdi x0 rsi x1 rdx x2'],
  [
    'iiiiiiddddddddd:',
    'a0 a1 a2 a3 a4 a5 fa0 fa1 fa2 fa3 fa4 fa5 fa6 fa7 a6',
    'rdi rsi rdx rcx r8 r9 x0 x1 x2 x3 x4 x5 x6 x7 s0',
  ],
  [
    'iiiiiiiifffffffffd:',
    'a0 a1 a2 a3 a4 a5 a6 a7 fa0 fa1 fa2 fa3 fa4 fa5 fa6 fa7 s0 s1',
    'rdi rsi rdx rcx r8 r9 s0 s1 x0 x1 x2 x3 x4 x5 x6 x7 s2 s3',
  ],
  ['i.iid:i', 'a0 a1 a2 a3', 'rdi rsi rdx x0'],
  ['id.di:i', 'a0 fa0 a1 a2', 'rdi x0 x1 rsi'],
  ['i.ddddddddd:i', 'a0 a1 a2 a3 a4 a5 a6 a7 s0 s1', 'rdi x0 x1 x2 x3 x4 x5 x6 x7 s0'],
  ['i.q:i', 'a0 a2 a3', 'rdi rsi rdx'],
  ['ii.q:i', 'a0 a1 a2 a3', 'rdi rsi rdx rcx'],
  ['iii.iqi:i', 'a0 a1 a2 a3 a4 a5 a6', 'rdi rsi rdx rcx r8 r9 s0'],
  ['iiiii.q:i', 'a0 a1 a2 a3 a4 a6 a7', 'rdi rsi rdx rcx r8 r9 s0'],
  ['iiiiiii.qi:i', 'a0 a1 a2 a3 a4 a5 a6 s0 s1 s2', 'rdi rsi rdx rcx r8 r9 s0 s1 s2 s3'],
  ['iiiiiiii.iq:i', 'a0 a1 a2 a3 a4 a5 a6 a7 s0 s2 s3', 'rdi rsi rdx rcx r8 r9 s0 s1 s2 s3 s4'],
]

const HOST = ['rdi', 'rsi', 'rdx', 'rcx', 'r8', 'r9']
const guestName = ({ kind, index }: Place): string =>
  kind === 'stack' ? `s${index}` : `${kind === 'x' ? 'a' : 'fa'}${index}`
const hostName = ({ kind, index }: Place): string =>
  kind === 'stack' ? `s${index}` : kind === 'x' ? HOST[index]! : `x${index}`
const placed = (signature: string) => place(parseSignature(signature))

describe.each(TABLE)('%s', (signature, guest, host) => {
  test('is placed as in the table', () => {
    const { words, guestStack, hostStack } = placed(signature)
    expect(words.map(word => guestName(word.guest)).join(' ')).toBe(guest)
    expect(words.map(word => hostName(word.host)).join(' ')).toBe(host)
    const last = (names: string) =>
      Math.max(-1, ...names.split(' ').map(name => (name[0] === 's' ? Number(name.slice(1)) : -1)))
    expect([guestStack, hostStack]).toEqual([last(guest) + 1, last(host) + 1])
  })
})

test('identical is what has every word where the register convention has it on both sides', () => {
  const identical = TABLE.map(([signature]) => signature).filter(signature => placed(signature).identical)
  expect(identical).toEqual([':', 'iiiiii:i', 'dfdfdfdf:', 'idifid:d', 'ii.q:i'])
})

/** Stores integer argument registers, floating-point ones and the first words of the stack, 8 bytes each, in `dump`. */
const COUNT = { riscv64: { x: 8, f: 8, stack: 12 }, x86_64: { x: 6, f: 8, stack: 12 } } as const
type Machine = keyof typeof COUNT

function dumper(machine: Machine): string {
  const { x, f, stack } = COUNT[machine]
  const all = (count: number, line: (k: number) => string) => Array.from({ length: count }, (_, k) => line(k))
  const lines =
    machine === 'riscv64'
      ? [
          'la t0, dump',
          ...all(x, k => `sd a${k}, ${8 * k}(t0)`),
          ...all(f, k => `fsd fa${k}, ${8 * (x + k)}(t0)`),
          ...all(stack, k => `ld t1, ${8 * k}(sp); sd t1, ${8 * (x + f + k)}(t0)`),
          'ret',
        ]
      : [
          'lea dump(%rip), %rax',
          ...all(x, k => `mov %${HOST[k]}, ${8 * k}(%rax)`),
          ...all(f, k => `movq %xmm${k}, ${8 * (x + k)}(%rax)`),
          ...all(stack, k => `mov ${8 + 8 * k}(%rsp), %rcx; mov %rcx, ${8 * (x + f + k)}(%rax)`),
          'ret',
        ]
  return `__asm__(".text\\ncallee:\\n${lines.join('\\n')}\\n");`
}

/** Word k of a call is this number, whatever its type. */
const mark = (k: number): number => 1001 + k
const CTYPE = { i: 'long', f: 'float', d: 'double', q: 'unsigned __int128' } as const
const ctypes = (letters: string): string[] => [...letters].map(letter => CTYPE[letter as keyof typeof CTYPE])

/** A program that makes a call of every signature, and prints what the callee found, one line a call. On the host `q` is two words. */
function program(machine: Machine): string {
  const { x, f, stack } = COUNT[machine]
  const calls = TABLE.map(([signature]) => {
    const { parameters } = parseSignature(signature)
    const letters = machine === 'x86_64' ? parameters.replaceAll('q', 'ii') : parameters
    const [fixed = '', variadic] = letters.split('.')
    let k = 0
    const values = [...letters.replace('.', '')].map(letter => {
      if (letter !== 'q') return `(${ctypes(letter)})${mark(k++)}`
      return `(${mark(k++)} | (unsigned __int128)${mark(k++)} << 64)`
    })
    const prototype = [...ctypes(fixed), ...(variadic === undefined ? [] : ['...'])].join(', ') || 'void'
    return `((void (*)(${prototype}))callee)(${values.join(', ')}); show();`
  })
  return `
    #include <stdio.h>
    #define COUNT ${x + f + stack}
    unsigned long dump[COUNT];
    void callee(void);
    ${dumper(machine)}
    static void show(void) {
      for (int k = 0; k < COUNT; k++) printf("%lx ", dump[k]);
      putchar('\\n');
    }
    int main(void) { ${calls.join('\n')} }`
}

const GUEST_OPTIONS =
  '--target=riscv64-linux-gnu --gcc-install-dir=/usr/lib/gcc-cross/riscv64-linux-gnu/12 -fuse-ld=lld -static'

/** What each call put where: for each signature, the value at each place's name. */
function run(machine: Machine): ReadonlyMap<string, bigint>[] {
  const folder = mkdtempSync(join(tmpdir(), 'ferry-placement-'))
  try {
    const path = join(folder, 'program')
    const options = machine === 'riscv64' ? GUEST_OPTIONS.split(' ') : []
    // a float in a variadic part can not be passed in C; no signature of the table has one
    execFileSync('clang-22', [...options, '-O1', '-w', '-x', 'c', '-', '-o', path], { input: program(machine) })
    const output = execFileSync(machine === 'riscv64' ? 'qemu-riscv64' : path, machine === 'riscv64' ? [path] : [])
    const { x, f, stack } = COUNT[machine]
    const places: Place[] = [
      ...Array.from({ length: x }, (_, index) => ({ kind: 'x', index }) as const),
      ...Array.from({ length: f }, (_, index) => ({ kind: 'f', index }) as const),
      ...Array.from({ length: stack }, (_, index) => ({ kind: 'stack', index }) as const),
    ]
    const name = machine === 'riscv64' ? guestName : hostName
    return output
      .toString()
      .trim()
      .split('\n')
      .map(
        line =>
          new Map(
            line
              .trim()
              .split(' ')
              .map((value, k) => [name(places[k]!), BigInt(`0x${value}`)]),
          ),
      )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Bits of the number in a place of 8 bytes; a float has its own in the low half. */
function bitsOf(type: 'i' | 'f' | 'd', value: number): bigint {
  if (type === 'i') return BigInt(value)
  if (type === 'd') return new BigUint64Array(new Float64Array([value]).buffer)[0]!
  return BigInt(new Uint32Array(new Float32Array([value]).buffer)[0]!)
}

test.each([
  ['riscv64', 1],
  ['x86_64', 2],
] as const)('clang has the places of the table on %s', (machine, column) => {
  const found = run(machine)
  expect(found).toHaveLength(TABLE.length)
  for (const [n, row] of TABLE.entries()) {
    const values = placed(row[0]).words.map(({ type }, k) => bitsOf(type, mark(k)))
    const names = row[column].split(' ').filter(Boolean)
    const held = names.map((name, k) => {
      const value = found[n]!.get(name)!
      return placed(row[0]).words[k]!.type === 'f' ? value & 0xffffffffn : value
    })
    expect([row[0], held]).toEqual([row[0], values])
  }
})
