/**
 * The stub of a function without effects that is checked (`ferry run --check=function`): calls the host function, then the guest's with the
 * same arguments, and compares their results bit by bit. The call goes on with the guest's. A difference is a trap: state.scratch[0] has the
 * address of its CALL_RECORD.
 */
import { CALL_RECORD, TRAP } from '../../base/layout.ts'
import { parseSignature } from '../../base/signature.ts'
import { HOME, HOME_FP, scratchSlot, stateSlot, TEMP, xSlot } from '../../emulator/convention.ts'
import type { Gates } from '../../emulator/gates.ts'
import { Cond, I, RAX, RBP, RDI, RSI, RSP } from '../../emulator/x86/assembler.ts'
import { guestArgument, jumpTo, raSlot, type Site } from './code.ts'
import { emitHostCall, guestReturn } from './stub.ts'

const { at } = CALL_RECORD
const WORD = 8
const ARGUMENTS = 8
const A0 = 10
/** With the return address below it, the record leaves rsp ≡ 8 (mod 16), as a call of guest code wants it. */
const RECORD = CALL_RECORD.size + WORD

/** @param host cache offset of the word with the address of the host entry @param body of the guest's translation @param pc of the function */
export function emitCheckedStub(
  site: Site,
  gates: Gates,
  { signature, host, body, pc }: { signature: string; host: number; body: number; pc: number },
): void {
  const { asm } = site
  const { results } = parseSignature(signature)
  asm.m(I.push, 8, RBP, raSlot)
  asm.rm(I.lea, 8, RSP, RSP, -RECORD)
  for (let k = 0; k < ARGUMENTS; k++) {
    asm.mr(I.mov, 8, RSP, at.x + k * WORD, guestArgument(asm, k, TEMP))
    asm.vmr(I.vmovsd, RSP, at.f + k * WORD, HOME_FP[A0 + k]!)
  }
  emitHostCall(site, gates, signature, host, 1)
  storeResults(site, at.host)
  for (let k = 0; k < ARGUMENTS; k++) {
    const home = HOME[A0 + k]!
    asm.rm(I.mov, 8, home < 0 ? TEMP : home, RSP, at.x + k * WORD)
    if (home < 0) asm.mr(I.mov, 8, RBP, xSlot(A0 + k), TEMP)
    asm.vrm(I.vmovsd, HOME_FP[A0 + k]!, RSP, at.f + k * WORD)
  }
  // the frame that the function returns through
  asm.m(I.push, 8, RBP, raSlot)
  site.references.push({ field: asm.callRel32(), target: body })
  asm.rm(I.lea, 8, RSP, RSP, WORD)
  storeResults(site, at.guest)
  const differ = asm.label()
  for (const place of placesOf(results)) {
    asm.rm(I.mov, 8, TEMP, RSP, at.host + place * WORD)
    asm.rm(I.cmp, 8, TEMP, RSP, at.guest + place * WORD)
    asm.jcc(Cond.ne, differ)
  }
  asm.rm(I.lea, 8, RSP, RSP, RECORD)
  asm.r(I.pop, 8, RAX)
  asm.mr(I.mov, 8, RBP, raSlot, RAX)
  guestReturn(site, gates)
  asm.bind(differ)
  asm.mr(I.mov, 8, RBP, scratchSlot(0), RSP)
  asm.movImm64(TEMP, pc | 0, Math.floor(pc / 2 ** 32))
  asm.mr(I.mov, 8, RBP, stateSlot('pc'), TEMP)
  asm.ri(I.mov, 4, TEMP, TRAP.DIFFERENCE)
  jumpTo(site, gates.trap)
}

function storeResults({ asm }: Site, record: number): void {
  asm.mr(I.mov, 8, RSP, record, RDI)
  asm.mr(I.mov, 8, RSP, record + WORD, RSI)
  for (const k of [0, 1]) asm.vmr(I.vmovsd, RSP, record + (2 + k) * WORD, HOME_FP[A0 + k]!)
}

/** Of the words of a result, in CALL_RECORD: integers in a0 and a1, the others in fa0 and fa1. */
export function placesOf(results: string): number[] {
  let [integers, floats] = [0, 2]
  return [...results].map(type => (type === 'i' ? integers++ : floats++))
}
