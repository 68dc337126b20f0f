import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CONTROL, CPU_STATE, MAILBOX, PINNED, PINNED_FP, PLACES } from '../../../base/layout.ts'
import { layoutHeader } from '../../../runtime/executor/layout-header.ts'

describe('the shared layouts', () => {
  it('are in step with layout.h', () => {
    const path = new URL('../../../runtime/executor/layout.h', import.meta.url)
    expect(readFileSync(path, 'utf8')).toBe(layoutHeader())
  })

  it.each([CPU_STATE, MAILBOX, CONTROL])('$name has aligned fields that do not overlap', ({ fields, size }) => {
    const width = { u8: 1, u32: 4, u64: 8 }
    let end = 0
    for (const { type, count, offset } of fields) {
      expect(offset % width[type]).toBe(0)
      expect(offset).toBeGreaterThanOrEqual(end)
      end = offset + count * width[type]
    }
    expect(size).toBeGreaterThanOrEqual(end)
    expect(size % 8).toBe(0)
  })

  it('fit in their places', () => {
    expect(CPU_STATE.size).toBeLessThanOrEqual(PLACES.MAILBOX)
    expect(PLACES.MAILBOX + MAILBOX.size).toBeLessThanOrEqual(PLACES.THREAD_SIZE)
    expect(CONTROL.size).toBeLessThanOrEqual(PLACES.THREADS)
  })

  it('pin no register twice, and neither rsp, rbp nor the scratch registers', () => {
    for (const places of [PINNED.map(([guest]) => guest), PINNED.map(([, host]) => host)]) {
      expect(new Set(places).size).toBe(PINNED.length)
    }
    expect(PINNED.map(([, host]) => host).filter(host => [0, 4, 5, 10].includes(host))).toEqual([])
    expect(new Set(PINNED_FP.map(([, xmm]) => xmm)).size).toBe(PINNED_FP.length)
    expect(Math.max(...PINNED_FP.map(([, xmm]) => xmm))).toBeLessThan(14)
  })
})
