/** A backfill's report as text and CSV, and its progress on a screen and without one. */
import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import {
  formatBackfillCsv,
  formatBackfillJson,
  formatBackfillText,
} from '../../src/cli/backfill-report.ts'
import { openProgress } from '../../src/cli/backfill-progress.ts'
import { backfillReport, hasLeftovers } from '../../src/endpoint/backfill/report.ts'

const AT = new Date('2026-11-22T10:00:00.000Z')
const report = backfillReport(
  {
    account: 'acme',
    mode: 'protect',
    since: new Date('2026-01-01T00:00:00.000Z'),
    startedAt: AT,
    endedAt: AT,
    isComplete: true,
  },
  {
    'tickets.seen': 1200,
    'tickets.closed': 300,
    'tickets.again': 7,
    'failed.zendesk_unavailable': 2,
    'found.payment_card': 12,
    'vaulted.payment_card': 11,
    'found.card_verification_code': 3,
    'destroyed.card_verification_code': 3,
    'places.comment': 10,
    'places.field': 4,
    'residual.sent_email.payment_card': 8,
    'residual.closed_ticket_field.payment_card': 1,
  },
  [
    { kind: 'redact_comment', isDone: true, code: null, count: 8 },
    { kind: 'redact_comment', isDone: true, code: 'ticket_not_found', count: 1 },
    { kind: 'redact_comment', isDone: false, code: 'zendesk_busy', count: 1 },
    { kind: 'write_field', isDone: true, code: null, count: 2 },
    { kind: 'mask_text', isDone: true, code: null, count: 1 },
    { kind: 'notify', isDone: false, code: null, count: 5 },
  ],
)

describe('the report', () => {
  test('says what was found and done, in columns', () => {
    expect(formatBackfillText(report))
      .toBe(`Protected the tickets of acme that changed since 2026-01-01T00:00:00.000Z

1200 tickets looked at, 300 of them closed; 0 deleted ones skipped; 7 changed meanwhile

values                  found  vaulted  destroyed  carried
payment_card               12       11          0        0
card_verification_code      3        0          3        0

places       with findings  ordered  redacted  waiting  failed
comments                10       10         8        1       1
fields                   4        3         3        0       0
attachments              0        0         0        0       0

1 in closed tickets that nobody can change

stays in Zendesk     kind          count
sent_email           payment_card      8
closed_ticket_field  payment_card      1

failed    code                 count
tickets   zendesk_unavailable      2
comments  ticket_not_found         1
`)
  })

  test('as JSON is the report itself', () => {
    expect(JSON.parse(formatBackfillJson(report))).toEqual(report)
    expect(report.schema).toBe('scrim.backfill.1')
  })

  test('as CSV has one count a row, and no cell that a spreadsheet would run', () => {
    const rows = formatBackfillCsv({ ...report, account: '=cmd()' }).split('\r\n')
    expect(rows[0]).toBe('\ufeffaccount,mode,since,section,name,kind,code,count')
    expect(rows).toContain("'=cmd(),protect,2026-01-01T00:00:00.000Z,values,found,payment_card,,12")
    expect(rows).toContain(
      "'=cmd(),protect,2026-01-01T00:00:00.000Z,comment,failed,,ticket_not_found,1",
    )
    expect(rows).toContain(
      "'=cmd(),protect,2026-01-01T00:00:00.000Z,residual,sent_email,payment_card,,8",
    )
  })

  test('knows whether something is left to do', () => {
    expect(hasLeftovers(report)).toBe(true)
    const clean = { ...report, tickets: { ...report.tickets, failed: [] }, places: [] }
    expect(hasLeftovers(clean)).toBe(false)
  })
})

describe('progress', () => {
  const clock = () => {
    let at = AT.getTime()
    return { now: () => new Date(at), pass: (seconds: number) => (at += seconds * 1000) }
  }
  const tickets = (done: number, total: number | null) =>
    ({ phase: 'tickets', done, total, waiting: 0 }) as const

  test('is a line every half minute where nobody watches', () => {
    const { now, pass } = clock()
    const lines: string[] = []
    const view = openProgress({ screen: null, warn: (line) => lines.push(line), now })
    for (const done of [0, 20, 40, 60, 80]) {
      view.show(tickets(done, 10_000))
      pass(20)
    }
    view.close()
    expect(lines).toEqual([
      '40 of about 10000 tickets, 60 a minute, 2 h 46 min left',
      '80 of about 10000 tickets, 60 a minute, 2 h 46 min left',
    ])
  })

  test('says no time left when Zendesk does not say how many there are', () => {
    const { now, pass } = clock()
    const lines: string[] = []
    const view = openProgress({ screen: null, warn: (line) => lines.push(line), now })
    view.show(tickets(0, null))
    pass(60)
    view.show(tickets(90, null))
    pass(60)
    view.show({ phase: 'writes', done: 90, total: null, waiting: 4 })
    expect(lines).toEqual(['90 tickets, 90 a minute', '90 tickets, 4 writes into Zendesk wait'])
  })

  test('is a bar where somebody watches, and leaves nothing of it behind', () => {
    const { now, pass } = clock()
    const written: string[] = []
    const screen = Object.assign(new PassThrough(), { isTTY: true, columns: 120, rows: 40 })
    screen.on('data', (chunk: Buffer) => written.push(chunk.toString('utf8')))
    // All that a bar asks of a terminal.
    const view = openProgress({
      screen: screen as unknown as NodeJS.WriteStream,
      warn: () => {},
      now,
    })
    view.show(tickets(0, 100))
    pass(60)
    view.show(tickets(50, 100))
    view.close()
    view.close()
    expect(written.join('')).toContain('░ 0 of about 100 tickets')
    expect(written.join('')).toContain('50 of about 100 tickets, 50 a minute, 1 min left')
  })
})
