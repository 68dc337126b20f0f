/** Finds the C front end and the guest's C library and run-time objects. */
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { FerryError } from '../base/diagnostics.ts'

const CLANG_FILES = ['/usr/lib/llvm-22/bin/clang', '/usr/local/lib/llvm-22/bin/clang']
const GCC_ROOT = '/usr/lib/gcc-cross/riscv64-linux-gnu'
const LIBC_HEADER = '/usr/riscv64-linux-gnu/include/stdio.h'

/** The path of clang-22: on PATH, or where Debian and apt.llvm.org install it. @throws FerryError `clang-missing` */
export function findClang(elsewhere: readonly string[] = CLANG_FILES): string {
  const onPath = (process.env.PATH ?? '').split(delimiter).map(folder => join(folder, 'clang-22'))
  const found = [...onPath, ...elsewhere].find(path => existsSync(path))
  if (found === undefined) throw new FerryError('clang-missing', { tried: ['PATH', ...elsewhere].join(', ') })
  return found
}

/** The folder of the cross gcc's run-time objects (crtbegin.o, libgcc.a), highest version first. @throws FerryError `sysroot-missing` */
export function findGccInstall(root = GCC_ROOT, header = LIBC_HEADER): string {
  const versions = existsSync(root) ? readdirSync(root).filter(name => /^\d+$/.test(name)) : []
  const found = versions
    .sort((a, b) => Number(b) - Number(a))
    .map(version => join(root, version))
    .find(folder => existsSync(join(folder, 'libgcc.a')))
  if (found === undefined) throw new FerryError('sysroot-missing', { path: root })
  if (!existsSync(header)) throw new FerryError('sysroot-missing', { path: header })
  return found
}

/** What makes clang compile and link for the guest: riscv64 Linux, rv64gc, lp64d, Debian's cross libc. */
export function guestOptions(): string[] {
  const gcc = findGccInstall()
  return ['--target=riscv64-linux-gnu', `--gcc-install-dir=${gcc}`, '-march=rv64gc', '-mabi=lp64d']
}
