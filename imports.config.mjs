/** Import direction (ARCHITECTURE.md), checked by dependency-cruiser: each folder, and the folders that it may import. */
const LAYERS = {
  base: [],
  emulator: ['base'],
  analyzer: ['base'],
  offload: ['analyzer', 'base'],
  runtime: ['emulator', 'base'],
  cli: ['offload', 'runtime', 'analyzer', 'base'],
  bench: ['runtime', 'analyzer', 'cli', 'base'],
}

/** Pure tables from which the documents of the command line, and benchmarks of single optimisations, derive. */
const OPEN_TABLES = { cli: ['^emulator/options\\.ts$'], bench: ['^emulator/options\\.ts$'] }

const layerRules = Object.entries(LAYERS).map(([folder, allowed]) => ({
  name: `${folder}-imports`,
  comment: `${folder}/ may import ${[...allowed, 'packages'].join(', ')}`,
  severity: 'error',
  from: { path: `^${folder}/` },
  to: {
    path: '^(base|emulator|analyzer|offload|runtime|cli|bench|test|scripts)/',
    pathNot: [...[folder, ...allowed].map(name => `^${name}/`), ...(OPEN_TABLES[folder] ?? [])],
  },
}))

export default {
  forbidden: [
    ...layerRules,
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      comment: 'imports name a file that exists',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'emulator-is-pure',
      comment: 'no process, no I/O, no clock',
      severity: 'error',
      from: { path: '^emulator/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'tests-stay-tests',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: '^test/' },
    },
  ],
  options: {
    doNotFollow: { path: '^(node_modules|dist)/' },
    exclude: { path: '^(dist|build|bench/work|test/work|test/workloads/programs)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}
