import { describe, expect, it } from 'vitest'
import { delegationList, delegationView } from '../../src/contract/delegations.ts'
import type { DelegationList } from '../../src/contract/delegations.ts'
import { revealRequestView } from '../../src/contract/reveal-requests.ts'
import { me } from '../../src/contract/session.ts'
import type { Policy } from '../../src/core/policy.ts'
import { delegate, deny, gate, policyWith, queueOf } from '../support/approvals.ts'
import type { Caller, TestEndpoint } from '../support/endpoint.ts'
import {
  AISHA,
  INGRID_COMPLIANCE,
  LENA,
  MAYA,
  OMAR,
  SAM_ADMINISTRATOR,
  TOMAS,
  startEndpoint,
} from '../support/endpoint.ts'
import { SUPPORT_TICKET, approve, ask, asking, fieldsOf, putValue } from '../support/story.ts'

const WEEK = 7 * 24 * 60 * 60

/** Agents may stand in for leads. */
const toAgents = (levels = [gate(1, ['lead'])], more: Partial<Policy> = {}) =>
  policyWith(levels, { delegation: { toRoles: ['frontline'], maxDays: 30 }, ...more })

const listOf = async (by: Caller): Promise<DelegationList> =>
  (await by.get('/api/delegations')).as(delegationList)

const end = (by: Caller, id: string) => by.post(`/api/delegations/${id}/end`)

/** Maya asks about her ticket; Omar, the only lead who sees it, is away, and Tomás stands in. */
async function startLent(policy: Policy = toAgents()) {
  const endpoint = await startEndpoint({ policy })
  const maya = await endpoint.signIn(MAYA)
  await putValue(maya)
  const { id } = await ask(maya)
  const omar = await endpoint.signIn(OMAR, 'nav_bar')
  const tomas = await endpoint.signIn(TOMAS, 'nav_bar')
  const lent = (await delegate(omar, TOMAS)).as(delegationView)
  return { endpoint, maya, omar, tomas, id, lent }
}

async function expectNothingDecided(endpoint: TestEndpoint) {
  await endpoint.expectNoAuditEntry('reveal_request.approve')
  await endpoint.expectNoAuditEntry('reveal_request.deny')
  await endpoint.expectNoAuditEntry('grant.create')
}

describe('handing decisions over', () => {
  it('says who, to whom, from when until when and why, and logs it without the words', async () => {
    const endpoint = await startEndpoint()
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    const view = (await delegate(omar, LENA)).as(delegationView)
    expect(view).toMatchObject({
      from: { id: OMAR, name: 'Omar Haddad' },
      to: { id: LENA, name: 'Lena Fischer' },
      state: 'active',
      remainingSeconds: WEEK,
      reasonText: 'Away at a conference this week',
      mayEnd: true,
    })
    const entry = await endpoint.expectAuditEntry({
      action: 'delegation.create',
      outcome: 'ok',
      actor: { type: 'person', id: OMAR, roles: ['frontline', 'lead'] },
      data: {
        delegationId: view.id,
        toId: LENA,
        startsAt: '2026-11-23T10:00:00.000Z',
        endsAt: '2026-11-30T10:00:00.000Z',
      },
    })
    expect(JSON.stringify(entry)).not.toContain('conference')
  })

  it('begins now when its start lies in the past', async () => {
    const endpoint = await startEndpoint()
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    const answer = await delegate(omar, LENA, { startsAt: '2026-11-01T10:00:00.000Z' })
    expect(answer.as(delegationView).startsAt).toBe('2026-11-23T10:00:00.000Z')
  })

  it.each([
    ['to oneself', OMAR, { toId: OMAR }, 'delegation_not_allowed'],
    ['to somebody without the role for it', OMAR, { toId: TOMAS }, 'delegation_not_allowed'],
    ['to a customer', OMAR, { toId: 501 }, 'delegation_not_allowed'],
    ['to nobody', OMAR, { toId: 999_999 }, 'person_unknown'],
    ['by somebody who approves nothing', MAYA, {}, 'role_not_permitted'],
    ['by compliance, which approves nothing here', INGRID_COMPLIANCE, {}, 'role_not_permitted'],
    ['by an administrator', SAM_ADMINISTRATOR, {}, 'role_not_permitted'],
    [
      'for longer than policy allows',
      OMAR,
      { endsAt: '2026-12-24T10:00:00.000Z' },
      'delegation_too_long',
    ],
    ['for a time that is over', OMAR, { endsAt: '2026-11-23T09:00:00.000Z' }, 'bad_input'],
    ['without a word', OMAR, { reasonText: ' ' }, 'reason_too_short'],
  ])('is refused %s, with an entry and nothing stored', async (_, personId, change, code) => {
    const endpoint = await startEndpoint()
    const caller = await endpoint.signIn(personId, 'nav_bar')
    expect((await delegate(caller, LENA, change)).problem().code).toBe(code)
    await endpoint.expectAuditEntry({ action: 'delegation.refuse', outcome: 'refused', code })
    await endpoint.expectNoAuditEntry('delegation.create')
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    expect((await listOf(ingrid)).all).toEqual([])
  })

  it('is refused to a second user of one’s own', async () => {
    const endpoint = await startEndpoint()
    endpoint.zendesk.changePerson(LENA, { email: 'omar.haddad@example.com' })
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    expect((await delegate(omar, LENA)).problem().code).toBe('delegation_not_allowed')
  })

  it('is refused to everybody where policy lists no role for it', async () => {
    const delegation = { toRoles: [], maxDays: 30 }
    const endpoint = await startEndpoint({
      policy: policyWith([gate(1, ['lead'])], { delegation }),
    })
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    expect((await delegate(omar, LENA)).problem().code).toBe('delegation_not_allowed')
    expect((await listOf(omar)).candidates).toEqual([])
  })
})

describe('the list of delegations', () => {
  it('shows each person what they gave and received, and compliance everything', async () => {
    const endpoint = await startEndpoint()
    const [omar, lena, maya, ingrid] = await Promise.all(
      [OMAR, LENA, MAYA, INGRID_COMPLIANCE].map((id) => endpoint.signIn(id, 'nav_bar')),
    )
    if (!omar || !lena || !maya || !ingrid) throw new Error('nobody signed in')
    const { id } = (await delegate(omar, LENA)).as(delegationView)
    const ids = (list: readonly { id: string }[] | null) => list?.map((one) => one.id)
    const [given, received, none, all] = await Promise.all([omar, lena, maya, ingrid].map(listOf))
    expect([ids(given?.given ?? null), ids(given?.received ?? null), given?.all]).toEqual([
      [id],
      [],
      null,
    ])
    expect([ids(received?.given ?? null), ids(received?.received ?? null)]).toEqual([[], [id]])
    expect([none?.given, none?.received, none?.all]).toEqual([[], [], null])
    expect(ids(all?.all ?? null)).toEqual([id])
  })

  it('names those to whom one may hand over, and the longest time', async () => {
    const endpoint = await startEndpoint()
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    expect(await listOf(omar)).toMatchObject({
      mayDelegate: { allowed: true },
      candidates: [{ id: LENA, name: 'Lena Fischer' }],
      maxDays: 30,
    })
    const maya = await endpoint.signIn(MAYA)
    expect(await listOf(maya)).toMatchObject({
      mayDelegate: { allowed: false, code: 'role_not_permitted' },
      candidates: [],
    })
  })
})

describe('ending a delegation early', () => {
  it.each([
    ['whoever gave it', OMAR],
    ['whoever received it', TOMAS],
    ['compliance', INGRID_COMPLIANCE],
  ])('is done by %s, once, and acts at once', async (_, personId) => {
    const { endpoint, tomas, id, lent } = await startLent()
    const caller = await endpoint.signIn(personId, 'nav_bar')
    expect((await end(caller, lent.id)).as(delegationView)).toMatchObject({
      state: 'ended',
      ended: { by: { id: personId } },
      mayEnd: false,
    })
    await endpoint.expectAuditEntry({
      action: 'delegation.end',
      actor: { type: 'person', id: personId },
      data: { delegationId: lent.id },
    })
    expect((await approve(tomas, id)).problem().code).toBe('approver_not_eligible')
    expect((await end(caller, lent.id)).problem().code).toBe('delegation_not_found')
    await endpoint.expectAuditEntry({ action: 'delegation.refuse', code: 'delegation_not_found' })
    await expectNothingDecided(endpoint)
  })

  it('is refused to everybody else, as if it were not there', async () => {
    const { endpoint, tomas, id, lent } = await startLent()
    for (const personId of [LENA, SAM_ADMINISTRATOR]) {
      const other = await endpoint.signIn(personId, 'nav_bar')
      expect((await end(other, lent.id)).problem().code).toBe('delegation_not_found')
    }
    expect((await approve(tomas, id)).status).toBe(200)
  })

  it('of another account’s is of none', async () => {
    const { lent } = await startLent()
    const there = await startEndpoint()
    const omar = await there.signIn(OMAR, 'nav_bar')
    expect((await end(omar, lent.id)).problem().code).toBe('delegation_not_found')
  })
})

describe('deciding for somebody who is away', () => {
  it('is recorded with both people, for the requester and for the log', async () => {
    const { endpoint, maya, tomas, id } = await startLent()
    expect((await tomas.get('/api/me')).as(me).mayDecide).toBe(true)
    const [seen] = await queueOf(tomas, 'needs_me')
    expect(seen).toMatchObject({
      mayDecide: { allowed: true },
      onBehalfOf: { id: OMAR, name: 'Omar Haddad' },
      request: { askedOf: [{ id: TOMAS }, { id: OMAR }] },
    })
    const decided = (await approve(tomas, id)).as(revealRequestView)
    expect(decided).toMatchObject({
      state: 'approved',
      decision: { by: { id: TOMAS }, onBehalfOf: { id: OMAR } },
      approvals: [{ by: { id: TOMAS }, onBehalfOf: { id: OMAR } }],
    })
    await endpoint.expectAuditEntry({
      action: 'reveal_request.approve',
      actor: { type: 'person', id: TOMAS, roles: ['frontline'] },
      data: { onBehalfOf: OMAR, minutes: 15 },
    })
    expect((await fieldsOf(maya)).grants).toHaveLength(1)
  })

  it('may deny, too', async () => {
    const { endpoint, maya, tomas, id } = await startLent()
    expect((await deny(tomas, id)).status).toBe(200)
    expect((await fieldsOf(maya)).requests[0]).toMatchObject({
      state: 'denied',
      decision: { by: { id: TOMAS }, onBehalfOf: { id: OMAR } },
    })
    await endpoint.expectAuditEntry({ action: 'reveal_request.deny', data: { onBehalfOf: OMAR } })
  })

  it('is one’s own decision where one’s own power suffices', async () => {
    const endpoint = await startEndpoint()
    const aisha = await endpoint.signIn(AISHA)
    await putValue(aisha, SUPPORT_TICKET)
    const { id } = await ask(aisha, { ticketId: SUPPORT_TICKET })
    await delegate(await endpoint.signIn(OMAR, 'nav_bar'), LENA)
    const lena = await endpoint.signIn(LENA, 'nav_bar')
    expect((await approve(lena, id)).as(revealRequestView).decision).toMatchObject({
      by: { id: LENA },
      onBehalfOf: null,
    })
  })

  it('begins with the start and is over with the end, whatever anyone does', async () => {
    const endpoint = await startEndpoint({ policy: toAgents() })
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    const { id } = await ask(maya)
    await delegate(await endpoint.signIn(OMAR, 'nav_bar'), TOMAS, {
      startsAt: '2026-11-23T11:00:00.000Z',
      endsAt: '2026-11-23T12:00:00.000Z',
    })
    const tomas = async () => endpoint.signIn(TOMAS, 'nav_bar')
    expect((await approve(await tomas(), id)).problem().code).toBe('approver_not_eligible')
    endpoint.clock.advance(2 * 60 * 60)
    expect((await approve(await tomas(), id)).problem().code).toBe('approver_not_eligible')
    await expectNothingDecided(endpoint)
    endpoint.clock.advance(-60)
    expect((await approve(await tomas(), id)).as(revealRequestView).state).toBe('approved')
  })

  it.each([
    ['the lender left the leads', OMAR, { groupIds: [201] }],
    ['the lender is suspended', OMAR, { isSuspended: true }],
    ['the delegate has no role any more', TOMAS, { zendeskRole: 'end-user' as const }],
  ])('is over when %s', async (_, personId, change) => {
    const { endpoint, tomas, id } = await startLent()
    endpoint.zendesk.changePerson(personId, change)
    expect([401, 403]).toContain((await approve(tomas, id)).status)
    await expectNothingDecided(endpoint)
  })

  it('needs the delegate’s own access to the ticket', async () => {
    const { endpoint, tomas, id } = await startLent()
    endpoint.zendesk.changePerson(TOMAS, { ticketRestriction: 'groups', groupIds: [202] })
    expect((await approve(tomas, id)).problem().code).toBe('ticket_access_denied')
  })

  it('is never the requester’s: neither as delegate nor through one', async () => {
    // Omar asks himself, and Tomás holds only what Omar lent him.
    const { endpoint, omar, tomas } = await startLent()
    await putValue(omar, SUPPORT_TICKET)
    const own = await ask(omar, { ticketId: SUPPORT_TICKET })
    expect(own.askedOf.map(({ id }) => id)).toEqual([LENA])
    expect((await approve(tomas, own.id)).problem().code).toBe('approver_not_eligible')
    expect((await approve(omar, own.id)).problem().code).toBe('self_approval')
    // Tomás asks, and what Omar lent him does not help.
    await putValue(tomas, 4002)
    const his = await ask(tomas, { ticketId: 4002 })
    expect((await approve(tomas, his.id)).problem()).toMatchObject({
      status: 403,
      code: 'self_approval',
    })
    await expectNothingDecided(endpoint)
  })

  it('is not the delegate’s to hand on: there are no chains', async () => {
    const { endpoint, tomas, id } = await startLent()
    const answer = await delegate(tomas, AISHA)
    expect(answer.problem().code).toBe('role_not_permitted')
    // Even one that was given before is worth what its giver holds themselves.
    const lena = await endpoint.signIn(LENA, 'nav_bar')
    await delegate(lena, TOMAS)
    endpoint.zendesk.changePerson(LENA, { groupIds: [202] })
    const aisha = await endpoint.signIn(AISHA, 'nav_bar')
    expect((await approve(aisha, id)).problem().code).toBe('approver_not_eligible')
    await expectNothingDecided(endpoint)
  })

  it('uses up both people where two have to agree', async () => {
    const { omar, tomas, id, endpoint } = await startLent(
      toAgents([gate(2, ['lead', 'compliance'])]),
    )
    expect((await approve(tomas, id)).as(revealRequestView).state).toBe('pending')
    expect((await approve(omar, id)).problem()).toMatchObject({
      status: 409,
      code: 'decision_exists',
    })
    expect((await approve(tomas, id)).problem().code).toBe('decision_exists')
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    expect((await approve(ingrid, id)).as(revealRequestView).state).toBe('approved')
  })

  it('counts no more when the lender loses the role before the request is decided', async () => {
    const { endpoint, tomas, id } = await startLent(toAgents([gate(2, ['lead', 'compliance'])]))
    await approve(tomas, id)
    endpoint.zendesk.changePerson(OMAR, { groupIds: [201] })
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    expect((await approve(ingrid, id)).as(revealRequestView)).toMatchObject({
      state: 'pending',
      grantId: null,
    })
    await endpoint.expectNoAuditEntry('grant.create')
  })

  it('makes a request possible that nobody else who sees the ticket could decide', async () => {
    const endpoint = await startEndpoint({ policy: toAgents() })
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    endpoint.zendesk.changePerson(OMAR, { groupIds: [201] })
    expect((await maya.post('/api/reveal-requests', asking())).problem().code).toBe(
      'no_eligible_approver',
    )
    // Lena leads and may not see the ticket; Tomás sees it and leads nothing.
    await delegate(await endpoint.signIn(LENA, 'nav_bar'), TOMAS)
    const request = await ask(maya)
    expect(request.askedOf.map(({ id }) => id)).toEqual([TOMAS])
    const tomas = await endpoint.signIn(TOMAS, 'nav_bar')
    expect((await approve(tomas, request.id)).as(revealRequestView).state).toBe('approved')
  })

  it('can be taken back by revoking what came of it, and nothing else', async () => {
    const { endpoint, maya, omar, tomas, id } = await startLent()
    const { grantId } = (await approve(tomas, id)).as(revealRequestView)
    await putValue(maya, 4001, 'phone', '+44 20 7946 0018')
    const other = (await approve(omar, (await ask(maya, { fieldIds: ['phone'] })).id)).as(
      revealRequestView,
    )
    const refused = await tomas.post(`/api/grants/${other.grantId}/revoke`)
    expect(refused.problem().code).toBe('role_not_permitted')
    expect((await tomas.post(`/api/grants/${grantId}/revoke`)).status).toBe(200)
    const states = (await fieldsOf(maya)).grants.map((grant) => [grant.id, grant.state])
    expect(states).toContainEqual([grantId, 'revoked'])
    expect(states).toContainEqual([other.grantId, 'active'])
    await endpoint.expectAuditEntry({ action: 'grant.revoke', outcome: 'ok', grantId })
  })
})
