/** What a backfill found and did, as text for people and as JSON and CSV for programs. */
import { stringify } from 'csv-stringify/sync'
import type { BackfillReport, Codes } from '../endpoint/backfill/report.ts'

/** The members are listed in the README, under "Protect the tickets that exist". */
export function formatBackfillJson(report: BackfillReport): string {
  return `${JSON.stringify(report, null, 2)}\n`
}

type Row = { section: string; name: string; kind: string; code: string; count: number }

/** One count a row, with what it is a count of; rows of another run can stand below. */
export function formatBackfillCsv(report: BackfillReport): string {
  const { account, mode, since } = report
  return stringify(
    rowsOf(report).map((row) => ({ account, mode, since, ...row })),
    {
      header: true,
      columns: ['account', 'mode', 'since', 'section', 'name', 'kind', 'code', 'count'],
      record_delimiter: 'windows',
      bom: true,
      escape_formulas: true,
    },
  )
}

function rowsOf({
  tickets,
  kinds,
  places,
  residual,
  closedAndUnchangeable,
}: BackfillReport): Row[] {
  const row = (section: string, name: string, count: number, about: Partial<Row> = {}): Row => ({
    section,
    name,
    kind: '',
    code: '',
    count,
    ...about,
  })
  const failed = (section: string, codes: Codes) =>
    codes.map(({ code, count }) => row(section, 'failed', count, { code }))
  return [
    row('tickets', 'seen', tickets.seen),
    row('tickets', 'closed', tickets.closed),
    row('tickets', 'deleted', tickets.deleted),
    row('tickets', 'changed_meanwhile', tickets.changedMeanwhile),
    ...failed('tickets', tickets.failed),
    ...kinds.flatMap(({ kind, found, vaulted, destroyed, carried }) => [
      row('values', 'found', found, { kind }),
      row('values', 'vaulted', vaulted, { kind }),
      row('values', 'destroyed', destroyed, { kind }),
      row('values', 'carried', carried, { kind }),
    ]),
    row('values', 'closed_and_unchangeable', closedAndUnchangeable),
    ...places.flatMap(({ place, withFindings, ordered, redacted, waiting, failed: codes }) => [
      row(place, 'with_findings', withFindings),
      row(place, 'ordered', ordered),
      row(place, 'redacted', redacted),
      row(place, 'waiting', waiting),
      ...failed(place, codes),
    ]),
    ...residual.map(({ category, kind, count }) => row('residual', category, count, { kind })),
  ]
}

const ENDS = { protect: 'Protected', 'dry-run': 'Dry run over' } as const

/** For people; a dry run's says what a run would find, and has no column of what was done. */
export function formatBackfillText(report: BackfillReport): string {
  const { tickets, kinds, places, residual, closedAndUnchangeable } = report
  const isDryRun = report.mode === 'dry-run'
  const failures = [
    ...tickets.failed.map((failed) => ['tickets', failed] as const),
    ...places.flatMap(({ place, failed }) => failed.map((each) => [`${place}s`, each] as const)),
  ]
  return [
    `${ENDS[report.mode]} the tickets of ${report.account} that changed since ${report.since}`,
    ...(report.isComplete ? [] : ['It did not come to their end: these are the sums so far.']),
    ...(isDryRun ? ['Nothing was changed: these are the sums of what a run would find.'] : []),
    '',
    `${tickets.seen} tickets looked at, ${tickets.closed} of them closed; ` +
      `${tickets.deleted} deleted ones skipped; ${tickets.changedMeanwhile} changed meanwhile`,
    '',
    ...table(
      ['values', 'found', 'vaulted', 'destroyed', 'carried'],
      kinds.map(({ kind, found, vaulted, destroyed, carried }) => [
        kind,
        found,
        vaulted,
        destroyed,
        carried,
      ]),
    ),
    ...table(
      isDryRun
        ? ['places', 'with findings']
        : ['places', 'with findings', 'ordered', 'redacted', 'waiting', 'failed'],
      places.map(({ place, withFindings, ordered, redacted, waiting, failed }) => [
        `${place}s`,
        withFindings,
        ...(isDryRun
          ? []
          : [ordered, redacted, waiting, failed.reduce((sum, { count }) => sum + count, 0)]),
      ]),
    ),
    `${closedAndUnchangeable} in closed tickets that nobody can change`,
    '',
    ...table(
      ['stays in Zendesk', 'kind', 'count'],
      residual.map(({ category, kind, count }) => [category, kind, count]),
    ),
    ...table(
      ['failed', 'code', 'count'],
      failures.map(([what, { code, count }]) => [what, code, count]),
    ),
  ].join('\n')
}

/** Columns of text to the left, of numbers to the right; nothing when there are no rows. */
function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  if (rows.length === 0) return []
  const lines = [head, ...rows]
  const widths = head.map((_, column) =>
    Math.max(...lines.map((line) => String(line[column] ?? '').length)),
  )
  const isNumber = head.map((_, column) => typeof rows[0]?.[column] === 'number')
  const format = (line: readonly (string | number)[]) =>
    line
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return isNumber[column] ? String(cell).padStart(width) : String(cell).padEnd(width)
      })
      .join('  ')
      .trimEnd()
  return [...lines.map(format), '']
}
