#!/usr/bin/env node
/**
 * ferry in Node.js: every command. bin/ferry is a link to the executor, which does `ferry run` alone when it can and starts
 * this otherwise (runtime/executor/launch.c).
 */
'use strict'
const { existsSync } = require('node:fs')
const { dirname } = require('node:path')

// the real path also when this file was reached through a link
const root = dirname(__dirname)

if (Number(process.versions.node.split('.')[0]) < 20) {
  process.stderr.write(`ferry: Node.js ${process.versions.node} is too old; ferry needs version 20 or newer.\n`)
  process.exit(1)
}
if (!existsSync(`${root}/dist/ferry.js`)) {
  process.stderr.write(`ferry: not built yet. Run: npm --prefix ${root} run setup\n`)
  process.exit(1)
}
const { load } = require('./script.cjs')
const args = process.argv.slice(2)
if (args[0] === 'run') load().main(args)
// clang's linker under `ferry cc` (runtime/executor/toolchain.c)
else if (args[0] === 'ld') import('../dist/ferry-link.js').then(({ main }) => main(args.slice(1)))
else import('../dist/ferry.js').then(({ main }) => main(args))
