/** Text tables for people: columns as wide as their cells, two spaces between them, no trailing blanks. */
export type Align = 'left' | 'right'

/** @param align one for each column; left when absent. */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  align: readonly Align[] = [],
): string {
  const lines = [header, ...rows]
  const widths = header.map((_, column) => Math.max(...lines.map(line => (line[column] ?? '').length)))
  return lines
    .map(line =>
      widths
        .map((width, i) => pad(line[i] ?? '', width, align[i] ?? 'left'))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function pad(cell: string, width: number, align: Align): string {
  return align === 'right' ? cell.padStart(width) : cell.padEnd(width)
}
