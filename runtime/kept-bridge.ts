/** The bridge of the first program as it is kept between runs (KEPT_BRIDGE in base/kept-layout.ts; executor/kept_bridge.c). */
import type { CodeCache } from '../emulator/cache.ts'
import type { ProgramBridge } from './space.ts'

/** What a KEPT_BRIDGE says, and the arrays that it leads to. */
export interface KeptBridge {
  readonly numbers: Readonly<
    Record<
      | 'object_at'
      | 'object_length'
      | 'references'
      | 'bias'
      | 'hosts'
      | 'functions'
      | 'entries'
      | 'entry_count'
      | 'lookup',
      number
    >
  >
  readonly code: Uint8Array
  readonly thunks: BigUint64Array
  readonly stubs: BigUint64Array
}

export function keptBridge(bridge: ProgramBridge, cache: CodeCache): KeptBridge {
  const { hybrid, bias, start, hosts, functions, entries, numbered } = bridge
  const code = cache.fixedFrom(start)
  code.set(new Uint8Array(numbered.buffer), entries - start)
  return {
    numbers: {
      ...{ object_at: hybrid.hostOffset, object_length: hybrid.hostObject.length },
      ...{ references: hybrid.references, bias, hosts, functions },
      ...{ entries, entry_count: numbered.length / 2, lookup: hybrid.entries ?? 0 },
    },
    code,
    thunks: BigUint64Array.from(bridge.thunks, BigInt),
    stubs: BigUint64Array.from(bridge.stubs.flat(), BigInt),
  }
}
