import type { Random } from '../random.ts'
import { ALL_X, anyFloat, INTEGER_CLASSES, integerRegister } from '../registers.ts'
import { type Case, type Row, type Snippet, WINDOW } from '../snippet.ts'
import { doubleValue, integerValue } from '../values.ts'
import { PATTERNS } from './patterns.ts'

/**
 * Instructions that a translator treats as one, or whose results it keeps in a form of its own until they are used.
 *
 * A pattern is a list of lines with places: `{a}` `{b}` `{c}` hold values before and may be the same register or x0;
 * `{o}` `{q}` `{r}` are results and may be any register, the pointer too; `{p}` is a pointer to the window; `{i}` a small
 * index; `{m}` a register of its own (also `{n}`); `{f}` `{g}` `{h}` doubles. `{A}` is a number: a random 12-bit
 * immediate, `{S}` a shift of 0–63, `{W}` one of 0–31, `{K}` one of 0–3, `{U}` an upper immediate, `{O}` an offset.
 */
const REPEAT = 10

const NUMBERS: Record<string, (random: Random) => number> = {
  A: random => random.pick([-2048, -1, 0, 1, 2047, random.between(-2048, 2047)]),
  S: random => random.pick([0, 1, 16, 31, 32, 33, 48, 56, 63, random.below(64)]),
  W: random => random.pick([0, 1, 8, 16, 31, random.below(32)]),
  K: random => random.below(4),
  U: random => random.pick([0, 1, 0x7ffff, 0x80000, 0xfffff, random.below(0x100000)]),
  O: random => random.between(-1000, 1000),
}

const SOURCES = ['a', 'b', 'c', 'i', 'p', 'f', 'g', 'h']
const RESULTS = ['o', 'q', 'r', 'm', 'n', 'f', 'g', 'h']

/** Registers for the places of a pattern. */
function assign(random: Random, pattern: readonly string[], places: readonly string[]): Map<string, string> {
  const chosen = new Map<string, string>()
  const fresh = (): string => {
    const kind = random.pick([...INTEGER_CLASSES.slice(0, 4), 'pinned', 'unpinned'] as const)
    const register = integerRegister(random, kind, [...chosen.values()])
    return [...chosen.values()].includes(register)
      ? random.pick(ALL_X.filter(r => ![...chosen.values()].includes(r)))
      : register
  }
  // Those that must stand alone first.
  for (const place of ['p', 'i', 'm', 'n']) if (places.includes(place)) chosen.set(place, fresh())
  const data: string[] = []
  for (const place of ['a', 'b', 'c'].filter(name => places.includes(name))) {
    const register = random.chance(0.07) ? 'x0' : data.length > 0 && random.chance(0.25) ? random.pick(data) : fresh()
    chosen.set(place, register)
    data.push(register)
  }
  const alone = [chosen.get('m'), chosen.get('n')]
  for (const place of ['o', 'q', 'r'].filter(name => places.includes(name))) {
    // A pointer that is read again must not be overwritten.
    const first = pattern.findIndex(line => line.includes(`{${place}}`))
    const kept = pattern.some((line, index) => index > first && line.includes('{p}')) ? chosen.get('p') : undefined
    const others = [...new Set(chosen.values())].filter(name => !alone.includes(name) && name !== kept)
    const same = others.length > 0 && random.chance(0.5)
    const base = pattern.some(line => line.includes(`({${place}})`))
    chosen.set(place, !base && random.chance(0.04) ? 'x0' : same ? random.pick(others) : fresh())
  }
  for (const place of ['f', 'g', 'h'].filter(name => places.includes(name))) {
    chosen.set(place, anyFloat(random))
  }
  return chosen
}

function placeValue(random: Random, place: string): bigint {
  if (place === 'p') return BigInt(WINDOW.middle + random.below(16))
  if (place === 'i') return BigInt(random.below(60))
  return 'fgh'.includes(place) ? doubleValue(random) : integerValue(random)
}

export function fusion(random: Random): Case[] {
  const cases: Case[] = []
  for (const pattern of PATTERNS) {
    const text = pattern.join('\n')
    const places = [...new Set([...text.matchAll(/\{([a-z])\}/g)].map(match => match[1]!))]
    for (let repeat = 0; repeat < REPEAT; repeat++) {
      const chosen = assign(random, pattern, places)
      // Each number is drawn where it stands; a digit behind the letter makes it the same number everywhere.
      const numbers = new Map<string, number>()
      const fill = (letter: string, digit: string): string => {
        const key = digit === '' ? `${numbers.size}` : letter + digit
        if (!numbers.has(key)) numbers.set(key, NUMBERS[letter]!(random))
        return String(numbers.get(key))
      }
      const code = pattern.map(line =>
        line
          .replace(/\{([a-z])\}/g, (_, place: string) => chosen.get(place)!)
          .replace(/\{([A-Z])(\d?)\}/g, (_, letter: string, digit: string) => fill(letter, digit)),
      )
      const named = (letters: readonly string[]): string[] => [
        ...new Set(letters.filter(place => places.includes(place)).map(place => chosen.get(place)!)),
      ]
      const inputs = named(SOURCES).filter(name => name !== 'x0')
      const sources = SOURCES.filter(place => places.includes(place) && chosen.get(place) !== 'x0')
      const outputs = named([...RESULTS, 'a', 'b']).filter(name => name !== 'x0')
      const memory = places.includes('p') || text.includes('WINDOW')
      const still = memory || places.includes('i') || places.includes('m')
      const snippet: Snippet = {
        code,
        inputs,
        outputs,
        still,
        fcsr: places.includes('f'),
        ...(memory ? { window: { offset: 0, words: 3 } } : {}),
      }
      const row = (): Row => {
        const values = inputs.map(name => placeValue(random, sources.find(place => chosen.get(place) === name)!))
        return snippet.fcsr ? [...values, BigInt(random.below(5) << 5)] : values
      }
      cases.push({ snippet, rows: Array.from({ length: inputs.length > 0 ? 6 : 1 }, row) })
    }
  }
  return cases
}
