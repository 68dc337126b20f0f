/**
 * Brings everything that ferry needs: npm packages, system packages, the executor and the bundle. Quick when all is there.
 * Runs on a fresh clone: what comes from npm is imported only after it is installed.
 *
 *   npm run setup
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root, show } from './steps.mjs'

/** @returns {Promise<boolean>} whether ferry can be used; says what is missing otherwise. */
export async function setup() {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    return fail(`Node.js ${process.versions.node} is too old; ferry needs version 20 or newer`)
  }
  if (!installNpmPackages()) return false
  const { importTypeScript } = await import('./typescript.mjs')
  const { checkRequirements } = await importTypeScript(join(root, 'cli/requirements.ts'))
  if (!installSystemPackages(checkRequirements(root).filter(row => !row.found))) return false
  if (!show(process.execPath, [join(root, 'scripts/build.mjs')])) return fail('the build of dist/ failed')
  const missing = checkRequirements(root).filter(row => !row.found && row.need === 'required')
  for (const row of missing) console.error(`setup: ${row.title}: ${row.problem}. ${row.advice}`)
  return missing.length === 0
}

/**
 * Installs what package-lock.json names, unless node_modules holds it. Not with `npm ci`, which refuses a lock file that
 * lacks the binaries of other platforms. No package needs its install script: native parts come as packages.
 */
function installNpmPackages() {
  if (lockIsInstalled()) return true
  console.log('setup: npm packages')
  const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  return show('npm', ['install', ...options]) || fail('npm could not install the packages of package-lock.json')
}

function lockIsInstalled() {
  const copy = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(copy)) return false
  const wanted = readPackages(join(root, 'package-lock.json'))
  const installed = readPackages(copy)
  return Object.entries(wanted).every(
    ([path, row]) => path === '' || row.optional || installed[path]?.version === row.version,
  )
}

const readPackages = path => JSON.parse(readFileSync(path, 'utf8')).packages

/** Optional packages are installed with the required ones, but only what is required can fail. */
function installSystemPackages(missing) {
  const packages = [...new Set(missing.flatMap(row => row.packages))]
  if (packages.length === 0) return true
  const required = missing.some(row => row.need === 'required' && row.packages.length > 0)
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...packages]
  const prefix = rootPrefix()
  if (!prefix) {
    console.error('setup: these system packages are missing; run this, then the same command again:')
    console.error(`  sudo apt-get update && sudo ${install.join(' ')}`)
    return !required
  }
  console.log(`setup: system packages ${packages.join(' ')}`)
  const apt = args => {
    const [command, ...rest] = [...prefix, ...args]
    return show(command, rest)
  }
  process.env.DEBIAN_FRONTEND = 'noninteractive'
  // An index that is a little old or partly unreachable may still do; the installation decides.
  apt(['apt-get', '-q', 'update'])
  return apt(install) || !required || fail(`apt-get could not install ${packages.join(' ')}`)
}

/** The words to put before a command that needs root, or undefined when there is no way. */
function rootPrefix() {
  const works = (command, args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0
  if (!works('apt-get', ['--version'])) return undefined
  if (process.getuid() === 0) return []
  return works('sudo', ['-n', 'true']) ? ['sudo', '-n', 'env', 'DEBIAN_FRONTEND=noninteractive'] : undefined
}

function fail(message) {
  console.error(`setup: ${message}`)
  return false
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = (await setup()) ? 0 : 1
}
