import { describe, expect, it } from 'vitest'
import { grantView } from '../../src/contract/grants.ts'
import { revealRequestView } from '../../src/contract/reveal-requests.ts'
import { me } from '../../src/contract/session.ts'
import type { ApprovalLevel, Policy } from '../../src/core/policy.ts'
import type { Role } from '../../src/core/role.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import { findDecisions } from '../../src/storage/reveal-requests.ts'
import { deny, gate, policyWith, queueOf } from '../support/approvals.ts'
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
import {
  CARD_MASK,
  SUPPORT_TICKET,
  approve,
  ask,
  asking,
  fieldsOf,
  putValue,
  release,
  reveal,
  revealed,
} from '../support/story.ts'

const FRAUD = 210
const LEAD = gate(1, ['lead'])
const OFFICER = gate(1, ['compliance'])

/** Aisha asks about a ticket that Omar, Lena and Ingrid see. */
async function startAsked(levels: ApprovalLevel[], more: Partial<Policy> = {}) {
  const endpoint = await startEndpoint({ policy: policyWith(levels, more) })
  const aisha = await endpoint.signIn(AISHA)
  await putValue(aisha, SUPPORT_TICKET)
  const request = await ask(aisha, { ticketId: SUPPORT_TICKET })
  const [omar, lena, ingrid] = [
    await endpoint.signIn(OMAR, 'nav_bar'),
    await endpoint.signIn(LENA, 'nav_bar'),
    await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar'),
  ]
  return { endpoint, aisha, omar, lena, ingrid, request, id: request.id }
}

const count = async (endpoint: TestEndpoint, action: string) =>
  (await endpoint.auditEntries()).filter((entry) => entry.action === action).length

describe('two levels in order', () => {
  it('from the request to the value and its end: a lead, then compliance, each asked in turn', async () => {
    const { endpoint, aisha, omar, ingrid, request, id } = await startAsked([LEAD, OFFICER])
    expect(request).toMatchObject({ approvalsNeeded: 2, approvals: [] })
    expect(request.askedOf.map((person) => person.id)).toEqual([OMAR, LENA])
    expect((await approve(ingrid, id)).problem().code).toBe('approver_not_eligible')

    endpoint.clock.advance(60)
    const first = (await approve(omar, id, { comment: 'The amount was checked' })).as(
      revealRequestView,
    )
    expect(first).toMatchObject({
      state: 'pending',
      grantId: null,
      approvals: [{ by: { id: OMAR } }],
    })
    expect(first.askedOf.map((person) => person.id)).toEqual([INGRID_COMPLIANCE])
    await endpoint.expectNoAuditEntry('grant.create')
    expect((await queueOf(ingrid, 'needs_me')).map(({ request: its }) => its.id)).toEqual([id])
    expect(await queueOf(omar, 'needs_me')).toEqual([])

    endpoint.clock.advance(60)
    const second = (await approve(ingrid, id)).as(revealRequestView)
    expect(second).toMatchObject({
      state: 'approved',
      approvals: [{ by: { id: OMAR } }, { by: { id: INGRID_COMPLIANCE } }],
    })
    const [grant] = (await fieldsOf(aisha, SUPPORT_TICKET)).grants
    expect(grant?.approvedBy.map((person) => person.id)).toEqual([OMAR, INGRID_COMPLIANCE])
    expect(grant?.remainingSeconds).toBe(15 * 60)
    expect((await revealed(aisha, grant?.id ?? '')).value).toBe('4242 4242 4242 4242')
    expect((await release(aisha, grant?.id ?? '')).state).toBe('released')
    const actions = (await endpoint.auditEntries()).map(({ action }) => action)
    expect(actions.filter((action) => /^(reveal_request|grant)\./.test(action))).toEqual([
      'reveal_request.create',
      'reveal_request.refuse',
      'reveal_request.approve',
      'reveal_request.approve',
      'grant.create',
      'grant.reveal',
      'grant.release',
    ])
  })

  it('one denial ends the request, at whichever level', async () => {
    const { endpoint, aisha, omar, ingrid, id } = await startAsked([LEAD, OFFICER])
    await approve(omar, id)
    expect((await deny(ingrid, id)).as(revealRequestView).state).toBe('denied')
    expect((await fieldsOf(aisha, SUPPORT_TICKET)).grants).toEqual([])
    await endpoint.expectNoAuditEntry('grant.create')
  })

  it('whoever could stand at both levels leaves the one to whoever can stand at no other', async () => {
    const { endpoint, aisha, omar, lena, id } = await startAsked([LEAD, OFFICER])
    endpoint.zendesk.changePerson(OMAR, { groupIds: [203, 204, 202] })
    expect((await approve(omar, id)).as(revealRequestView).state).toBe('pending')
    // Omar's approval counts as the officer's, now that another lead has come.
    expect((await approve(lena, id)).as(revealRequestView).state).toBe('approved')
    expect((await fieldsOf(aisha, SUPPORT_TICKET)).grants[0]?.state).toBe('active')
  })

  it('one person counts once, whatever roles they hold', async () => {
    const { endpoint, omar, id } = await startAsked([LEAD, OFFICER])
    endpoint.zendesk.changePerson(OMAR, { groupIds: [203, 204, 202] })
    await approve(omar, id)
    expect((await approve(omar, id)).problem()).toMatchObject({
      status: 409,
      code: 'decision_exists',
    })
    expect((await deny(omar, id)).problem().code).toBe('decision_exists')
    await endpoint.expectNoAuditEntry('grant.create')
  })

  it('two users with one address, or whom policy pairs, are one person over both levels', async () => {
    for (const change of [{ email: 'omar.haddad@example.com' }, {}]) {
      const samePerson: Policy['samePerson'] = 'email' in change ? [] : [[OMAR, LENA]]
      const { endpoint, omar, lena, id } = await startAsked([gate(2, ['lead', 'compliance'])], {
        samePerson,
      })
      endpoint.zendesk.changePerson(LENA, change)
      await approve(omar, id)
      expect((await approve(lena, id)).problem().code).toBe('decision_exists')
    }
  })

  it('who approved is not said to have decided what ended by itself', async () => {
    const { aisha, omar, id } = await startAsked([LEAD, OFFICER])
    await approve(omar, id)
    await aisha.post(`/api/reveal-requests/${id}/withdraw`)
    const [request] = (await fieldsOf(aisha, SUPPORT_TICKET)).requests
    expect(request).toMatchObject({
      state: 'withdrawn',
      decision: { by: null },
      approvals: [{ by: { id: OMAR } }],
    })
  })

  it('an approval stays out of the way of a policy that changes meanwhile', async () => {
    const { endpoint, aisha, omar, lena, id } = await startAsked([gate(2, ['lead'])])
    await approve(omar, id)
    // One lead suffices from now on: the next one's word lets the request pass.
    endpoint.deps.policy = policyWith([LEAD])
    expect((await approve(lena, id)).status).toBe(200)
    expect((await fieldsOf(aisha, SUPPORT_TICKET)).grants).toHaveLength(1)
  })
})

describe('a disabled user can still approve', () => {
  it('no: whoever is suspended is refused, and loses the session', async () => {
    const { endpoint, omar, id } = await startAsked([LEAD])
    endpoint.zendesk.changePerson(OMAR, { isSuspended: true })
    expect((await approve(omar, id)).problem().code).toBe('person_suspended')
    await endpoint.expectNoAuditEntry('reveal_request.approve')
  })

  it.each([
    ['is suspended', { isSuspended: true }],
    ['is deleted', { isActive: false }],
    ['leaves the leads', { groupIds: [202] }],
  ])(
    'no: an approval counts no more when its approver %s before the last one',
    async (_, change) => {
      const { endpoint, aisha, omar, lena, ingrid, id } = await startAsked([LEAD, OFFICER])
      await approve(omar, id)
      endpoint.zendesk.changePerson(OMAR, change)
      expect((await approve(ingrid, id)).problem().code).toBe('approver_not_eligible')
      await endpoint.expectNoAuditEntry('grant.create')
      expect((await approve(lena, id)).as(revealRequestView).state).toBe('pending')
      expect((await approve(ingrid, id)).as(revealRequestView).state).toBe('approved')
      expect((await fieldsOf(aisha, SUPPORT_TICKET)).grants).toHaveLength(1)
    },
  )
})

describe('approval that nobody could give reported as success', () => {
  it('no: a request is refused at once where too few people exist for its levels', async () => {
    const endpoint = await startEndpoint({ policy: policyWith([gate(3, ['lead'])]) })
    const aisha = await endpoint.signIn(AISHA)
    await putValue(aisha, SUPPORT_TICKET)
    const answer = await aisha.post('/api/reveal-requests', asking({ ticketId: SUPPORT_TICKET }))
    expect(answer.problem()).toMatchObject({ status: 409, code: 'no_eligible_approver' })
    await endpoint.expectAuditEntry({
      action: 'reveal_request.refuse',
      code: 'no_eligible_approver',
    })
    expect((await fieldsOf(aisha, SUPPORT_TICKET)).requests).toEqual([])
  })

  it('no: a group without members approves nothing', async () => {
    const endpoint = await startEndpoint({
      policy: policyWith([gate(1, [], { groupIds: [FRAUD] })]),
    })
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    expect((await maya.post('/api/reveal-requests', asking())).problem().code).toBe(
      'no_eligible_approver',
    )
  })

  it('no: an approval that helps nobody is refused, not recorded', async () => {
    const { endpoint, omar, lena, id } = await startAsked([LEAD, OFFICER])
    const answers = await Promise.all([approve(omar, id), approve(lena, id)])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 403])
    expect(await count(endpoint, 'reveal_request.approve')).toBe(1)
    expect(await findDecisions(endpoint.deps.database.orm, [id])).toHaveLength(1)
  })

  it('no: approvals that agree on no field are refused, not turned into an empty grant', async () => {
    const endpoint = await startEndpoint({ policy: policyWith([gate(2, ['lead'])]) })
    const aisha = await endpoint.signIn(AISHA)
    await putValue(aisha, SUPPORT_TICKET)
    await putValue(aisha, SUPPORT_TICKET, 'phone', '+44 20 7946 0147')
    const fieldIds = ['card_number', 'phone']
    const { id } = await ask(aisha, { ticketId: SUPPORT_TICKET, fieldIds })
    await approve(await endpoint.signIn(OMAR, 'nav_bar'), id, { fieldIds: ['phone'] })
    const lena = await endpoint.signIn(LENA, 'nav_bar')
    const answer = await approve(lena, id, { fieldIds: ['card_number'] })
    expect(answer.problem()).toMatchObject({ status: 422, code: 'fields_not_requested' })
    await endpoint.expectAuditEntry({
      action: 'reveal_request.refuse',
      code: 'fields_not_requested',
    })
    expect((await approve(lena, id)).as(revealRequestView).state).toBe('approved')
    const [grant] = (await fieldsOf(aisha, SUPPORT_TICKET)).grants
    expect(grant?.fields.map(({ fieldId }) => fieldId)).toEqual(['phone'])
  })
})

describe('nested or same-named group misjudged', () => {
  const fraudDesk = policyWith([gate(1, [], { groupIds: [FRAUD] })])

  async function startFraud() {
    const endpoint = await startEndpoint({ policy: fraudDesk })
    const { state } = endpoint.zendesk.emulator
    const [billing] = state.groups
    if (billing === undefined) throw new Error('the sandbox has groups')
    // A second group with the very name, and one whose name holds it.
    state.groups = [
      ...state.groups,
      { ...billing, id: FRAUD, name: 'Fraud desk' },
      { ...billing, id: FRAUD + 1, name: 'Fraud desk' },
      { ...billing, id: FRAUD + 2, name: 'Fraud desk / Night shift' },
    ]
    endpoint.zendesk.changePerson(TOMAS, { groupIds: [201, FRAUD] })
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    return { endpoint, maya, request: await ask(maya) }
  }

  it('no: members of the group that policy names by id decide, without any role for it', async () => {
    const { endpoint, maya, request } = await startFraud()
    expect(request.askedOf).toEqual([{ id: TOMAS, name: 'Tomás Vidal' }])
    const tomas = await endpoint.signIn(TOMAS, 'nav_bar')
    expect((await tomas.get('/api/me')).as(me)).toMatchObject({
      roles: ['frontline'],
      mayDecide: true,
    })
    expect((await queueOf(tomas, 'needs_me')).map(({ request: its }) => its.id)).toEqual([
      request.id,
    ])
    expect((await approve(tomas, request.id)).as(revealRequestView).state).toBe('approved')
    expect((await fieldsOf(maya)).grants).toHaveLength(1)
  })

  it.each([
    ['of the same name', FRAUD + 1],
    ['whose name holds it', FRAUD + 2],
  ])('no: members of another group %s decide nothing', async (_, groupId) => {
    const { endpoint, request } = await startFraud()
    endpoint.zendesk.changePerson(OMAR, { groupIds: [201, groupId] })
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    expect((await approve(omar, request.id)).problem().code).toBe('approver_not_eligible')
    expect((await omar.get('/api/reveal-requests')).problem().code).toBe('role_not_permitted')
    await endpoint.expectNoAuditEntry('reveal_request.approve')
  })

  it('no: whoever left the group has no power by it', async () => {
    const { endpoint, request } = await startFraud()
    const tomas = await endpoint.signIn(TOMAS, 'nav_bar')
    endpoint.zendesk.changePerson(TOMAS, { groupIds: [201] })
    expect((await approve(tomas, request.id)).problem().code).toBe('approver_not_eligible')
  })
})

describe('a second gate still masking after approval', () => {
  it('no: what an approved grant holds is shown, whatever the list still masks', async () => {
    const { aisha, omar, ingrid, id } = await startAsked([LEAD, OFFICER])
    await approve(omar, id)
    const { grantId } = (await approve(ingrid, id)).as(revealRequestView)
    const { fields } = await fieldsOf(aisha, SUPPORT_TICKET)
    expect(fields.find(({ fieldId }) => fieldId === 'card_number')?.masked).toBe(CARD_MASK)
    expect((await revealed(aisha, grantId ?? '')).value).toBe('4242 4242 4242 4242')
  })

  it('no: one request for fields of several classes takes all their levels, and then shows each', async () => {
    const approval = { ...sandboxPolicy.approval, confidential: [OFFICER], restricted: [LEAD] }
    const endpoint = await startEndpoint({ policy: { ...sandboxPolicy, approval } })
    const aisha = await endpoint.signIn(AISHA)
    await putValue(aisha, SUPPORT_TICKET)
    await putValue(aisha, SUPPORT_TICKET, 'phone', '+44 20 7946 0147')
    const fieldIds = ['card_number', 'phone']
    const { id } = await ask(aisha, { ticketId: SUPPORT_TICKET, fieldIds })
    await approve(await endpoint.signIn(OMAR, 'nav_bar'), id)
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const { grantId } = (await approve(ingrid, id)).as(revealRequestView)
    for (const fieldId of fieldIds) {
      expect((await reveal(aisha, grantId ?? '', undefined, fieldId)).status).toBe(200)
    }
  })
})

describe('clock starting at request instead of approval', () => {
  it('no: the grant’s time starts with the approval that passes the last level', async () => {
    const { endpoint, aisha, omar, ingrid, id } = await startAsked([LEAD, OFFICER])
    endpoint.clock.advance(600)
    await approve(omar, id, { minutes: 5 })
    endpoint.clock.advance(240)
    await approve(ingrid, id)
    const [grant] = (await fieldsOf(aisha, SUPPORT_TICKET)).grants
    expect(grant?.remainingSeconds).toBe(300)
    endpoint.clock.advance(240)
    const later = await endpoint.signIn(AISHA)
    expect((await fieldsOf(later, SUPPORT_TICKET)).grants[0]?.remainingSeconds).toBe(60)
  })
})

describe('conflicts', () => {
  it.each([
    ['a denial after an approval', true, 'deny'],
    ['an approval after a denial', false, 'approve'],
    ['a second approval', true, 'approve'],
  ] as const)('%s is refused, logged and changes nothing', async (_, isApproved, then) => {
    const { endpoint, aisha, omar, lena, id } = await startAsked([LEAD])
    const first = isApproved ? await approve(omar, id) : await deny(omar, id)
    const before = first.as(revealRequestView)
    const answer = then === 'deny' ? await deny(lena, id) : await approve(lena, id)
    expect(answer.problem()).toMatchObject({ status: 409, code: 'request_not_pending' })
    await endpoint.expectAuditEntry({
      action: 'reveal_request.refuse',
      outcome: 'refused',
      code: 'request_not_pending',
      requestId: id,
    })
    const [request] = (await fieldsOf(aisha, SUPPORT_TICKET)).requests
    expect(request).toMatchObject({ state: before.state, decision: { by: { id: OMAR } } })
    expect(await findDecisions(endpoint.deps.database.orm, [id])).toHaveLength(1)
  })

  it.each(['approve', 'deny', 'claim'] as const)(
    'to %s after the request expired is refused, and the expiry is logged before it',
    async (verb) => {
      const { endpoint, id } = await startAsked([LEAD])
      endpoint.clock.advance(8 * 60 * 60)
      const omar = await endpoint.signIn(OMAR, 'nav_bar')
      const answer = await omar.post(
        `/api/reveal-requests/${id}/${verb}`,
        verb === 'deny' ? { comment: 'Too late for this one' } : {},
      )
      expect(answer.problem()).toMatchObject({ status: 409, code: 'request_expired' })
      const entries = (await endpoint.auditEntries()).filter(({ requestId }) => requestId === id)
      expect(entries.map(({ action }) => action)).toEqual([
        'reveal_request.create',
        'reveal_request.expire',
        'reveal_request.refuse',
      ])
    },
  )
})

describe('what policy asks of those who decide', () => {
  const deciding = (more: Partial<Policy['deciding']>): Partial<Policy> => ({
    deciding: { ...sandboxPolicy.deciding, ...more },
  })
  const office = (from: string, to: string): NonNullable<Policy['hours']> => ({
    timeZone: 'Europe/Berlin',
    weekly: [{ days: [1, 2, 3, 4, 5], from, to }],
    holidays: [],
  })

  it('a comment on approvals of some classes, and on no others', async () => {
    const commentFor = { classes: ['restricted' as const], offHours: false }
    const { endpoint, aisha, omar, id } = await startAsked([LEAD], deciding({ commentFor }))
    expect((await queueOf(omar))[0]?.needsComment).toBe(true)
    for (const comment of [undefined, '   ']) {
      const answer = await approve(omar, id, { comment })
      expect(answer.problem()).toMatchObject({ status: 422, code: 'comment_required' })
    }
    await endpoint.expectAuditEntry({ action: 'reveal_request.refuse', code: 'comment_required' })
    expect((await approve(omar, id, { comment: 'Checked with the bank' })).status).toBe(200)
    await putValue(aisha, SUPPORT_TICKET, 'phone', '+44 20 7946 0147')
    const phone = await ask(aisha, { ticketId: SUPPORT_TICKET, fieldIds: ['phone'] })
    expect((await approve(omar, phone.id)).status).toBe(200)
  })

  it('a comment off hours, where policy says so', async () => {
    const more = deciding({ commentFor: { classes: [], offHours: true } })
    // It is eleven o'clock in Berlin.
    const open = await startAsked([LEAD], { ...more, hours: office('09:00', '17:00') })
    expect((await approve(open.omar, open.id)).status).toBe(200)
    const closed = await startAsked([LEAD], { ...more, hours: office('12:00', '17:00') })
    expect((await approve(closed.omar, closed.id)).problem().code).toBe('comment_required')
  })

  it('hours outside of which nobody decides or claims, and the queue says so', async () => {
    const more = deciding({ hours: office('12:00', '17:00') })
    const { endpoint, omar, id } = await startAsked([LEAD], more)
    expect((await queueOf(omar))[0]?.mayDecide).toMatchObject({
      allowed: false,
      code: 'approver_off_hours',
    })
    for (const verb of ['approve', 'deny', 'claim']) {
      const body = verb === 'deny' ? { comment: 'Not at this hour' } : {}
      const answer = await omar.post(`/api/reveal-requests/${id}/${verb}`, body)
      expect(answer.problem()).toMatchObject({ status: 409, code: 'approver_off_hours' })
    }
    expect(await count(endpoint, 'reveal_request.refuse')).toBe(3)
    endpoint.clock.advance(60 * 60)
    const back = await endpoint.signIn(OMAR, 'nav_bar')
    expect((await approve(back, id)).as(revealRequestView).state).toBe('approved')
  })

  it('no access to the ticket, where policy says so: reason and ticket are then shown, too', async () => {
    const endpoint = await startEndpoint({
      policy: policyWith([LEAD], deciding({ needsTicketAccess: false })),
    })
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    const { id, askedOf } = await ask(maya, { reasonText: 'Confirm the card before the refund' })
    expect(askedOf.map((person) => person.id)).toEqual([OMAR, LENA])
    const lena = await endpoint.signIn(LENA, 'nav_bar')
    const [seen] = await queueOf(lena, 'needs_me')
    expect(seen?.request.reasonText).toBe('Confirm the card before the refund')
    expect((await approve(lena, id)).as(revealRequestView).state).toBe('approved')
  })
})

describe('conditions of an approval', () => {
  it('fewer uses hold for the grant, and are in the log', async () => {
    const { endpoint, aisha, omar, id } = await startAsked([LEAD])
    const decided = (await approve(omar, id, { conditions: { uses: 1 } })).as(revealRequestView)
    expect(decided.decision?.conditions).toEqual({ uses: 1 })
    const [grant] = (await fieldsOf(aisha, SUPPORT_TICKET)).grants
    expect(grant?.fields[0]?.usesLeft).toBe(1)
    await endpoint.expectAuditEntry({ action: 'grant.create', data: { minutes: 15, uses: 1 } })
  })

  it('more uses than policy gives are refused', async () => {
    const { omar, id, endpoint } = await startAsked([LEAD])
    expect((await approve(omar, id, { conditions: { uses: 4 } })).problem()).toMatchObject({
      status: 422,
      code: 'uses_too_many',
      limit: 3,
    })
    await endpoint.expectNoAuditEntry('reveal_request.approve')
  })

  it.each([
    ['in UTC where policy names no hours', null, '2026-11-23T23:50:00.000Z', 600],
    ['in the desk’s time zone', 'Europe/Berlin', '2026-11-23T22:50:00.000Z', 600],
    ['and never makes a grant longer', null, '2026-11-23T10:00:00.000Z', 900],
  ])('only today ends it at midnight %s', async (_, timeZone, at, seconds) => {
    const hours =
      timeZone === null
        ? null
        : {
            timeZone,
            weekly: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '00:00' }],
            holidays: [],
          }
    const endpoint = await startEndpoint({ policy: policyWith([LEAD], { hours }), at })
    const aisha = await endpoint.signIn(AISHA)
    await putValue(aisha, SUPPORT_TICKET)
    const { id } = await ask(aisha, { ticketId: SUPPORT_TICKET })
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    await approve(omar, id, { conditions: { isOnlyToday: true } })
    const [grant] = (await fieldsOf(aisha, SUPPORT_TICKET)).grants
    expect(grant?.remainingSeconds).toBe(seconds)
  })

  it('of all approvers hold together', async () => {
    const { aisha, omar, lena, id } = await startAsked([gate(2, ['lead'])])
    await approve(omar, id, { conditions: { uses: 2 }, minutes: 10 })
    await approve(lena, id, { conditions: { uses: 1 } })
    const [grant] = (await fieldsOf(aisha, SUPPORT_TICKET)).grants
    expect(grant).toMatchObject({ remainingSeconds: 600, fields: [{ usesLeft: 1 }] })
    expect(() => grantView.parse(grant)).not.toThrow()
  })
})

describe('a level that went unanswered', () => {
  const late = (roles: Role[]) =>
    gate(1, ['lead'], { slaMinutes: 30, escalatesTo: { roles, groupIds: [] } })

  it('is open to its next circle besides its own people, and the approval goes on counting', async () => {
    const levels = [late(['compliance']), gate(1, ['lead'])]
    const { endpoint, aisha, lena, ingrid, id } = await startAsked(levels)
    expect((await approve(ingrid, id)).problem().code).toBe('approver_not_eligible')
    endpoint.clock.advance(31 * 60)
    await endpoint.sweep()
    const officer = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const [seen] = await queueOf(officer, 'needs_me')
    expect(seen?.request).toMatchObject({ isEscalated: true })
    const passed = (await approve(officer, id)).as(revealRequestView)
    // The next level has its own time, and its own people.
    expect(passed).toMatchObject({ state: 'pending', isEscalated: false })
    expect(passed.askedOf.map((person) => person.id)).toEqual([OMAR, LENA])
    const lead = await endpoint.signIn(lena.personId, 'nav_bar')
    expect((await approve(lead, id)).as(revealRequestView).state).toBe('approved')
    const requester = await endpoint.signIn(aisha.personId)
    expect((await fieldsOf(requester, SUPPORT_TICKET)).grants).toHaveLength(1)
  })

  it('can be asked for where only its next circle could answer', async () => {
    const endpoint = await startEndpoint({ policy: policyWith([late(['compliance'])]) })
    const omar = await endpoint.signIn(OMAR)
    await putValue(omar)
    // Lena, the only other lead, has no access to Billing's tickets.
    expect((await ask(omar)).state).toBe('pending')
  })
})
