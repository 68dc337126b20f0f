import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { describeCpu, requiredFeatures } from '../../../offload/host/cpu.ts'

test('a named processor brings its features', async () => {
  const cpu = await describeCpu('x86-64-v3')
  expect(cpu.name).toBe('x86-64-v3')
  expect(cpu.features).toContain('+avx2')
  expect(cpu.required).toEqual(expect.arrayContaining(['abm', 'avx2', 'bmi1', 'bmi2', 'fma', 'f16c', 'movbe', 'pni']))
  expect(cpu.required).not.toContain('avx512f')
})

test('this machine has what code for it needs', async () => {
  const flags = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))![1]!.split(' ')
  const { required } = await describeCpu('native')
  expect(required.filter(feature => !flags.includes(feature))).toEqual([])
})

test('an unknown name is refused', async () => {
  await expect(describeCpu('z80')).rejects.toThrow('--host-cpu=z80: clang-22 knows no such processor')
})

test('features that are off or that code never uses are not required', () => {
  expect(requiredFeatures('+avx2,-avx512f,+fxsr,+sse4.1')).toEqual(['avx2', 'sse4_1'])
})
