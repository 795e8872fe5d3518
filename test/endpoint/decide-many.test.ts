import { describe, expect, it } from 'vitest'
import { decidedRevealRequests } from '../../src/contract/reveal-requests.ts'
import { claim, queueOf } from '../support/approvals.ts'
import type { Caller } from '../support/endpoint.ts'
import { AISHA, LENA, MAYA, OMAR, TOMAS, startEndpoint } from '../support/endpoint.ts'
import { REFUND_TICKET, approve, ask, fieldsOf, putValue } from '../support/story.ts'

const decide = (by: Caller, body: object) => by.post('/api/reveal-requests/decide', body)

/** Maya and Tomás ask about the same ticket, Maya for two fields one by one. */
async function startThree() {
  const endpoint = await startEndpoint()
  const maya = await endpoint.signIn(MAYA)
  const tomas = await endpoint.signIn(TOMAS)
  await putValue(maya)
  await putValue(maya, REFUND_TICKET, 'phone', '+44 20 7946 0018')
  const card = await ask(maya)
  const phone = await ask(maya, { fieldIds: ['phone'], minutes: 5 })
  const other = await ask(tomas)
  const omar = await endpoint.signIn(OMAR, 'nav_bar')
  return { endpoint, maya, tomas, omar, ids: [card.id, phone.id, other.id] }
}

describe('deciding on many requests at once', () => {
  it('approves each with an entry and a grant of its own', async () => {
    const { endpoint, maya, omar, ids } = await startThree()
    const { results } = (await decide(omar, { ids, outcome: 'approve' })).as(decidedRevealRequests)
    expect(results.map(({ id, isDecided }) => [id, isDecided])).toEqual(ids.map((id) => [id, true]))
    const entries = await endpoint.auditEntries()
    for (const action of ['reveal_request.approve', 'grant.create']) {
      const about = entries.filter((entry) => entry.action === action)
      expect(about.map(({ requestId }) => requestId)).toEqual(ids)
    }
    expect((await fieldsOf(maya)).grants).toHaveLength(2)
    expect(await queueOf(omar)).toEqual([])
  })

  it('gives nobody more time than they asked for', async () => {
    const { maya, omar, ids } = await startThree()
    await decide(omar, { ids, outcome: 'approve', minutes: 10 })
    const { grants } = await fieldsOf(maya)
    expect(grants.map(({ remainingSeconds }) => remainingSeconds).toSorted()).toEqual([300, 600])
  })

  it('denies each with the same word', async () => {
    const { endpoint, maya, omar, ids } = await startThree()
    const comment = 'The provider shows the last four already.'
    await decide(omar, { ids, outcome: 'deny', comment })
    for (const request of (await fieldsOf(maya)).requests) {
      expect(request).toMatchObject({ state: 'denied', decision: { comment } })
    }
    await endpoint.expectNoAuditEntry('grant.create')
  })

  it('says for each what it was refused for, and keeps none of the others back', async () => {
    const { endpoint, omar, ids } = await startThree()
    const [first, second, third] = ids
    await approve(omar, first ?? '')
    const lead = await endpoint.signIn(OMAR, 'nav_bar')
    const answer = await decide(lead, { ids, outcome: 'approve' })
    expect(answer.as(decidedRevealRequests).results).toMatchObject([
      { id: first, isDecided: false, code: 'request_not_pending' },
      { id: second, isDecided: true },
      { id: third, isDecided: true },
    ])
    await endpoint.expectAuditEntry({
      action: 'reveal_request.refuse',
      code: 'request_not_pending',
      requestId: first,
    })
  })

  it('takes the same request once, however often it is named', async () => {
    const { omar, ids } = await startThree()
    const twice = [...ids, ...ids]
    const { results } = (await decide(omar, { ids: twice, outcome: 'approve' })).as(
      decidedRevealRequests,
    )
    expect(results.map(({ id }) => id)).toEqual(ids)
  })

  it('does not decide on one’s own among them', async () => {
    const { endpoint, ids } = await startThree()
    endpoint.zendesk.changePerson(MAYA, { groupIds: [201, 203] })
    const maya = await endpoint.signIn(MAYA, 'nav_bar')
    const { results } = (await decide(maya, { ids, outcome: 'approve' })).as(decidedRevealRequests)
    expect(results).toMatchObject([
      { isDecided: false, code: 'self_approval' },
      { isDecided: false, code: 'self_approval' },
      { isDecided: true },
    ])
  })

  it('does not decide on what somebody else has claimed', async () => {
    const endpoint = await startEndpoint()
    const aisha = await endpoint.signIn(AISHA)
    await putValue(aisha, 4003)
    await putValue(aisha, 4003, 'phone', '+44 20 7946 0147')
    const [one, two] = [
      await ask(aisha, { ticketId: 4003 }),
      await ask(aisha, { ticketId: 4003, fieldIds: ['phone'] }),
    ]
    await claim(await endpoint.signIn(LENA, 'nav_bar'), one.id)
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    const answer = await decide(omar, { ids: [one.id, two.id], outcome: 'approve' })
    expect(answer.as(decidedRevealRequests).results).toMatchObject([
      { id: one.id, isDecided: false, code: 'request_claimed' },
      { id: two.id, isDecided: true },
    ])
  })
})

describe('deciding on many requests at once is refused as a whole', () => {
  it('for requests about two tickets, with one entry and nothing decided', async () => {
    const { endpoint, tomas, omar, ids } = await startThree()
    await putValue(tomas, 4002)
    const elsewhere = await ask(tomas, { ticketId: 4002 })
    const answer = await decide(omar, { ids: [...ids, elsewhere.id], outcome: 'approve' })
    expect(answer.problem()).toMatchObject({ status: 400, code: 'bad_input' })
    await endpoint.expectAuditEntry({ action: 'reveal_request.refuse', code: 'bad_input' })
    await endpoint.expectNoAuditEntry('reveal_request.approve')
    expect(await queueOf(omar)).toHaveLength(4)
  })

  it('for a denial without a word', async () => {
    const { endpoint, omar, ids } = await startThree()
    const answer = await decide(omar, { ids, outcome: 'deny', comment: '  ' })
    expect(answer.problem()).toMatchObject({ status: 422, code: 'comment_required' })
    await endpoint.expectNoAuditEntry('reveal_request.deny')
  })

  it('for a request that is not there, or another account’s', async () => {
    const { ids } = await startThree()
    const there = await startEndpoint()
    const omar = await there.signIn(OMAR, 'nav_bar')
    expect((await decide(omar, { ids, outcome: 'approve' })).problem().code).toBe(
      'request_not_found',
    )
  })

  it('for more than fifty, and for none', async () => {
    const { omar, ids } = await startThree()
    const many = Array.from({ length: 51 }, () => ids[0])
    for (const body of [{ ids: many }, { ids: [] }]) {
      const answer = await decide(omar, { ...body, outcome: 'approve' })
      expect(answer.problem()).toMatchObject({ status: 400, code: 'bad_input' })
    }
  })
})
