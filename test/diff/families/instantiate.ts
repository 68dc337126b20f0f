import type { Random } from '../random.ts'

/**
 * Fills the places of a pattern (patterns.ts) with registers and numbers.
 *
 * A pattern is a list of lines with places: `{a}` `{b}` `{c}` hold values before and may be the same register or x0;
 * `{o}` `{q}` `{r}` are results and may be any register, the pointer too; `{p}` is a pointer to the window; `{i}` a small
 * index; `{m}` a register of its own (also `{n}`); `{f}` `{g}` `{h}` doubles. `{A}` is a number: a random 12-bit
 * immediate, `{S}` a shift of 0–63, `{W}` one of 0–31, `{K}` one of 0–3, `{U}` an upper immediate, `{O}` an offset. A digit
 * behind the letter makes it the same number everywhere.
 */
export interface Instance {
  readonly code: readonly string[]
  /** The register of each place. */
  readonly chosen: ReadonlyMap<string, string>
}

/** Where the registers come from. */
export interface RegisterSource {
  /** A register other than x0 and those in `taken`. */
  readonly integer: (taken: readonly string[]) => string
  readonly float: () => string
}

const NUMBERS: Record<string, (random: Random) => number> = {
  A: random => random.pick([-2048, -1, 0, 1, 2047, random.between(-2048, 2047)]),
  S: random => random.pick([0, 1, 16, 31, 32, 33, 48, 56, 63, random.below(64)]),
  W: random => random.pick([0, 1, 8, 16, 31, random.below(32)]),
  K: random => random.below(4),
  U: random => random.pick([0, 1, 0x7ffff, 0x80000, 0xfffff, random.below(0x100000)]),
  O: random => random.between(-1000, 1000),
}

export function instantiate(pattern: readonly string[], random: Random, source: RegisterSource): Instance {
  const chosen = assign(pattern, random, source)
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
  return { code, chosen }
}

function assign(pattern: readonly string[], random: Random, source: RegisterSource): Map<string, string> {
  const text = pattern.join('\n')
  const present = (places: string): string[] => [...places].filter(place => text.includes(`{${place}}`))
  const chosen = new Map<string, string>()
  const fresh = (): string => source.integer([...chosen.values()])
  // Those that must stand alone first.
  for (const place of present('pimn')) chosen.set(place, fresh())
  const data: string[] = []
  for (const place of present('abc')) {
    const register = random.chance(0.07) ? 'x0' : data.length > 0 && random.chance(0.25) ? random.pick(data) : fresh()
    chosen.set(place, register)
    data.push(register)
  }
  const alone = [chosen.get('m'), chosen.get('n')]
  for (const place of present('oqr')) {
    // A pointer that is read again must not be overwritten; a result that becomes a pointer is not x0.
    const first = pattern.findIndex(line => line.includes(`{${place}}`))
    const kept = pattern.some((line, index) => index > first && line.includes('{p}')) ? chosen.get('p') : undefined
    const unfit = [...alone, kept, 'x0']
    const others = [...new Set(chosen.values())].filter(name => !unfit.includes(name))
    const same = others.length > 0 && random.chance(0.5)
    const zero = !text.includes(`({${place}})`) && random.chance(0.04)
    chosen.set(place, zero ? 'x0' : same ? random.pick(others) : fresh())
  }
  for (const place of present('fgh')) chosen.set(place, source.float())
  return chosen
}
