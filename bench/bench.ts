/**
 * `npm run bench [-- --json] [-- NAME …]`: prints each figure as a table, or all as JSON. Figures are
 * read by people, never asserted: machines are noisy.
 */
import { measureFirstPaint } from './first-paint.ts'
import { measureReveals } from './reveal.ts'
import { measureLambda, measureSidebarScripts } from './size.ts'
import type { Table } from './table.ts'
import { measureWebhooks } from './webhook.ts'

const FIGURES: Record<string, () => Promise<Table>> = {
  'first-paint': measureFirstPaint,
  lambda: measureLambda,
  'sidebar-scripts': measureSidebarScripts,
  reveal: measureReveals,
  webhook: measureWebhooks,
}

const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const isJson = process.argv.includes('--json')
const tables: Table[] = []
for (const [name, measure] of Object.entries(FIGURES)) {
  if (names.length > 0 && !names.includes(name)) continue
  const table = await measure()
  tables.push(table)
  if (!isJson) {
    console.log(`\n${table.title}`)
    console.table(table.rows)
  }
}
if (isJson) console.log(JSON.stringify(tables, null, 2))
