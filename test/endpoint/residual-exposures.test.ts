/** What stays in Zendesk: looked through by category, kind and ticket, and taken along as CSV. */
import { describe, expect, it } from 'vitest'
import { residualExposureExport, residualExposureList } from '../../src/contract/ingestion.ts'
import type { Policy } from '../../src/core/policy.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import type { Exposure } from '../../src/storage/residual-exposures.ts'
import { recordExposures } from '../../src/storage/residual-exposures.ts'
import {
  INGRID_COMPLIANCE,
  MAYA,
  OMAR,
  SAM_ADMINISTRATOR,
  startEndpoint,
} from '../support/endpoint.ts'
import type { Caller, TestEndpoint } from '../support/endpoint.ts'

const EXPOSURES: Exposure[] = [
  { ticketId: 4001, category: 'field_history', place: 'card_number', kind: 'payment_card' },
  { ticketId: 4001, category: 'sent_email', place: 'comment_9001', kind: 'phone' },
  { ticketId: 4002, category: 'sent_email', place: 'comment_9002', kind: 'payment_card' },
  { ticketId: 4003, category: 'sent_email', place: 'comment_9003', kind: 'payment_card' },
]

const record = ({ deps }: TestEndpoint, exposures: readonly Exposure[] = EXPOSURES) =>
  recordExposures(deps.database.orm, deps.account.id, deps.now(), exposures)

const list = async (caller: Caller, query = '') =>
  (await caller.get(`/api/residual-exposures${query}`)).as(residualExposureList)

const exported = (caller: Caller, filter: object = {}) =>
  caller.post('/api/residual-exposures/exports', filter)

describe('the list', () => {
  it('names a field as the catalogue does, and no other place', async () => {
    const endpoint = await startEndpoint()
    await record(endpoint)
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const { exposures } = await list(ingrid, '?ticketId=4001')
    expect(exposures.map(({ place, label }) => [place, label])).toEqual([
      ['card_number', 'Card number'],
      ['comment_9001', null],
    ])
  })

  it.each([
    ['?category=sent_email', [4003, 4002, 4001]],
    ['?kind=payment_card', [4003, 4002, 4001]],
    ['?category=sent_email&kind=payment_card', [4003, 4002]],
    ['?ticketId=4002', [4002]],
    ['?category=field_history&ticketId=4002', []],
  ])('narrowed to %s is of the tickets %j', async (query, tickets) => {
    const endpoint = await startEndpoint()
    await record(endpoint)
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    expect((await list(ingrid, query)).exposures.map(({ ticketId }) => ticketId)).toEqual(tickets)
  })

  it('goes on within its filter, page by page', async () => {
    const endpoint = await startEndpoint()
    const many = Array.from({ length: 250 }, (_, at) => ({
      ticketId: 5000 + at,
      category: 'sent_email' as const,
      place: 'comment_1',
      kind: at % 2 === 0 ? ('phone' as const) : ('payment_card' as const),
    }))
    await record(endpoint, many)
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const first = await list(ingrid, '?kind=phone')
    expect(first.exposures).toHaveLength(100)
    const second = await list(ingrid, `?kind=phone&after=${first.nextAfter}`)
    const tickets = [...first.exposures, ...second.exposures].map(({ ticketId }) => ticketId)
    expect(tickets).toEqual(Array.from({ length: 125 }, (_, at) => 5248 - 2 * at))
    expect(second).toMatchObject({ nextAfter: null, counts: [] })
  })

  it('counts all of them by category and kind, whatever it is narrowed to', async () => {
    const endpoint = await startEndpoint()
    await record(endpoint)
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    expect((await list(ingrid, '?ticketId=4002')).counts).toEqual([
      { category: 'field_history', kind: 'payment_card', count: 1 },
      { category: 'sent_email', kind: 'payment_card', count: 2 },
      { category: 'sent_email', kind: 'phone', count: 1 },
    ])
  })

  it.each(['?category=everything', '?kind=card', '?ticketId=0', '?ticketId=4001;drop', '?page=2'])(
    'refuses the filter %s',
    async (query) => {
      const endpoint = await startEndpoint()
      const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
      const answer = await ingrid.get(`/api/residual-exposures${query}`)
      expect(answer.problem().code).toBe('bad_input')
    },
  )
})

describe('the export', () => {
  it('is CSV with what the list is narrowed to, and an entry that says how much left', async () => {
    const endpoint = await startEndpoint()
    await record(endpoint)
    const sam = await endpoint.signIn(SAM_ADMINISTRATOR, 'nav_bar')
    const answer = await exported(sam, { category: 'sent_email', kind: 'payment_card' })
    expect(answer.as(residualExposureExport)).toEqual({
      csv:
        '\uFEFFticket,category,place,field,kind,found_at\r\n' +
        '4003,sent_email,comment_9003,,payment_card,2026-11-23T10:00:00.000Z\r\n' +
        '4002,sent_email,comment_9002,,payment_card,2026-11-23T10:00:00.000Z\r\n',
      rows: 2,
      isComplete: true,
    })
    await endpoint.expectAuditEntry({
      action: 'residual_exposure.export',
      outcome: 'ok',
      data: {
        format: 'csv',
        category: 'sent_email',
        kind: 'payment_card',
        ticketId: null,
        rows: 2,
      },
    })
  })

  it('a field whose label is a formula is text in a spreadsheet', async () => {
    const policy: Policy = {
      ...sandboxPolicy,
      fields: sandboxPolicy.fields.map((field) =>
        field.id === 'card_number'
          ? { ...field, label: '=HYPERLINK("https://example.com")' }
          : field,
      ),
    }
    const endpoint = await startEndpoint({ policy })
    await record(endpoint, EXPOSURES.slice(0, 1))
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const { csv } = (await exported(ingrid)).as(residualExposureExport)
    expect(csv).toContain(`,"'=HYPERLINK(""https://example.com"")",`)
  })

  it('of nothing is a header', async () => {
    const endpoint = await startEndpoint()
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const { csv, rows } = (await exported(ingrid, { ticketId: 4009 })).as(residualExposureExport)
    expect(csv.trim().split('\r\n')).toHaveLength(1)
    expect(rows).toBe(0)
  })

  it('whose entry cannot be written is not handed out', async () => {
    const endpoint = await startEndpoint()
    await record(endpoint)
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const { database } = endpoint.deps
    endpoint.deps.database = {
      ...database,
      orm: database.orm,
      transaction: () => Promise.reject(new Error('connection lost')),
    }
    const answer = await exported(ingrid)
    endpoint.deps.database = database
    expect(answer.status).toBe(500)
    expect(answer.text).not.toContain('comment_9001')
  })

  it.each([MAYA, OMAR])('is refused to person %i, which is logged', async (personId) => {
    const endpoint = await startEndpoint()
    await record(endpoint)
    const person = await endpoint.signIn(personId, 'nav_bar')
    const answer = await exported(person)
    expect(answer.problem().code).toBe('role_not_permitted')
    expect(answer.text).not.toContain('comment_9001')
    await endpoint.expectAuditEntry({
      action: 'residual_exposure.export',
      outcome: 'refused',
      code: 'role_not_permitted',
    })
  })
})
