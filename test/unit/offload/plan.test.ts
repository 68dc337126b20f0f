import { describe, expect, test } from 'vitest'
import { type FunctionFacts, planOffload } from '../../../offload/plan.ts'

const fact = (name: string, more: Partial<FunctionFacts> = {}): FunctionFacts => ({
  name,
  chosen: true,
  wanted: false,
  local: true,
  addressTaken: false,
  inlined: false,
  callers: [],
  ...more,
})

describe('planOffload', () => {
  const facts = [
    fact('outer', { local: false }),
    fact('helper', { callers: ['outer'] }),
    fact('shared', { callers: ['outer', 'guest'] }),
    fact('callback', { addressTaken: true, callers: ['outer'] }),
    fact('asked', { wanted: true, callers: ['outer'] }),
    fact('uncalled'),
    fact('guest', { chosen: false, local: false }),
  ]

  test('gives an entry to what guest code may reach', () => {
    expect(planOffload(facts, new Set(), false)).toEqual({
      functions: ['outer', 'helper', 'shared', 'callback', 'asked', 'uncalled'],
      entries: ['outer', 'shared', 'callback', 'asked', 'uncalled'],
    })
  })

  test('a refused function makes entries of those that it calls', () => {
    const plan = planOffload(facts, new Set(['outer']), false)
    expect(plan.functions).not.toContain('outer')
    expect(plan.entries).toContain('helper')
  })

  test('what has to be inlined goes with its callers and has no entry', () => {
    const more = [
      ...facts,
      fact('always', { inlined: true, callers: ['outer', 'guest'] }),
      fact('never', { inlined: true, callers: ['guest'] }),
    ]
    const plan = planOffload(more, new Set(), true)
    expect(plan.functions).toContain('always')
    expect(plan.functions).not.toContain('never')
    expect(plan.entries).not.toContain('always')
  })

  test('everyEntry gives all an entry', () => {
    const plan = planOffload(facts, new Set(), true)
    expect(plan.entries).toEqual(plan.functions)
  })
})
