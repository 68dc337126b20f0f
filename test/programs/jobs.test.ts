/**
 * `ferry run` as a job of a shell with job control, on a terminal: what the shell sees is what it sees of the same program built for
 * this machine.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { FERRY_COMMAND } from '../diff/engines.ts'

const SOURCES = fileURLToPath(new URL('./jobs/', import.meta.url))
const WORK = fileURLToPath(new URL('../work/jobs/', import.meta.url))
const [SHELL, NATIVE, GUEST] = [join(WORK, 'shell'), join(WORK, 'native'), join(WORK, 'guest')]

beforeAll(() => {
  rmSync(WORK, { recursive: true, force: true })
  mkdirSync(WORK, { recursive: true })
  execFileSync('gcc', ['-O2', '-Wall', '-Werror', join(SOURCES, 'shell.c'), '-o', SHELL, '-lutil'])
  execFileSync('gcc', ['-O2', join(SOURCES, 'job.c'), '-o', NATIVE])
  execFileSync('riscv64-linux-gnu-gcc', ['-O2', '-static', join(SOURCES, 'job.c'), '-o', GUEST])
})

const use = (mode: string, ...command: string[]): string =>
  execFileSync(SHELL, [mode, ...command, mode], { encoding: 'utf8', timeout: 60_000 })

test.each([
  ['by default', 'default'],
  ['in the background', 'background'],
  ['as an editor does it', 'editor'],
  ['when ^Z is ignored', 'ignoring'],
  ['in a process group of its own', 'apart'],
  ['until its end, while it is stopped', 'killed'],
])('a job stops and goes on: %s', (_, mode) => {
  expect(use(mode, FERRY_COMMAND, 'run', GUEST)).toBe(use(mode, NATIVE))
})
