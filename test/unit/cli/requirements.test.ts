import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { checkRequirements, REQUIREMENTS } from '../../../cli/requirements.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ferry-requirements-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

const check = (id: string) => checkRequirements(folder).find(row => row.id === id)!

/** A program in PATH, alone. */
function installTool(name: string, script: string): void {
  vi.stubEnv('PATH', folder)
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
}

describe('the rows', () => {
  it('are unique', () => {
    const ids = REQUIREMENTS.map(row => row.id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it.each(REQUIREMENTS)('$id says how to get it', ({ packages, advice, purpose }) => {
    expect(packages.length > 0 || advice !== undefined).toBe(true)
    expect(purpose).not.toBe('')
  })
})

describe('a tool', () => {
  it('is found with its version', () => {
    installTool('clang-22', 'echo "Debian clang version 22.1.8 (1)"')
    expect(check('clang-22')).toMatchObject({ found: true, version: '22.1.8' })
  })

  it('that is not in PATH is missing, with the package that has it', () => {
    vi.stubEnv('PATH', folder)
    expect(check('clang-22')).toMatchObject({
      found: false,
      problem: 'not in PATH',
      advice: 'apt-get install clang-22',
      need: 'required',
    })
  })

  it('that does not run is missing', () => {
    installTool('ld.lld-22', 'exit 3')
    const { found, problem } = check('ld.lld-22')
    expect(found).toBe(false)
    expect(problem).toContain(`${folder}/ld.lld-22 does not run`)
  })

  it('that only the tests need is optional', () => {
    vi.stubEnv('PATH', folder)
    expect(check('qemu-riscv64')).toMatchObject({ found: false, need: 'optional', advice: 'apt-get install qemu-user' })
  })
})

describe('what is built or installed in the folder of ferry', () => {
  it('is missing in a fresh clone', () => {
    for (const id of ['npm-packages', 'bundle', 'executor']) {
      expect(check(id)).toMatchObject({ found: false, advice: 'npm run setup' })
    }
  })

  it('is found when it is there', () => {
    mkdirSync(join(folder, 'dist'))
    mkdirSync(join(folder, 'node_modules'))
    writeFileSync(join(folder, 'dist/ferry.js'), '')
    writeFileSync(join(folder, 'dist/executor'), '')
    writeFileSync(join(folder, 'node_modules/.package-lock.json'), '{"packages":{"node_modules/koffi":{}}}')
    expect(check('npm-packages')).toMatchObject({ found: true, version: '1 installed' })
    expect(check('bundle').found && check('executor').found).toBe(true)
  })
})
