/**
 * Real programs: Debian's, the same versions for riscv64 and amd64. Vector code by hand, which only the native ones have, is
 * turned off where the program lets it. Inputs are such that the native program takes about a second.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../workload.ts'
import { cFile, modelData, soundFile, textFile } from './inputs.ts'
import type { Category, Program, Run, Side, Subject } from './subject.ts'

/** What the applications need beside the usual packages of the sysroots. */
export const APPLICATION_PACKAGES =
  'ffmpeg stockfish lame vorbis-tools glpk-utils riscv64:cpp-14 amd64:cpp-14-riscv64-linux-gnu'.split(' ')

const SCRIPTS = join(root, 'bench/emulation/scripts')
const KIB = 1024

export interface Roots {
  readonly riscv64: string
  readonly amd64: string
}

interface Row {
  readonly name: string
  readonly category?: Category
  /** Path in its root; for one side where they differ. */
  readonly program: string | Readonly<Record<Side, string>>
  readonly full: Run
  readonly small: Run
  readonly varying?: RegExp
  readonly compared?: 'guests'
  readonly environment?: (root: string) => Readonly<Record<string, string>>
}

/** @param folder for input files */
async function rows(folder: string): Promise<Row[]> {
  const script = (name: string, count: number): Run => ({ arguments: [join(SCRIPTS, name), String(count)] })
  const filter = (line: string, input: string): Run => ({ arguments: line.split(' '), input })
  const text = (kib: number) => textFile(folder, kib * KIB)
  const compressor = (program: string, line: string, full: number): Row => ({
    name: program,
    program: `usr/bin/${program}`,
    full: filter(line, text(full)),
    small: filter(line, text(full / 8)),
  })
  const size = (rows: number): Run => ({
    arguments: ['-cmd', `CREATE TABLE size AS SELECT ${rows} AS n`, ':memory:'],
    input: join(SCRIPTS, 'mix.sql'),
  })
  const compile = async (part: 'full' | 'small'): Promise<Run> => ({
    arguments: [
      '-O2',
      '-quiet',
      '-march=rv64gc',
      '-mabi=lp64d',
      '-fpreprocessed',
      '-o',
      '-',
      await cFile(folder, part),
    ],
  })
  const video = (frames: number): Run => ({
    arguments: [
      ...'-hide_banner -loglevel error -nostdin -cpuflags 0 -bitexact -filter_threads 1'.split(' '),
      ...`-f lavfi -i testsrc2=size=320x240:rate=25 -frames:v ${frames} -threads 1`.split(' '),
      ...'-c:v libx264 -preset medium -x264-params asm=0:threads=1 -f h264 -'.split(' '),
    ],
  })
  const chess = (depth: number): Run => ({ arguments: ['bench', '16', '1', String(depth), 'default', 'depth'] })
  const model = (places: number): Run => ({
    arguments: ['--nomip', '--model', join(SCRIPTS, 'transport.mod'), '--data', modelData(folder, places)],
  })
  const sound = (line: string, seconds: number): Run => ({
    arguments: [...line.split(' '), soundFile(folder, seconds)],
  })
  return [
    compressor('gzip', '-c', 32768),
    compressor('bzip2', '-c', 8192),
    compressor('xz', '-c -T1', 2048),
    compressor('zstd', '-12 -T1 -c', 12288),
    { name: 'lua', program: 'usr/bin/lua5.4', full: script('mix.lua', 192), small: script('mix.lua', 24) },
    { name: 'perl', program: 'usr/bin/perl', full: script('mix.pl', 96), small: script('mix.pl', 12) },
    {
      name: 'python',
      program: 'usr/bin/python3.13',
      full: script('mix.py', 64),
      small: script('mix.py', 8),
      environment: folder => ({ PYTHONHOME: join(folder, 'usr'), PYTHONDONTWRITEBYTECODE: '1' }),
    },
    { name: 'sqlite', program: 'usr/bin/sqlite3', full: size(256000), small: size(32000) },
    {
      name: 'cc1',
      program: {
        native: 'usr/libexec/gcc-cross/riscv64-linux-gnu/14/cc1',
        guest: 'usr/libexec/gcc/riscv64-linux-gnu/14/cc1',
      },
      full: await compile('full'),
      small: await compile('small'),
    },
    { name: 'x264', program: 'usr/bin/ffmpeg', full: video(160), small: video(20) },
    {
      name: 'stockfish',
      program: 'usr/games/stockfish',
      full: chess(11),
      small: chess(7),
      varying: / (time|nps|hashfull) \d+/g,
    },
    {
      name: 'lame',
      category: 'float application',
      program: 'usr/bin/lame',
      full: sound('--quiet', 96),
      small: sound('--quiet', 12),
      compared: 'guests',
    },
    {
      name: 'oggenc',
      category: 'float application',
      program: 'usr/bin/oggenc',
      full: sound('-Q -s 1 -o -', 96),
      small: sound('-Q -s 1 -o -', 12),
      compared: 'guests',
    },
    {
      name: 'glpsol',
      category: 'float application',
      program: 'usr/bin/glpsol',
      full: model(288),
      small: model(144),
      varying: /^(Time|Memory) used.*\n|^[*#]? *\d+: obj.*\n/gm,
      compared: 'guests',
    },
  ]
}

/**
 * The applications whose programs are in the roots.
 * @param missing is told of the others
 */
export async function applications(roots: Roots, folder: string, missing: (name: string) => void): Promise<Subject[]> {
  const subjects: Subject[] = []
  for (const { name, category = 'application', program, environment, ...rest } of await rows(folder)) {
    const find = (side: Side): Program => {
      const home = side === 'native' ? roots.amd64 : roots.riscv64
      const path = join(home, typeof program === 'string' ? program : program[side])
      return { path, root: home, ...(environment ? { environment: environment(home) } : {}) }
    }
    if ((['native', 'guest'] as const).every(side => existsSync(find(side).path))) {
      subjects.push({ name, category, program: async side => find(side), ...rest })
    } else missing(name)
  }
  return subjects
}
