/** Finding the tickets that hold a value, where everybody sees masks. */
import { describe, expect, it } from 'vitest'
import { valueSearch } from '../../src/contract/value-checks.ts'
import type { ValueSearchInput } from '../../src/contract/value-checks.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import type { Caller } from '../support/endpoint.ts'
import {
  AISHA,
  INGRID_COMPLIANCE,
  LENA,
  MAYA,
  OMAR,
  SAM_ADMINISTRATOR,
  startEndpoint,
} from '../support/endpoint.ts'
import { createCanaryMatcher } from '../support/canary-matcher.ts'
import { CARD, REFUND_TICKET, SUPPORT_TICKET, putValue } from '../support/story.ts'

const PASSPORT = 'L898902C3'
const OTHER_CARD = '4111 1111 1111 1111'

const search = (by: Caller, change: Partial<ValueSearchInput> = {}) =>
  by.post('/api/value-searches', { kind: 'payment_card', value: CARD, ...change })
const ticketsOf = async (by: Caller, change: Partial<ValueSearchInput> = {}) =>
  (await search(by, change)).as(valueSearch).tickets.map(({ ticketId }) => ticketId)

async function startWithTwo(options: Parameters<typeof startEndpoint>[0] = {}) {
  const endpoint = await startEndpoint(options)
  await putValue(await endpoint.signIn(MAYA), REFUND_TICKET)
  await putValue(await endpoint.signIn(AISHA), SUPPORT_TICKET)
  return endpoint
}

describe('finding by value', () => {
  it('names the tickets that hold it, newest first, and the fields, and logs what it found', async () => {
    const endpoint = await startWithTwo()
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    const found = (await search(omar, { value: '4242-4242-4242-4242' })).as(valueSearch)
    expect(found.isComplete).toBe(true)
    expect(found.tickets.map(({ ticketId }) => ticketId)).toEqual([SUPPORT_TICKET, REFUND_TICKET])
    expect(found.tickets[1]).toEqual({
      ticketId: REFUND_TICKET,
      subject: expect.stringMatching(/./),
      fields: [
        {
          fieldId: 'card_number',
          label: 'Card number',
          kind: 'payment_card',
          sensitivityClass: 'restricted',
        },
      ],
    })
    await endpoint.expectAuditEntry({
      action: 'value_search.run',
      outcome: 'ok',
      actor: { type: 'person', id: OMAR, roles: ['frontline', 'lead'] },
      policyVersion: 1,
      data: {
        kind: 'payment_card',
        count: 2,
        ticketIds: [String(SUPPORT_TICKET), String(REFUND_TICKET)],
      },
    })
  })

  it('finds nothing for another value, another kind, or a value that was replaced', async () => {
    const endpoint = await startWithTwo()
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    expect(await ticketsOf(omar, { value: OTHER_CARD })).toEqual([])
    expect(await ticketsOf(omar, { kind: 'phone' })).toEqual([])
    await putValue(await endpoint.signIn(MAYA), REFUND_TICKET, 'card_number', OTHER_CARD)
    expect(await ticketsOf(omar)).toEqual([SUPPORT_TICKET])
    expect(await ticketsOf(omar, { value: OTHER_CARD })).toEqual([REFUND_TICKET])
  })

  it('leaves out tickets that the person may not open', async () => {
    const endpoint = await startWithTwo()
    const lena = await endpoint.signIn(LENA, 'nav_bar')
    expect(await ticketsOf(lena)).toEqual([SUPPORT_TICKET])
    await endpoint.expectAuditEntry({
      action: 'value_search.run',
      data: { kind: 'payment_card', count: 1, ticketIds: [String(SUPPORT_TICKET)] },
    })
  })

  it('leaves out fields of a class that the person may see nothing of', async () => {
    const { matrix } = sandboxPolicy
    const noSecrets = { ...matrix.lead, secret: 'none' as const }
    const matrixOf = { ...matrix, lead: noSecrets, frontline: noSecrets }
    const policy = { ...sandboxPolicy, matrix: matrixOf }
    const about = { kind: 'identity_document', value: PASSPORT } as const
    const endpoint = await startEndpoint()
    await putValue(await endpoint.signIn(MAYA), REFUND_TICKET, 'passport', PASSPORT)
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    expect(await ticketsOf(omar, about)).toEqual([REFUND_TICKET])
    endpoint.deps.policy = policy
    expect(await ticketsOf(omar, about)).toEqual([])
  })

  it('keeps the value out of the log, the entries and the answers', async () => {
    const endpoint = await startWithTwo()
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    const answers = [await search(omar), await search(omar, { value: OTHER_CARD })]
    const find = createCanaryMatcher([
      { name: 'stored', value: CARD },
      { name: 'searched', value: OTHER_CARD },
    ])
    const evidence = [
      ...answers.map(({ text }) => text),
      ...endpoint.logLines,
      JSON.stringify(await endpoint.auditEntries()),
    ]
    expect(find(evidence.join('\n'))).toEqual([])
  })
})

describe('who may find by value', () => {
  it.each([
    ['an agent', MAYA],
    ['an administrator', SAM_ADMINISTRATOR],
  ])('not %s', async (_, personId) => {
    const endpoint = await startWithTwo()
    const person = await endpoint.signIn(personId, 'nav_bar')
    expect((await search(person)).problem().code).toBe('role_not_permitted')
    await endpoint.expectAuditEntry({
      action: 'value_search.refuse',
      outcome: 'refused',
      code: 'role_not_permitted',
    })
    await endpoint.expectNoAuditEntry('value_search.run')
  })

  it('compliance, as policy says; and nobody when policy names nobody', async () => {
    const endpoint = await startWithTwo()
    await search(await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar'))
    await endpoint.expectAuditEntry({ action: 'value_search.run' })
    const closed = await startWithTwo({ policy: { ...sandboxPolicy, search: { roles: [] } } })
    const omar = await closed.signIn(OMAR, 'nav_bar')
    expect((await search(omar)).problem().code).toBe('role_not_permitted')
  })

  it('nobody while reveals are paused', async () => {
    const endpoint = await startWithTwo()
    endpoint.zendesk.changeSettings({ areRevealsPaused: true })
    endpoint.clock.advance(61)
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    expect((await search(omar)).problem().code).toBe('reveals_paused')
    await endpoint.expectNoAuditEntry('value_search.run')
  })
})

describe('how often one may search', () => {
  it('five times a minute; twenty at once are five answers', async () => {
    const endpoint = await startWithTwo()
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    const answers = await Promise.all(Array.from({ length: 20 }, () => search(omar)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5)
    await endpoint.expectAuditEntry({ action: 'value_search.refuse', code: 'rate_limited' })
    endpoint.clock.advance(60)
    expect(await ticketsOf(omar)).toHaveLength(2)
  })

  it('a search that Zendesk does not answer shows nothing', async () => {
    const endpoint = await startWithTwo()
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    endpoint.zendesk.setDown(true)
    expect((await search(omar)).problem().code).toBe('zendesk_unavailable')
    await endpoint.expectNoAuditEntry('value_search.run')
  })
})
