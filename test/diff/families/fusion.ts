import type { Random } from '../random.ts'
import { ALL_X, anyFloat, INTEGER_CLASSES, integerRegister } from '../registers.ts'
import { type Case, type Row, type Snippet, WINDOW } from '../snippet.ts'
import { doubleValue, integerValue } from '../values.ts'
import { instantiate } from './instantiate.ts'
import { PATTERNS } from './patterns.ts'

/** Instructions that a translator treats as one, or whose results it keeps in a form of its own until they are used. */

/** Instances of each pattern. */
const REPEAT = 10

const SOURCES = [...'abcipfgh']
const RESULTS = [...'oqrmnfghab']

/** A register of any class but x0. */
function anyClass(random: Random, taken: readonly string[]): string {
  const kind = random.pick([...INTEGER_CLASSES.slice(0, 4), 'pinned', 'unpinned'] as const)
  const register = integerRegister(random, kind, taken)
  return taken.includes(register) ? random.pick(ALL_X.filter(name => !taken.includes(name))) : register
}

function placeValue(random: Random, place: string): bigint {
  if (place === 'p') return BigInt(WINDOW.middle + random.below(16))
  if (place === 'i') return BigInt(random.below(60))
  return 'fgh'.includes(place) ? doubleValue(random) : integerValue(random)
}

export function fusion(random: Random): Case[] {
  const source = { integer: (taken: readonly string[]) => anyClass(random, taken), float: () => anyFloat(random) }
  const cases: Case[] = []
  for (const pattern of PATTERNS) {
    for (let repeat = 0; repeat < REPEAT; repeat++) {
      const { code, chosen } = instantiate(pattern, random, source)
      const named = (places: readonly string[]): string[] => [
        ...new Set(places.map(place => chosen.get(place) ?? 'x0').filter(name => name !== 'x0')),
      ]
      const inputs = named(SOURCES)
      const memory = chosen.has('p') || code.some(line => line.includes('WINDOW'))
      const snippet: Snippet = {
        code,
        inputs,
        outputs: named(RESULTS),
        still: memory || chosen.has('i'),
        fcsr: chosen.has('f'),
        ...(memory ? { window: { offset: 0, words: 3 } } : {}),
      }
      const row = (): Row => {
        const places = inputs.map(name => SOURCES.find(place => chosen.get(place) === name)!)
        const values = places.map(place => placeValue(random, place))
        return snippet.fcsr ? [...values, BigInt(random.below(5) << 5)] : values
      }
      cases.push({ snippet, rows: Array.from({ length: inputs.length > 0 ? 6 : 1 }, row) })
    }
  }
  return cases
}
