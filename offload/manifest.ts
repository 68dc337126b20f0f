import type { Analysis } from '../analyzer/index.ts'
import { MANIFEST_VERSION, type Manifest, type ManifestFunction } from '../base/manifest.ts'
import type { HostCpu } from './host/cpu.ts'
import type { HostModule } from './host/module.ts'
import { digest } from './hybrid.ts'
import type { Plan } from './plan.ts'

export interface ManifestParts {
  readonly analysis: Analysis
  readonly cpu: HostCpu
  readonly plan: Plan
  readonly host: HostModule
  /** Entries whose calls have no effect but their results. */
  readonly pure: ReadonlySet<string>
  /** The host shared object. */
  readonly library: Uint8Array
  /** Guest address of each entry as linked, in order. */
  readonly addresses: readonly number[]
  readonly build: Manifest['build']
}

/** What a hybrid program says of itself. */
export function makeManifest({ analysis, cpu, plan, host, pure, library, addresses, build }: ManifestParts): Manifest {
  const places = new Map(
    analysis.functions.map(f => [f.name, f.file === undefined ? undefined : `${f.file}:${f.line}`]),
  )
  const functions = plan.entries.map((name, i): ManifestFunction => {
    const source = places.get(name)
    return {
      ...{ name, signature: host.signatures[i]!, address: addresses[i]! },
      ...(source === undefined ? {} : { source }),
      ...(pure.has(name) ? { pure: true } : {}),
    }
  })
  return {
    version: MANIFEST_VERSION,
    hostCpu: cpu.name,
    hostFeatures: cpu.required,
    functions,
    thunks: host.thunks,
    references: host.references.length,
    hostDigest: digest(library),
    build,
  }
}

/** The 8-byte words of a section that the linker has filled: addresses, or distances between them. */
export function addressWords(bytes: Uint8Array): number[] {
  // copied: a Buffer may stand anywhere in its memory, and its slices share it
  return [...new BigInt64Array(Uint8Array.from(bytes).buffer, 0, bytes.length >> 3)].map(Number)
}
