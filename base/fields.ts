/** Layouts of memory and of files as data: named fields at offsets, for TypeScript and for the header that the C code reads. */

export type FieldType = 'u8' | 'u32' | 'u64'
export interface Field {
  readonly name: string
  readonly type: FieldType
  /** Number of elements; 1 is a scalar. */
  readonly count: number
  readonly offset: number
  readonly doc: string
}
export interface Layout<Name extends string = string> {
  readonly name: string
  readonly size: number
  readonly fields: readonly Field[]
  /** Byte offset of each field. */
  readonly at: Readonly<Record<Name, number>>
}

const WIDTH: Record<FieldType, number> = { u8: 1, u32: 4, u64: 8 }

export function layout<const Row extends readonly [string, FieldType, number, string]>(
  name: string,
  rows: readonly Row[],
): Layout<Row[0]> {
  let offset = 0
  const fields = rows.map(([field, type, count, doc]) => {
    const width = WIDTH[type]
    offset = Math.ceil(offset / width) * width
    const placed = { name: field, type, count, offset, doc }
    offset += width * count
    return placed
  })
  const at = Object.fromEntries(fields.map(f => [f.name, f.offset])) as Record<Row[0], number>
  return { name, size: Math.ceil(offset / 8) * 8, fields, at }
}
