/**
 * Host → guest: host code calls `ferry_thunks[signature]` with the guest target in r10 (LLVM `nest`) and System V
 * arguments. A target with a host entry is jumped to. For the others the thunk opens a bridge level (gates.ts LEVEL) and calls through
 * the dispatch table. Guest callee-saved registers are the host's, so the guest function preserves them for the caller.
 */
import { PLACES } from '../../base/layout.ts'
import { parseSignature } from '../../base/signature.ts'
import { HOME, stateSlot, TEMP, xSlot } from '../../emulator/convention.ts'
import type { Gates } from '../../emulator/gates.ts'
import { Cond, I, R10, R11, RAX, RBP, RBX, RDI, RDX, RIPREL, RSI, RSP } from '../../emulator/x86/assembler.ts'
import { box, findTranslation, guestSpSlot, HOST_ARGUMENTS, raSlot, refer, type Site } from './code.ts'
import { type Placement, place } from './placement.ts'

/** Guest pc → host entry: 16-byte entries (pc, address) at `(pc >> 1) & mask`, at a fixed offset of the code cache. */
export interface EntryTable {
  readonly offset: number
  readonly mask: number
}

const TP = 4

/** Bytes from rsp, after the thunk's pushes, to the host's stack arguments: level (2 words), rbp, rbx, return address. */
const TO_ARGUMENTS = 5 * 8

/** @param edges offset of the routine that counts crossings (edges.ts), or undefined */
export function emitThunk(
  site: Site,
  gates: Gates,
  signature: string,
  tlsOffset: bigint,
  entries: EntryTable,
  edges?: number,
): void {
  const { asm } = site
  const parsed = parseSignature(signature)
  const placement = place(parsed)
  if (placement.identical && !parsed.parameters.includes('.')) {
    const guest = asm.label()
    // 16 bytes for every even pc: the entry is at 8 times the bits of the mask in place
    asm.rr(I.mov, 4, RAX, R10)
    asm.ri(I.and, 4, RAX, entries.mask * 2)
    refer(site, entries.offset, () => asm.rm(I.lea, 8, R11, RIPREL, 0))
    asm.rm(I.cmp, 8, R10, R11, 0, RAX, 8)
    asm.jccShort(Cond.ne, guest)
    asm.m(I.jmp, 8, R11, 8, RAX, 8)
    asm.bind(guest)
  }
  asm.r(I.push, 8, RBX)
  asm.r(I.push, 8, RBP)
  // mov rbp, fs:[tlsOffset]
  loadThreadLocal(site, 0x2c, tlsOffset)
  if (edges !== undefined) {
    asm.rm(I.mov, 8, RAX, RSP, 2 * 8)
    site.references.push({ field: asm.callRel32(), target: edges })
  }
  asm.m(I.push, 8, RBP, stateSlot('level_base'))
  asm.rm(I.mov, 8, RBX, RBP, guestSpSlot)
  asm.r(I.push, 8, RBX)
  for (const { type, guest, host } of placement.words) {
    if (type === 'f' && guest.kind === 'f' && host.kind === 'f') box(site, host.index, gates.pool.upperOnes)
  }
  if (!placement.identical) moveToGuest(site, placement)
  asm.pushImm(PLACES.RETURN_GATE)
  asm.rm(I.lea, 8, RAX, RSP, -8)
  asm.mr(I.mov, 8, RBP, stateSlot('level_base'), RAX)
  asm.mi(I.mov, 8, RBP, raSlot, PLACES.RETURN_GATE)
  asm.rr(I.mov, 8, TEMP, R10)
  findTranslation(asm)
  asm.callR(R10)
  asm.rm(I.lea, 8, RSP, RSP, 8)
  asm.r(I.pop, 8, RBX)
  asm.mr(I.mov, 8, RBP, guestSpSlot, RBX)
  asm.m(I.pop, 8, RBP, stateSlot('level_base'))
  resultsToHost(site, parsed.results)
  asm.r(I.pop, 8, RBP)
  asm.r(I.pop, 8, RBX)
  asm.ret()
}

function loadThreadLocal({ asm }: Site, modrm: number, offset: bigint): void {
  for (const byte of [0x64, 0x48, 0x8b, modrm, 0x25]) asm.byte(byte)
  asm.dword(Number(BigInt.asIntN(32, offset)))
}

/** rax = the guest's tp. Keeps every other register. */
export function emitThreadPointer(site: Site, tlsOffset: bigint): void {
  // mov rax, fs:[tlsOffset]
  loadThreadLocal(site, 0x04, tlsOffset)
  site.asm.rm(I.mov, 8, RAX, RAX, xSlot(TP))
  site.asm.ret()
}

function resultsToHost({ asm }: Site, results: string): void {
  const integers = [...results].filter(type => type === 'i').length
  if (integers > 0) asm.rr(I.mov, 8, RAX, RDI)
  if (integers > 1) asm.rr(I.mov, 8, RDX, RSI)
}

/** Spills every word to where the guest has it: registers through their places in the CPU state, the rest to the guest stack. */
function moveToGuest({ asm }: Site, { words, guestStack }: Placement): void {
  // a frame for the stack arguments; sp stays a multiple of 16
  if (guestStack > 0) asm.rm(I.lea, 8, RBX, RBX, -16 * Math.ceil(guestStack / 2))
  for (const { guest, host } of words) {
    if (guest.kind === 'f') continue
    const [base, disp] = guest.kind === 'x' ? [RBP, xSlot(10 + guest.index)] : [RBX, guest.index * 8]
    if (host.kind === 'x') asm.mr(I.mov, 8, base, disp, HOST_ARGUMENTS[host.index]!)
    else if (host.kind === 'f') asm.vmr(I.vmovsd, base, disp, host.index)
    else {
      asm.rm(I.mov, 8, RAX, RSP, TO_ARGUMENTS + host.index * 8)
      asm.mr(I.mov, 8, base, disp, RAX)
    }
  }
  for (const { guest } of words) {
    const home = guest.kind === 'x' ? HOME[10 + guest.index]! : -1
    if (home >= 0) asm.rm(I.mov, 8, home, RBP, xSlot(10 + guest.index))
  }
}
