import { describe, expect, it } from 'vitest'
import { revealRequestView } from '../../src/contract/reveal-requests.ts'
import type { Policy } from '../../src/core/policy.ts'
import { claim, deny, gate, policyWith, queueOf, unclaim } from '../support/approvals.ts'
import type { TestEndpoint } from '../support/endpoint.ts'
import {
  AISHA,
  INGRID_COMPLIANCE,
  LENA,
  MAYA,
  OMAR,
  TOMAS,
  startEndpoint,
} from '../support/endpoint.ts'
import { SUPPORT_TICKET, approve, ask, putValue } from '../support/story.ts'

/** Aisha asks about a ticket on which Omar and Lena may both decide. */
async function startAsked(policy?: Policy) {
  const endpoint = await startEndpoint(policy === undefined ? {} : { policy })
  const aisha = await endpoint.signIn(AISHA)
  await putValue(aisha, SUPPORT_TICKET)
  const { id } = await ask(aisha, { ticketId: SUPPORT_TICKET })
  const omar = await endpoint.signIn(OMAR, 'nav_bar')
  const lena = await endpoint.signIn(LENA, 'nav_bar')
  return { endpoint, aisha, omar, lena, id }
}

const actionsOf = async (endpoint: TestEndpoint) =>
  (await endpoint.auditEntries()).map(({ action }) => action)

describe('a claimed request', () => {
  it('says who looks at it and for how long, to everybody who decides', async () => {
    const { endpoint, omar, lena, id } = await startAsked()
    const claimed = (await claim(omar, id)).as(revealRequestView)
    expect(claimed).toMatchObject({
      state: 'pending',
      claim: { by: { id: OMAR, name: 'Omar Haddad' }, remainingSeconds: 600 },
    })
    await endpoint.expectAuditEntry({
      action: 'reveal_request.claim',
      outcome: 'ok',
      actor: { type: 'person', id: OMAR, roles: ['frontline', 'lead'] },
      requestId: id,
      data: { minutes: 10 },
    })
    endpoint.clock.advance(60)
    const [seen] = await queueOf(lena)
    expect(seen?.request.claim).toEqual({
      by: { id: OMAR, name: 'Omar Haddad' },
      remainingSeconds: 540,
    })
    expect(seen?.mayDecide).toEqual({ allowed: false, code: 'request_claimed' })
    expect((await queueOf(omar))[0]?.mayDecide).toEqual({ allowed: true })
  })

  it('takes nobody else’s decision or claim, each refusal with its entry', async () => {
    const { endpoint, omar, lena, id } = await startAsked()
    await claim(omar, id)
    for (const answer of [await approve(lena, id), await deny(lena, id), await claim(lena, id)]) {
      expect(answer.problem()).toMatchObject({ status: 409, code: 'request_claimed' })
    }
    const refusals = (await endpoint.auditEntries()).filter(
      ({ action, code }) => action === 'reveal_request.refuse' && code === 'request_claimed',
    )
    expect(refusals).toHaveLength(3)
    await endpoint.expectNoAuditEntry('reveal_request.approve')
    await endpoint.expectNoAuditEntry('reveal_request.deny')
    expect((await queueOf(omar))[0]?.request).toMatchObject({
      state: 'pending',
      claim: { by: { id: OMAR } },
    })
  })

  it('is decided by whoever claimed it', async () => {
    const { omar, id } = await startAsked()
    await claim(omar, id)
    expect((await approve(omar, id)).as(revealRequestView)).toMatchObject({
      state: 'approved',
      claim: null,
    })
  })

  it('is free again when its time is over, without anybody’s doing', async () => {
    const { endpoint, omar, lena, id } = await startAsked()
    await claim(omar, id)
    endpoint.clock.advance(599)
    expect((await approve(lena, id)).problem().code).toBe('request_claimed')
    endpoint.clock.advance(1)
    expect((await approve(lena, id)).as(revealRequestView).state).toBe('approved')
  })

  it('is kept for longer by claiming it again, and by nobody else', async () => {
    const { endpoint, omar, lena, id } = await startAsked()
    await claim(omar, id)
    endpoint.clock.advance(500)
    expect((await claim(omar, id)).as(revealRequestView).claim?.remainingSeconds).toBe(600)
    endpoint.clock.advance(350)
    expect((await claim(lena, id)).problem().code).toBe('request_claimed')
  })

  it('is free again when it is let go, which is logged once', async () => {
    const { endpoint, omar, lena, id } = await startAsked()
    await claim(omar, id)
    expect((await unclaim(omar, id)).as(revealRequestView).claim).toBeNull()
    expect((await claim(lena, id)).as(revealRequestView).claim?.by.id).toBe(LENA)
    const actions = await actionsOf(endpoint)
    expect(actions.filter((action) => action === 'reveal_request.unclaim')).toHaveLength(1)
  })

  it('is let go by nobody but its holder', async () => {
    const { endpoint, omar, lena, id } = await startAsked()
    const tomas = await endpoint.signIn(TOMAS)
    expect((await unclaim(lena, id)).problem()).toMatchObject({ status: 409, code: 'conflict' })
    await claim(omar, id)
    expect((await unclaim(lena, id)).problem().code).toBe('request_claimed')
    expect((await unclaim(tomas, id)).problem().code).toBe('request_claimed')
    expect((await queueOf(lena))[0]?.request.claim?.by.id).toBe(OMAR)
    await endpoint.expectNoAuditEntry('reveal_request.unclaim')
  })

  it('is let go a moment too late without a fault and without an entry', async () => {
    const { endpoint, omar, id } = await startAsked()
    await claim(omar, id)
    endpoint.clock.advance(601)
    expect((await unclaim(omar, id)).status).toBe(200)
    await endpoint.expectNoAuditEntry('reveal_request.unclaim')
  })

  it.each([
    ['is suspended', { isSuspended: true }],
    ['left the leads', { groupIds: [201, 202] }],
  ])('holds nobody up when its holder %s', async (_, change) => {
    const { endpoint, omar, lena, id } = await startAsked()
    await claim(omar, id)
    endpoint.zendesk.changePerson(OMAR, change)
    expect((await queueOf(lena))[0]?.mayDecide).toEqual({ allowed: true })
    expect((await approve(lena, id)).as(revealRequestView).state).toBe('approved')
  })

  it('is claimed no more once its holder approved and another level waits', async () => {
    const { endpoint, omar, lena, id } = await startAsked(policyWith([gate(2, ['lead'])]))
    await claim(omar, id)
    expect((await approve(omar, id)).as(revealRequestView)).toMatchObject({
      state: 'pending',
      claim: null,
      approvals: [{ by: { id: OMAR } }],
      approvalsNeeded: 2,
    })
    expect((await claim(omar, id)).problem().code).toBe('decision_exists')
    expect((await approve(lena, id)).as(revealRequestView).state).toBe('approved')
    await endpoint.expectAuditEntry({ action: 'grant.create', requestId: id })
  })

  it('does not keep its requester from withdrawing it', async () => {
    const { aisha, omar, id } = await startAsked()
    await claim(omar, id)
    const withdrawn = await aisha.post(`/api/reveal-requests/${id}/withdraw`)
    expect(withdrawn.as(revealRequestView)).toMatchObject({ state: 'withdrawn', claim: null })
  })
})

describe('claiming', () => {
  it.each([
    ['the requester', AISHA, 'self_approval'],
    ['a colleague', TOMAS, 'approver_not_eligible'],
    ['compliance', INGRID_COMPLIANCE, 'approver_not_eligible'],
  ])('is refused to %s, with an entry', async (_, personId, code) => {
    const { endpoint, id } = await startAsked()
    const other = await endpoint.signIn(personId, 'nav_bar')
    expect((await claim(other, id)).problem().code).toBe(code)
    await endpoint.expectAuditEntry({ action: 'reveal_request.refuse', code, requestId: id })
    await endpoint.expectNoAuditEntry('reveal_request.claim')
  })

  it('is refused without access to the ticket', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    const { id } = await ask(maya)
    const lena = await endpoint.signIn(LENA, 'nav_bar')
    expect((await claim(lena, id)).problem().code).toBe('ticket_access_denied')
  })

  it('is refused once the request is decided, or over', async () => {
    const { endpoint, aisha, omar, lena, id } = await startAsked()
    await approve(omar, id)
    expect((await claim(lena, id)).problem().code).toBe('request_not_pending')
    expect((await unclaim(omar, id)).problem().code).toBe('request_not_pending')
    const again = await ask(aisha, { ticketId: SUPPORT_TICKET })
    endpoint.clock.advance(8 * 60 * 60)
    const late = await endpoint.signIn(LENA, 'nav_bar')
    expect((await claim(late, again.id)).problem().code).toBe('request_expired')
    await endpoint.expectAuditEntry({ action: 'reveal_request.refuse', code: 'request_expired' })
  })

  it('tells the others who are asked', async () => {
    const { endpoint, omar, id } = await startAsked()
    const before = endpoint.zendesk.notifications.length
    await claim(omar, id)
    await endpoint.sweep()
    const told = endpoint.zendesk.notifications.slice(before).map(({ agentId }) => agentId)
    expect(told).toContain(LENA)
    expect(told).not.toContain(OMAR)
  })

  it('of another account’s request is of none', async () => {
    const { id } = await startAsked()
    const there = await startEndpoint()
    const omar = await there.signIn(OMAR, 'nav_bar')
    expect((await claim(omar, id)).problem().code).toBe('request_not_found')
    expect((await unclaim(omar, id)).problem().code).toBe('request_not_found')
  })
})
