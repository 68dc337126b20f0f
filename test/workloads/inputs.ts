/** Input files, the same in every run: made from a pseudo-random sequence. */

/** Marsaglia's xorshift with 32 bits of state. */
function sequence(seed: number): (bound: number) => number {
  let state = seed
  return bound => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % bound
  }
}

const SYLLABLES = 'ka lo mi ren tas vu del por shi ange ost ix quo bri ne zu fal wen dor hy'.split(' ')

function word(next: (bound: number) => number): string {
  let text = ''
  for (let count = 1 + next(3); count >= 0; count--) text += SYLLABLES[next(SYLLABLES.length)]
  return text
}

function lines(count: number, line: (index: number) => string): Buffer {
  let text = ''
  for (let index = 0; index < count; index++) text += `${line(index)}\n`
  return Buffer.from(text)
}

/** Words follow a skewed distribution, as in a language, so that it compresses as text does. */
function prose(count: number): Buffer {
  const next = sequence(7)
  const vocabulary = Array.from({ length: 3000 }, () => word(next))
  return lines(count, () => {
    const words = Array.from({ length: 6 + next(8) }, () => vocabulary[next(1 + next(vocabulary.length))])
    const text = words.join(' ')
    return `${text[0]!.toUpperCase()}${text.slice(1)}${'.,;!?'[next(5)]}`
  })
}

function noise(bytes: number): Buffer {
  const next = sequence(11)
  const buffer = Buffer.alloc(bytes)
  for (let index = 0; index < bytes; index++) buffer[index] = next(256)
  return buffer
}

const MAKE = {
  /** 20,000 words, many of them more than once. */
  'words.txt': () => {
    const next = sequence(3)
    return lines(20_000, () => word(next))
  },
  /** 20,000 integers, negative ones too. */
  'numbers.txt': () => {
    const next = sequence(5)
    return lines(20_000, () => String(next(2_000_000_000) - 1_000_000_000))
  },
  /** 5,000 records: id, name, department, salary, date of birth, city. */
  'people.csv': () => {
    const next = sequence(13)
    const two = (value: number) => String(value).padStart(2, '0')
    return lines(5000, index => {
      const birth = `${1940 + next(65)}-${two(1 + next(12))}-${two(1 + next(28))}`
      return `${index + 1},${word(next)},d${next(12)},${20_000 + next(90_000)}.${two(next(100))},${birth},${SYLLABLES[next(20)]}ton`
    })
  },
  /** 8,000 lines of a web server's log. */
  'access.log': () => {
    const next = sequence(17)
    return lines(8000, index => {
      const address = `10.${next(4)}.${next(256)}.${next(256)}`
      const time = new Date(Date.UTC(2024, 0, 1) + index * 7919).toISOString()
      const path = `/${word(next)}/${word(next)}${next(3) === 0 ? `?id=${next(1000)}` : ''}`
      const status = [200, 200, 200, 304, 404, 500][next(6)]
      return `${address} - - [${time}] "${['GET', 'POST'][next(2)]} ${path} HTTP/1.1" ${status} ${next(50_000)}`
    })
  },
  /** 1,500 records as JSON. */
  'records.json': () => {
    const next = sequence(19)
    const records = Array.from({ length: 1500 }, (_, id) => ({
      id,
      name: word(next),
      tags: Array.from({ length: next(4) }, () => word(next)),
      position: { x: next(10_000) / 8, y: -next(10_000) / 16 },
      parent: id === 0 ? null : next(id),
      active: next(2) === 1,
    }))
    return Buffer.from(JSON.stringify({ records }))
  },
  /** About 1.5 MB that compress like text. */
  'prose.txt': () => prose(24_000),
  /** 1 MB that does not compress. */
  'noise.bin': () => noise(1 << 20),
  /** 3 MB of long repetitions. */
  'repeats.bin': () => {
    const next = sequence(23)
    const blocks = Array.from({ length: 16 }, () => noise(4096).map(byte => byte ^ next(256)))
    return Buffer.concat(Array.from({ length: 768 }, () => blocks[next(blocks.length)]!))
  },
} as const satisfies Record<string, () => Buffer>

export type InputName = keyof typeof MAKE

const made = new Map<InputName, Buffer>()

export function input(name: InputName): Buffer {
  const content = made.get(name) ?? MAKE[name]()
  made.set(name, content)
  return content
}
