/** What the scripts share: the folder of ferry, running commands, and steps whose outcome is one line. Node built-ins only. */
import { spawn, spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** A program of an npm package, as a command line for {@link runStep}. */
export const packageProgram = name => join(root, 'node_modules/.bin', name)

/** Runs a command in the folder of ferry with its output shown. @returns whether it succeeded. */
export function show(command, args, environment = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  })
  if (error) console.error(`${command}: ${error.message}`)
  return status === 0
}

/**
 * Runs a command quietly; prints one line with outcome and time, and on failure what it said.
 * @param {{ name: string, command: string, args: string[] }} step
 * @returns {Promise<boolean>} whether it succeeded
 */
export async function runStep({ name, command, args }) {
  const start = performance.now()
  const { status, output } = await capture(command, args)
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`)
  if (status !== 0) console.log(output.trimEnd().replace(/^/gm, '       '))
  return status === 0
}

function capture(command, args) {
  return new Promise(resolve => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', text => {
        output += text
      })
    }
    child.on('error', error => resolve({ status: 1, output: error.message }))
    child.on('close', status => resolve({ status, output }))
  })
}
