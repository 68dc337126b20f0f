/** Real programs from unmodified Debian sources: bzip2, minigzip (zlib) and lua 5.4, each one command line to build. */
import { existsSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { makeCorpus } from '../corpus.ts'
import { buildWorkload, root, type Workload } from '../workload.ts'
import { fetchSources } from './sources.ts'

/** Bytes of the file that is compressed and restored. */
const CORPUS_SIZE = 20_000_000

const BZIP2 = 'blocksort huffman crctable randtable compress decompress bzlib bzip2'
const ZLIB =
  'adler32 crc32 deflate infback inffast inflate inftrees trees zutil compress uncompr gzclose gzlib gzread gzwrite test/minigzip'

const cFiles = (names: string) => names.split(' ').map(name => `${name}.c`)

/**
 * @param folder for sources, the corpus and its compressed forms
 * @param scale of the lua script
 */
export async function debianPrograms(folder: string, scale: number): Promise<Workload[]> {
  const sources = await fetchSources(['bzip2', 'zlib', 'lua5.4'], join(folder, 'sources'))
  const corpus = makeCorpus(join(folder, 'corpus'), CORPUS_SIZE)
  const lua = join(sources.get('lua5.4')!, 'src')
  const programs: Workload[] = [
    {
      name: 'bzip2',
      directory: sources.get('bzip2')!,
      sources: cFiles(BZIP2),
      options: ['-O2', '-w', '-D_FILE_OFFSET_BITS=64'],
      runs: compression(['-c'], ['-dc'], corpus, join(folder, 'corpus.bz2')),
    },
    {
      name: 'minigzip',
      directory: sources.get('zlib')!,
      sources: cFiles(ZLIB),
      options: ['-O2', '-w', '-DHAVE_UNISTD_H', '-D_LARGEFILE64_SOURCE=1', '-I.'],
      runs: compression([], ['-d'], corpus, join(folder, 'corpus.gz')),
    },
    {
      name: 'lua',
      directory: lua,
      sources: readdirSync(lua).filter(name => name.endsWith('.c') && name !== 'luac.c'),
      options: ['-O2', '-w', '-DLUA_USE_POSIX', '-DLUA_COMPAT_5_3', `-I${join(root, 'bench/debian/include')}`],
      libraries: ['-lm'],
      runs: [{ name: '', arguments: [join(root, 'examples/lua/tour.lua'), String(scale)], status: 1 }],
    },
  ]
  for (const program of programs.slice(0, 2)) await prepareRestore(program, folder)
  return programs
}

/** The second run restores what the native program compressed. */
function compression(compress: readonly string[], restore: readonly string[], corpus: string, compressed: string) {
  return [
    { name: 'compress', arguments: compress, input: corpus },
    { name: 'restore', arguments: restore, input: compressed },
  ]
}

/** Compresses the corpus with the native build of a program into the input of its second run. */
async function prepareRestore(program: Workload, folder: string): Promise<void> {
  const [compress, restore] = program.runs
  if (existsSync(restore!.input!)) return
  const native = await buildWorkload(program, 'native', folder)
  const unfinished = `${restore!.input}.${process.pid}`
  await execa(native, compress!.arguments, { inputFile: compress!.input!, stdout: { file: unfinished } })
  renameSync(unfinished, restore!.input!)
}
