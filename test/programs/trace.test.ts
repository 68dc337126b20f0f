/**
 * `--log=strace` of the guest programs of trace/ against NAME.expected: what strace 6.1 (`strace -f -a1`) writes of the same
 * sources built for x86-64, made by trace/expect.mjs.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { normalized } from './trace/normal.ts'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '../..')
const sources = join(here, 'trace')
const work = join(root, 'test/work/trace')

beforeAll(() => {
  mkdirSync(work, { recursive: true })
})

function build(program: string): string {
  const product = join(work, program)
  execFileSync('riscv64-linux-gnu-gcc', [
    '-static',
    '-O1',
    '-w',
    '-pthread',
    join(sources, `${program}.c`),
    '-o',
    product,
  ])
  return product
}

/** What is traced on standard error, and how the program ended. */
function trace(program: string, ...args: string[]) {
  return spawnSync(join(root, 'bin/ferry'), ['run', '--log=strace', program, ...args], {
    encoding: 'latin1',
    timeout: 60_000,
    input: '',
  })
}

describe.each(['files', 'objects', 'process', 'sockets'])('%s', program => {
  test('is traced as strace does', () => {
    const { stderr, status } = trace(build(program))
    expect(status).toBe(0)
    expect(normalized(stderr)).toBe(readFileSync(join(sources, `${program}.expected`), 'latin1'))
  })
})

describe('a tree of threads and processes', () => {
  let lines: string[] = []

  beforeAll(() => {
    const { stderr, status } = trace(build('tree'))
    expect(status).toBe(0)
    lines = stderr.split('\n')
  })

  /** The first line that matches, after that of `before`. */
  const matching = (pattern: RegExp, before = -1) => {
    const index = lines.findIndex((line, i) => i > before && pattern.test(line))
    expect(index < 0 ? `no ${pattern} in\n${lines.join('\n')}` : '').toBe('')
    return index
  }

  test('has a line in two parts for a thread that waits', () => {
    // the new thread may be faster than the end of the call that makes it
    const start = matching(
      /^(clone\(child_stack=0x\w+, flags=CLONE_VM\|.*|(\[pid +\d+\] )?<\.\.\. clone resumed>.*)parent_tid=\[\d+\], tls=0x\w+, child_tidptr=0x\w+\) = \d+$/,
    )
    const tid = /(\d+)$/.exec(lines[start]!)![1]
    const wait = matching(new RegExp(`^\\[pid +${tid}\\] read\\(3,  <unfinished \\.\\.\\.>$`))
    const resumed = matching(new RegExp(`^\\[pid +${tid}\\] <\\.\\.\\. read resumed>"x", 1\\) = 1$`), wait)
    matching(new RegExp(`^\\[pid +${tid}\\] \\+\\+\\+ exited with 0 \\+\\+\\+$`), resumed)
  })

  test('has the ends of children and what their parents learn', () => {
    const exits = matching(/^\[pid +\d+\] exit_group\(3\) = \?$/)
    const end = matching(/^\[pid +\d+\] \+\+\+ exited with 3 \+\+\+$/, exits)
    matching(/wait4.*\[\{WIFEXITED\(s\) && WEXITSTATUS\(s\) == 3\}\], 0, NULL\) = \d+$/, end)
    const waits = matching(/^\[pid +\d+\] ppoll\(NULL, 0, NULL, NULL, \d+ <unfinished \.\.\.>$/, end)
    const killed = matching(/^\[pid +\d+\] \+\+\+ killed by SIGTERM \+\+\+$/, waits)
    matching(/wait4.*\[\{WIFSIGNALED\(s\) && WTERMSIG\(s\) == SIGTERM\}\], 0, NULL\) = \d+$/, killed)
  })

  test('has the programs that replace others', () => {
    const guest = matching(
      /execve\(".*tree", \["tree", "child"\], 0x\w+ \/\* 0 vars \*\/( <unfinished \.\.\.>|\) = 0)$/,
    )
    const end = matching(/exit_group\(4\) = \?$/, guest)
    matching(/^execve\("\/bin\/true", \["true"\], 0x\w+ \/\* \d+ vars \*\/\) = 0$/, end)
  })
})
