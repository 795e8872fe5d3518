/** Sensitive values that arrive in tickets: found, vaulted, replaced in Zendesk. */
import type { PgTable } from 'drizzle-orm/pg-core'
import { describe, expect, it } from 'vitest'
import type { Policy } from '../../src/core/policy.ts'
import { workInbox } from '../../src/endpoint/ingestion/work-inbox.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import { ingestionStatus, residualExposureList } from '../../src/contract/ingestion.ts'
import { appendInbox } from '../../src/storage/inbox.ts'
import * as schema from '../../src/storage/schema.ts'
import { recordExposures } from '../../src/storage/residual-exposures.ts'
import {
  INGRID_COMPLIANCE,
  MAYA,
  OMAR,
  SAM_ADMINISTRATOR,
  startEndpoint,
} from '../support/endpoint.ts'
import {
  comment,
  exposuresOf,
  HARRIET,
  ingest,
  settle,
  type,
  update,
  vaultOf,
  writesTo,
} from '../support/ingestion.ts'
import { CARD, putValue } from '../support/story.ts'
import { sendWebhook } from '../support/webhook.ts'

const OTHER_CARD = '5555 5555 5555 4444'
const withIngestion = (change: Partial<Policy['ingestion']>): Policy => ({
  ...sandboxPolicy,
  ingestion: { ...sandboxPolicy.ingestion, ...change },
})

describe('a comment with a card number', () => {
  it('is vaulted, then redacted, and nothing of it stays in Zendesk', async () => {
    const endpoint = await startEndpoint()
    const said = await comment(endpoint, HARRIET, 4001, `<p>My card is ${CARD}, please check</p>`)
    await ingest(endpoint, 4001)
    expect(await vaultOf(endpoint, 4001)).toEqual([
      { fieldId: `comment_${said.id}_1`, version: 1, value: CARD, source: 'comment' },
    ])
    expect(said.body).toBe(`My card is ${'▇'.repeat(CARD.length)}, please check`)
    expect(endpoint.zendesk.emulator.exportState()).not.toContain(CARD)
    await endpoint.expectAuditEntry({
      action: 'protected_value.ingest',
      fields: [`comment_${said.id}_1`],
      record: { type: 'ticket', id: 4001 },
      data: { commentId: said.id, foundKinds: ['payment_card'] },
    })
    await endpoint.expectAuditEntry({ action: 'comment.redact', data: { commentId: said.id } })
    const text = JSON.stringify(await endpoint.auditEntries()) + endpoint.logLines.join()
    expect(text).not.toContain(CARD)
  })

  it('keeps each value once, however often it stands there', async () => {
    const endpoint = await startEndpoint()
    const html = `<p>card ${CARD} or ${CARD.replaceAll(' ', '')} or card ${OTHER_CARD}</p>`
    await comment(endpoint, HARRIET, 4001, html)
    await ingest(endpoint, 4001)
    const values = (await vaultOf(endpoint, 4001)).map(({ value }) => value)
    expect(values).toEqual([CARD, OTHER_CARD])
    expect(endpoint.zendesk.emulator.exportState()).not.toContain('4242')
  })

  it('is covered as an internal note, too', async () => {
    const endpoint = await startEndpoint()
    await comment(endpoint, MAYA, 4001, `<p>He said ${CARD}</p>`, false)
    await ingest(endpoint, 4001)
    expect(await vaultOf(endpoint, 4001)).toHaveLength(1)
    expect(endpoint.zendesk.emulator.exportState()).not.toContain(CARD)
    expect(await exposuresOf(endpoint)).toEqual([])
  })

  it('is redacted on a closed ticket, too', async () => {
    const endpoint = await startEndpoint()
    await comment(endpoint, HARRIET, 4001, `<p>My card is ${CARD}</p>`)
    await update(endpoint, MAYA, 4001, { status: 'closed' })
    await ingest(endpoint, 4001)
    expect(await vaultOf(endpoint, 4001)).toHaveLength(1)
    expect(endpoint.zendesk.emulator.exportState()).not.toContain(CARD)
  })

  it('that was public may be in a mailbox, which is written down', async () => {
    const endpoint = await startEndpoint()
    const said = await comment(endpoint, HARRIET, 4001, `<p>My card is ${CARD}</p>`)
    await ingest(endpoint, 4001)
    expect(await exposuresOf(endpoint)).toMatchObject([
      { ticketId: 4001, category: 'sent_email', place: `comment_${said.id}`, kind: 'payment_card' },
    ])
    await endpoint.expectAuditEntry({
      action: 'residual_exposure.record',
      data: { category: 'sent_email', kind: 'payment_card', place: `comment_${said.id}` },
    })
  })
})

describe('a card verification code', () => {
  it('is redacted and stored nowhere', async () => {
    const endpoint = await startEndpoint()
    const said = await comment(endpoint, HARRIET, 4001, '<p>The security code is 737</p>')
    await ingest(endpoint, 4001)
    expect(said.body).not.toContain('737')
    expect(await vaultOf(endpoint, 4001)).toEqual([])
    await endpoint.expectAuditEntry({
      action: 'protected_value.ingest',
      data: { destroyedKinds: ['card_verification_code'] },
    })
  })
})

describe('policy', () => {
  it('decides which comments are covered', async () => {
    const policy = withIngestion({ publicComments: false })
    const endpoint = await startEndpoint({ policy })
    await comment(endpoint, HARRIET, 4001, `<p>My card is ${CARD}</p>`)
    const note = await comment(endpoint, MAYA, 4001, `<p>Or ${OTHER_CARD}</p>`, false)
    await ingest(endpoint, 4001)
    expect((await vaultOf(endpoint, 4001)).map(({ fieldId }) => fieldId)).toEqual([
      `comment_${note.id}_1`,
    ])
  })

  it('decides which kinds are left alone', async () => {
    const policy = withIngestion({ handling: { payment_card: 'ignored' } })
    const endpoint = await startEndpoint({ policy })
    await comment(endpoint, HARRIET, 4001, `<p>My card is ${CARD}</p>`)
    await ingest(endpoint, 4001)
    expect(await vaultOf(endpoint, 4001)).toEqual([])
    expect(endpoint.zendesk.emulator.exportState()).toContain(CARD)
  })

  it('can leave ticket fields alone', async () => {
    const endpoint = await startEndpoint({ policy: withIngestion({ fields: false }) })
    await type(endpoint, MAYA, 4001, 301, CARD)
    await ingest(endpoint, 4001)
    expect(await vaultOf(endpoint, 4001)).toEqual([])
  })
})

describe('our own writes come back as events', () => {
  it('ten redactions and their events cause no further write', async () => {
    const endpoint = await startEndpoint()
    for (let at = 0; at < 10; at += 1) {
      await comment(endpoint, HARRIET, 4001, `<p>My card is ${CARD}, again ${at}</p>`)
    }
    endpoint.zendesk.emulator.counts.reset()
    const events: Promise<Response>[] = []
    endpoint.zendesk.emulator.onTicketChange(({ id }) => {
      events.push(sendWebhook(endpoint, id, { invocationId: `01HZEVENT${events.length + 1}` }))
    })
    await ingest(endpoint, 4001)
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(events)
      await settle(endpoint)
    }
    expect(events).toHaveLength(10)
    expect(writesTo(endpoint)).toBe(10)
    expect(await vaultOf(endpoint, 4001)).toHaveLength(10)
    const entries = await endpoint.auditEntries()
    expect(entries.filter(({ action }) => action === 'comment.redact')).toHaveLength(10)
    // What Zendesk tells of them costs looks, each of two calls, and nothing else.
    endpoint.zendesk.emulator.counts.reset()
    for (const at of events.keys()) {
      await sendWebhook(endpoint, 4001, { invocationId: `01HZAGAIN${at}` })
    }
    await settle(endpoint)
    const {
      'GET /api/v2/tickets/{id}': tickets = 0,
      'GET /api/v2/tickets/{id}/comments': comments = 0,
      'GET /api/v2/incremental/tickets/cursor': _,
      ...others
    } = endpoint.zendesk.emulator.counts.byRoute()
    expect(tickets).toBeGreaterThan(0)
    expect(tickets).toBeLessThanOrEqual(events.length)
    expect(comments).toBe(tickets)
    expect(Object.keys(others).filter((route) => route !== 'POST /oauth/tokens')).toEqual([])
  })

  it('a value that was taken down through Scrim is an end', async () => {
    const endpoint = await startEndpoint()
    await putValue(await endpoint.signIn(MAYA))
    await settle(endpoint)
    endpoint.zendesk.emulator.counts.reset()
    await ingest(endpoint, 4001)
    expect(writesTo(endpoint)).toBe(0)
    expect(await vaultOf(endpoint, 4001)).toHaveLength(1)
    await endpoint.expectNoAuditEntry('protected_value.restore')
  })
})

describe('a value that came with a comment or a field', () => {
  it('stands in no table, no log line and no answer to a masked view', async () => {
    const endpoint = await startEndpoint()
    const { deps } = endpoint
    await comment(endpoint, HARRIET, 4001, `<p>My card is <b>4242</b> 4242 4242 4242</p>`)
    await type(endpoint, MAYA, 4001, 303, '+44 20 7946 0018')
    await ingest(endpoint, 4001)
    expect(await vaultOf(endpoint, 4001)).toHaveLength(2)
    const maya = await endpoint.signIn(MAYA)
    const seen = [(await maya.get('/api/tickets/4001/protected-fields')).text, ...endpoint.logLines]
    for (const table of Object.values(schema)) {
      seen.push(JSON.stringify(await deps.database.orm.select().from(table as PgTable)))
    }
    const bare = seen.join().replace(/[^0-9]/g, '')
    expect(seen.join()).toContain('4242')
    expect(bare).not.toContain('4242424242')
    expect(bare).not.toContain('2079460018')
  })
})

describe('a ticket that is gone', () => {
  it('is an end', async () => {
    const endpoint = await startEndpoint()
    await ingest(endpoint, 9999)
    expect(writesTo(endpoint)).toBe(0)
  })
})

describe('what no webhook told of', () => {
  it('is found by the sweep within minutes', async () => {
    const endpoint = await startEndpoint()
    await endpoint.sweep()
    endpoint.clock.advance(60)
    await comment(endpoint, HARRIET, 4001, `<p>My card is ${CARD}</p>`)
    endpoint.clock.advance(180)
    await settle(endpoint)
    expect(await vaultOf(endpoint, 4001)).toHaveLength(1)
    expect(endpoint.zendesk.emulator.exportState()).not.toContain(CARD)
  })

  it('is looked for once an interval, however many instances sweep', async () => {
    const endpoint = await startEndpoint()
    const asked = () =>
      endpoint.zendesk.emulator.counts.byRoute()['GET /api/v2/incremental/tickets/cursor'] ?? 0
    for (let round = 1; round <= 3; round += 1) {
      await Promise.all([endpoint.sweep(), endpoint.sweep(), endpoint.sweep()])
      expect(asked()).toBe(round)
      endpoint.clock.advance(181)
    }
  })

  it('is found later when the export fails, from the same place', async () => {
    const endpoint = await startEndpoint()
    await endpoint.sweep()
    endpoint.clock.advance(200)
    await comment(endpoint, HARRIET, 4001, `<p>My card is ${CARD}</p>`)
    endpoint.zendesk.setDown(true)
    await endpoint.sweep()
    endpoint.clock.advance(200)
    endpoint.zendesk.setDown(false)
    await settle(endpoint)
    expect(await vaultOf(endpoint, 4001)).toHaveLength(1)
  })

  it('costs nothing more when the webhook did arrive', async () => {
    const endpoint = await startEndpoint()
    await endpoint.sweep()
    await comment(endpoint, HARRIET, 4001, `<p>My card is ${CARD}</p>`)
    await ingest(endpoint, 4001)
    endpoint.zendesk.emulator.counts.reset()
    endpoint.clock.advance(200)
    await settle(endpoint)
    expect(writesTo(endpoint)).toBe(0)
    expect(await vaultOf(endpoint, 4001)).toHaveLength(1)
  })
})

describe('what stays in Zendesk', () => {
  it('is shown to compliance and administrators, page by page, and the reading is an entry', async () => {
    const endpoint = await startEndpoint()
    const { deps } = endpoint
    const kind = 'payment_card' as const
    const category = 'field_history' as const
    const all = Array.from({ length: 230 }, (_, at) => ({
      ticketId: 5099 - Math.floor(at / 3),
      category,
      place: `place_${at % 3}`,
      kind,
    }))
    await recordExposures(deps.database.orm, deps.account.id, deps.now(), all)
    for (const personId of [INGRID_COMPLIANCE, SAM_ADMINISTRATOR]) {
      const person = await endpoint.signIn(personId, 'nav_bar')
      const seen: string[] = []
      let query = ''
      for (let isEnd = false; !isEnd;) {
        const page = (await person.get(`/api/residual-exposures${query}`)).as(residualExposureList)
        seen.push(...page.exposures.map(({ ticketId, place }) => `${ticketId} ${place}`))
        query = `?after=${page.nextAfter}`
        isEnd = page.nextAfter === null
      }
      expect(seen).toEqual(all.map(({ ticketId, place }) => `${ticketId} ${place}`))
    }
    const reads = (await endpoint.auditEntries()).filter(
      ({ action }) => action === 'residual_exposure.read',
    )
    expect(reads).toHaveLength(2)
  })

  it.each([MAYA, OMAR])('is not shown to person %i, who has neither role', async (personId) => {
    const endpoint = await startEndpoint()
    const person = await endpoint.signIn(personId, 'nav_bar')
    for (const path of ['/api/residual-exposures', '/api/ingestion']) {
      expect((await person.get(path)).problem().code).toBe('role_not_permitted')
    }
    await endpoint.expectNoAuditEntry('residual_exposure.read')
  })
})

describe('what waits', () => {
  it('is shown with the code of what went wrong, and is gone when it is done', async () => {
    const endpoint = await startEndpoint()
    const sam = await endpoint.signIn(SAM_ADMINISTRATOR, 'nav_bar')
    await comment(endpoint, HARRIET, 4001, `<p>My card is ${CARD}</p>`)
    endpoint.zendesk.emulator.controls.limit(30, 1)
    const { deps } = endpoint
    await appendInbox(deps.database.orm, deps.account.id, deps.now(), [
      { id: 'event', ticketId: 4001 },
    ])
    await workInbox(deps)
    const { waiting } = (await sam.get('/api/ingestion')).as(ingestionStatus)
    expect(waiting).toMatchObject([{ work: 'event', code: 'zendesk_busy', count: 1 }])
    endpoint.clock.advance(31)
    await settle(endpoint)
    const after = (await sam.get('/api/ingestion')).as(ingestionStatus)
    expect(after.waiting).toEqual([])
    expect(await vaultOf(endpoint, 4001)).toHaveLength(1)
  })
})
