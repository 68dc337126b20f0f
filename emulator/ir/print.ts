/** The intermediate representation as text, for --log=ir and golden tests. */
import { type Ir, NONE, SCALE_ZEXT } from './ir.ts'
import { IR_NAMES } from './ops.ts'

export function printIr(ir: Ir): string[] {
  const lines: string[] = []
  for (const [b, block] of ir.blocks.entries()) {
    const marks = [block.entry ? 'entry' : '', block.loop ? 'loop' : '', block.depth > 0 ? `depth ${block.depth}` : '']
    lines.push(`b${b} 0x${block.pc.toString(16)} ${marks.filter(Boolean).join(' ')}`.trimEnd())
    for (let i = block.start; i < block.end; i++) {
      const index = ir.index[i]!
      const scale = ir.scale[i]!
      const address = index === NONE ? '' : ` [+ x${index}${scale >= SCALE_ZEXT ? '.w' : ''} << ${scale & 3}]`
      const high = ir.hi[i] === 0 ? '' : ` hi ${ir.hi[i]}`
      lines.push(
        `  ${IR_NAMES[ir.op[i]!]} ${ir.rd[i]}, ${ir.rs1[i]}, ${ir.rs2[i]}, ${ir.rs3[i]} imm ${ir.imm[i]}${high} rm ${ir.rm[i]}${address}`,
      )
    }
    const to = (target: number, pc: number): string =>
      target >= 0 ? `b${target}` : pc >= 0 ? `0x${pc.toString(16)}` : '-'
    lines.push(`  ${block.kind} ${to(block.taken, block.takenPc)} ${to(block.next, block.nextPc)}`)
  }
  return lines
}
