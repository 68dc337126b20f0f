/** The steps of docs/tutorial.md work as they stand. Needs dist/. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const text = readFileSync(join(root, 'docs/tutorial.md'), 'utf8')
mkdirSync(join(root, 'test/work'), { recursive: true })
const work = mkdtempSync(join(root, 'test/work/tutorial-'))
afterAll(() => rmSync(work, { recursive: true }))

test('the tutorial', { timeout: 240_000 }, () => {
  writeFileSync(join(work, 'sum.c'), /```c\n([\s\S]*?)```/.exec(text)![1]!)
  writeFileSync(join(work, 'words.txt'), 'some words\non two lines\n')
  const commands = [...text.matchAll(/^ {4}(ferry [^#\n]*)/gm)].map(([, line]) => line!.trim())
  expect(commands.length).toBeGreaterThan(7)
  const env = { ...process.env, PATH: `${join(root, 'bin')}:${process.env.PATH}` }
  const outputs = commands.map(line => {
    const fast = line.replace('ferry report', 'ferry report --runs=1 --warmup=0')
    return [line, execFileSync('sh', ['-c', fast], { cwd: work, env, encoding: 'utf8' })] as const
  })
  const runs = outputs.filter(([line]) => line.startsWith('ferry run'))
  expect(new Set(runs.map(([, output]) => output)).size).toBe(1)
  const explained = outputs.find(([line]) => line.includes('--explain'))![1]
  expect(explained).toMatch(/^hash \(sum\.c:5\): chosen$/m)
  expect(readFileSync(join(work, 'report.html'), 'utf8')).toContain('id="chart-graph"')
})
