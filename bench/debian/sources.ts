/**
 * Debian source packages, unpacked with Debian's patches. Uses the mirror that this machine's apt uses, with an apt
 * configuration of its own, so that nothing of the system changes and root is not needed.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'
const LISTS = '/etc/apt/sources.list.d'

interface Mirror {
  readonly uri: string
  readonly key: string
}

/**
 * Unpacks each package into `folder`/`package`; one that is there already is left alone.
 * @returns the folder of each package
 */
export async function fetchSources(packages: readonly string[], folder: string): Promise<Map<string, string>> {
  const paths = new Map(packages.map(name => [name, join(folder, name)]))
  const missing = packages.filter(name => !existsSync(paths.get(name)!))
  if (missing.length === 0) return paths
  const apt = join(folder, '.apt')
  const environment = { APT_CONFIG: configureApt(apt) }
  await execa('apt-get', ['-q', 'update'], { env: environment })
  const downloads = join(apt, 'downloads')
  mkdirSync(downloads, { recursive: true })
  for (const name of missing) {
    await execa('apt-get', ['-q', 'source', '--download-only', name], { cwd: downloads, env: environment })
    const description = readdirSync(downloads).find(file => file.startsWith(`${name}_`) && file.endsWith('.dsc'))
    if (!description) throw new Error(`apt-get source ${name}: no .dsc file in ${downloads}`)
    const unpacked = join(folder, `.${name}.${process.pid}`)
    rmSync(unpacked, { recursive: true, force: true })
    await execa('dpkg-source', ['-q', '--no-check', '-x', join(downloads, description), unpacked])
    renameSync(unpacked, paths.get(name)!)
  }
  return paths
}

/** @returns the path of the configuration */
function configureApt(apt: string): string {
  const release = readFileSync('/etc/os-release', 'utf8')
  const suite = /^VERSION_CODENAME=(\w+)/m.exec(release)?.[1]
  if (!suite) throw new Error('/etc/os-release names no Debian release; the sources come from Debian')
  const { uri, key } = findMirror(suite)
  for (const part of ['lists/partial', 'cache/archives/partial', 'state', 'parts']) {
    mkdirSync(join(apt, part), { recursive: true })
  }
  writeFileSync(join(apt, 'state/status'), '')
  writeFileSync(join(apt, 'sources.list'), `deb-src [signed-by=${key}] ${uri} ${suite} main\n`)
  const configuration = join(apt, 'apt.conf')
  writeFileSync(
    configuration,
    [
      `Dir::Etc::sourcelist "${apt}/sources.list";`,
      `Dir::Etc::sourceparts "${apt}/parts";`,
      `Dir::State "${apt}/state";`,
      `Dir::State::status "${apt}/state/status";`,
      `Dir::State::lists "${apt}/lists";`,
      `Dir::Cache "${apt}/cache";`,
      'APT::Sandbox::User "root";',
      'Acquire::Languages "none";',
      'Acquire::Retries "3";',
      '',
    ].join('\n'),
  )
  return configuration
}

/** The first mirror of the release that apt is configured with, in either format of its source lists. */
function findMirror(suite: string): Mirror {
  const files = existsSync(LISTS) ? readdirSync(LISTS).map(name => join(LISTS, name)) : []
  for (const file of files.filter(name => name.endsWith('.sources'))) {
    for (const stanza of readFileSync(file, 'utf8').split(/\n\s*\n/)) {
      const field = (name: string) =>
        new RegExp(`^${name}:\\s*(.*)$`, 'mi').exec(stanza)?.[1]?.trim().split(/\s+/) ?? []
      const [uri] = field('URIs')
      if (!uri || !field('Suites').includes(suite) || !field('Components').includes('main')) continue
      const [key] = field('Signed-By')
      return { uri, key: key && existsSync(key) ? key : KEYRING }
    }
  }
  for (const file of ['/etc/apt/sources.list', ...files.filter(name => name.endsWith('.list'))]) {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
    const uri = new RegExp(`^deb\\s+(?:\\[[^\\]]*\\]\\s+)?(\\S+)\\s+${suite}\\s.*\\bmain\\b`, 'm').exec(text)?.[1]
    if (uri) return { uri, key: KEYRING }
  }
  throw new Error(`apt is configured with no mirror of Debian ${suite}`)
}
