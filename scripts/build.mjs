/**
 * Builds dist/: the command line bundled from cli/main.ts, once more for `ferry run` with V8's bytecode, the script of the page that
 * `ferry report --html` writes, and the executor compiled from runtime/executor/.
 * A product that is newer than all of its inputs is left alone. `node scripts/build.mjs executor` builds the
 * executor only.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { constants } from './constants.mjs'
import { generate } from './generate.mjs'
import { root } from './steps.mjs'
import { importTypeScript } from './typescript.mjs'

const at = (...parts) => join(root, ...parts)

const newest = paths => Math.max(...paths.map(path => statSync(path).mtimeMs))
const upToDate = (product, inputs) => existsSync(product) && statSync(product).mtimeMs >= newest(inputs)

function filesBelow(folder, suffix) {
  if (!existsSync(at(folder))) return []
  return readdirSync(at(folder), { recursive: true })
    .filter(name => suffix.test(name))
    .map(name => at(folder, name))
}

const CFLAGS = '-O2 -g -std=gnu17 -Wall -Wextra -Werror -fPIE -pie -ldl -pthread'.split(' ')

/** What the interpreter takes compressed instructions for (emulator/riscv/expansions.ts), as a file and the flag that names it. */
async function expansions() {
  const file = at('dist/expansions')
  const { EXPANSIONS } = await importTypeScript(at('emulator/riscv/expansions.ts'))
  writeFileSync(file, EXPANSIONS)
  return [`-DFERRY_EXPANSIONS="${file}"`]
}

/** dist/nothing.kept: what the executor starts with when nothing of a program was kept. */
async function makeNothingKept() {
  const { NOTHING_KEPT } = await importTypeScript(at('runtime/executor/nothing-kept.ts'))
  writeFileSync(at('dist/nothing.kept'), NOTHING_KEPT)
}

async function buildExecutor() {
  const sources = filesBelow('runtime/executor', /\.[cS]$/)
  const product = at('dist/executor')
  const inputs = [
    ...sources,
    ...filesBelow('runtime/executor', /\.h$/),
    ...filesBelow('emulator/riscv', /\.ts$/),
    fileURLToPath(import.meta.url),
  ]
  if (sources.length === 0 || upToDate(product, inputs)) return
  const compiler = ['gcc', 'cc'].find(name => {
    try {
      execFileSync(name, ['--version'], { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  })
  if (!compiler) throw new Error('no C compiler for the executor: install gcc (apt-get install gcc libc6-dev)')
  // Beside the product and renamed: whoever runs it meanwhile sees the old one or the new one.
  const unfinished = `${product}.${process.pid}`
  execFileSync(compiler, [...sources, ...CFLAGS, ...(await expansions()), '-o', unfinished], { stdio: 'inherit' })
  renameSync(unfinished, product)
}

async function buildCommandLine() {
  const entry = at('cli/main.ts')
  const successor = at('runtime/successor.ts')
  const product = at('dist/ferry.js')
  if (!existsSync(entry)) return
  const folders = ['base', 'emulator', 'runtime', 'analyzer', 'offload', 'cli']
  const inputs = [
    ...folders.flatMap(folder => filesBelow(folder, /\.(ts|json)$/)),
    ...['package.json', 'bin/script.cjs'].map(path => at(path)),
    ...['build.mjs', 'bytecode.cjs', 'constants.mjs', 'training.c'].map(name => at('scripts', name)),
  ]
  if (upToDate(product, inputs)) return
  const common = { bundle: true, metafile: true, platform: 'node', target: 'node20', logLevel: 'warning' }
  const { metafile } = await build({
    ...common,
    entryPoints: {
      ferry: entry,
      'ferry-api': at('cli/api.ts'),
      'ferry-link': at('cli/link.ts'),
      'ferry-successor': successor,
    },
    outdir: at('dist'),
    chunkNames: 'ferry-[hash]',
    // A command loads its own chunks only: `ferry analyze` no translator.
    splitting: true,
    format: 'esm',
    sourcemap: true,
    external: ['koffi', 'web-tree-sitter'],
    plugins: [await constants()],
    // CommonJS dependencies inside an ESM bundle still call require.
    banner: {
      js: "import { createRequire as ferryRequire } from 'node:module'; const require = ferryRequire(import.meta.url);",
    },
  })
  const written = new Set(Object.keys(metafile.outputs).map(path => basename(path)))
  const stale = readdirSync(at('dist')).filter(name => /^ferry.*\.js(\.map)?$/.test(name) && !written.has(name))
  for (const name of stale) rmSync(at('dist', name))
  await build({
    ...common,
    entryPoints: [entry],
    outfile: at('dist/ferry-run.cjs'),
    format: 'cjs',
    external: OTHER_COMMANDS.map(name => `./commands/${name}.ts`),
    banner: { js: '(function (require, module, moduleFolder) {' },
    footer: { js: '})' },
    plugins: [
      await constants({ 'dirname(fileURLToPath(import.meta.url))': 'moduleFolder' }),
      builtinsOnDemand,
      koffiAlone,
    ],
  })
  await build({
    entryPoints: [at('cli/page/browser.ts')],
    outfile: at('dist/report-page.js'),
    ...{ bundle: true, minify: true, platform: 'browser', target: 'es2022', format: 'iife', logLevel: 'warning' },
    // libraries of the page ask for it
    define: { 'process.env.NODE_ENV': '"production"' },
    charset: 'utf8',
  })
  await makeNothingKept()
  makeBytecode()
}

/** Commands that dist/ferry-run.cjs is not for. */
const OTHER_COMMANDS = ['analyze', 'binfmt', 'build', 'cc', 'doctor', 'report']

/** Modules of Node that most runs do not use, and that take long to load, are loaded when something of them is used. */
const builtinsOnDemand = {
  name: 'builtins-on-demand',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:(crypto|net|readline)$/ }, ({ path, namespace }) =>
      namespace === 'on-demand' ? undefined : { path, namespace: 'on-demand' },
    )
    onLoad({ filter: /.*/, namespace: 'on-demand' }, async ({ path }) => ({
      contents: `for (const name of ${JSON.stringify(Object.keys(await import(path)))})
        Object.defineProperty(exports, name, { enumerable: true, get: () => require('${path}')[name] })`,
    }))
  },
}

/** koffi's binding without the JavaScript around it, which looks for it on all systems: for scripts in bin/. */
const koffiAlone = {
  name: 'koffi-alone',
  setup({ onResolve }) {
    onResolve({ filter: /^koffi$/ }, () => {
      const binding = createRequire(createRequire(at('dist')).resolve('koffi')).resolve('@koromix/koffi-linux-x64')
      return { path: relative(at('bin'), binding), external: true }
    })
  },
}

/** The bytecode of what a small program needs: without it ferry starts more slowly, so that nothing here is an error. */
function makeBytecode() {
  const program = at('dist/training')
  const options =
    '--target=riscv64-linux-gnu -march=rv64gc -O2 -ffreestanding -fno-math-errno -nostdlib -static -fuse-ld=lld'.split(
      ' ',
    )
  try {
    execFileSync('clang-22', [...options, at('scripts/training.c'), '-o', program], { stdio: 'ignore' })
    execFileSync(process.execPath, [at('scripts/bytecode.cjs'), program], { stdio: 'ignore', timeout: 60_000 })
  } catch {
    rmSync(at('dist/ferry-run.bytecode'), { force: true })
  }
  rmSync(program, { force: true })
}

/** dist/build: a name for what translates and what runs translations, which must be of one build (runtime/kept.ts). */
function nameBuild() {
  const hash = createHash('sha256')
  const names = readdirSync(at('dist')).filter(name => name === 'executor' || /^ferry.*\.c?js$/.test(name))
  for (const name of names.sort()) hash.update(name).update(readFileSync(at('dist', name)))
  const name = hash.digest('hex').slice(0, 16)
  const file = at('dist/build')
  if (existsSync(file) && readFileSync(file, 'latin1') === name) return
  writeFileSync(`${file}.${process.pid}`, name)
  renameSync(`${file}.${process.pid}`, file)
}

mkdirSync(at('dist'), { recursive: true })
await generate()
await buildExecutor()
if (process.argv[2] !== 'executor') await buildCommandLine()
nameBuild()
