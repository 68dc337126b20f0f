import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseOptimizations } from '../../../emulator/options.ts'
import { Translator } from '../../../emulator/translate.ts'
import { guestCode } from '../../unit/emulator/guest-code.ts'
import { annotate, readCase } from './case.ts'
import { listAll } from './listing.ts'

/**
 * Guest code → IR → host code. A changed translation, and the words of a new case, are accepted with
 * `npx vitest run test/golden/emulator -u` after reading the difference.
 */
const folder = new URL('./cases/', import.meta.url).pathname
const names = readdirSync(folder)
  .filter(name => name.endsWith('.s'))
  .map(name => name.slice(0, -2))
  .sort()
const cases = new Map(names.map(name => [name, readCase(`${folder}${name}.s`)]))
const BASE = 0x10000

const regions = names.flatMap(name => {
  const { bytes, variants, translated } = cases.get(name)!
  return variants.map(variant => {
    const translator = new Translator({ optimizations: parseOptimizations(variant) })
    const region = translator.translate(BASE, guestCode(BASE, bytes, translated))!
    return { name, title: variant, ir: translator.dump(), region }
  })
})
const { gates } = new Translator()
const listings = listAll(gates, regions)

describe.each(names)('%s', name => {
  test('has the words that LLVM assembles', async () => {
    await expect(annotate(cases.get(name)!.text)).toMatchFileSnapshot(`${folder}${name}.s`)
  })

  test('is translated as expected', async () => {
    const text = regions.flatMap((one, k) => (one.name === name ? [listings[k]!] : [])).join('\n')
    await expect(text).toMatchFileSnapshot(`${folder}${name}.expected`)
  })
})
