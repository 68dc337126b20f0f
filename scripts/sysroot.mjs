/**
 * Makes the sysroots of Debian programs, or adds packages to them, and prints where they are.
 *
 *   npm run sysroot -- [packages]
 */
import { join } from 'node:path'
import { root } from './steps.mjs'
import { importTypeScript } from './typescript.mjs'

const { makeSysroots, PACKAGES } = await importTypeScript(join(root, 'bench/debian/sysroot.ts'))
const { riscv64, amd64 } = makeSysroots([...PACKAGES, ...process.argv.slice(2)])
console.log(`${riscv64}\n${amd64}`)
