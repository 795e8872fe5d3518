import { describe, expect, it } from 'vitest'
import { protectedFieldList } from '../../src/contract/protected-fields.ts'
import { revealRequestList, revealRequestView } from '../../src/contract/reveal-requests.ts'
import type { ApprovalLevel, Policy } from '../../src/core/policy.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import { findGrantIds } from '../../src/storage/grants.ts'
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
import {
  CARD_MASK,
  SUPPORT_TICKET,
  approve,
  ask,
  asking,
  fieldsOf,
  putValue,
  startGranted,
} from '../support/story.ts'
import { gate } from '../core/people-and-policy.ts'

describe('asking for a reveal', () => {
  it('makes a pending request, tells who was asked and logs it without the words', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    const request = await ask(maya, { reasonText: 'Customer disputes the last four digits' })
    expect(request).toMatchObject({
      state: 'pending',
      requester: { id: MAYA, name: 'Maya Rivera' },
      askedOf: [{ id: OMAR, name: 'Omar Haddad' }],
      grantId: null,
    })
    const entry = await endpoint.expectAuditEntry({
      action: 'reveal_request.create',
      outcome: 'ok',
      actor: { type: 'person', id: MAYA, roles: ['frontline'] },
      fields: ['card_number'],
      requestId: request.id,
    })
    expect(JSON.stringify(entry)).not.toContain('disputes')
    expect((await fieldsOf(maya)).requests.map(({ id }) => id)).toEqual([request.id])
  })

  it.each([
    ['a reason code that policy does not know', { reasonCode: 'because' }, 'reason_code_unknown'],
    ['a reason of two words', { reasonText: 'need it' }, 'reason_too_short'],
    ['a reason of dots', { reasonText: '...............' }, 'reason_not_meaningful'],
    ['the reason code again', { reasonText: 'Refund or payment' }, 'reason_not_meaningful'],
    ['more minutes than policy allows', { minutes: 31 }, 'duration_too_long'],
    ['a field without a value', { fieldIds: ['passport'] }, 'field_empty'],
    ['a ticket of another group', { ticketId: 4003 }, 'ticket_access_denied'],
    ['a ticket that is not there', { ticketId: 999_999 }, 'ticket_not_found'],
  ])('refuses %s, with an entry and nothing pending', async (_, change, code) => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    endpoint.zendesk.changePerson(MAYA, { ticketRestriction: 'groups' })
    const answer = await maya.post('/api/reveal-requests', asking(change))
    expect(answer.problem().code).toBe(code)
    await endpoint.expectAuditEntry({ action: 'reveal_request.refuse', outcome: 'refused', code })
    await endpoint.expectNoAuditEntry('reveal_request.create')
  })

  it('refuses a solved ticket unless the reason is meant for solved tickets', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    endpoint.zendesk.changeTicket(4001, { status: 'solved' })
    const refused = await maya.post('/api/reveal-requests', asking())
    expect(refused.problem().code).toBe('ticket_solved')
    expect((await ask(maya, { reasonCode: 'legal' })).state).toBe('pending')
  })

  it('refuses the same words a second time and a second request for the same field', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    const first = asking()
    await ask(maya, first)
    const again = await maya.post('/api/reveal-requests', first)
    expect(again.problem().code).toBe('reason_repeated')
    const twice = await maya.post('/api/reveal-requests', asking())
    expect(twice.problem().code).toBe('request_exists')
    expect((await fieldsOf(maya)).requests).toHaveLength(1)
  })

  it('refuses administrators and compliance, whose roles see masks at most', async () => {
    const endpoint = await startEndpoint()
    await putValue(await endpoint.signIn(MAYA))
    const sam = await endpoint.signIn(SAM_ADMINISTRATOR)
    expect((await sam.post('/api/reveal-requests', asking())).problem().code).toBe(
      'field_not_visible',
    )
    const fields = (await sam.get('/api/tickets/4001/protected-fields')).as(protectedFieldList)
    expect(fields.fields.find(({ fieldId }) => fieldId === 'card_number')?.masked).not.toBe(
      CARD_MASK,
    )
  })

  it('refuses when nobody could ever approve', async () => {
    const endpoint = await startEndpoint()
    const omar = await endpoint.signIn(OMAR)
    await putValue(omar)
    // Lena, the only other lead, has no access to Billing's tickets.
    expect((await omar.post('/api/reveal-requests', asking())).problem().code).toBe(
      'no_eligible_approver',
    )
  })

  it('refuses while reveals are paused', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    endpoint.zendesk.changeSettings({ areRevealsPaused: true })
    expect((await maya.post('/api/reveal-requests', asking())).problem().code).toBe(
      'reveals_paused',
    )
  })
})

describe('deciding', () => {
  it('an approval makes one grant whose clock starts then', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    const request = await ask(maya)
    endpoint.clock.advance(600)
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    const decided = (await approve(omar, request.id, { minutes: 5 })).as(revealRequestView)
    expect(decided).toMatchObject({ state: 'approved', decision: { by: { id: OMAR }, minutes: 5 } })
    const [grant] = (await fieldsOf(maya)).grants
    expect(grant).toMatchObject({ state: 'active', remainingSeconds: 300 })
    await endpoint.expectAuditEntry({ action: 'reveal_request.approve', requestId: request.id })
    await endpoint.expectAuditEntry({ action: 'grant.create', grantId: decided.grantId })
  })

  it('a requester cannot approve their own request, though they are a lead', async () => {
    const endpoint = await startEndpoint()
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    await putValue(omar, SUPPORT_TICKET)
    const request = await ask(omar, { ticketId: SUPPORT_TICKET })
    expect(request.askedOf.map(({ id }) => id)).toEqual([LENA])
    const answer = await approve(omar, request.id)
    expect(answer.problem()).toMatchObject({ status: 403, code: 'self_approval' })
    await endpoint.expectAuditEntry({ action: 'reveal_request.refuse', code: 'self_approval' })
    await endpoint.expectNoAuditEntry('grant.create')
  })

  it('a second Zendesk user with the same e-mail address is the same person', async () => {
    const endpoint = await startEndpoint()
    const aisha = await endpoint.signIn(AISHA)
    await putValue(aisha, SUPPORT_TICKET)
    const request = await ask(aisha, { ticketId: SUPPORT_TICKET })
    endpoint.zendesk.changePerson(LENA, { email: 'aisha.khan@example.com' })
    const lena = await endpoint.signIn(LENA, 'nav_bar')
    expect((await approve(lena, request.id)).problem().code).toBe('self_approval')
  })

  it('a lead without access to the ticket is refused and is shown neither subject nor reason', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    const request = await ask(maya, { reasonText: 'Confirm the card before the refund leaves' })
    const lena = await endpoint.signIn(LENA, 'nav_bar')
    expect((await approve(lena, request.id)).problem().code).toBe('ticket_access_denied')
    const queue = await lena.get('/api/reveal-requests?queue=pending')
    expect(queue.as(revealRequestList).requests[0]?.mayDecide).toEqual({
      allowed: false,
      code: 'ticket_access_denied',
    })
    expect(queue.text).not.toContain('Refund not arrived')
    expect(queue.text).not.toContain('Confirm the card')
  })

  it.each([
    ['a colleague', TOMAS],
    ['compliance', INGRID_COMPLIANCE],
    ['an administrator', SAM_ADMINISTRATOR],
  ])('%s cannot approve', async (_, personId) => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    const request = await ask(maya)
    const other = await endpoint.signIn(personId, 'nav_bar')
    expect((await approve(other, request.id)).problem().code).toBe('approver_not_eligible')
    await endpoint.expectNoAuditEntry('grant.create')
  })

  it('a lead who lost the group, or is suspended, has no power any more', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    const request = await ask(maya)
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    endpoint.zendesk.changePerson(OMAR, { groupIds: [201] })
    expect((await approve(omar, request.id)).problem().code).toBe('approver_not_eligible')
    endpoint.zendesk.changePerson(OMAR, { groupIds: [203], isSuspended: true })
    expect((await approve(omar, request.id)).problem().code).toBe('person_suspended')
    await endpoint.expectNoAuditEntry('grant.create')
  })

  it('two leads approve at the same instant: one grant, and the other is told', async () => {
    const endpoint = await startEndpoint()
    const aisha = await endpoint.signIn(AISHA)
    await putValue(aisha, SUPPORT_TICKET)
    const request = await ask(aisha, { ticketId: SUPPORT_TICKET })
    const leads = [await endpoint.signIn(OMAR, 'nav_bar'), await endpoint.signIn(LENA, 'nav_bar')]
    const answers = await Promise.all(leads.map((lead) => approve(lead, request.id)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
    expect(answers.find(({ status }) => status === 409)?.problem().code).toBe('request_not_pending')
    const entries = await endpoint.auditEntries()
    expect(entries.filter(({ action }) => action === 'grant.create')).toHaveLength(1)
    expect((await findGrantIds(endpoint.deps.database.orm, [request.id])).size).toBe(1)
  })

  it('an approver may leave fields out and take minutes off, never add', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    await putValue(maya, 4001, 'phone', '+44 20 7946 0018')
    const request = await ask(maya, { fieldIds: ['card_number', 'phone'] })
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    expect((await approve(omar, request.id, { minutes: 16 })).problem()).toMatchObject({
      code: 'duration_too_long',
      limit: 15,
    })
    expect((await approve(omar, request.id, { fieldIds: ['iban'] })).problem().code).toBe(
      'fields_not_requested',
    )
    await approve(omar, request.id, { fieldIds: ['phone'], minutes: 5 })
    const [grant] = (await fieldsOf(maya)).grants
    expect(grant?.fields.map(({ fieldId }) => fieldId)).toEqual(['phone'])
    expect(grant?.remainingSeconds).toBe(300)
  })

  it('a denial needs a word, ends the request and reaches the requester', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    const request = await ask(maya)
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    const path = `/api/reveal-requests/${request.id}/deny`
    expect((await omar.post(path, { comment: '  ' })).problem().code).toBe('comment_required')
    await omar.post(path, { comment: 'The provider shows the last four already.' })
    expect((await fieldsOf(maya)).requests[0]).toMatchObject({
      state: 'denied',
      decision: { by: { id: OMAR }, comment: 'The provider shows the last four already.' },
    })
    await endpoint.expectAuditEntry({ action: 'reveal_request.deny', requestId: request.id })
    expect((await approve(omar, request.id)).problem().code).toBe('request_not_pending')
  })

  it('only the requester withdraws, and a withdrawn request takes no decision', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    const tomas = await endpoint.signIn(TOMAS)
    await putValue(maya)
    const request = await ask(maya)
    const path = `/api/reveal-requests/${request.id}/withdraw`
    expect((await tomas.post(path)).problem().code).toBe('request_not_found')
    expect((await maya.post(path)).as(revealRequestView).state).toBe('withdrawn')
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    expect((await approve(omar, request.id)).problem().code).toBe('request_not_pending')
    await endpoint.expectAuditEntry({ action: 'reveal_request.withdraw', requestId: request.id })
  })

  it('a pending request expires by itself and can then not be approved', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    const request = await ask(maya)
    endpoint.clock.advance(8 * 60 * 60)
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    expect((await approve(omar, request.id)).problem().code).toBe('request_expired')
    await endpoint.expectAuditEntry({ action: 'reveal_request.expire', requestId: request.id })
  })

  it.each([
    ['the ticket is solved', { status: 'solved' }],
    ['the ticket is reassigned', { assigneeId: TOMAS }],
  ] as const)('a pending request ends when %s', async (_, change) => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    const request = await ask(maya)
    endpoint.zendesk.changeTicket(4001, change)
    await endpoint.sweep()
    expect((await fieldsOf(maya)).requests[0]?.state).toBe('ended')
    await endpoint.expectAuditEntry({ action: 'reveal_request.end', requestId: request.id })
  })

  it("another account's request looks like none", async () => {
    const [here, there] = [await startEndpoint(), await startEndpoint()]
    const maya = await here.signIn(MAYA)
    await putValue(maya)
    const request = await ask(maya)
    const omar = await there.signIn(OMAR, 'nav_bar')
    expect((await approve(omar, request.id)).problem().code).toBe('request_not_found')
  })

  it('the queue tells what a lead needs to decide, and no value and no mask', async () => {
    const endpoint = await startEndpoint()
    await startGranted(endpoint)
    const tomas = await endpoint.signIn(TOMAS)
    await putValue(tomas, 4002, 'card_number', '5555 5555 5555 4444')
    await ask(tomas, { ticketId: 4002 })
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    const answer = await omar.get('/api/reveal-requests?queue=needs_me')
    const queue = answer.as(revealRequestList)
    expect(queue.counts).toEqual({ needsMe: 1, pending: 1 })
    expect(queue.requests[0]).toMatchObject({
      mayDecide: { allowed: true },
      context: {
        requesterGroups: ['Billing'],
        isAssignee: true,
        revealsToday: 0,
        isFirstForCustomer: true,
        policyVersion: 1,
      },
    })
    expect(answer.text).not.toContain('4444')
    expect(answer.text).not.toContain('••')
    const maya = await endpoint.signIn(MAYA)
    expect((await maya.get('/api/reveal-requests')).problem().code).toBe('role_not_permitted')
  })
})

describe('two users who are one person by policy', () => {
  const paired = (...samePerson: Policy['samePerson']) => ({
    policy: { ...sandboxPolicy, samePerson },
  })

  it('do not approve each other, whatever roles they hold', async () => {
    const endpoint = await startEndpoint(paired([MAYA, OMAR]))
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    // Nobody else leads who sees this ticket.
    const answer = await maya.post('/api/reveal-requests', asking())
    expect(answer.problem().code).toBe('no_eligible_approver')
  })

  it('are one approver where two are asked for', async () => {
    const two: ApprovalLevel[] = [gate(2, ['lead', 'compliance'])]
    const approval = { ...sandboxPolicy.approval, restricted: two }
    const apart = await startEndpoint({ policy: { ...sandboxPolicy, approval } })
    const asked = await apart.signIn(MAYA)
    await putValue(asked)
    expect((await ask(asked)).state).toBe('pending')
    const together = await startEndpoint({
      policy: { ...paired([OMAR, INGRID_COMPLIANCE]).policy, approval },
    })
    const maya = await together.signIn(MAYA)
    await putValue(maya)
    const answer = await maya.post('/api/reveal-requests', asking())
    expect(answer.problem().code).toBe('no_eligible_approver')
  })
})

describe('the desk’s hours', () => {
  const hours = (from: string, to: string): Policy['hours'] => ({
    timeZone: 'Europe/Berlin',
    weekly: [{ days: [1, 2, 3, 4, 5], from, to }],
    holidays: [],
  })

  async function askedAtEleven(policyHours: Policy['hours']) {
    const policy = { ...sandboxPolicy, hours: policyHours }
    const endpoint = await startEndpoint({ policy, at: '2026-11-23T10:00:00.000Z' })
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    await ask(maya)
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    const queue = (await omar.get('/api/reveal-requests?queue=needs_me')).as(revealRequestList)
    return queue.requests[0]?.context.isWithinHours
  }

  it('mark a request from outside, and say nothing where policy names none', async () => {
    expect(await askedAtEleven(hours('09:00', '17:00'))).toBe(true)
    expect(await askedAtEleven(hours('12:00', '17:00'))).toBe(false)
    expect(await askedAtEleven(null)).toBeNull()
  })
})

describe('two levels of approval', () => {
  const twoLevels = [gate(1, ['lead']), gate(1, ['lead'])] satisfies ApprovalLevel[]
  const policy = {
    ...sandboxPolicy,
    approval: { ...sandboxPolicy.approval, confidential: twoLevels },
  }

  async function startAsked() {
    const endpoint = await startEndpoint({ policy })
    const aisha = await endpoint.signIn(AISHA)
    await putValue(aisha, SUPPORT_TICKET, 'phone', '+44 20 7946 0147')
    await putValue(aisha, SUPPORT_TICKET, 'private_email', 'priya.at.home@example.com')
    const fieldIds = ['phone', 'private_email']
    const request = await ask(aisha, { ticketId: SUPPORT_TICKET, fieldIds })
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    const lena = await endpoint.signIn(LENA, 'nav_bar')
    return { endpoint, aisha, omar, lena, request }
  }

  it('the grant holds what both agreed to: no field that one left out, the fewer minutes', async () => {
    const { aisha, omar, lena, request } = await startAsked()
    const first = await approve(omar, request.id, { fieldIds: ['phone'], minutes: 5 })
    expect(first.as(revealRequestView)).toMatchObject({ state: 'pending', grantId: null })
    expect((await approve(omar, request.id)).problem().code).toBe('decision_exists')
    expect((await approve(lena, request.id)).as(revealRequestView)).toMatchObject({
      state: 'approved',
      decision: { by: { id: LENA }, fieldIds: ['phone'] },
    })
    const [grant] = (await fieldsOf(aisha, SUPPORT_TICKET)).grants
    expect(grant?.fields.map(({ fieldId }) => fieldId)).toEqual(['phone'])
    expect(grant?.remainingSeconds).toBe(300)
  })

  it('a request that too few people could ever approve is refused at once', async () => {
    const { endpoint, aisha } = await startAsked()
    endpoint.zendesk.changePerson(LENA, { groupIds: [202] })
    endpoint.clock.advance(301)
    const again = asking({ ticketId: SUPPORT_TICKET, fieldIds: ['phone'] })
    const answer = await aisha.post('/api/reveal-requests', again)
    expect(answer.problem().code).toBe('no_eligible_approver')
  })
})
