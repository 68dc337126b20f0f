/** Extensions as programs look for them: by asking, and by trying. */
import { expect, test } from 'vitest'
import { EXTENSIONS } from '../../emulator/riscv/extensions.ts'
import { build, run } from './probe.ts'

const output = async (name: string): Promise<string[]> => {
  const outcome = await run('static', build('extensions', name, 'static'))
  expect(outcome).toMatchObject({ status: 0, signal: null, stderr: '' })
  return outcome.stdout.trimEnd().split('\n')
}

test('a handler of SIGILL goes on behind every instruction that the machine lacks', async () => {
  const lines = await output('illegal')
  expect(lines.length).toBe(16)
  for (const line of lines) expect(line).toMatch(/^\w+: 50 traps, wrong 0, sum 1$/)
})

test('the machine has what it says that it has, and nothing else', async () => {
  const [probe, blocks, hwcap, ...extensions] = await output('machine')
  expect([probe, blocks]).toEqual(['hwprobe 0: base 1, scalar 3 3, vector 4', 'blocks 64 64 64'])
  expect(hwcap).toBe('hwcap 0x112d, isa rv64imafdc, F D 1, C 1')
  expect(extensions.pop()).toBe('others 0')
  const names = new Set(EXTENSIONS.map(({ name }) => name))
  for (const line of extensions) {
    const [name] = line.split(':')
    expect(line).toBe(`${name}: ${names.has(name!) ? '1 1 1' : '0 0 0'}`)
  }
  const told = EXTENSIONS.filter(({ name, probe }) => name.length > 1 && probe !== undefined)
  const tried = extensions.map(line => line.split(':')[0])
  expect(told.filter(({ name }) => !tried.includes(name))).toEqual([])
})
