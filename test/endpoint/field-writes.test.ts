/** Mask and token go into a ticket field, and nothing that somebody types meanwhile is lost. */
import { eq } from 'drizzle-orm'
import { describe, expect, it, vi } from 'vitest'
import { ingestTicket } from '../../src/endpoint/ingestion/ingest-ticket.ts'
import { protectedValues } from '../../src/storage/schema.ts'
import { MAYA, OMAR, startEndpoint } from '../support/endpoint.ts'
import type { TestEndpoint } from '../support/endpoint.ts'
import {
  beforeNext,
  exposuresOf,
  ingest,
  settle,
  ticketOf,
  type,
  update,
  vaultOf,
  writesTo,
} from '../support/ingestion.ts'
import { CARD, putValue } from '../support/story.ts'
import { sendWebhook } from '../support/webhook.ts'

const OTHER_CARD = '5555 5555 5555 4444'
/** In milliseconds; a round takes a second where two busy cores do everything. */
const PATIENCE = { timeout: 20_000, interval: 20 }
const TICKET = '/api/v2/tickets/4001'

const authorsOf = async ({ deps }: TestEndpoint) => {
  const rows = await deps.database.orm
    .select({ createdBy: protectedValues.createdBy })
    .from(protectedValues)
    .where(eq(protectedValues.account, deps.account.id))
  return rows.map(({ createdBy }) => createdBy)
}

const valuesOf = async (endpoint: TestEndpoint, ticketId = 4001) =>
  (await vaultOf(endpoint, ticketId)).map(({ version, value, source }) => [version, value, source])

describe('a value that was taken in', () => {
  it.each([
    // The act looks at the ticket first.
    ['before we look', { method: 'GET', nth: 2 }, 0],
    ['after we looked', { method: 'PUT' }, 2],
    ['after we looked, in the very second', { method: 'PUT' }, 0],
  ])('does not cost the text that somebody types into the field %s', async (_, call, seconds) => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    // The second in which the ticket changed before is the one we look in.
    await type(endpoint, OMAR, 4001, 308, 'ORD-2')
    const typed = beforeNext(endpoint, { path: TICKET, ...call }, async () => {
      endpoint.clock.advance(seconds)
      await type(endpoint, MAYA, 4001, 301, OTHER_CARD)
    })
    await putValue(maya)
    await typed
    await vi.waitFor(async () => {
      await settle(endpoint)
      expect(endpoint.zendesk.fieldText(4001, 301)).toMatch(/4444 \[scrim:\w{16}\]$/)
    }, PATIENCE)
    expect(await valuesOf(endpoint)).toEqual([
      [1, CARD, 'intake'],
      [2, OTHER_CARD, 'field'],
    ])
    expect(await exposuresOf(endpoint)).toMatchObject([
      { category: 'field_history', place: 'card_number', kind: 'payment_card' },
    ])
  })

  it('is not written over again by the text that it came over', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    await type(endpoint, MAYA, 4001, 301, OTHER_CARD)
    const taken = beforeNext(endpoint, { method: 'PUT', path: TICKET }, () => putValue(maya))
    await sendWebhook(endpoint, 4001)
    await taken
    await settle(endpoint)
    await ingest(endpoint, 4001)
    expect(await valuesOf(endpoint)).toEqual([
      [1, OTHER_CARD, 'field'],
      [2, CARD, 'intake'],
    ])
    expect(endpoint.zendesk.fieldText(4001, 301)).toMatch(/4242 \[scrim:\w{16}\]$/)
  })

  it('costs one write', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    await settle(endpoint)
    expect(writesTo(endpoint)).toBe(1)
  })
})

describe('a follow-up', () => {
  it('does not cost the text that somebody types over the token it came with', async () => {
    const endpoint = await startEndpoint()
    await putValue(await endpoint.signIn(MAYA))
    await settle(endpoint)
    const source = ticketOf(endpoint, 4001)
    source.status = 'closed'
    source.followup_ids = [4004]
    const followUp = ticketOf(endpoint, 4004)
    followUp.requester_id = source.requester_id
    followUp.via.source = { from: { ticket_id: 4001 }, to: {}, rel: 'follow_up' }
    await type(endpoint, MAYA, 4004, 301, endpoint.zendesk.fieldText(4001, 301) ?? '')
    const call = { method: 'PUT', path: '/api/v2/tickets/4004' }
    const typed = beforeNext(endpoint, call, () => type(endpoint, MAYA, 4004, 301, OTHER_CARD))
    await ingest(endpoint, 4004)
    await typed
    await vi.waitFor(async () => {
      await settle(endpoint)
      expect(endpoint.zendesk.fieldText(4004, 301)).toMatch(/4444 \[scrim:\w{16}\]$/)
    }, PATIENCE)
    expect(await valuesOf(endpoint, 4004)).toEqual([
      [1, CARD, 'follow_up'],
      [2, OTHER_CARD, 'field'],
    ])
  })
})

describe('a text that was typed into the field', () => {
  it('with words around the stored value is kept as it was typed, once', async () => {
    const endpoint = await startEndpoint()
    await putValue(await endpoint.signIn(MAYA))
    await settle(endpoint)
    const typed = `card ${CARD}, call Bob first`
    await type(endpoint, MAYA, 4001, 301, typed)
    await ingestTicket(endpoint.deps, 4001)
    await ingestTicket(endpoint.deps, 4001)
    await ingest(endpoint, 4001)
    expect(await valuesOf(endpoint)).toEqual([
      [1, CARD, 'intake'],
      [2, typed, 'field'],
    ])
    expect(endpoint.zendesk.fieldText(4001, 301)).toMatch(/^•+ \[scrim:\w{16}\]$/)
  })

  it('is kept with the name of whoever typed it, as the audits of the ticket say', async () => {
    const endpoint = await startEndpoint()
    await type(endpoint, OMAR, 4001, 301, OTHER_CARD)
    await type(endpoint, MAYA, 4001, 301, CARD)
    await update(endpoint, OMAR, 4001, { priority: 'high' })
    await ingest(endpoint, 4001)
    expect(await authorsOf(endpoint)).toEqual([MAYA])
    await endpoint.expectAuditEntry({
      action: 'protected_value.ingest',
      data: { source: 'field', version: 1, createdBy: MAYA },
    })
  })

  it('is kept without a name where the audits do not have it', async () => {
    const endpoint = await startEndpoint()
    await type(endpoint, MAYA, 4001, 301, CARD)
    endpoint.zendesk.emulator.state.audits[4001] = []
    await ingest(endpoint, 4001)
    expect(await authorsOf(endpoint)).toEqual([0])
  })

  it('costs a look at the audits when it is new, and none after', async () => {
    const endpoint = await startEndpoint()
    const looks = () =>
      endpoint.zendesk.emulator.counts.byRoute()['GET /api/v2/tickets/{id}/audits'] ?? 0
    await ingestTicket(endpoint.deps, 4001)
    expect(looks()).toBe(0)
    await type(endpoint, MAYA, 4001, 301, CARD)
    await ingestTicket(endpoint.deps, 4001)
    await ingestTicket(endpoint.deps, 4001)
    expect(looks()).toBe(1)
  })

  it('beside the mask is kept together with the value, which can still be asked for, once', async () => {
    const endpoint = await startEndpoint()
    await putValue(await endpoint.signIn(MAYA))
    await settle(endpoint)
    const stands = endpoint.zendesk.fieldText(4001, 301) ?? ''
    await type(endpoint, MAYA, 4001, 301, `${stands}, call Bob first`)
    await ingestTicket(endpoint.deps, 4001)
    await ingestTicket(endpoint.deps, 4001)
    await ingest(endpoint, 4001)
    expect(await valuesOf(endpoint)).toEqual([
      [1, CARD, 'intake'],
      [2, `${CARD}, call Bob first`, 'field'],
    ])
    expect(endpoint.zendesk.fieldText(4001, 301)).toMatch(/^•+ \[scrim:\w{16}\]$/)
  })

  it('beside a mask that a stale tab wrote back is kept, too', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    await settle(endpoint)
    const stale = endpoint.zendesk.fieldText(4001, 301) ?? ''
    await type(endpoint, MAYA, 4001, 301, OTHER_CARD)
    await ingest(endpoint, 4001)
    await type(endpoint, MAYA, 4001, 301, `${stale} call Bob`)
    await ingest(endpoint, 4001)
    expect((await valuesOf(endpoint)).at(-1)).toEqual([3, `${CARD} call Bob`, 'field'])
  })

  it('in another spelling of the stored value is the stored value', async () => {
    const endpoint = await startEndpoint()
    await putValue(await endpoint.signIn(MAYA))
    await settle(endpoint)
    const stands = endpoint.zendesk.fieldText(4001, 301)
    await type(endpoint, MAYA, 4001, 301, ` ${CARD.replaceAll(' ', '-')}.`)
    await ingest(endpoint, 4001)
    expect(await valuesOf(endpoint)).toEqual([[1, CARD, 'intake']])
    expect(endpoint.zendesk.fieldText(4001, 301)).toBe(stands)
  })

  it('and cleared before our write stays cleared, and the value is flagged', async () => {
    const endpoint = await startEndpoint()
    await type(endpoint, MAYA, 4001, 301, CARD)
    const cleared = beforeNext(endpoint, { method: 'PUT', path: TICKET }, async () => {
      endpoint.clock.advance(2)
      await type(endpoint, MAYA, 4001, 301, null)
    })
    await ingest(endpoint, 4001)
    await cleared
    expect(endpoint.zendesk.fieldText(4001, 301)).toBeNull()
    expect(await valuesOf(endpoint)).toEqual([[1, CARD, 'field']])
    await endpoint.expectAuditEntry({ action: 'protected_value.clear', fields: ['card_number'] })
  })

  it('on a ticket that is closed before our write stays there, and is said to', async () => {
    const endpoint = await startEndpoint()
    await type(endpoint, MAYA, 4001, 301, CARD)
    const closed = beforeNext(endpoint, { method: 'PUT', path: TICKET }, async () => {
      endpoint.clock.advance(2)
      await update(endpoint, MAYA, 4001, { status: 'closed' })
    })
    await ingest(endpoint, 4001)
    await closed
    expect(await valuesOf(endpoint)).toEqual([[1, CARD, 'field']])
    expect((await exposuresOf(endpoint)).map(({ category }) => category).toSorted()).toEqual([
      'closed_ticket_field',
      'field_history',
    ])
  })
})
