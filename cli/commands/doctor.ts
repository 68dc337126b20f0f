import type { CommandFunction } from '../program.ts'
import { type Checked, checkRequirements } from '../requirements.ts'
import { ferryRoot } from '../root.ts'
import { formatTable } from '../table.ts'

/** `ferry doctor`: exit status 1 when something required is missing. */
export const command: CommandFunction = async (_, options) => {
  const rows = checkRequirements(ferryRoot())
  const missing = rows.filter(row => !row.found)
  const ready = missing.every(row => row.need === 'optional')
  process.stdout.write(
    options.json ? `${JSON.stringify({ ready, requirements: rows }, undefined, 2)}\n` : text(rows, missing),
  )
  return ready ? 0 : 1
}

function text(rows: readonly Checked[], missing: readonly Checked[]): string {
  const table = formatTable(
    ['', 'requirement', 'version', 'for'],
    rows.map(row => [state(row), row.title, row.found ? (row.version ?? '') : (row.problem ?? ''), row.purpose]),
  )
  if (missing.length === 0) return `${table}\n\nEverything is there.\n`
  const advice = missing.map(row => `  ${row.title} (${row.need}): ${row.advice}`).join('\n')
  return `${table}\n\nMissing:\n${advice}\n\n\`npm run setup\` in ferry's folder installs what it can.\n`
}

function state({ found, need }: Checked): string {
  if (found) return 'found'
  return need === 'required' ? 'MISSING' : 'absent'
}
