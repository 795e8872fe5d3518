/** What time does to a request that nobody answers, and who hears of it. */
import { and, eq } from 'drizzle-orm'
import { describe, expect, it, vi } from 'vitest'
import { revealRequestList, revealRequestView } from '../../src/contract/reveal-requests.ts'
import type { ApprovalLevel, Policy } from '../../src/core/policy.ts'
import type { WorkingHours } from '../../src/core/working-hours.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import { outbox } from '../../src/storage/schema.ts'
import { openChatReceiver } from '../support/chat-receiver.ts'
import { AISHA, INGRID_COMPLIANCE, LENA, MAYA, OMAR, startEndpoint } from '../support/endpoint.ts'
import type { TestEndpoint } from '../support/endpoint.ts'
import { comment, ingest } from '../support/ingestion.ts'
import {
  CARD,
  REFUND_TICKET,
  SUPPORT_TICKET,
  approve,
  ask,
  asking,
  fieldsOf,
  putValue,
} from '../support/story.ts'

const MINUTE = 60
const HOUR = 60 * MINUTE

const LEADS: ApprovalLevel = {
  count: 1,
  roles: ['lead'],
  groupIds: [],
  slaMinutes: 60,
  escalatesTo: { roles: ['compliance'], groupIds: [] },
}
const COMPLIANCE: ApprovalLevel = {
  count: 1,
  roles: ['compliance'],
  groupIds: [],
  slaMinutes: 30,
  escalatesTo: null,
}
const BERLIN: WorkingHours = {
  timeZone: 'Europe/Berlin',
  weekly: [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }],
  holidays: [],
}

function policyWith(change: Partial<Policy>, levels: ApprovalLevel[] = [LEADS]): Policy {
  const { deciding } = sandboxPolicy
  return {
    ...sandboxPolicy,
    // Whether compliance may open the ticket is not what these tests are about.
    deciding: { ...deciding, needsTicketAccess: false },
    ...change,
    approval: { ...sandboxPolicy.approval, restricted: levels },
  }
}

async function startAsked(policy: Policy = policyWith({}), at?: string) {
  const endpoint = await startEndpoint({ policy, ...(at === undefined ? {} : { at }) })
  const maya = await endpoint.signIn(MAYA)
  await putValue(maya)
  const request = await ask(maya)
  await settled(endpoint)
  return { endpoint, maya, request }
}

/** Everything that follows a commit is done. */
async function settled(endpoint: TestEndpoint) {
  await vi.waitFor(async () => {
    const open = await endpoint.deps.database.orm
      .select({ kind: outbox.kind, doneAt: outbox.doneAt })
      .from(outbox)
      .where(eq(outbox.account, endpoint.deps.account.id))
    expect(open.filter(({ doneAt }) => doneAt === null)).toEqual([])
  })
}

/** Time passes, and the sweep comes by. */
async function after(endpoint: TestEndpoint, seconds: number) {
  endpoint.clock.advance(seconds)
  await endpoint.sweep()
}

const hintsOf = ({ zendesk }: TestEndpoint, word: string) =>
  zendesk.notifications
    .filter(({ body }) => (body as { word?: string }).word === word)
    .map(({ agentId }) => agentId)
    .toSorted((a, b) => Number(a) - Number(b))
const actionsOf = async (endpoint: TestEndpoint) =>
  (await endpoint.auditEntries()).map(({ action }) => action)
const requestOf = async (maya: Awaited<ReturnType<TestEndpoint['signIn']>>, ticketId?: number) =>
  (await fieldsOf(maya, ticketId)).requests[0]

describe('a request that nobody answers', () => {
  it('is brought up again at half of the SLA, once', async () => {
    const { endpoint, request } = await startAsked()
    await after(endpoint, 30 * MINUTE - 1)
    await endpoint.expectNoAuditEntry('reveal_request.remind')
    await after(endpoint, 1)
    await after(endpoint, 5 * MINUTE)
    expect(hintsOf(endpoint, 'reminder')).toEqual([OMAR, LENA])
    expect((await actionsOf(endpoint)).filter((each) => each.endsWith('remind'))).toHaveLength(1)
    await endpoint.expectAuditEntry({
      action: 'reveal_request.remind',
      actor: { type: 'system', name: 'clock' },
      requestId: request.id,
      record: { type: 'ticket', id: REFUND_TICKET },
      data: { level: 1 },
    })
  })

  it('is open to the next circle at the SLA, and to nobody of it before', async () => {
    const { endpoint, request } = await startAsked()
    const approveAsIngrid = async () =>
      approve(await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar'), request.id)
    await after(endpoint, 30 * MINUTE)
    expect((await approveAsIngrid()).problem().code).toBe('approver_not_eligible')
    await after(endpoint, 30 * MINUTE)
    expect(hintsOf(endpoint, 'escalated')).toEqual([OMAR, LENA, INGRID_COMPLIANCE])
    await endpoint.expectAuditEntry({ action: 'reveal_request.escalate', data: { level: 1 } })
    expect((await approveAsIngrid()).as(revealRequestView).state).toBe('approved')
    await after(endpoint, HOUR)
    expect((await actionsOf(endpoint)).filter((each) => each.endsWith('escalate'))).toHaveLength(1)
  })

  it('can still be answered by its own people after that', async () => {
    const { endpoint, request } = await startAsked()
    await after(endpoint, HOUR)
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    expect((await approve(omar, request.id)).as(revealRequestView).state).toBe('approved')
  })

  it('escalates at once where nobody swept for an hour, without a reminder', async () => {
    const { endpoint } = await startAsked()
    await after(endpoint, 2 * HOUR)
    const actions = await actionsOf(endpoint)
    expect(actions).toContain('reveal_request.escalate')
    expect(actions).not.toContain('reveal_request.remind')
  })

  it('ends when its time is over, however far it has escalated', async () => {
    const { endpoint } = await startAsked()
    await after(endpoint, HOUR)
    await after(endpoint, 7 * HOUR)
    await endpoint.expectAuditEntry({ action: 'reveal_request.expire', code: 'request_expired' })
    expect((await requestOf(await endpoint.signIn(MAYA)))?.state).toBe('expired')
  })

  it('waits quietly where its level has no SLA', async () => {
    const { endpoint } = await startAsked(
      policyWith({}, [{ ...LEADS, slaMinutes: null, escalatesTo: null }]),
    )
    await after(endpoint, 7 * HOUR)
    expect(hintsOf(endpoint, 'reminder')).toEqual([])
    await endpoint.expectNoAuditEntry('reveal_request.escalate')
  })
})

describe('the next level', () => {
  it('is told when the one before is passed, and its SLA begins then', async () => {
    const { endpoint, request } = await startAsked(policyWith({}, [LEADS, COMPLIANCE]))
    expect(hintsOf(endpoint, 'asked')).toEqual([OMAR, LENA])
    await after(endpoint, 50 * MINUTE)
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    expect((await approve(omar, request.id)).as(revealRequestView).state).toBe('pending')
    await settled(endpoint)
    expect(hintsOf(endpoint, 'asked')).toEqual([OMAR, LENA, INGRID_COMPLIANCE])
    expect(hintsOf(endpoint, 'handled')).toEqual([OMAR, LENA])
    await after(endpoint, 14 * MINUTE)
    expect(hintsOf(endpoint, 'reminder')).toEqual([OMAR, LENA])
    await after(endpoint, MINUTE)
    expect(hintsOf(endpoint, 'reminder')).toEqual([OMAR, LENA, INGRID_COMPLIANCE])
    await endpoint.expectAuditEntry({ action: 'reveal_request.remind', data: { level: 2 } })
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    expect((await approve(ingrid, request.id)).as(revealRequestView).state).toBe('approved')
  })

  it('an approval of the next circle still counts when the level after it waits', async () => {
    const leads = { ...COMPLIANCE, roles: ['lead' as const] }
    const compliance = { ...LEADS, roles: ['compliance' as const] }
    const first = { ...compliance, escalatesTo: { roles: ['lead' as const], groupIds: [] } }
    const { endpoint, request } = await startAsked(policyWith({}, [first, leads]))
    await after(endpoint, HOUR)
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    expect((await approve(omar, request.id)).as(revealRequestView).state).toBe('pending')
    const lena = await endpoint.signIn(LENA, 'nav_bar')
    expect((await approve(lena, request.id)).as(revealRequestView).state).toBe('approved')
  })
})

describe('when nobody is on hours', () => {
  const deciding = { ...sandboxPolicy.deciding, needsTicketAccess: false, hours: BERLIN }
  const policy = policyWith({ deciding })
  /** Friday, 20:00 in Berlin. */
  const FRIDAY_NIGHT = '2026-11-27T19:00:00.000Z'

  it('a request is accepted, says who is asked and when, and ends by approvers’ hours', async () => {
    const { endpoint, request } = await startAsked(policy, FRIDAY_NIGHT)
    expect(request.askedOf.map(({ id }) => id)).toEqual([OMAR, LENA])
    expect(request).toMatchObject({
      state: 'pending',
      onDuty: { at: '2026-11-30T08:00:00.000Z', remainingSeconds: 61 * HOUR },
      escalation: { at: '2026-11-30T09:00:00.000Z' },
      expiresInSeconds: 61 * HOUR + 8 * HOUR,
    })
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    expect((await approve(omar, request.id)).problem().code).toBe('approver_off_hours')
  })

  it('nothing falls due before the morning, and then as if the night had not been', async () => {
    const { endpoint, request } = await startAsked(policy, FRIDAY_NIGHT)
    await after(endpoint, 61 * HOUR)
    expect(hintsOf(endpoint, 'reminder')).toEqual([])
    await after(endpoint, 30 * MINUTE)
    expect(hintsOf(endpoint, 'reminder')).toEqual([OMAR, LENA])
    const maya = await endpoint.signIn(MAYA)
    expect(await requestOf(maya)).toMatchObject({
      onDuty: null,
      remindedAt: '2026-11-30T08:30:00.000Z',
      isEscalated: false,
      escalation: { at: '2026-11-30T09:00:00.000Z', remainingSeconds: 30 * MINUTE },
    })
    await after(endpoint, 30 * MINUTE)
    const again = await endpoint.signIn(MAYA)
    expect(await requestOf(again)).toMatchObject({ isEscalated: true, escalation: null })
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    expect((await approve(omar, request.id)).as(revealRequestView).state).toBe('approved')
  })

  it('a request is still refused where nobody exists who could approve it', async () => {
    const nobody = { ...LEADS, roles: [], groupIds: [999], escalatesTo: null }
    const endpoint = await startEndpoint({
      policy: policyWith({ deciding }, [nobody]),
      at: FRIDAY_NIGHT,
    })
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    const answer = await maya.post('/api/reveal-requests', asking())
    expect(answer.problem().code).toBe('no_eligible_approver')
  })
})

describe('who hears of it', () => {
  it('those who were asked, when it is handled: whoever decided, or when it is taken back', async () => {
    const { endpoint, request } = await startAsked()
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    await approve(omar, request.id)
    await settled(endpoint)
    expect(hintsOf(endpoint, 'handled')).toEqual([OMAR, LENA])
    expect(hintsOf(endpoint, 'decided')).toEqual([MAYA])
    const maya = await endpoint.signIn(MAYA)
    const second = await ask(maya)
    await maya.post(`/api/reveal-requests/${second.id}/withdraw`)
    await settled(endpoint)
    expect(hintsOf(endpoint, 'handled')).toEqual([OMAR, OMAR, LENA, LENA])
  })

  it('hints hold ids and a word, and are one for everybody where many are asked', async () => {
    const { endpoint, request } = await startAsked()
    const hint = endpoint.zendesk.notifications.find(({ agentId }) => agentId === LENA)
    expect(hint?.body).toEqual({ word: 'asked', ticketId: REFUND_TICKET, requestId: request.id })

    const crowd = await startEndpoint({ policy: policyWith({}) })
    const { state } = crowd.zendesk.emulator
    const [lena] = state.users.filter(({ id }) => id === LENA)
    for (let id = 2001; id <= 2012; id += 1) {
      if (lena !== undefined) state.users.push({ ...lena, id, email: `lead${id}@example.com` })
      crowd.zendesk.changePerson(id, { groupIds: [203] })
    }
    const maya = await crowd.signIn(MAYA)
    await putValue(maya)
    await ask(maya)
    await settled(crowd)
    expect(crowd.zendesk.notifications.filter(({ agentId }) => agentId !== MAYA)).toEqual([
      { event: 'scrim_changed', agentId: null, body: { ticketId: null, word: 'asked' } },
    ])
  })

  it('nobody twice, whatever the sweep repeats', async () => {
    const { endpoint } = await startAsked()
    await after(endpoint, HOUR)
    const before = endpoint.zendesk.notifications.length
    await endpoint.sweep()
    await endpoint.sweep()
    expect(endpoint.zendesk.notifications).toHaveLength(before)
  })
})

describe('the note on the ticket', () => {
  const withNote = policyWith({
    notifications: { internalNoteAfterMinutes: 20, hasChat: false },
  })
  const notesOn = ({ zendesk }: TestEndpoint, ticketId = REFUND_TICKET) =>
    (zendesk.emulator.state.comments[ticketId] ?? []).filter(({ body }) =>
      body.startsWith('A reveal request waits'),
    )
  const reopen = ({ deps }: TestEndpoint) =>
    deps.database.orm
      .update(outbox)
      .set({ doneAt: null, dueAt: deps.now() })
      .where(and(eq(outbox.account, deps.account.id), eq(outbox.kind, 'request_note')))

  it('is private, names the fields and no value, and is logged', async () => {
    const { endpoint, request } = await startAsked(withNote)
    await after(endpoint, 20 * MINUTE - 1)
    expect(notesOn(endpoint)).toEqual([])
    await after(endpoint, 1)
    const [note] = notesOn(endpoint)
    expect(note).toMatchObject({ public: false })
    expect(note?.body).toContain('Card number')
    expect(note?.body).toContain(`[scrim-request:${request.id}]`)
    expect(note?.body.replace(`[scrim-request:${request.id}]`, '')).not.toContain('4242')
    await endpoint.expectAuditEntry({ action: 'reveal_request.note', requestId: request.id })
  })

  it('is written once, also when the order is carried out again', async () => {
    const { endpoint } = await startAsked(withNote)
    await after(endpoint, 20 * MINUTE)
    await reopen(endpoint)
    await after(endpoint, HOUR)
    expect(notesOn(endpoint)).toHaveLength(1)
  })

  it('is not written for a request that was answered meanwhile', async () => {
    const { endpoint, request } = await startAsked(withNote)
    endpoint.zendesk.setDown(true)
    await after(endpoint, 20 * MINUTE)
    endpoint.zendesk.setDown(false)
    await after(endpoint, 0)
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    const before = notesOn(endpoint).length
    await approve(omar, request.id)
    await after(endpoint, HOUR)
    expect(notesOn(endpoint)).toHaveLength(before)
  })

  it('is left alone by ingestion, and nothing is hidden in its form', async () => {
    const { endpoint, request } = await startAsked(withNote)
    await after(endpoint, 20 * MINUTE)
    const [note] = notesOn(endpoint)
    await ingest(endpoint, REFUND_TICKET)
    expect(notesOn(endpoint)[0]?.body).toBe(note?.body)
    const quoted = `Noted [scrim-request:${request.id}] and the card is ${CARD}`
    await comment(endpoint, MAYA, REFUND_TICKET, quoted, false)
    await ingest(endpoint, REFUND_TICKET)
    const bodies = (endpoint.zendesk.emulator.state.comments[REFUND_TICKET] ?? []).map(
      ({ body }) => body,
    )
    expect(bodies.join('\n')).not.toContain('4242 4242')
  })
})

describe('the chat tool', () => {
  const withChat = policyWith({ notifications: { internalNoteAfterMinutes: null, hasChat: true } })

  async function startChat(policy = withChat) {
    let now = () => new Date(0)
    const receiver = openChatReceiver(() => now())
    const endpoint = await startEndpoint({ policy, chat: receiver.chat })
    now = endpoint.clock.now
    const aisha = await endpoint.signIn(AISHA)
    await putValue(aisha, SUPPORT_TICKET)
    return { endpoint, receiver, aisha }
  }

  it('hears of a request from its beginning to its end, in ids, labels and states', async () => {
    const { endpoint, receiver, aisha } = await startChat()
    const request = await ask(aisha, { ticketId: SUPPORT_TICKET })
    await settled(endpoint)
    await after(endpoint, 30 * MINUTE)
    await after(endpoint, 30 * MINUTE)
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    await omar.post(`/api/reveal-requests/${request.id}/deny`, {
      comment: 'Ask the provider first',
    })
    await vi.waitFor(() => expect(receiver.messages).toHaveLength(4))
    const about = { requestId: request.id, ticketId: SUPPORT_TICKET, fields: ['Card number'] }
    expect(receiver.messages.map(({ type, data }) => ({ type, data }))).toEqual([
      { type: 'reveal_request.asked', data: { ...about, state: 'pending' } },
      { type: 'reveal_request.reminder', data: { ...about, state: 'pending' } },
      { type: 'reveal_request.escalated', data: { ...about, state: 'pending' } },
      { type: 'reveal_request.denied', data: { ...about, state: 'denied' } },
    ])
    const sent = JSON.stringify(receiver.messages)
    for (const word of ['4242', 'Aisha', 'Omar', 'provider', request.reasonText]) {
      expect(sent).not.toContain(word)
    }
    expect(receiver.messages[0]?.text).toContain(`/agent/tickets/${SUPPORT_TICKET}`)
  })

  it('hears of an emergency, with nothing about whose it was or why', async () => {
    const { breakGlass } = sandboxPolicy
    const { endpoint, receiver, aisha } = await startChat({
      ...withChat,
      breakGlass: { ...breakGlass, personIds: [AISHA] },
    })
    const about = { ticketId: SUPPORT_TICKET, fieldIds: ['card_number'], reasonCode: 'refund' }
    const reasonText = 'The bank closes in five minutes and wants the whole number'
    const answer = await aisha.post('/api/break-glass', { ...about, reasonText })
    expect(answer.status).toBe(200)
    await settled(endpoint)
    await vi.waitFor(() => expect(receiver.messages).toHaveLength(1))
    expect(receiver.messages[0]).toMatchObject({ type: 'reveal_request.break_glass' })
    const sent = JSON.stringify(receiver.messages)
    for (const word of ['Aisha', 'bank', '4242']) expect(sent).not.toContain(word)
  })

  it('hears nothing where policy does not want it', async () => {
    const { endpoint, receiver, aisha } = await startChat(policyWith({}))
    await ask(aisha, { ticketId: SUPPORT_TICKET })
    await settled(endpoint)
    expect(receiver.messages).toEqual([])
  })

  it('that is down keeps nobody waiting, and hears later what is still news', async () => {
    const { endpoint, receiver, aisha } = await startChat()
    receiver.setStatus(500)
    const first = await ask(aisha, { ticketId: SUPPORT_TICKET })
    await aisha.post(`/api/reveal-requests/${first.id}/withdraw`)
    await ask(aisha, { ticketId: SUPPORT_TICKET })
    await vi.waitFor(() => expect(hintsOf(endpoint, 'asked')).toHaveLength(4))
    expect(receiver.messages).toEqual([])
    receiver.setStatus(204)
    await after(endpoint, 10 * MINUTE)
    await after(endpoint, 10 * MINUTE)
    expect(receiver.messages.map(({ type }) => type).toSorted()).toEqual([
      'reveal_request.asked',
      'reveal_request.withdrawn',
    ])
  })

  it('that refuses, or never comes back, is given up with the code of why', async () => {
    const { endpoint, receiver, aisha } = await startChat()
    const worked = () =>
      endpoint.deps.database.orm
        .select()
        .from(outbox)
        .where(and(eq(outbox.account, endpoint.deps.account.id), eq(outbox.kind, 'chat')))
    receiver.setStatus(404)
    await ask(aisha, { ticketId: SUPPORT_TICKET })
    await vi.waitFor(async () => {
      expect(await worked()).toMatchObject([{ lastCode: 'chat_refused', attempts: 1 }])
    })
    receiver.setStatus(null)
    await after(endpoint, 30 * MINUTE)
    for (let turn = 0; turn < 20; turn += 1) await after(endpoint, 6 * MINUTE)
    const lost = (await worked()).toSorted((a, b) => a.attempts - b.attempts).at(-1)
    expect(lost).toMatchObject({ lastCode: 'chat_unavailable', attempts: 18 })
    expect(lost?.doneAt).not.toBeNull()
  })
})

describe('the queue of those who decide', () => {
  it('holds an escalated request for the next circle, and not before', async () => {
    const { endpoint, request } = await startAsked()
    const idsFor = async () => {
      const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
      const { requests } = (await ingrid.get('/api/reveal-requests?queue=needs_me')).as(
        revealRequestList,
      )
      return requests.map((each) => each.request.id)
    }
    expect(await idsFor()).toEqual([])
    await after(endpoint, HOUR)
    expect(await idsFor()).toEqual([request.id])
  })
})
