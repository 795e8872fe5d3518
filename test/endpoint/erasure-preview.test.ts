/** What an erasure would do, told before it is done: in numbers, without a value or a mask. */
import { describe, expect, it } from 'vitest'
import { customerErasure, erasurePreview } from '../../src/contract/erasure.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import { recordExposures } from '../../src/storage/residual-exposures.ts'
import {
  INGRID_COMPLIANCE,
  MAYA,
  OMAR,
  SAM_ADMINISTRATOR,
  startEndpoint,
} from '../support/endpoint.ts'
import type { Caller } from '../support/endpoint.ts'
import { ask, putValue, startGranted } from '../support/story.ts'

const CUSTOMER = 501

const preview = async (caller: Caller, query = `customerId=${CUSTOMER}`) =>
  (await caller.get(`/api/erasure-preview?${query}`)).as(erasurePreview)

describe('the preview of an erasure', () => {
  it('says whose values, how many, on which tickets, and what ends with them', async () => {
    const endpoint = await startEndpoint()
    const { deps } = endpoint
    const { maya } = await startGranted(endpoint)
    await putValue(maya, 4001, 'iban', 'GB82 WEST 1234 5698 7654 32')
    await ask(maya, { fieldIds: ['iban'] })
    await recordExposures(deps.database.orm, deps.account.id, deps.now(), [
      { ticketId: 4001, category: 'field_history', place: 'card_number', kind: 'payment_card' },
      { ticketId: 4002, category: 'sent_email', place: 'comment_1', kind: 'payment_card' },
    ])
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const answer = await ingrid.get(`/api/erasure-preview?customerId=${CUSTOMER}`)
    const found = answer.as(erasurePreview)
    expect(found).toMatchObject({
      customer: { id: CUSTOMER, name: 'Harriet Cole' },
      values: 2,
      ticketCount: 1,
      tickets: [{ ticketId: 4001, values: 2 }],
      grants: 1,
      requests: 1,
      exposures: 1,
    })
    for (const part of ['4242', '••', 'GB82', 'scrim:']) expect(answer.text).not.toContain(part)
  })

  it('promises what the erasure then does', async () => {
    const endpoint = await startEndpoint()
    await startGranted(endpoint)
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const promised = await preview(ingrid)
    const reasonText = 'The customer asked us to forget them, ticket of today.'
    const done = await ingrid.post(`/api/customers/${CUSTOMER}/erasure`, { reasonText })
    expect(done.as(customerErasure)).toMatchObject({
      values: promised.values,
      tickets: promised.ticketCount,
      texts: promised.texts,
    })
    const ended = (await endpoint.auditEntries()).filter(({ action }) => action === 'grant.end')
    expect(ended).toHaveLength(promised.grants)
    expect(await preview(ingrid)).toMatchObject({
      values: 0,
      texts: 0,
      ticketCount: 0,
      tickets: [],
      grants: 0,
      requests: 0,
      exposures: 0,
    })
  })

  it('a ticket stands for its customer', async () => {
    const endpoint = await startEndpoint()
    await putValue(await endpoint.signIn(MAYA))
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    expect(await preview(ingrid, 'ticketId=4001')).toEqual(await preview(ingrid))
    const unknown = await ingrid.get('/api/erasure-preview?ticketId=999999')
    expect(unknown.problem().code).toBe('ticket_not_found')
  })

  it('a customer whom Zendesk no longer knows has values, and no name', async () => {
    const endpoint = await startEndpoint()
    await putValue(await endpoint.signIn(MAYA))
    const { state } = endpoint.zendesk.emulator
    state.users.splice(
      state.users.findIndex(({ id }) => id === CUSTOMER),
      1,
    )
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    expect(await preview(ingrid)).toMatchObject({ customer: { id: 501, name: null }, values: 1 })
  })

  it('counts no text where policy keeps what was written', async () => {
    const policy = { ...sandboxPolicy, erasure: { includesTexts: false } }
    const endpoint = await startEndpoint({ policy })
    await startGranted(endpoint)
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    expect(await preview(ingrid)).toMatchObject({ values: 1, texts: 0 })
  })

  it('erases nothing, and looking at a customer is an entry: once a session', async () => {
    const endpoint = await startEndpoint()
    await putValue(await endpoint.signIn(MAYA))
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    await preview(ingrid)
    expect((await preview(ingrid)).values).toBe(1)
    const looks = (await endpoint.auditEntries()).filter(
      ({ action }) => action === 'customer.preview_erasure',
    )
    expect(looks.map(({ data }) => data)).toEqual([{ customerId: '501' }])
    await endpoint.expectNoAuditEntry('customer.erase')
  })

  it.each(['', 'customerId=501&ticketId=4001', 'customerId=maya@example.com', 'customerId=0'])(
    'is not for "%s"',
    async (query) => {
      const endpoint = await startEndpoint()
      const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
      const answer = await ingrid.get(`/api/erasure-preview?${query}`)
      expect(answer.problem().code).toBe('bad_input')
    },
  )

  it.each([MAYA, OMAR, SAM_ADMINISTRATOR])('is refused to person %d', async (personId) => {
    const endpoint = await startEndpoint()
    await putValue(await endpoint.signIn(MAYA))
    const person = await endpoint.signIn(personId, 'nav_bar')
    const answer = await person.get(`/api/erasure-preview?customerId=${CUSTOMER}`)
    expect(answer.problem().code).toBe('role_not_permitted')
    expect(answer.text).not.toContain('Harriet')
    await endpoint.expectNoAuditEntry('customer.preview_erasure')
  })
})
