/**
 * The main job on the bundled example: set-up, build a hybrid binary, run it, report what offloading gained.
 *
 *   npm run demo
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setup } from './setup.mjs'
import { root, show } from './steps.mjs'

const sources = ['main.c', 'blur.c', 'sha256.c', 'nbody.c', 'words.c'].map(name => `examples/demo/${name}`)
const app = 'build/demo'

const COMMANDS = [
  ['build', '-O2', ...sources, '-lm', '-o', app],
  ['run', app, 'examples/demo/text.txt'],
  ['report', '--runs=3', '--native', app, 'examples/demo/text.txt'],
]

process.exitCode = (await setup()) && demo() ? 0 : 1

function demo() {
  mkdirSync(join(root, 'build'), { recursive: true })
  return COMMANDS.every(args => {
    console.log(`\n$ ferry ${args.join(' ')}`)
    return show(join(root, 'bin/ferry'), args)
  })
}
