import { join } from 'node:path'
import { FerryError } from '../../base/diagnostics.ts'
import { REGISTRATION, Registry, registrationLine } from '../binfmt.ts'
import type { CommandFunction, Options } from '../program.ts'
import { ferryRoot } from '../root.ts'

const FOLDER = '/proc/sys/fs/binfmt_misc'
const ACTIONS = ['install', 'remove', 'status'] as const
type Action = (typeof ACTIONS)[number]

/** `ferry binfmt`: the registration line, or what an option asks for. */
export const command: CommandFunction = async (_, options) => {
  const interpreter = join(ferryRoot(), 'bin/ferry-binfmt')
  const action = chosen(options)
  if (action === undefined) {
    process.stdout.write(`${registrationLine(interpreter)}\n`)
    return 0
  }
  const registry = new Registry((options.folder as string | undefined) ?? FOLDER)
  if (action === 'status') return status(registry, interpreter)
  const text = action === 'install' ? install(registry, interpreter) : remove(registry)
  process.stdout.write(`${text}\n`)
  return 0
}

/** @throws FerryError `option-conflict` */
function chosen(options: Options): Action | undefined {
  const given = ACTIONS.filter(name => options[name] === true)
  if (given.length > 1) throw new FerryError('option-conflict', { options: given.map(name => `--${name}`).join(', ') })
  return given[0]
}

function install(registry: Registry, interpreter: string): string {
  registry.install(interpreter)
  return `${REGISTRATION}: RISC-V programs now start with ${interpreter}`
}

function remove(registry: Registry): string {
  return registry.remove() ? `${REGISTRATION}: removed` : `${REGISTRATION}: was not registered`
}

/** One line for each registration; 0 when ferry's is this ferry's and enabled. */
function status(registry: Registry, interpreter: string): number {
  const registered = registry.registered()
  const lines = registered.map(
    row => `${row.name}: ${row.enabled ? 'enabled' : 'disabled'}, interpreter ${row.interpreter}`,
  )
  const own = registered.find(({ name }) => name === REGISTRATION)
  if (!own) lines.push(`${REGISTRATION}: not registered`)
  else if (own.interpreter !== interpreter) lines.push(`this ferry would register ${interpreter}`)
  process.stdout.write(`${lines.join('\n')}\n`)
  return own?.enabled && own.interpreter === interpreter ? 0 : 1
}
