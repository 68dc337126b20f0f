/**
 * The processor that host code is compiled for. clang, not libLLVM, knows the names that `-march` takes and which
 * features each stands for (`native`: those of this machine), so an empty function is compiled and its attributes read.
 */
import { execa } from 'execa'
import { FerryError } from '../../base/diagnostics.ts'
import { CLANG } from '../tools.ts'

export interface HostCpu {
  /** LLVM's name: `znver3`, `x86-64-v3`. */
  readonly name: string
  /** The processor whose timings code is scheduled for, the attribute `tune-cpu`; undefined: that of `name`. */
  readonly tune?: string
  /** `+avx,+avx2,-avx512f…`, the attribute `target-features`. */
  readonly features: string
  /** What a processor must have to run the code, by its name in /proc/cpuinfo. */
  readonly required: readonly string[]
}

/** Features that generated code may use: LLVM's name → name in the flags line of /proc/cpuinfo. */
const CPUINFO: Readonly<Record<string, string>> = {
  adx: 'adx',
  aes: 'aes',
  avx: 'avx',
  avx2: 'avx2',
  avx512bf16: 'avx512_bf16',
  avx512bitalg: 'avx512_bitalg',
  avx512bw: 'avx512bw',
  avx512cd: 'avx512cd',
  avx512dq: 'avx512dq',
  avx512f: 'avx512f',
  avx512fp16: 'avx512_fp16',
  avx512ifma: 'avx512ifma',
  avx512vbmi: 'avx512vbmi',
  avx512vbmi2: 'avx512_vbmi2',
  avx512vl: 'avx512vl',
  avx512vnni: 'avx512_vnni',
  avx512vp2intersect: 'avx512_vp2intersect',
  avx512vpopcntdq: 'avx512_vpopcntdq',
  avxvnni: 'avx_vnni',
  bmi: 'bmi1',
  bmi2: 'bmi2',
  cx16: 'cx16',
  f16c: 'f16c',
  fma: 'fma',
  fma4: 'fma4',
  gfni: 'gfni',
  lzcnt: 'abm',
  movbe: 'movbe',
  pclmul: 'pclmulqdq',
  popcnt: 'popcnt',
  sha: 'sha_ni',
  sse3: 'pni',
  'sse4.1': 'sse4_1',
  'sse4.2': 'sse4_2',
  sse4a: 'sse4a',
  ssse3: 'ssse3',
  tbm: 'tbm',
  vaes: 'vaes',
  vpclmulqdq: 'vpclmulqdq',
  xop: 'xop',
}

/** @param march a name that clang's -march takes. @throws FerryError `host-cpu`, `tool-missing` */
export async function describeCpu(march: string): Promise<HostCpu> {
  // This machine's AVX-512 is left out: LLVM's masked vectors made SHA-256 1.7 times as slow as AVX2 code, matrix
  // multiplication, n-body and image filters no faster. A processor that is asked for by name gets all that it has.
  const limits = march === 'native' ? ['-mno-avx512f'] : []
  const args = [
    '--target=x86_64-linux-gnu',
    `-march=${march}`,
    ...limits,
    '-x',
    'c',
    '-S',
    '-emit-llvm',
    '-o',
    '-',
    '-',
  ]
  const run = await execa(CLANG, args, { input: 'void f(void) {}', reject: false })
  if (run.code === 'ENOENT') throw new FerryError('tool-missing', { tool: CLANG, package: 'clang-22' })
  const attribute = (key: string) => new RegExp(`"${key}"="([^"]*)"`).exec(run.stdout)?.[1]
  const name = attribute('target-cpu')
  if (run.failed || name === undefined) throw new FerryError('host-cpu', { cpu: march })
  const features = attribute('target-features') ?? ''
  const tune = attribute('tune-cpu')
  return { name, features, required: requiredFeatures(features), ...(tune === undefined ? {} : { tune }) }
}

/** The /proc/cpuinfo names of the features that are switched on, sorted. */
export function requiredFeatures(features: string): string[] {
  const on = features.split(',').filter(f => f.startsWith('+'))
  return on.flatMap(f => CPUINFO[f.slice(1)] ?? []).sort()
}
