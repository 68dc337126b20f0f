/** Text inside HTML. */
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

export const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, character => ENTITIES[character]!)

/** A table; the columns named in `numbers` are numbers. Cells are text. */
export function htmlTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  numbers: readonly number[] = [],
): string {
  const cells = (row: readonly string[], tag: string): string =>
    row.map((cell, i) => `<${tag}${numbers.includes(i) ? ' class="number"' : ''}>${escapeHtml(cell)}</${tag}>`).join('')
  const body = rows.map(row => `<tr>${cells(row, 'td')}</tr>`).join('\n')
  return `<table class="data"><thead><tr>${cells(header, 'th')}</tr></thead><tbody>${body}</tbody></table>`
}
