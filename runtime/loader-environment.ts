/** The guest's environment on its way through the loader of the executor, which must not act on it. */

/** As `loader_variables` in executor/process.c, which takes the dots off again. */
const LOADER_VARIABLES = ['LD_', 'GLIBC_TUNABLES', 'MALLOC_', 'GCONV_PATH', 'LOCPATH']

/** The environment with a dot before the names that the host's loader and C library look for. */
export function hiddenFromLoader(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [
      LOADER_VARIABLES.some(start => name.startsWith(start)) ? `.${name}` : name,
      value,
    ]),
  )
}
