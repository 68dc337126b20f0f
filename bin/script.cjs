/**
 * Loads dist/ferry-run.cjs, the command line as far as `ferry run` needs it, with the bytecode of the functions that a run of
 * a small program uses (scripts/bytecode.cjs). V8 refuses bytecode of another version or with other flags; then it compiles.
 */
'use strict'
const { readFileSync } = require('node:fs')
const { dirname, join } = require('node:path')
const { setFlagsFromString } = require('node:v8')
const { Script } = require('node:vm')

// The translator runs for a short time in most runs. Optimising its code as early as V8 does by itself costs more than it gains
// (a static hello world: 0.38 s of CPU time with V8's own budget, 0.20 s with a budget from 500,000 on); functions with
// others inlined into them take long to compile and run hardly faster (the start of Python: a tenth of the CPU time).
setFlagsFromString('--interrupt-budget=500000')
setFlagsFromString('--max-inlined-bytecode-size=60')
setFlagsFromString('--max-inlined-bytecode-size-cumulative=150')

const folder = join(dirname(__dirname), 'dist')
const file = join(folder, 'ferry-run.cjs')
const bytecode = join(folder, 'ferry-run.bytecode')

/** @returns {{ main: (args: readonly string[]) => Promise<void>, late: () => Promise<void>, script: Script }} those of cli/main.ts */
function load() {
  // the build escapes what is not ASCII
  const script = new Script(readFileSync(file, 'latin1'), { filename: file, cachedData: read(bytecode) })
  const main = { exports: {} }
  script.runInThisContext()(require, main, folder)
  return { ...main.exports, script }
}

function read(path) {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}

module.exports = { bytecode, load }
