/**
 * Names of temporary files. The C library makes them up (mkstemp, mkdtemp); glibc before 2.37 does so from the clock and the address of a
 * variable on the stack, which native code leaves elsewhere. So the name of the first run is put into the program's template.
 */
import { textAt } from '../syscalls/memory.ts'
import type { StartedCall } from './call.ts'

/** glibc's sysdeps/posix/tempname.c. */
const MAKERS: ReadonlySet<string> = new Set(['__gen_tempname', 'try_tempname_len', 'try_file', 'try_dir'])
/** The calls that make such a file, and which argument its path is. */
const PATHS: Readonly<Record<string, number>> = { openat: 1, mkdirat: 1 }
/** What the end of the text of a path differs in: letters of the name, a suffix, the closing quote. */
const ENDING = /^([A-Za-z0-9]{1,6}[\w.-]*)"$/
const LONGEST = 4096

/** Whether it asks for chance to make up such a name, which happens more often to some values of the clock than to others. */
export const makesUpName = ({ process, row, ra }: StartedCall): boolean =>
  row.name === 'getrandom' && MAKERS.has(process.symbolAt(ra)?.name ?? '')

/** Gives the call the recorded name when the C library has made up another. The texts of its arguments then. */
export function withRecordedName(call: StartedCall, recorded: readonly (string | null)[]): readonly (string | null)[] {
  const { process, row, args, texts, read, ra } = call
  const index = PATHS[row.name]
  const [now, then] = [texts[index ?? -1], recorded[index ?? -1]]
  if (index === undefined || !now || !then || now === then || now.length !== then.length) return texts
  if (!MAKERS.has(process.symbolAt(ra)?.name ?? '')) return texts
  const first = [...now].findIndex((letter, i) => letter !== then[i])
  const ending = ENDING.exec(then.slice(first))?.[1]
  const path = textAt(read, args[index]!, LONGEST)
  if (ending === undefined || path === undefined) return texts
  process.memory.write(Number(args[index]) + path.bytes.length - ending.length, Buffer.from(ending))
  return texts.with(index, then)
}
