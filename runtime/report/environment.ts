/** Where a report was made: what its figures depend on besides the program. */
import { cpus, loadavg, release, totalmem } from 'node:os'

export interface Environment {
  readonly cpu: string
  readonly cpuCount: number
  readonly kernel: string
  /** Bytes. */
  readonly memory: number
  /** One-minute load average when the runs began: other work makes times longer. */
  readonly load: number
  /** `-march` that the host object was compiled for. */
  readonly hostCpu: string
  /** Of node and of everything else that takes part, by name. */
  readonly versions: Readonly<Record<string, string>>
}

export function describeEnvironment(hostCpu: string, versions: Readonly<Record<string, string>>): Environment {
  const processors = cpus()
  return {
    cpu: processors[0]?.model ?? 'unknown',
    cpuCount: processors.length,
    kernel: release(),
    memory: totalmem(),
    load: loadavg()[0]!,
    hostCpu,
    versions: { node: process.versions.node, ...versions },
  }
}
