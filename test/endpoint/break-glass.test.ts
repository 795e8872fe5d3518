/** Break-glass: a value at once for the few whom policy names, told to all they skipped, and reviewed. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { breakGlassList, brokenGlass } from '../../src/contract/break-glass.ts'
import type {
  BreakGlassInput,
  BreakGlassList,
  BrokenGlass,
} from '../../src/contract/break-glass.ts'
import { protectedFieldList } from '../../src/contract/protected-fields.ts'
import type { Policy } from '../../src/core/policy.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import type { Answer, Caller, TestEndpoint } from '../support/endpoint.ts'
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
import { blockEntries } from '../support/full-disk.ts'
import { activate, putIntoGroups } from '../support/powers.ts'
import {
  ask,
  asking,
  beat,
  CARD,
  fieldsOf,
  putValue,
  REFUND_TICKET,
  reveal,
  revealed,
} from '../support/story.ts'

const MINUTES = 10

/** Maya and Omar are named. */
function naming(personIds = [MAYA, OMAR], change: Partial<Policy> = {}): Policy {
  return {
    ...sandboxPolicy,
    ...change,
    breakGlass: { personIds, minutes: MINUTES, uses: 1 },
  }
}

type World = { endpoint: TestEndpoint; maya: Caller; ingrid: Caller }

/** A card is in the vault, and Maya may break the glass for it. */
async function start(policy: Policy = naming()): Promise<World> {
  const endpoint = await startEndpoint({ policy })
  const maya = await endpoint.signIn(MAYA)
  await putValue(await endpoint.signIn(TOMAS))
  return { endpoint, maya, ingrid: await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar') }
}

function emergency(change: Partial<BreakGlassInput> = {}): BreakGlassInput {
  return {
    ticketId: REFUND_TICKET,
    fieldIds: ['card_number'],
    reasonCode: 'refund',
    reasonText: `The customer is being defrauded right now, case ${randomUUID().slice(0, 8)}`,
    ...change,
  }
}

const invoke = (by: Caller, change: Partial<BreakGlassInput> = {}): Promise<Answer> =>
  by.post('/api/break-glass', emergency(change))

async function broken(by: Caller, change: Partial<BreakGlassInput> = {}): Promise<BrokenGlass> {
  return (await invoke(by, change)).as(brokenGlass)
}

async function listFor(by: Caller): Promise<BreakGlassList> {
  return (await by.get('/api/break-glass')).as(breakGlassList)
}

const review = (by: Caller, id: string, change: object = {}): Promise<Answer> =>
  by.post(`/api/break-glass/${id}/review`, {
    outcome: 'justified',
    comment: 'The fraud desk confirms it.',
    ...change,
  })

/** An emergency of Maya's that is over. */
async function past(world: World): Promise<string> {
  const { request } = await broken(world.maya)
  world.endpoint.clock.advance(MINUTES * 60 + 1)
  return request.id
}

const actionsOf = async (endpoint: TestEndpoint) =>
  (await endpoint.auditEntries()).map(({ action }) => action)

describe('breaking the glass', () => {
  it('gives a short grant at once, says whom it skipped, and leaves every entry', async () => {
    const { endpoint, maya } = await start()
    const { request, grant, skipped } = await broken(maya)
    expect(request).toMatchObject({ state: 'approved', grantId: grant.id, minutes: MINUTES })
    expect(grant).toMatchObject({
      isBreakGlass: true,
      state: 'active',
      approvedBy: [],
      remainingSeconds: MINUTES * 60,
      fields: [{ fieldId: 'card_number', usesLeft: 1 }],
    })
    expect(skipped.map(({ id }) => id)).toEqual([OMAR])
    await endpoint.expectAuditEntry({
      action: 'break_glass.invoke',
      outcome: 'ok',
      actor: { type: 'person', id: MAYA, roles: ['frontline'] },
      fields: ['card_number'],
      requestId: request.id,
      grantId: grant.id,
      data: { reasonCode: 'refund', isEscalated: false, skippedApproverIds: [String(OMAR)] },
      texts: { reason: expect.any(String) },
    })
    expect(await actionsOf(endpoint)).toEqual(
      expect.arrayContaining(['reveal_request.create', 'break_glass.invoke', 'grant.create']),
    )
    await endpoint.expectNoAuditEntry('reveal_request.approve')
    expect(await revealed(maya, grant.id)).toMatchObject({ value: CARD, usesLeft: 0 })
    expect((await reveal(maya, grant.id)).problem().code).toBe('grant_exhausted')
  })

  it('tells everybody who was skipped, and compliance', async () => {
    const { endpoint, maya } = await start()
    const before = endpoint.zendesk.notifications.length
    await broken(maya)
    await endpoint.sweep()
    const told = endpoint.zendesk.notifications.slice(before).map(({ agentId }) => agentId)
    expect(told).toEqual(expect.arrayContaining([OMAR, INGRID_COMPLIANCE]))
    expect(told).not.toContain(LENA)
  })

  it('ends by itself after its minutes', async () => {
    const { endpoint, maya } = await start()
    const { grant } = await broken(maya)
    endpoint.clock.advance(MINUTES * 60)
    expect((await reveal(maya, grant.id)).problem().code).toBe('grant_expired')
  })

  it('is open to whoever sees the mask, although they may not ask', async () => {
    const { endpoint, maya } = await start()
    const masked = { confidential: 'masked', restricted: 'masked', secret: 'masked' } as const
    const matrix = { ...sandboxPolicy.matrix, frontline: masked, lead: masked }
    endpoint.deps.policy = naming([MAYA], { matrix })
    const { grant } = await broken(maya)
    const attemptId = randomUUID()
    await revealed(maya, grant.id, attemptId)
    expect((await beat(maya, grant.id, attemptId)).status).toBe(200)
    await endpoint.sweep()
    expect((await beat(maya, grant.id, attemptId)).status).toBe(200)
  })

  it('ends when its person is no longer named', async () => {
    const { endpoint, maya } = await start()
    const { grant } = await broken(maya)
    endpoint.deps.policy = naming([OMAR])
    await endpoint.sweep()
    await endpoint.expectAuditEntry({ action: 'grant.end', grantId: grant.id })
    expect((await reveal(maya, grant.id)).problem().status).toBe(410)
  })

  it('says on the ticket whether one may', async () => {
    const { endpoint, maya } = await start()
    expect((await fieldsOf(maya)).breakGlass).toEqual({
      mayInvoke: { allowed: true },
      minutes: MINUTES,
      uses: 1,
    })
    await broken(maya)
    expect((await fieldsOf(maya)).breakGlass?.mayInvoke).toEqual({
      allowed: false,
      code: 'break_glass_unreviewed',
    })
    const tomas = await endpoint.signIn(TOMAS)
    expect((await fieldsOf(tomas)).breakGlass).toBeNull()
  })
})

describe('an open request', () => {
  it('can go on as an emergency: the same request, approved by nobody', async () => {
    const { endpoint, maya } = await start()
    const pending = await ask(maya)
    const { request, grant } = await broken(maya, { requestId: pending.id })
    expect(request).toMatchObject({ id: pending.id, state: 'approved', grantId: grant.id })
    await endpoint.expectAuditEntry({
      action: 'break_glass.invoke',
      requestId: pending.id,
      data: { isEscalated: true },
    })
    expect(await revealed(maya, grant.id)).toMatchObject({ value: CARD })
    const list = (await maya.get(`/api/tickets/${REFUND_TICKET}/protected-fields`)).as(
      protectedFieldList,
    )
    expect(list.requests.filter(({ state }) => state === 'pending')).toEqual([])
  })

  it('that is not named holds the same field back: it has to be escalated', async () => {
    const { endpoint, maya } = await start()
    await ask(maya)
    expect((await invoke(maya)).problem().code).toBe('request_exists')
    await endpoint.expectAuditEntry({ action: 'break_glass.refuse', code: 'request_exists' })
    await endpoint.expectNoAuditEntry('grant.create')
  })

  it('of somebody else looks like none', async () => {
    const { endpoint, maya } = await start(naming([MAYA, TOMAS]))
    const { id } = await ask(maya)
    const tomas = await endpoint.signIn(TOMAS)
    expect((await invoke(tomas, { requestId: id })).problem().code).toBe('request_not_found')
  })

  it('that is closed, or asks for less, cannot be escalated', async () => {
    const { maya } = await start()
    await putValue(maya, REFUND_TICKET, 'phone', '+44 20 7946 0018')
    const { id } = await ask(maya)
    const more = await invoke(maya, { requestId: id, fieldIds: ['card_number', 'phone'] })
    expect(more.problem().code).toBe('fields_not_requested')
    await maya.post(`/api/reveal-requests/${id}/withdraw`)
    expect((await invoke(maya, { requestId: id })).problem().code).toBe('request_not_pending')
  })
})

describe('breaking the glass is refused', () => {
  type Case = [what: string, code: string, act: (world: World) => Promise<Answer>, policy?: Policy]
  const frontlineSees = (secret: 'none' | 'request'): Policy['matrix'] => ({
    ...sandboxPolicy.matrix,
    frontline: { ...sandboxPolicy.matrix.frontline, restricted: secret },
  })

  it.each<Case>([
    [
      'to whom policy does not name',
      'break_glass_not_named',
      async ({ endpoint }) => invoke(await endpoint.signIn(TOMAS)),
    ],
    ['where policy names nobody', 'break_glass_not_named', ({ maya }) => invoke(maya), naming([])],
    [
      'on a ticket one may not open',
      'ticket_access_denied',
      async ({ endpoint }) => invoke(await endpoint.signIn(AISHA)),
      naming([AISHA]),
    ],
    [
      'for a field whose mask one may not see',
      'field_not_visible',
      ({ endpoint, maya }) => {
        endpoint.deps.policy = naming([MAYA], { matrix: frontlineSees('none') })
        return invoke(maya)
      },
    ],
    [
      'while an administrator has paused reveals',
      'reveals_paused',
      ({ endpoint, maya }) => {
        endpoint.zendesk.changeSettings({ areRevealsPaused: true })
        return invoke(maya)
      },
    ],
    ['without a value', 'field_empty', ({ maya }) => invoke(maya, { fieldIds: ['phone'] })],
    ['without saying why', 'reason_too_short', ({ maya }) => invoke(maya, { reasonText: '.' })],
    [
      'with a value in the reason',
      'text_sensitive',
      ({ maya }) => invoke(maya, { reasonText: `Compare ${CARD} with the letter of the bank` }),
    ],
    [
      'with a reason that policy does not know',
      'reason_code_unknown',
      ({ maya }) => invoke(maya, { reasonCode: 'whim' }),
    ],
    [
      'on a solved ticket for a reason that is not meant for one',
      'ticket_solved',
      ({ endpoint, maya }) => {
        endpoint.zendesk.changeTicket(REFUND_TICKET, { status: 'solved' })
        return invoke(maya)
      },
    ],
    [
      'on a ticket that is not there',
      'ticket_not_found',
      async ({ endpoint, maya }) => {
        endpoint.zendesk.emulator.state.tickets = []
        return invoke(maya)
      },
    ],
  ])('%s', async (_, code, act, policy) => {
    const world = await start(policy)
    expect((await act(world)).problem().code).toBe(code)
    await world.endpoint.expectAuditEntry({ action: 'break_glass.refuse', code })
    await world.endpoint.expectNoAuditEntry('break_glass.invoke')
    await world.endpoint.expectNoAuditEntry('grant.create')
  })

  it('to somebody whose role waits for a confirmation', async () => {
    const policy = naming([MAYA], {
      roles: { ...sandboxPolicy.roles, frontline: [{ by: 'group', groupId: 201 }] },
    })
    const { endpoint, maya } = await start(policy)
    await activate(endpoint)
    await putIntoGroups(endpoint, MAYA, [])
    await putIntoGroups(endpoint, MAYA, [201])
    expect((await invoke(maya)).problem().code).toBe('power_waits')
    await endpoint.expectNoAuditEntry('grant.create')
  })

  it('as a whole when the entry cannot be written', async () => {
    const { endpoint, maya, ingrid } = await start()
    const { database, account } = endpoint.deps
    await database.orm.execute(blockEntries(account.id, 'on'))
    expect((await invoke(maya)).status).toBeGreaterThanOrEqual(500)
    await database.orm.execute(blockEntries(account.id, 'off'))
    expect((await listFor(ingrid)).uses).toEqual([])
    expect((await fieldsOf(maya)).grants).toEqual([])
  })

  it('to a browser that sends a field too much', async () => {
    const { maya } = await start()
    const answer = await maya.post('/api/break-glass', { ...emergency(), personId: OMAR })
    expect(answer.problem().code).toBe('bad_input')
  })
})

describe('the next emergency', () => {
  it('waits for the review of the last one, and goes to another named person meanwhile', async () => {
    const world = await start()
    const { endpoint, maya, ingrid } = world
    const id = await past(world)
    expect((await invoke(maya)).problem()).toMatchObject({
      status: 409,
      code: 'break_glass_unreviewed',
    })
    await endpoint.expectAuditEntry({
      action: 'break_glass.refuse',
      code: 'break_glass_unreviewed',
    })
    const omar = await endpoint.signIn(OMAR)
    await broken(omar)
    ;(await review(ingrid, id)).as(breakGlassList)
    await broken(maya)
  })

  it.each(['justified', 'not_justified', 'training_needed'] as const)(
    'is possible after a review that says %s, which stays in the history',
    async (outcome) => {
      const world = await start()
      const id = await past(world)
      await review(world.ingrid, id, { outcome })
      await broken(world.maya)
      const { uses } = await listFor(world.ingrid)
      expect(uses.map((use) => use.review?.outcome ?? null)).toEqual([null, outcome])
      await world.endpoint.expectAuditEntry({
        action: 'break_glass.review',
        actor: { type: 'person', id: INGRID_COMPLIANCE, roles: expect.any(Array) },
        data: { personId: MAYA, outcome },
        texts: { comment: expect.any(String) },
      })
    },
  )

  it('of a second user of the same human being waits, too', async () => {
    const world = await start(naming([MAYA, TOMAS], { samePerson: [[MAYA, TOMAS]] }))
    await past(world)
    const tomas = await world.endpoint.signIn(TOMAS)
    expect((await invoke(tomas)).problem().code).toBe('break_glass_unreviewed')
  })

  it('is one, when the same person breaks the glass twice at once', async () => {
    const { endpoint, maya } = await start()
    await putValue(maya, REFUND_TICKET, 'phone', '+44 20 7946 0018')
    const again = await endpoint.signIn(MAYA)
    const answers = await Promise.all([invoke(maya), invoke(again, { fieldIds: ['phone'] })])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
    const actions = await actionsOf(endpoint)
    expect(actions.filter((action) => action === 'grant.create')).toHaveLength(1)
  })
})

describe('the review', () => {
  it('shows compliance what was done: who, why, what was shown, whom it skipped', async () => {
    const world = await start()
    const { maya, ingrid } = world
    const { request, grant } = await broken(maya)
    await revealed(maya, grant.id)
    const [use] = (await listFor(ingrid)).uses
    expect(use).toMatchObject({
      id: request.id,
      person: { id: MAYA },
      ticketId: REFUND_TICKET,
      fields: [{ fieldId: 'card_number' }],
      reasonText: request.reasonText,
      reveals: 1,
      skipped: [{ id: OMAR }],
      review: null,
      isActive: true,
      mayReview: { allowed: false, code: 'break_glass_active' },
    })
    expect(JSON.stringify(use)).not.toContain('4242')
  })

  it('comes after the emergency', async () => {
    const { maya, ingrid } = await start()
    const { request } = await broken(maya)
    expect((await review(ingrid, request.id)).problem().code).toBe('break_glass_active')
  })

  it.each([
    ['a lead', OMAR, 'role_not_permitted'],
    ['an administrator', SAM_ADMINISTRATOR, 'role_not_permitted'],
    ['the person', MAYA, 'role_not_permitted'],
  ])('is not for %s', async (_, personId, code) => {
    const world = await start()
    const id = await past(world)
    const caller = await world.endpoint.signIn(personId, 'nav_bar')
    expect((await review(caller, id)).problem()).toMatchObject({ status: 403, code })
    await world.endpoint.expectAuditEntry({ action: 'break_glass.refuse', code })
    await world.endpoint.expectNoAuditEntry('break_glass.review')
  })

  it('is never one’s own, be one compliance or a second user of theirs', async () => {
    const sees = { confidential: 'request', restricted: 'request', secret: 'request' } as const
    const policy = naming([INGRID_COMPLIANCE, MAYA], {
      matrix: { ...sandboxPolicy.matrix, compliance: sees },
      samePerson: [[INGRID_COMPLIANCE, MAYA]],
    })
    const world = await start(policy)
    const id = await past(world)
    expect((await review(world.ingrid, id)).problem()).toMatchObject({
      status: 403,
      code: 'second_person_needed',
    })
    await world.endpoint.expectNoAuditEntry('break_glass.review')
  })

  it.each([
    ['nothing', '', 'comment_required'],
    ['a value', `It was ${CARD}.`, 'text_sensitive'],
  ])('does not go with a comment that says %s', async (_, comment, code) => {
    const world = await start()
    const id = await past(world)
    expect((await review(world.ingrid, id, { comment })).problem().code).toBe(code)
    await world.endpoint.expectNoAuditEntry('break_glass.review')
  })

  it('is given once', async () => {
    const world = await start()
    const id = await past(world)
    const answers = await Promise.all([review(world.ingrid, id), review(world.ingrid, id)])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 404])
    expect((await review(world.ingrid, id)).problem().code).toBe('review_not_found')
    const reviews = (await actionsOf(world.endpoint)).filter(
      (each) => each === 'break_glass.review',
    )
    expect(reviews).toHaveLength(1)
  })

  it('of another account’s emergency finds nothing', async () => {
    const world = await start()
    const id = await past(world)
    const other = await start()
    expect((await review(other.ingrid, id)).problem().code).toBe('review_not_found')
    expect((await listFor(other.ingrid)).uses).toEqual([])
  })
})

describe('who is told', () => {
  it('leads see who has broken the glass as long as it lasts, and no reason', async () => {
    const { endpoint, maya } = await start()
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    const { request } = await broken(maya)
    expect(await listFor(omar)).toMatchObject({
      active: [{ id: request.id, person: { id: MAYA }, remainingSeconds: MINUTES * 60 }],
      uses: [],
    })
    expect(JSON.stringify(await listFor(omar))).not.toContain('defrauded')
    endpoint.clock.advance(MINUTES * 60 + 1)
    expect((await listFor(omar)).active).toEqual([])
  })

  it('agents see nothing of it', async () => {
    const { endpoint, maya } = await start()
    await broken(maya)
    const tomas = await endpoint.signIn(TOMAS)
    expect((await tomas.get('/api/break-glass')).problem().code).toBe('role_not_permitted')
  })
})

describe('limits', () => {
  it('neither a cap nor an open breaker holds an emergency up, and it counts towards them', async () => {
    const none = { perHour: 1, perDay: null, customersPerDay: null }
    const policy = naming([MAYA], { caps: { soft: null, hard: none, accountPerHour: 1 } })
    const { endpoint, maya } = await start(policy)
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    const first = await ask(maya)
    const approved = await omar.post(`/api/reveal-requests/${first.id}/approve`, {})
    const { grantId } = JSON.parse(approved.text) as { grantId: string }
    await revealed(maya, grantId)
    expect((await reveal(maya, grantId)).problem().code).toBe('circuit_open')
    await maya.post(`/api/grants/${grantId}/release`)
    const { grant } = await broken(maya)
    expect(await revealed(maya, grant.id)).toMatchObject({ value: CARD })
  })

  it('an emergency counts: what is asked for next is beyond the cap', async () => {
    const one = { perHour: 1, perDay: null, customersPerDay: null }
    const policy = naming([MAYA], { caps: { soft: null, hard: one, accountPerHour: null } })
    const { maya } = await start(policy)
    const { grant } = await broken(maya)
    await revealed(maya, grant.id)
    await maya.post(`/api/grants/${grant.id}/release`)
    const next = await maya.post('/api/reveal-requests', asking())
    expect(next.problem().code).toBe('reveal_cap_reached')
  })
})
