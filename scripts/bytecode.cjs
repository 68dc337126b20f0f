/**
 * `node scripts/bytecode.cjs PROGRAM` runs a RISC-V program as bin/ferry does, and leaves the bytecode of every function that
 * was called on the way in dist/ferry-run.bytecode.
 */
'use strict'
const { renameSync, rmSync, writeFileSync } = require('node:fs')
const { setFlagsFromString } = require('node:v8')
const { bytecode, load } = require('../bin/script.cjs')

rmSync(bytecode, { force: true })
setFlagsFromString('--no-flush-bytecode')
process.env.FERRY_CACHE = 'off'
const { main, script } = load()
main(['run', ...process.argv.slice(2)]).then(() => {
  // flags are part of the bytecode's key
  setFlagsFromString('--flush-bytecode')
  const unfinished = `${bytecode}.${process.pid}`
  writeFileSync(unfinished, script.createCachedData())
  renameSync(unfinished, bytecode)
})
