import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { BRIDGE_COST } from '../../../analyzer/cost.ts'
import { RULES } from '../../../analyzer/rules.ts'

const text = readFileSync(new URL('../../../docs/verdicts.md', import.meta.url), 'utf8')

it('docs/verdicts.md lists every rule, in order, with its reason', () => {
  const rows = [...text.matchAll(/^\| `([a-z-]+)` \| (.*) \|$/gm)].map(([, id, reason]) => [id, reason])
  expect(rows).toEqual(RULES.map(({ id, message }) => [id, message.replace('{detail}', '…')]))
})

it('docs/verdicts.md has the costs of crossings', () => {
  expect(text).toContain(
    `${BRIDGE_COST.guestToHost} ns from guest to host, ${BRIDGE_COST.hostToGuest} ns from host to guest`,
  )
})
