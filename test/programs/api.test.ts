/** The library and its example. Needs dist/. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
mkdirSync(join(root, 'test/work'), { recursive: true })
const work = mkdtempSync(join(root, 'test/work/api-'))
afterAll(() => rmSync(work, { recursive: true }))

const node = (...args: string[]) => spawnSync(process.execPath, args, { encoding: 'utf8', cwd: root })

describe('the library', () => {
  test('builds, runs and reports in its example', { timeout: 120_000 }, () => {
    const { stdout, stderr, status } = node('examples/api/choose.mjs', work)
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    expect(stdout).toMatch(/^filter: chosen, saves/m)
    expect(stdout).toMatch(/^say: stays, annotated "ferry.guest"$/m)
    expect(stdout).toMatch(/^none: entered through nothing$/m)
    expect(stdout).toMatch(/^auto: entered through /m)
    expect(stdout.match(/^round 0: [\d.]+$/gm)).toHaveLength(3)
    expect(new Set(stdout.match(/^round 0: [\d.]+$/gm)).size).toBe(1)
    expect(stdout).toMatch(/^hybrid: [\d.]+ s, [\d.]+x$/m)
    expect(stdout).toMatch(/^main calls say over the bridge: 20$/m)
    expect(readFileSync(join(work, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/)
  })

  test('refuses with the messages of the commands', () => {
    const script = `import { FerryError, report } from 'ferry'
      await report({ program: '/nonexistent' }).catch(error => console.log(error instanceof FerryError, error.id))`
    expect(node('--input-type=module', '-e', script).stdout).toBe('true elf-missing\n')
  })
})
