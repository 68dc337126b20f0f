import { describe, expect, it } from 'vitest'
import { analyze } from '../../../analyzer/analyze.ts'
import type { Mode } from '../../../analyzer/choose.ts'
import { printAnalysis } from '../../../analyzer/print.ts'

const directory = new URL('.', import.meta.url).pathname

/** A changed table is accepted with `npx vitest run test/golden/analyzer -u` after reading the difference. */
describe('the table of ferry analyze', () => {
  it.each<Mode>(['auto', 'all', 'none'])('for kernels.c with --offload=%s', async mode => {
    const analysis = await analyze({ sources: ['kernels.c'], clangOptions: [], directory, mode })
    await expect(printAnalysis(analysis)).toMatchFileSnapshot(`kernels.${mode}.expected`)
  })

  it('comes from plain data', async () => {
    const analysis = await analyze({ sources: ['kernels.c'], clangOptions: [], directory })
    expect(JSON.parse(JSON.stringify(analysis))).toEqual(analysis)
  })
})
