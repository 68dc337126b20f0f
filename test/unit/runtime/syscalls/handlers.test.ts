import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const executor = path('../../../../runtime/executor/')
const EXPANSIONS = path('../../../../dist/expansions')
let work = ''

beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'ferry-handlers-'))
})
afterAll(() => rmSync(work, { recursive: true }))

test('the C handlers convert between the two architectures and refuse bad addresses', () => {
  const product = join(work, 'handlers')
  // The harness stands in for the start of the executor and for its mailbox.
  const sources = readdirSync(executor)
    .filter(name => /\.[cS]$/.test(name) && name !== 'executor.c' && name !== 'mailbox.c')
    .map(name => join(executor, name))
  const options = [
    '-O1',
    '-g',
    '-std=gnu17',
    '-Wall',
    '-fPIE',
    '-pie',
    '-pthread',
    `-I${executor}`,
    `-DFERRY_EXPANSIONS="${EXPANSIONS}"`,
  ]
  execFileSync('gcc', [...options, path('handlers.c'), ...sources, '-o', product])
  const { stdout, status, signal } = spawnSync(product, { encoding: 'utf8' })
  expect({ stdout, status, signal }).toEqual({
    stdout: expect.stringMatching(/^\d{2} checks, 0 failed\n$/),
    status: 0,
    signal: null,
  })
})
