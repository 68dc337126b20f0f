/**
 * What ferry needs of a machine, one row each; `ferry doctor` prints them and scripts/setup.mjs installs what is missing.
 * Imports Node's own modules only: setup loads this file before anything is installed beside esbuild.
 */
import { execFileSync } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** What a probe found; `version` and `problem` are for people. */
export interface Finding {
  readonly found: boolean
  readonly version?: string
  readonly problem?: string
}

export interface Requirement {
  readonly id: string
  readonly title: string
  /** What it is needed for. Only `optional` ones may be missing. */
  readonly need: 'required' | 'optional'
  readonly purpose: string
  /** Debian packages that bring it. */
  readonly packages: readonly string[]
  /** How to get it when that is not a package. */
  readonly advice?: string
  readonly probe: (root: string) => Finding
}

export interface Checked extends Finding {
  readonly id: string
  readonly title: string
  readonly need: Requirement['need']
  readonly purpose: string
  /** How to get it. */
  readonly advice: string
  readonly packages: readonly string[]
}

const NODE_MINIMUM = 20
/** The guest is linked at 0x10000 by default; a larger mmap_min_addr keeps it from its addresses. */
const LOWEST_GUEST_ADDRESS = 0x10000
const SETUP = 'npm run setup'

export const REQUIREMENTS: readonly Requirement[] = [
  {
    id: 'linux',
    title: 'Linux on x86-64',
    need: 'required',
    purpose: 'the host that translated and offloaded code is for',
    packages: [],
    advice: 'use an x86-64 Linux machine',
    probe: () => ({
      found: process.platform === 'linux' && process.arch === 'x64',
      version: `${process.platform} ${process.arch}`,
    }),
  },
  {
    id: 'cpu',
    title: 'CPU with AVX2, FMA, BMI2',
    need: 'required',
    purpose: 'translated code uses x86-64-v3 instructions',
    packages: [],
    advice: 'use a CPU of the x86-64-v3 level (Haswell, Zen or newer)',
    probe: probeCpu,
  },
  {
    id: 'node',
    title: `Node.js ${NODE_MINIMUM} or newer`,
    need: 'required',
    purpose: 'runs ferry',
    packages: ['nodejs', 'npm'],
    probe: () => ({
      found: Number(process.versions.node.split('.')[0]) >= NODE_MINIMUM,
      version: process.versions.node,
    }),
  },
  tool('clang-22', 'compiles C to RISC-V bitcode', ['clang-22'], 'required'),
  tool('ld.lld-22', 'links guest programs and host objects', ['lld-22'], 'required'),
  tool('llvm-objcopy-22', 'puts the host object into the hybrid binary', ['llvm-22'], 'required'),
  {
    id: 'libllvm',
    title: 'libLLVM 22',
    need: 'required',
    purpose: 'analysis, retargeting and code generation, through its C API',
    packages: ['libllvm22'],
    probe: () =>
      probeFile([
        '/usr/lib/x86_64-linux-gnu/libLLVM.so.22.1',
        '/usr/lib/x86_64-linux-gnu/libLLVM-22.so',
        '/usr/lib/llvm-22/lib/libLLVM.so.22.1',
        '/usr/lib/llvm-22/lib/libLLVM-22.so',
        '/usr/lib/llvm-22/lib/libLLVM.so',
      ]),
  },
  {
    id: 'guest-libc',
    title: 'RISC-V libc and headers',
    need: 'required',
    purpose: 'guest programs are linked with it',
    packages: ['libc6-dev-riscv64-cross'],
    probe: () => probeFile(['/usr/riscv64-linux-gnu/lib/libc.a']),
  },
  {
    id: 'guest-gcc',
    title: 'RISC-V gcc runtime objects',
    need: 'required',
    purpose: 'crt files and libgcc of guest programs; also the second compiler of the tests',
    packages: ['gcc-riscv64-linux-gnu'],
    probe: probeGccRuntime,
  },
  tool('gcc', 'builds the executor', ['gcc'], 'required'),
  {
    id: 'libc-headers',
    title: 'C library headers',
    need: 'required',
    purpose: 'builds the executor',
    packages: ['libc6-dev'],
    probe: () => probeFile(['/usr/include/stdio.h']),
  },
  {
    id: 'npm-packages',
    title: 'npm packages',
    need: 'required',
    purpose: 'libraries of ferry and tools of its checks',
    packages: [],
    advice: SETUP,
    probe: probeNpmPackages,
  },
  {
    id: 'bundle',
    title: 'dist/ferry.js',
    need: 'required',
    purpose: 'ferry itself, built from the sources',
    packages: [],
    advice: SETUP,
    probe: root => probeFile([join(root, 'dist/ferry.js')]),
  },
  {
    id: 'executor',
    title: 'dist/executor',
    need: 'required',
    purpose: 'the guest process',
    packages: [],
    advice: SETUP,
    probe: root => probeFile([join(root, 'dist/executor')]),
  },
  {
    id: 'address-space',
    title: 'address space and file size limits',
    need: 'required',
    purpose: 'the dispatch table is a sparse mapping of 512 GiB',
    packages: [],
    advice: 'ulimit -v unlimited; ulimit -f unlimited',
    probe: probeLimits,
  },
  {
    id: 'low-addresses',
    title: 'low addresses for the guest',
    need: 'required',
    purpose: 'guest programs are mapped at their own addresses, from 0x10000 on',
    packages: [],
    advice: 'sysctl vm.mmap_min_addr=65536',
    probe: () => probeSysctl('/proc/sys/vm/mmap_min_addr', value => value <= LOWEST_GUEST_ADDRESS),
  },
  {
    id: 'memfd',
    title: 'executable memfd',
    need: 'required',
    purpose: 'the code cache is a memfd, mapped writable here and executable there',
    packages: [],
    advice: 'sysctl vm.memfd_noexec=0',
    probe: () => probeSysctl('/proc/sys/vm/memfd_noexec', value => value < 2),
  },
  {
    id: 'ptrace',
    title: 'reading the memory of a child',
    need: 'required',
    purpose: 'the translator reads guest code through /proc/<pid>/mem',
    packages: [],
    advice: 'sysctl kernel.yama.ptrace_scope=1',
    probe: () => probeSysctl('/proc/sys/kernel/yama/ptrace_scope', value => value <= 1),
  },
  tool('qemu-riscv64', 'tests, benchmarks and `ferry report --qemu` compare with it', ['qemu-user'], 'optional'),
  tool('gdb-multiarch', 'the tests of `ferry run --gdb` debug with it', ['gdb-multiarch'], 'optional'),
  tool('chromium', 'the tests of `ferry report --html` open the page with it', ['chromium'], 'optional'),
  {
    id: 'guest-c++',
    title: 'RISC-V C++ library and headers',
    need: 'optional',
    purpose: '`ferry c++` compiles and links with it',
    packages: ['g++-riscv64-linux-gnu'],
    probe: () => probeFile(['/usr/riscv64-linux-gnu/include/c++']),
  },
  tool('cmake', 'the tests of `ferry c++` build a project with it', ['cmake'], 'optional'),
  tool('dpkg-source', 'the tests of bzip2, minigzip and lua unpack Debian sources with it', ['dpkg-dev'], 'optional'),
]

/** @param root folder of ferry. */
export function checkRequirements(root: string): Checked[] {
  return REQUIREMENTS.map(({ probe, ...row }) => ({
    ...row,
    ...probe(root),
    advice: row.advice ?? `apt-get install ${row.packages.join(' ')}`,
  }))
}

function tool(name: string, purpose: string, packages: readonly string[], need: Requirement['need']): Requirement {
  return { id: name, title: name, need, purpose, packages, probe: () => probeTool(name) }
}

function probeTool(name: string): Finding {
  const path = findInPath(name)
  if (!path) return { found: false, problem: 'not in PATH' }
  try {
    const text = execFileSync(path, ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 20_000,
    })
    return { found: true, version: /\d+\.\d+(\.\d+)?/.exec(text)?.[0] ?? text.split('\n')[0] }
  } catch (error) {
    return { found: false, problem: `${path} does not run: ${(error as Error).message.split('\n')[0]}` }
  }
}

function findInPath(name: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map(folder => join(folder, name))
    .find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function probeFile(candidates: readonly string[]): Finding {
  const path = candidates.find(existsSync)
  return path ? { found: true, version: path } : { found: false, problem: `no ${candidates[0]}` }
}

function probeCpu(): Finding {
  const text = readText('/proc/cpuinfo')
  const flags = new Set(/^flags\s*:(.*)$/m.exec(text)?.[1]?.trim().split(/\s+/))
  const missing = ['avx2', 'fma', 'f16c', 'bmi1', 'bmi2', 'abm', 'popcnt', 'movbe'].filter(flag => !flags.has(flag))
  const version = /^model name\s*:\s*(.*)$/m.exec(text)?.[1]
  return missing.length === 0
    ? { found: true, version }
    : { found: false, version, problem: `without ${missing.join(', ')}` }
}

/** Debian numbers the folder by the version of gcc. */
function probeGccRuntime(): Finding {
  const base = '/usr/lib/gcc-cross/riscv64-linux-gnu'
  const versions = existsSync(base) ? readdirSync(base).filter(name => existsSync(join(base, name, 'crtbeginT.o'))) : []
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0]
  return newest ? { found: true, version: newest } : { found: false, problem: `no ${base}/*/crtbeginT.o` }
}

/** npm leaves a copy of the lock file that it installed in node_modules; set-up compares the two. */
function probeNpmPackages(root: string): Finding {
  const text = readText(join(root, 'node_modules/.package-lock.json'))
  if (text === '') return { found: false, problem: 'not installed' }
  return { found: true, version: `${Object.keys(JSON.parse(text).packages).length} installed` }
}

function probeLimits(): Finding {
  const limits = readText('/proc/self/limits')
  const limited = ['Max address space', 'Max file size'].filter(
    name => !new RegExp(`^${name} +unlimited`, 'm').test(limits),
  )
  return limited.length === 0
    ? { found: true, version: 'unlimited' }
    : { found: false, problem: `limited: ${limited.join(', ')}` }
}

/** A kernel without the file does not have the restriction. */
function probeSysctl(path: string, allowed: (value: number) => boolean): Finding {
  const text = readText(path).trim()
  const name = path.replace('/proc/sys/', '').replaceAll('/', '.')
  if (text === '') return { found: true, version: 'not restricted' }
  return allowed(Number(text))
    ? { found: true, version: `${name} = ${text}` }
    : { found: false, problem: `${name} = ${text}` }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
