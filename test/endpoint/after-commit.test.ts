import { eq } from 'drizzle-orm'
import { describe, expect, it, vi } from 'vitest'
import { outbox } from '../../src/storage/schema.ts'
import {
  INGRID_COMPLIANCE,
  MAYA,
  OMAR,
  SAM_ADMINISTRATOR,
  startEndpoint,
} from '../support/endpoint.ts'
import type { TestEndpoint } from '../support/endpoint.ts'
import { auditEntryList } from '../../src/contract/audit-entries.ts'
import { CARD, ask, asking, putValue, revealed, startGranted } from '../support/story.ts'

const workOf = ({ deps }: TestEndpoint) =>
  deps.database.orm.select().from(outbox).where(eq(outbox.account, deps.account.id))

describe('work that follows a commit', () => {
  it('a request tells the people who can decide, a decision tells the requester', async () => {
    const endpoint = await startEndpoint()
    await startGranted(endpoint)
    await vi.waitFor(() => {
      const told = endpoint.zendesk.notifications.map(({ event, agentId }) => [event, agentId])
      expect(told).toContainEqual(['scrim_changed', OMAR])
      expect(told).toContainEqual(['scrim_changed', MAYA])
    })
  })

  it('is done later when Zendesk is down, and nothing is lost', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    endpoint.zendesk.setDown(true)
    await endpoint.sweep()
    endpoint.zendesk.setDown(false)
    await vi.waitFor(async () => {
      endpoint.clock.advance(600)
      await endpoint.sweep()
      expect(endpoint.zendesk.fieldText(4001, 301)).toContain('4242 [scrim:')
      expect((await workOf(endpoint)).filter(({ doneAt }) => doneAt === null)).toEqual([])
    })
  })

  it('is given up where no retry can help, with the code of why', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    endpoint.zendesk.changeTicket(4001, { status: 'closed' })
    await putValue(maya)
    await vi.waitFor(async () => {
      const [work] = (await workOf(endpoint)).filter(({ kind }) => kind === 'write_field')
      expect(work).toMatchObject({ lastCode: 'ticket_closed', doneAt: endpoint.clock.now() })
    })
  })
})

describe('reading the log', () => {
  it('compliance sees who saw what, when and why; the reading is an entry, once', async () => {
    const endpoint = await startEndpoint()
    const { maya, grantId } = await startGranted(endpoint, {
      reasonText: 'Trace the refund to its card',
    })
    await revealed(maya, grantId)
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const first = await ingrid.get('/api/audit-entries')
    await ingrid.get('/api/audit-entries')
    const log = first.as(auditEntryList)
    expect(log.entries.find(({ action }) => action === 'grant.reveal')).toMatchObject({
      actor: { type: 'person', person: { id: MAYA, name: 'Maya Rivera' } },
      ticketId: 4001,
      fields: [{ fieldId: 'card_number', label: 'Card number' }],
      grantId,
      policyVersion: 1,
    })
    expect(log.entries.find(({ action }) => action === 'reveal_request.create')?.texts).toEqual({
      prompt: 'What will you do with it?',
      reason: 'Trace the refund to its card',
    })
    expect(first.text).not.toContain(CARD)
    const entries = await endpoint.auditEntries()
    expect(entries.filter(({ action }) => action === 'audit_log.read')).toHaveLength(1)
  })

  it('filters by action, ticket and person', async () => {
    const endpoint = await startEndpoint()
    await startGranted(endpoint)
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const read = async (query: string) =>
      (await ingrid.get(`/api/audit-entries?${query}`)).as(auditEntryList).entries
    expect(await read('action=grant.create')).toHaveLength(1)
    expect(await read('ticketId=4002')).toHaveLength(0)
    expect((await read(`actorId=${OMAR}`)).map(({ action }) => action)).toContain('grant.create')
  })

  it.each([
    ['an agent', MAYA],
    ['an administrator', SAM_ADMINISTRATOR],
  ])('%s may not read it', async (_, personId) => {
    const endpoint = await startEndpoint()
    const caller = await endpoint.signIn(personId, 'nav_bar')
    expect((await caller.get('/api/audit-entries')).problem().code).toBe('role_not_permitted')
  })
})

describe('when something is down', () => {
  it('Zendesk: nothing is asked, decided or revealed', async () => {
    const endpoint = await startEndpoint()
    const { maya, omar, grantId } = await startGranted(endpoint)
    const request = await ask(maya)
    endpoint.zendesk.setDown(true)
    const answers = [
      await maya.post(`/api/grants/${grantId}/reveal`, {
        attemptId: '7d1f7e8e-5b0f-4f67-9a51-0d4f0b6f0a11',
        fieldId: 'card_number',
      }),
      await maya.post('/api/reveal-requests', asking()),
      await omar.post(`/api/reveal-requests/${request.id}/approve`),
      await maya.get('/api/tickets/4001/protected-fields'),
    ]
    for (const answer of answers) {
      expect(answer.problem()).toMatchObject({ status: 503, code: 'zendesk_unavailable' })
    }
    const entries = await endpoint.auditEntries()
    expect(entries.filter(({ action }) => action === 'grant.reveal')).toEqual([])
  })
})

describe('a page credential', () => {
  it('cannot be used twice, not even in the seconds after its end that clocks may differ by', async () => {
    const endpoint = await startEndpoint()
    const token = await endpoint.signPage(MAYA)
    expect((await endpoint.openPage('ticket_sidebar', token)).data.session).not.toBeNull()
    endpoint.clock.advance(65)
    await endpoint.sweep()
    expect((await endpoint.openPage('ticket_sidebar', token)).data).toMatchObject({
      session: null,
      refusal: 'page_credential_replayed',
    })
  })
})
