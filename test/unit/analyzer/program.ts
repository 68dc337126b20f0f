import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileProgram, type Program } from '../../../analyzer/frontend.ts'
import { Context, Module } from '../../../analyzer/llvm/index.ts'

/** Compiles C text of one or more files and hands the linked module to `use`. */
export async function withProgram<Result>(
  files: Readonly<Record<string, string>>,
  use: (program: Program) => Result | Promise<Result>,
  clangOptions: readonly string[] = [],
): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), 'ferry-analyzer-'))
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text)
    const program = await compileProgram({ sources: Object.keys(files), clangOptions, directory })
    try {
      return await use(program)
    } finally {
      program.module.dispose()
      program.context.dispose()
    }
  } finally {
    await rm(directory, { recursive: true })
  }
}

/** Parses IR text and hands the module to `use`. */
export function withIr<Result>(text: string, use: (module: Module) => Result): Result {
  const context = new Context()
  const module = Module.parseText(context, text)
  try {
    return use(module)
  } finally {
    module.dispose()
    context.dispose()
  }
}
