/** Guests that fail, and ends that come from outside: the status of the native program, one line, no process and no file left. */
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CONTROL_CODES, ended, FERRY, gone, Workshop } from './errors/workshop.ts'

const GUEST = `
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static volatile int *nowhere = (int *)0x10;
static volatile long zero, minus_one = -1, lowest = -9223372036854775807L - 1;
static void jump(unsigned long target) { ((void (*)(void))target)(); zero++; }
__attribute__((noinline)) static long recurse(volatile long *p) {
  volatile long frame[32];
  frame[0] = *p + 1;
  return recurse(frame) + frame[0];
}
static void wait_forever(int busy) {
  printf("%d\\n", getpid());
  fflush(stdout);
  for (;;) if (!busy) pause();
}
static void handler(int number) { printf("handled %d\\n", number); fflush(stdout); _exit(5); }
int main(int argc, char **argv) {
  const char *how = argv[1];
#define HOW(name) else if (!strcmp(how, name))
  if (!how) return 0;
  HOW("illegal") __asm__ volatile(".globl at\\nat: .word 0xffffffff");
  HOW("vector") __asm__ volatile(".word 0x02007057");
  HOW("compressed") __asm__ volatile(".half 0");
  HOW("breakpoint") __asm__ volatile("ebreak");
  HOW("load") return *nowhere;
  HOW("store") *nowhere = 1;
  HOW("jump") jump(strtoul(argv[2], 0, 0));
  HOW("recursion") return recurse(&zero);
  HOW("abort") abort();
  HOW("division") printf("%ld %ld %ld %ld %u %u\\n", 7 / zero, 7 % zero, lowest / minus_one, lowest % minus_one,
                         7u / (unsigned)zero, 7u % (unsigned)zero);
  HOW("busy") wait_forever(1);
  HOW("waiting") wait_forever(0);
  HOW("handling") { signal(atoi(argv[2]), handler); wait_forever(0); }
  HOW("endless") { while (puts("a line") >= 0) ; return 9; }
  HOW("hello") { puts("hello"); return fflush(stdout) ? 7 : 0; }
  return 0;
}
`

const workshop = new Workshop('guest')
const QEMU = 'qemu-riscv64'
const ferry = (...args: string[]) => workshop.ferry('run', './guest', ...args)
const qemu = (...args: string[]) => workshop.run(QEMU, ['./guest', ...args])

beforeAll(() => {
  workshop.guest('guest', GUEST, ['-O1', '-fno-optimize-sibling-calls'])
})
afterAll(() => workshop.dispose())

describe('a guest that a signal ends, as under qemu', () => {
  const place = '0x[0-9a-f]+ [(]\\w+[+]0x[0-9a-f]+[)]'
  test.each<[args: string, signal: NodeJS.Signals, line: string]>([
    ['illegal', 'SIGILL', `illegal instruction 0xffffffff[)] at guest pc ${place}`],
    ['vector', 'SIGILL', `illegal instruction 0x02007057[)] at guest pc ${place}`],
    ['compressed', 'SIGILL', `illegal instruction 0x0000[)] at guest pc ${place}`],
    ['breakpoint', 'SIGTRAP', `breakpoint[)] at guest pc ${place}`],
    ['load', 'SIGSEGV', `wild load from 0x10[)] at guest pc ${place}`],
    ['store', 'SIGSEGV', `wild store to 0x10[)] at guest pc ${place}`],
    ['jump 0x4000000000', 'SIGSEGV', 'jump to 0x4000000000, which is not executable[)] at guest pc 0x4000000000'],
    ['jump 0x3fc0000000', 'SIGSEGV', 'jump to 0x3fc0000000, which'],
    ['jump 0x7fffffffffff', 'SIGSEGV', 'jump to 0x7ffffffffffe, which'],
    ['jump 0xffffffffffffff00', 'SIGSEGV', 'jump to 0xffffffffffffff00, .* at guest pc 0xffffffffffffff00'],
    ['jump 0x5001', 'SIGSEGV', `jump to 0x5000, .* at guest pc 0x5000, return address ${place}`],
    ['jump 0', 'SIGSEGV', `jump to 0x0, .* at guest pc 0x0, return address ${place}`],
    ['recursion', 'SIGSEGV', 'stack overflow: store to 0x[0-9a-f]+; --stack-size .* pc 0x[0-9a-f]+ [(]recurse[+]0x'],
  ])('%s', (args, signal, line) => {
    const words = args.split(' ')
    expect(qemu(...words).signal).toBe(signal)
    const result = ferry(...words)
    expect(result).toMatchObject({ stdout: '', status: null, signal })
    expect(result.stderr).toMatch(new RegExp(`^ferry: ${signal} \\(${line}`))
    expect(result.stderr).toMatch(/^[^\n]*\n$/)
    expect(result.stderr).not.toMatch(CONTROL_CODES)
    workshop.expectNothingLeft()
  })

  test('a smaller stack overflows, a larger one later', () => {
    const small = workshop.ferry('run', '--stack-size=128K', './guest', 'recursion')
    expect(small).toMatchObject({ status: null, signal: 'SIGSEGV', stderr: expect.stringContaining('stack overflow') })
  })

  test('abort says nothing by itself', () => {
    expect(qemu('abort').signal).toBe('SIGABRT')
    expect(ferry('abort')).toEqual({ stdout: '', stderr: '', status: null, signal: 'SIGABRT' })
  })

  test('a division by zero or beyond the range is none', () => {
    const text = '-1 7 -9223372036854775808 0 4294967295 7\n'
    expect(qemu('division').stdout).toBe(text)
    expect(ferry('division')).toEqual({ stdout: text, stderr: '', status: 0, signal: null })
  })
})

/** A guest under way; its own process number is the executor's. */
async function start(...args: string[]) {
  const child = workshop.start(['run', './guest', ...args])
  const end = ended(child)
  const guest = Number(await new Promise<string>(resolve => child.stdout!.once('data', data => resolve(String(data)))))
  expect(existsSync(`/proc/${guest}`)).toBe(true)
  return { child, guest, end }
}

describe.each(['busy', 'waiting'])('a guest that is %s', how => {
  test('ends when the translator is killed', async () => {
    const { child, guest, end } = await start(how)
    child.kill('SIGKILL')
    const stderr = 'ferry: the translator was killed; the guest can not go on without it\n'
    expect(await end).toMatchObject({ status: null, signal: 'SIGKILL', stderr })
    expect(await gone(guest)).toBe(true)
    workshop.expectNothingLeft()
  })

  test('ends the translator when it is killed, with a line that says so', async () => {
    const { child, guest, end } = await start(how)
    process.kill(guest, 'SIGKILL')
    const { signal, stderr } = await end
    expect(signal).toBe('SIGKILL')
    expect(stderr).toMatch(/^ferry: the guest was killed by signal 9 \(SIGKILL\); .*out-of-memory killer.*\n$/)
    expect(await gone(child.pid!)).toBe(true)
    workshop.expectNothingLeft()
  })

  test.each(['SIGTERM', 'SIGUSR1'] as const)('gets %s that ferry is sent', async signal => {
    const { child, guest, end } = await start(how)
    child.kill(signal)
    expect(await end).toMatchObject({ status: null, signal, stderr: '' })
    expect(await gone(guest)).toBe(true)
  })

  test.each(['SIGINT', 'SIGSEGV', 'SIGXCPU'] as const)('ends by %s as programs do', async signal => {
    const { guest, end } = await start(how)
    process.kill(guest, signal)
    expect(await end).toMatchObject({ status: null, signal, stderr: '' })
  })
})

test('a guest handles a signal that ferry is sent', async () => {
  const { child, end } = await start('handling', String(constants.signals.SIGUSR1))
  // The guest waits in a system call by then, or will deliver the signal in front of it.
  await sleep(20)
  child.kill('SIGUSR1')
  expect(await end).toMatchObject({ status: 5, stdout: expect.stringContaining('handled 10\n'), stderr: '' })
})

describe('standard streams', () => {
  const shell = (line: string) => workshop.shell(line)

  test('a pipe that nobody reads ends the guest by SIGPIPE, as the native program', () => {
    const statuses = (command: string) => shell(`${command} ./guest endless | head -1; echo "\${PIPESTATUS[*]}"`)
    expect(statuses(QEMU).stdout).toBe('a line\n141 0\n')
    expect(statuses('$FERRY run')).toMatchObject({ stdout: 'a line\n141 0\n', stderr: '' })
  })

  test('a slow reader loses nothing', () => {
    const { stdout } = shell('$FERRY run ./guest endless | (sleep 0.5; head -100000 | md5sum)')
    expect(stdout).toBe(shell('yes "a line" | head -100000 | md5sum').stdout)
  })

  test('a full disk is told to the guest', () => {
    expect(shell(`${QEMU} ./guest hello >/dev/full`).status).toBe(7)
    expect(shell('$FERRY run ./guest hello >/dev/full')).toMatchObject({ status: 7, stderr: '' })
  })

  test('standard error that can not be written changes no ending', () => {
    expect(shell('$FERRY run ./guest store 2>/dev/full; echo $?').stdout).toBe('139\n')
    expect(shell('exec 3>&1; { $FERRY run ./guest store 2>&1; echo $? >&3; } | true').stdout).toBe('139\n')
    expect(shell('$FERRY run ./guest store 2>&-; echo $?').stdout).toBe('139\n')
    expect(shell('$FERRY run absent 2>&-; echo $?').stdout).toBe('1\n')
    expect(shell('$FERRY run absent 2>/dev/full; echo $?').stdout).toBe('1\n')
  })

  test('closed ones do no harm', () => {
    expect(shell('$FERRY run ./guest hello <&-')).toMatchObject({ status: 0, stdout: 'hello\n', stderr: '' })
    // Node opens /dev/null in the place of a closed stream.
    expect(shell('$FERRY run ./guest hello >&- <&- 2>&-').status).toBe(0)
  })

  test('nothing is coloured where no terminal is, whatever the environment asks for', () => {
    const wanted = { ...workshop.environment, FERRY, TERM: 'xterm-256color', CLICOLOR_FORCE: '1', FORCE_COLOR: '1' }
    workshop.write('bad.c', 'int main(void) { return missing; }\n')
    workshop.write('warns.c', '#warning mind this\nint main(void) { return 0; }\n')
    const lines = [
      ...['run --benchmark --profile ./guest hello', 'run --log=strace ./guest hello', 'run ./guest illegal'],
      ...['--help', 'help run', 'run --wrong', 'doctor', 'run absent'],
      ...['build bad.c', 'build warns.c -o warns', 'analyze warns.c', 'report ./guest'],
    ]
    for (const line of lines) {
      const { stdout, stderr } = workshop.run(FERRY, line.split(' '), { env: wanted })
      expect(`${stdout}${stderr}`, line).not.toBe('')
      expect(stdout, line).not.toMatch(CONTROL_CODES)
      expect(stderr, line).not.toMatch(CONTROL_CODES)
    }
  })
})
