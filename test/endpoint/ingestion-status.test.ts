/** What administrators and compliance see of ingestion: what waits, what was given up, what it hears. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { IngestionStatus } from '../../src/contract/ingestion.ts'
import { ingestionRetry, ingestionStatus } from '../../src/contract/ingestion.ts'
import { appendInbox } from '../../src/storage/inbox.ts'
import { abandonOutbox, appendOutbox, findOpenOutbox } from '../../src/storage/outbox.ts'
import {
  INGRID_COMPLIANCE,
  MAYA,
  OMAR,
  SAM_ADMINISTRATOR,
  startEndpoint,
} from '../support/endpoint.ts'
import type { Caller, TestEndpoint } from '../support/endpoint.ts'
import { comment, HARRIET, settle } from '../support/ingestion.ts'
import { CARD } from '../support/story.ts'
import { sendWebhook } from '../support/webhook.ts'

const statusFor = async (caller: Caller): Promise<IngestionStatus> =>
  (await caller.get('/api/ingestion')).as(ingestionStatus)

/** An order to redact that was given up as the drain gives it up. */
async function giveUp(
  { deps }: TestEndpoint,
  { ticketId = 4001, code = 'conflict' } = {},
): Promise<string> {
  const id = randomUUID()
  const { orm } = deps.database
  await appendOutbox(orm, deps.account.id, deps.now(), [
    { id, kind: 'redact_comment', payload: { ticketId, commentId: 1 } },
  ])
  await abandonOutbox(orm, id, deps.now(), code)
  return id
}

const retry = (caller: Caller, ...ids: string[]) => caller.post('/api/ingestion/retries', { ids })

describe('what waits', () => {
  it('says since when, why, and when it is tried next', async () => {
    const endpoint = await startEndpoint()
    const { deps, clock } = endpoint
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    await appendInbox(deps.database.orm, deps.account.id, deps.now(), [
      { id: 'webhook:4001:a', ticketId: 4001 },
      { id: 'webhook:4002:b', ticketId: 4002 },
    ])
    clock.advance(90)
    expect((await statusFor(ingrid)).waiting).toEqual([
      {
        work: 'event',
        code: null,
        count: 2,
        oldestAt: '2026-11-23T10:00:00.000Z',
        ageSeconds: 90,
        remainingSeconds: 0,
      },
    ])
  })

  it('an unchanged answer costs no body, though its seconds go on', async () => {
    const endpoint = await startEndpoint()
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    await giveUp(endpoint)
    const first = await ingrid.get('/api/ingestion')
    endpoint.clock.advance(5)
    const etag = first.headers.get('etag') ?? ''
    expect((await ingrid.get('/api/ingestion', { 'if-none-match': etag })).status).toBe(304)
  })

  it.each([MAYA, OMAR])('is not shown to person %i, who has neither role', async (personId) => {
    const endpoint = await startEndpoint()
    const person = await endpoint.signIn(personId, 'nav_bar')
    expect((await person.get('/api/ingestion')).problem().code).toBe('role_not_permitted')
  })
})

describe('what was given up', () => {
  it('is shown with its ticket and reason, the newest first', async () => {
    const endpoint = await startEndpoint()
    const older = await giveUp(endpoint, { ticketId: 4001, code: 'ticket_not_found' })
    endpoint.clock.advance(60)
    const newer = await giveUp(endpoint, { ticketId: 4002 })
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const { givenUp, waiting } = await statusFor(ingrid)
    expect(waiting).toEqual([])
    expect(givenUp).toMatchObject({
      count: 2,
      mayRetry: false,
      newest: [
        { id: newer, work: 'redact_comment', ticketId: 4002, code: 'conflict', ageSeconds: 0 },
        { id: older, ticketId: 4001, code: 'ticket_not_found', ageSeconds: 60 },
      ],
    })
  })

  it('is nothing that was done, and no message to open pages', async () => {
    const endpoint = await startEndpoint()
    const { deps } = endpoint
    const id = randomUUID()
    await appendOutbox(deps.database.orm, deps.account.id, deps.now(), [
      { id, kind: 'notify', payload: { event: 'scrim_changed', ticketId: 4001, agentId: null } },
    ])
    await abandonOutbox(deps.database.orm, id, deps.now(), 'conflict')
    await comment(endpoint, HARRIET, 4001, `<p>My card is ${CARD}</p>`)
    await sendWebhook(endpoint, 4001)
    await settle(endpoint)
    const sam = await endpoint.signIn(SAM_ADMINISTRATOR, 'nav_bar')
    expect((await statusFor(sam)).givenUp).toEqual({ count: 0, newest: [], mayRetry: true })
    expect((await retry(sam, id)).as(ingestionRetry)).toEqual({ retried: 0 })
    await endpoint.expectNoAuditEntry('ingestion.retry')
  })

  it('is tried again by an administrator, which is an entry of its ticket', async () => {
    const endpoint = await startEndpoint()
    const { deps } = endpoint
    const id = await giveUp(endpoint)
    const sam = await endpoint.signIn(SAM_ADMINISTRATOR, 'nav_bar')
    expect((await retry(sam, id)).as(ingestionRetry)).toEqual({ retried: 1 })
    await endpoint.expectAuditEntry({
      action: 'ingestion.retry',
      outcome: 'ok',
      actor: { type: 'person', id: SAM_ADMINISTRATOR, roles: ['administrator'] },
      record: { type: 'ticket', id: 4001 },
      data: { work: 'redact_comment', givenUpFor: 'conflict' },
    })
    await settle(endpoint)
    // Comment 1 is not there, so it is given up again, for a reason of its own.
    expect((await statusFor(sam)).givenUp.newest).toMatchObject([{ id, code: 'ticket_not_found' }])
    expect(await findOpenOutbox(deps.database.orm, deps.account.id, 4001)).toEqual([])
  })

  it('two administrators at once have it tried again once', async () => {
    const endpoint = await startEndpoint()
    const id = await giveUp(endpoint)
    const sam = await endpoint.signIn(SAM_ADMINISTRATOR, 'nav_bar')
    const answers = await Promise.all([retry(sam, id), retry(sam, id)])
    const counts = answers.map((answer) => answer.as(ingestionRetry).retried)
    const entries = (await endpoint.auditEntries()).filter(
      ({ action }) => action === 'ingestion.retry',
    )
    expect(counts.reduce((sum, each) => sum + each)).toBe(entries.length)
    expect(entries).toHaveLength(1)
  })

  it('of another account stays as it is', async () => {
    const other = await startEndpoint()
    const id = await giveUp(other)
    const endpoint = await startEndpoint()
    const sam = await endpoint.signIn(SAM_ADMINISTRATOR, 'nav_bar')
    expect((await retry(sam, id)).as(ingestionRetry)).toEqual({ retried: 0 })
    const theirs = await other.signIn(SAM_ADMINISTRATOR, 'nav_bar')
    expect((await statusFor(theirs)).givenUp.count).toBe(1)
  })

  it.each([MAYA, OMAR, INGRID_COMPLIANCE])(
    'is not tried again by person %i, which is logged',
    async (personId) => {
      const endpoint = await startEndpoint()
      const id = await giveUp(endpoint)
      const person = await endpoint.signIn(personId, 'nav_bar')
      expect((await retry(person, id)).problem().code).toBe('role_not_permitted')
      await endpoint.expectAuditEntry({
        action: 'ingestion.retry',
        outcome: 'refused',
        code: 'role_not_permitted',
      })
      const { deps } = endpoint
      expect(await findOpenOutbox(deps.database.orm, deps.account.id, 4001)).toEqual([])
    },
  )
})

describe('whether ingestion hears of everything', () => {
  it('a webhook that came and a sweep that looked are told with their times', async () => {
    const endpoint = await startEndpoint()
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    expect(await statusFor(ingrid)).toMatchObject({
      webhook: { standing: 'quiet', lastAt: null, ageSeconds: null, unannounced: 0 },
      sweep: { lastAt: null, ageSeconds: null, code: null },
    })
    await sendWebhook(endpoint, 4001)
    await endpoint.sweep()
    endpoint.clock.advance(120)
    expect(await statusFor(ingrid)).toMatchObject({
      webhook: { standing: 'arriving', lastAt: '2026-11-23T10:00:00.000Z', ageSeconds: 120 },
      sweep: { lastAt: '2026-11-23T10:00:00.000Z', ageSeconds: 120, code: null },
    })
  })

  it('tickets that change while no webhook comes show that Zendesk switched it off', async () => {
    const endpoint = await startEndpoint()
    await endpoint.sweep()
    await sendWebhook(endpoint, 4001)
    await settle(endpoint)
    endpoint.clock.advance(3 * 60 * 60)
    for (const ticketId of [4001, 4002, 4003]) {
      await comment(endpoint, MAYA, ticketId, '<p>On its way</p>')
    }
    await settle(endpoint)
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const { webhook } = await statusFor(ingrid)
    expect(webhook).toMatchObject({ standing: 'missing', unannounced: 3 })
    await sendWebhook(endpoint, 4001)
    expect((await statusFor(ingrid)).webhook.standing).toBe('arriving')
  })

  it('a sweep that Zendesk does not answer says so, until one is answered', async () => {
    const endpoint = await startEndpoint()
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    endpoint.zendesk.emulator.controls.limit(30, 1000)
    await endpoint.sweep()
    expect((await statusFor(ingrid)).sweep).toMatchObject({ code: 'zendesk_busy', ageSeconds: 0 })
    endpoint.clock.advance(181)
    endpoint.zendesk.emulator.controls.limit(0, 0)
    await endpoint.sweep()
    expect((await statusFor(ingrid)).sweep).toMatchObject({ code: null, ageSeconds: 0 })
  })
})
