/** The control and status registers that RV64GC user mode has (ISA manual 20191213, table 24.3 and chapter 10). */
export const CSR = {
  fflags: 0x001,
  frm: 0x002,
  fcsr: 0x003,
  cycle: 0xc00,
  time: 0xc01,
  instret: 0xc02,
} as const

/** Assembler names of unprivileged CSRs (bits 9:8 are 0), those of other extensions included; the others print as numbers. */
export const CSR_NAMES: ReadonlyMap<number, string> = new Map([
  ...Object.entries(CSR).map(([name, number]) => [number, name] as const),
  [0x008, 'vstart'],
  [0x009, 'vxsat'],
  [0x00a, 'vxrm'],
  [0x00f, 'vcsr'],
  [0x011, 'ssp'],
  [0x015, 'seed'],
  [0x017, 'jvt'],
  [0xc20, 'vl'],
  [0xc21, 'vtype'],
  [0xc22, 'vlenb'],
  ...Array.from({ length: 29 }, (_, i) => [0xc03 + i, `hpmcounter${i + 3}`] as const),
])
