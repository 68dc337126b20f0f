/** Sessions of several processes: real programs, spaces and translations, and handlers that watch. */
import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseOptimizations } from '../../../emulator/options.ts'
import { Session, type SessionHandlers } from '../../../runtime/session.ts'
import { Spaces } from '../../../runtime/spaces.ts'
import { locate, Translation } from '../../../runtime/translation.ts'
import { buildExecutor, Workshop } from './scripted-guest.ts'

const CODE_SIZE = 1 << 24
const CHILDREN = 4
const workshop = new Workshop()
let program: string

/** What the guest does is its first argument: its children wait for ever, for a moment, or are killed by it. */
const SOURCE = `
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int argc, char **argv) {
  pid_t children[${CHILDREN}];
  int orphans = !strcmp(argv[1], "orphans");
  for (int i = 0; i < ${CHILDREN}; i++) {
    children[i] = fork();
    if (children[i] == 0) {
      if (orphans) return usleep(300000), 1;
      for (;;) pause();
    }
  }
  if (orphans) return 7;
  usleep(100000);
  if (!strcmp(argv[1], "throw")) return 3;
  for (int i = 0; i < ${CHILDREN}; i++) kill(children[i], SIGKILL);
  int killed = 0, status;
  while (wait(&status) > 0) killed += WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  usleep(2000000);
  return killed;
}
`

beforeAll(() => {
  buildExecutor()
  const source = workshop.path('tree.c')
  program = workshop.path('tree')
  writeFileSync(source, SOURCE)
  execFileSync('riscv64-linux-gnu-gcc', ['-static', '-O1', source, '-o', program])
})
afterAll(() => workshop.dispose())

function start(argument: string, handlers: Partial<SessionHandlers> = {}) {
  const session = new Session({ program, argv: [program, argument], env: {}, codeSize: CODE_SIZE })
  const translation = new Translation({ optimizations: parseOptimizations('') })
  const { gates } = translation.translator
  session.gates = gates
  const spaces = new Spaces({
    memory: session.control.memory,
    codeSize: CODE_SIZE,
    gates,
    translation,
    furnish: () => {},
  })
  const began: number[] = []
  const gone: number[] = []
  /** Owners of thread slots, at the end of each process. */
  const owners: number[] = []
  const running = session.run({
    program: process => ({ space: spaces.enter(process, false) }),
    ready: ({ pid }) => void began.push(pid),
    mapped: (process, mapped) => spaces.mapped(process, mapped),
    place: (...file) => spaces.places.place(...file),
    resolve: (...request) => spaces.resolve(...request),
    locate: ({ space }, offset) => locate(space, offset),
    invalidate: (...request) => spaces.invalidate(...request),
    fork(process, parent, mapped) {
      began.push(process.pid)
      return spaces.fork(process, parent, mapped)
    },
    moved: process => spaces.moved(process),
    gone(process) {
      gone.push(process.pid)
      spaces.gone(process)
    },
    exit: () => {
      owners.push([...session.control.slots()].filter(({ owner }) => owner !== 0).length)
      return false
    },
    ...handlers,
  })
  const ended = running.finally(() => {
    spaces.dispose()
    session.dispose()
  })
  return { ended, began, gone, owners }
}

describe('a tree of processes', () => {
  it('is served until the last one has ended; the status is that of the first', async () => {
    const { ended, began, gone } = start('orphans')
    expect(await ended).toEqual({ status: 7, signal: null })
    expect(began).toHaveLength(CHILDREN + 1)
    expect([...gone].sort()).toEqual([...began].sort())
    for (const pid of began) expect(existsSync(`/proc/${pid}`)).toBe(false)
  })

  it('gives the slots of killed processes back', async () => {
    const { ended, gone, owners } = start('kill')
    expect((await ended).status).toBe(CHILDREN)
    expect(gone).toHaveLength(CHILDREN + 1)
    expect(owners).toEqual([1])
  })

  it('ends as a whole when an answer can not be given', async () => {
    const { ended, began } = start('throw', {
      exit: () => {
        throw new Error('the report failed')
      },
    })
    await expect(ended).rejects.toThrow('the report failed')
    expect(began).toHaveLength(CHILDREN + 1)
    for (const pid of began) expect(existsSync(`/proc/${pid}`)).toBe(false)
  })
})
