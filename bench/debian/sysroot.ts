/**
 * Roots of Debian programs to run: the same packages, with everything they depend on, for riscv64 and for amd64. They are
 * fetched by this machine's own apt, from the mirror that it uses, and only unpacked: nothing is installed, no maintainer
 * script runs, and the state of dpkg and apt on this machine is not touched.
 *
 *     FOLDER/riscv64   for ferry's -L
 *     FOLDER/amd64     the native reference
 *     FOLDER/apt-*     apt's lists, settings and the .deb files
 */
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, relative } from 'node:path'

export const ARCHITECTURES = ['riscv64', 'amd64'] as const
export type Architecture = (typeof ARCHITECTURES)[number]
export type Sysroots = Readonly<Record<Architecture, string>>

/** The programs of the workloads. */
export const PACKAGES =
  'base-files bash dash coreutils grep sed findutils gawk make libc-bin busybox-static perl python3.13-minimal lua5.4 quickjs sqlite3 jq bc gzip bzip2 xz-utils zstd pigz'.split(
    ' ',
  )

const SUITE = 'trixie'
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'

/** FERRY_SYSROOT_DIR, or ferry-sysroot (ferry-sysroot-`name`) in XDG_CACHE_HOME or ~/.cache. */
export function sysrootFolder(name?: string): string {
  const { FERRY_SYSROOT_DIR, XDG_CACHE_HOME } = process.env
  const below = name === undefined ? 'ferry-sysroot' : `ferry-sysroot-${name}`
  return FERRY_SYSROOT_DIR || join(XDG_CACHE_HOME || join(homedir(), '.cache'), below)
}

/**
 * The two roots, with at least `packages` in them (`amd64:name` for one of them only); what is there already is kept.
 * @throws Error that says why they can not be made: no apt, no mirror, no network
 */
export function makeSysroots(packages: readonly string[] = PACKAGES, folder = sysrootFolder()): Sysroots {
  for (const architecture of ARCHITECTURES) {
    const record = join(folder, `apt-${architecture}`, 'packages')
    const present = existsSync(record) ? readFileSync(record, 'utf8').split('\n').filter(Boolean) : []
    const needed = packagesFor(architecture, packages)
    const complete = existsSync(join(folder, architecture)) && needed.every(name => present.includes(name))
    // A root without a record was made by other means and is taken as it is.
    if (complete || (present.length === 0 && existsSync(join(folder, architecture)))) continue
    const wanted = [...new Set([...present, ...needed])].sort()
    unpack(download(wanted, architecture, folder), join(folder, architecture))
    writeFileSync(record, `${wanted.join('\n')}\n`)
  }
  return { riscv64: join(folder, 'riscv64'), amd64: join(folder, 'amd64') }
}

function packagesFor(architecture: Architecture, packages: readonly string[]): string[] {
  return packages
    .map(name => name.split(':'))
    .filter(([first, second]) => second === undefined || first === architecture)
    .map(([first, second]) => second ?? first!)
}

/** Upstream's version of a package in the sysroots. */
export function packageVersion(name: string, { riscv64 }: Sysroots): string | undefined {
  const archives = join(dirname(riscv64), 'apt-riscv64/cache/archives')
  const file = existsSync(archives) ? readdirSync(archives).find(entry => entry.startsWith(`${name}_`)) : undefined
  const [, version] = file?.split('_') ?? []
  return version?.replace(/^\d+%3a/, '').replace(/-[^-]*$|[+~](dfsg|ds|deb).*$/g, '')
}

/** @returns the paths of the packages' files */
function download(packages: readonly string[], architecture: Architecture, folder: string): string[] {
  const state = join(folder, `apt-${architecture}`)
  for (const name of ['lists/partial', 'cache/archives/partial', 'parts']) {
    mkdirSync(join(state, name), { recursive: true })
  }
  const { uri, options } = mirror(architecture)
  writeFileSync(join(state, 'sources.list'), `deb [${options}] ${uri} ${SUITE} main\n`)
  writeFileSync(join(state, 'status'), '')
  const settings = join(state, 'apt.conf')
  writeFileSync(settings, aptSettings(state, architecture))
  const apt = (...args: string[]) => run('apt-get', ['-q', '-y', ...args], { ...process.env, APT_CONFIG: settings })
  const install = ['--no-install-recommends', '-o', 'Debug::NoLocking=1', 'install', ...packages]
  apt('update')
  const list = apt('--print-uris', ...install)
  const files = [...list.matchAll(/^'\S+' (\S+\.deb) /gm)].map(match => join(state, 'cache/archives', match[1]!))
  apt('--download-only', ...install)
  return files
}

function aptSettings(state: string, architecture: Architecture): string {
  return `Dir::Etc::sourcelist "${state}/sources.list";
Dir::Etc::sourceparts "${state}/parts";
Dir::Etc::preferencesparts "${state}/parts";
Dir::State "${state}";
Dir::State::status "${state}/status";
Dir::State::lists "${state}/lists";
Dir::Cache "${state}/cache";
APT::Architecture "${architecture}";
APT::Architectures { "${architecture}"; };
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::Retries "3";
`
}

/** The first archive of this machine's apt that is Debian's own and not one of its additions. */
function mirror(architecture: Architecture): { uri: string; options: string } {
  const format = '$(ORIGIN)|$(CODENAME)|$(RELEASE)|$(REPO_URI)'
  const rows = run('apt-get', ['indextargets', '--format', format, 'Created-By: Packages'])
    .split('\n')
    .map(line => line.split('|'))
  const main = rows.find(([origin, codename, release, uri]) => {
    return (
      uri !== undefined && (origin === 'Debian' || /\/debian\/?$/.test(uri)) && !/-/.test(codename || release || '')
    )
  })
  if (!main) throw new Error("this machine's apt has no Debian archive configured")
  const key = existsSync(KEYRING) ? ` signed-by=${KEYRING}` : ''
  return { uri: main[3]!, options: `arch=${architecture}${key}` }
}

/** Unpacks into a folder beside `root` first, so that `root` is complete or not there. */
function unpack(files: readonly string[], root: string): void {
  const unfinished = `${root}.unfinished`
  rmSync(unfinished, { recursive: true, force: true })
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    mkdirSync(join(unfinished, 'usr', name), { recursive: true })
    symlinkSync(`usr/${name}`, join(unfinished, name))
  }
  for (const file of files) run('dpkg-deb', ['-x', file, unfinished])
  keepLinksInside(unfinished, unfinished)
  replaceMaintainerScripts(unfinished)
  rmSync(root, { recursive: true, force: true })
  renameSync(unfinished, root)
}

/** Absolute symbolic links would lead out of the root. */
function keepLinksInside(folder: string, root: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) keepLinksInside(path, root)
    if (!entry.isSymbolicLink()) continue
    const target = readlinkSync(path)
    if (!target.startsWith('/') || /^\/(dev|proc)\//.test(target)) continue
    unlinkSync(path)
    symlinkSync(relative(dirname(path), join(root, target)), path)
  }
}

/** What the packages' scripts would have made, as far as programs need it. */
function replaceMaintainerScripts(root: string): void {
  const link = (name: string, target: string) => {
    const exists = existsSync(join(root, 'usr/bin', target))
    if (exists && !existsSync(join(root, 'usr/bin', name))) symlinkSync(target, join(root, 'usr/bin', name))
  }
  for (const triplet of ['riscv64-linux-gnu', 'x86_64-linux-gnu']) {
    for (const name of ['blas', 'lapack']) {
      const folder = join(root, 'usr/lib', triplet)
      const [target, path] = [`${name}/lib${name}.so.3`, join(folder, `lib${name}.so.3`)]
      if (existsSync(join(folder, target)) && !existsSync(path)) symlinkSync(target, path)
    }
  }
  link('sh', 'dash')
  link('which', 'which.debianutils')
  link('awk', 'gawk')
  link('awk', 'mawk')
  const write = (name: string, text: string) => {
    mkdirSync(join(root, 'etc'), { recursive: true })
    if (!existsSync(join(root, 'etc', name))) writeFileSync(join(root, 'etc', name), text)
  }
  write('passwd', 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/sh\n')
  write('group', 'root:x:0:\nnogroup:x:65534:\n')
}

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { env, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (error) throw new Error(`${command}: ${error.message}`)
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr.trim().split('\n').slice(-3).join('; ')}`)
  return stdout
}
