/** Assembly of the routines of a program. */
import type { Item, Program, Routine } from './program.ts'

const FRAME = 48

export class Emitter {
  private readonly lines: string[] = []
  private readonly tables: string[] = []
  private labels = 0
  private checkpoints = 0

  constructor(
    private readonly program: Program,
    private readonly prefix: string,
  ) {}

  private label(): string {
    return `${this.prefix}_${this.labels++}`
  }

  text(): string[] {
    this.program.routines.forEach((routine, index) => {
      this.routine(routine, index)
    })
    const { compressed, newest } = this.program
    const options = compressed ? ['.option rvc', ...(newest ? ['.option arch, +zcb'] : [])] : ['.option norvc']
    return ['.section .text', '.option push', ...options, ...this.lines, ...this.tables, '.option pop']
  }

  private routine({ body, tail, returnBy }: Routine, index: number): void {
    const { counters } = this.program.reserved
    const saved = ['x1', ...counters]
    const moves = (op: string): string[] => saved.map((name, place) => `  ${op} ${name}, ${8 * place}(sp)`)
    this.lines.push(`${this.prefix}_r${index}:`, `  addi sp, sp, -${FRAME}`, ...moves('sd'))
    this.items(body, 0)
    this.lines.push(...moves('ld'), `  addi sp, sp, ${FRAME}`)
    if (tail !== undefined) this.lines.push(`  j ${this.prefix}_r${tail}`)
    else if (returnBy) this.lines.push(`  mv ${returnBy}, ra`, `  jr ${returnBy}`)
    else this.lines.push('  ret')
  }

  private items(items: readonly Item[], depth: number): void {
    for (const item of items) this.item(item, depth)
  }

  private item(item: Item, depth: number): void {
    const { reserved } = this.program
    const counter = reserved.counters[depth]!
    const emit = (...lines: string[]): void => {
      this.lines.push(...lines)
    }
    switch (item.kind) {
      case 'code':
        emit(...item.lines.map(line => `  ${line}`))
        break
      case 'loop':
        this.loop(item, counter, depth)
        break
      case 'if': {
        const [then, end] = [this.label(), this.label()]
        emit(`  ${item.branch}, ${then}`)
        this.items(item.otherwise, depth)
        emit(`  j ${end}`, `${then}:`)
        this.items(item.body, depth)
        emit(`${end}:`)
        break
      }
      case 'switch': {
        const [index, table] = item.temporaries
        const [place, end] = [this.label(), this.label()]
        const arms = item.arms.map(() => this.label())
        emit(
          `  andi ${index}, ${item.on}, ${item.arms.length - 1}`,
          `  slli ${index}, ${index}, 3`,
          `  la ${table}, ${place}`,
        )
        emit(`  add ${table}, ${table}, ${index}`, `  ld ${table}, 0(${table})`, `  jr ${table}`)
        item.arms.forEach((arm, number) => {
          emit(`${arms[number]}:`)
          this.items(arm, depth)
          emit(`  j ${end}`)
        })
        this.tables.push('.balign 8', `${place}:`, ...arms.map(arm => `  .quad ${arm}`))
        emit(`${end}:`)
        break
      }
      case 'tangle': {
        const places = [...item.blocks.map(() => this.label()), this.label()]
        const end = places.at(-1)!
        emit(`  li ${counter}, ${item.fuel}`)
        item.blocks.forEach((block, number) => {
          emit(`${places[number]}:`, `  addi ${counter}, ${counter}, -1`, `  bltz ${counter}, ${end}`)
          this.items(block.body, depth + 1)
          emit(`  ${block.branch}, ${places[block.taken] ?? end}`)
          if (block.fallThrough !== number + 1) emit(`  j ${places[block.fallThrough] ?? end}`)
        })
        emit(`${end}:`)
        break
      }
      case 'call': {
        const target = `${this.prefix}_r${item.routine}`
        if (item.how === 'direct') emit(`  jal ra, ${target}`)
        else emit(`  la ${item.temporary}, ${target}`, `  jalr ra, 0(${item.temporary})`)
        break
      }
      case 'fault':
        emit(`  ${item.line}`)
        break
      case 'checkpoint':
        emit(`  li ${reserved.scratch}, ${this.checkpoints++}`, `  jal ${reserved.link}, ${this.prefix}_checkpoint`)
        break
      case 'catch': {
        const { scratch, link } = reserved
        const place = this.label()
        const keep = ['sp', ...reserved.counters].map((name, index) => `  sd ${name}, ${8 * (index + 1)}(${scratch})`)
        emit(`  la ${scratch}, catch`, `  la ${link}, ${place}`, `  sd ${link}, 0(${scratch})`, ...keep, `${place}:`)
        this.items(item.body, depth)
        break
      }
      case 'throw': {
        const { scratch, link } = reserved
        const [go, end] = [this.label(), this.label()]
        const back = ['sp', ...reserved.counters].map((name, index) => `  ld ${name}, ${8 * (index + 1)}(${scratch})`)
        emit(`  ${item.branch}, ${go}`, `  j ${end}`, `${go}:`)
        emit(
          `  la ${scratch}, throws`,
          `  ld ${link}, 0(${scratch})`,
          `  addi ${link}, ${link}, -1`,
          `  bltz ${link}, ${end}`,
        )
        emit(
          `  sd ${link}, 0(${scratch})`,
          `  la ${scratch}, catch`,
          `  ld ${link}, 0(${scratch})`,
          ...back,
          `  jr ${link}`,
        )
        emit(`${end}:`)
        break
      }
    }
  }

  private loop({ count, shape, body }: Extract<Item, { kind: 'loop' }>, counter: string, depth: number): void {
    const [start, end] = [this.label(), this.label()]
    const { scratch } = this.program.reserved
    if (shape === 'down') {
      this.lines.push(`  li ${counter}, ${count}`, `${start}:`)
      this.items(body, depth + 1)
      this.lines.push(`  addi ${counter}, ${counter}, -1`, `  bnez ${counter}, ${start}`)
    } else if (shape === 'up') {
      this.lines.push(`  li ${counter}, 0`, `${start}:`)
      this.items(body, depth + 1)
      this.lines.push(
        `  addiw ${counter}, ${counter}, 1`,
        `  li ${scratch}, ${count}`,
        `  blt ${counter}, ${scratch}, ${start}`,
      )
    } else {
      this.lines.push(
        `  li ${counter}, ${count}`,
        `${start}:`,
        `  beqz ${counter}, ${end}`,
        `  addi ${counter}, ${counter}, -1`,
      )
      this.items(body, depth + 1)
      this.lines.push(`  j ${start}`)
    }
    this.lines.push(`${end}:`)
  }
}
