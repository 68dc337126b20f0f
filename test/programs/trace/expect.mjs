/**
 * Writes NAME.expected beside each program: its trace by strace 6.1 on this machine (x86-64). To be run as root, and the
 * result to be reviewed before it is committed.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { importTypeScript } from '../../../scripts/typescript.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const { normalized } = await importTypeScript(join(here, 'normal.ts'))
const work = mkdtempSync(join(tmpdir(), 'ferry-expect-'))
for (const name of ['files', 'objects', 'process', 'sockets']) {
  const program = join(work, name)
  const trace = join(work, `${name}.trace`)
  execFileSync('gcc', ['-w', '-O1', '-o', program, join(here, `${name}.c`)])
  execFileSync('strace', ['-f', '-a1', '-o', trace, program], { stdio: 'ignore' })
  writeFileSync(join(here, `${name}.expected`), normalized(readFileSync(trace, 'latin1')), 'latin1')
}
rmSync(work, { recursive: true })
