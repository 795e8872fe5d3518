import { describe, expect, it } from 'vitest'
import { circuitBreaker } from '../../src/contract/circuit-breaker.ts'
import { protectedFieldList } from '../../src/contract/protected-fields.ts'
import { revealRequestList, revealRequestView } from '../../src/contract/reveal-requests.ts'
import { me } from '../../src/contract/session.ts'
import type { Cap, Policy } from '../../src/core/policy.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import type { Caller } from '../support/endpoint.ts'
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
  SUPPORT_TICKET,
  approve,
  ask,
  asking,
  fieldsOf,
  putValue,
  release,
  reveal,
  revealed,
  startGranted,
} from '../support/story.ts'

const NONE: Cap = { perHour: null, perDay: null, customersPerDay: null }
const perHour = (most: number): Cap => ({ ...NONE, perHour: most })
const withCaps = (caps: Partial<Policy['caps']>, more: Partial<Policy> = {}): Policy => ({
  ...sandboxPolicy,
  caps: { soft: null, hard: null, accountPerHour: null, ...caps },
  ...more,
})
/** Frontline agents are given what is confidential at once. */
const atOnce: Pick<Policy, 'matrix'> = {
  matrix: {
    ...sandboxPolicy.matrix,
    frontline: { confidential: 'reveal', restricted: 'request', secret: 'request' },
  },
}
const PHONE = '+44 20 7946 0958'

describe('a hard cap', () => {
  it('refuses the next reveal with when to come back, and keeps the use', async () => {
    const endpoint = await startEndpoint({ policy: withCaps({ hard: perHour(2) }) })
    const { maya, grantId } = await startGranted(endpoint)
    await revealed(maya, grantId)
    endpoint.clock.advance(60)
    await revealed(maya, grantId)
    endpoint.clock.advance(60)
    const answer = await reveal(maya, grantId)
    expect(answer.problem()).toMatchObject({
      code: 'reveal_cap_reached',
      status: 429,
      limit: 2,
      retryAfterSeconds: 3600 - 120,
    })
    expect(answer.headers.get('retry-after')).toBe('3480')
    await endpoint.expectAuditEntry({
      action: 'grant.reveal_refuse',
      code: 'reveal_cap_reached',
      grantId,
    })
    expect((await fieldsOf(maya)).grants[0]?.fields[0]?.usesLeft).toBe(1)
  })

  it('refuses a request, too, and lets one ask again when the hour is over', async () => {
    const endpoint = await startEndpoint({ policy: withCaps({ hard: perHour(1) }) })
    const { maya, grantId } = await startGranted(endpoint)
    await revealed(maya, grantId)
    await release(maya, grantId)
    const answer = await maya.post('/api/reveal-requests', asking())
    expect(answer.problem()).toMatchObject({ code: 'reveal_cap_reached', retryAfterSeconds: 3600 })
    await endpoint.expectAuditEntry({
      action: 'reveal_request.refuse',
      code: 'reveal_cap_reached',
    })
    endpoint.clock.advance(3600)
    const later = await endpoint.signIn(MAYA)
    expect((await ask(later)).state).toBe('pending')
  })

  it('of customers counts each once, and refuses another one', async () => {
    const hard = { ...NONE, customersPerDay: 1 }
    const endpoint = await startEndpoint({ policy: withCaps({ hard }) })
    const { maya, omar, grantId } = await startGranted(endpoint)
    await revealed(maya, grantId)
    await revealed(maya, grantId)
    await putValue(omar, SUPPORT_TICKET)
    const other = await maya.post('/api/reveal-requests', asking({ ticketId: SUPPORT_TICKET }))
    expect(other.problem().code).toBe('reveal_cap_reached')
    await release(maya, grantId)
    expect((await ask(maya)).state).toBe('pending')
  })

  it('is a person’s own: a colleague goes on', async () => {
    const endpoint = await startEndpoint({ policy: withCaps({ hard: perHour(1) }) })
    const { maya, omar, grantId } = await startGranted(endpoint)
    await revealed(maya, grantId)
    const tomas = await endpoint.signIn(TOMAS)
    const { id } = await ask(tomas)
    const grant = (await approve(omar, id)).as(revealRequestView).grantId ?? ''
    expect((await reveal(tomas, grant)).status).toBe(200)
  })

  it('counts two users whom policy pairs as one person', async () => {
    const samePerson: Policy['samePerson'] = [[MAYA, TOMAS]]
    const endpoint = await startEndpoint({
      policy: withCaps({ hard: perHour(1) }, { samePerson }),
    })
    const { maya, grantId } = await startGranted(endpoint)
    await revealed(maya, grantId)
    const tomas = await endpoint.signIn(TOMAS)
    const answer = await tomas.post('/api/reveal-requests', asking())
    expect(answer.problem().code).toBe('reveal_cap_reached')
  })

  it('counts no second look at a value that is still on screen', async () => {
    const endpoint = await startEndpoint({ policy: withCaps({ hard: perHour(1) }) })
    const { maya, grantId } = await startGranted(endpoint)
    const attemptId = crypto.randomUUID()
    await revealed(maya, grantId, attemptId)
    expect((await reveal(maya, grantId, attemptId)).status).toBe(200)
  })
})

describe('a soft cap', () => {
  const policy = withCaps({ soft: perHour(1) }, atOnce)

  async function startAtOnce() {
    const endpoint = await startEndpoint({ policy })
    const maya = await endpoint.signIn(MAYA)
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    await putValue(maya, 4001, 'phone', PHONE)
    const askForPhone = () => ask(maya, { fieldIds: ['phone'] })
    return { endpoint, maya, omar, askForPhone }
  }

  it('takes away what policy approves by itself, and the lead is told', async () => {
    const { endpoint, maya, omar, askForPhone } = await startAtOnce()
    const first = await askForPhone()
    expect(first.state).toBe('approved')
    expect((await reveal(maya, first.grantId ?? '', undefined, 'phone')).status).toBe(200)
    await release(maya, first.grantId ?? '')

    const second = await askForPhone()
    expect(second).toMatchObject({ state: 'pending', askedOf: [{ id: OMAR }] })
    const queue = (await omar.get('/api/reveal-requests')).as(revealRequestList)
    expect(queue.requests[0]?.context.softCap).toEqual({ per: 'hour', limit: 1 })
    const decided = (await approve(omar, second.id)).as(revealRequestView)
    expect((await reveal(maya, decided.grantId ?? '', undefined, 'phone')).status).toBe(200)
    await endpoint.expectNoAuditEntry('grant.reveal_refuse')
  })

  it('counts what policy gave and nobody looked at yet', async () => {
    const { maya, askForPhone } = await startAtOnce()
    expect((await askForPhone()).state).toBe('approved')
    await putValue(maya, 4001, 'private_email', 'maya@example.com')
    expect((await ask(maya, { fieldIds: ['private_email'] })).state).toBe('pending')
  })

  it('keeps the sidebar’s reason in step: a lead has to look', async () => {
    const { maya, askForPhone } = await startAtOnce()
    const whyOf = async () =>
      (await fieldsOf(maya)).fields.find(({ fieldId }) => fieldId === 'phone')?.why.rule
    expect(await whyOf()).toBe('matrix')
    await askForPhone()
    expect(await whyOf()).toBe('soft_cap')
  })
})

describe('the circuit breaker', () => {
  async function startOpen(more: Partial<Policy> = {}) {
    const endpoint = await startEndpoint({ policy: withCaps({ accountPerHour: 2 }, more) })
    const { maya, omar, grantId } = await startGranted(endpoint)
    await revealed(maya, grantId)
    await revealed(maya, grantId)
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    return { endpoint, maya, omar, ingrid, grantId }
  }
  const COMMENT = 'Looked at all of them: the recall of last night'
  const close = (by: Caller, comment = COMMENT) =>
    by.post('/api/circuit-breaker/close', { comment })
  const stateFor = async (by: Caller) => (await by.get('/api/circuit-breaker')).as(circuitBreaker)

  it('opens at the account’s bound and stops everybody: masks stay, and say why', async () => {
    const { endpoint, maya, omar, ingrid, grantId } = await startOpen()
    await endpoint.expectAuditEntry({
      action: 'circuit_breaker.open',
      actor: { type: 'system', name: 'policy' },
      data: expect.objectContaining({ count: 2, trippedBy: [String(MAYA)] }),
    })
    expect((await reveal(maya, grantId)).problem()).toMatchObject({
      code: 'circuit_open',
      status: 409,
    })
    const aisha = await endpoint.signIn(AISHA)
    await putValue(aisha, SUPPORT_TICKET)
    const asked = await aisha.post('/api/reveal-requests', asking({ ticketId: SUPPORT_TICKET }))
    expect(asked.problem().code).toBe('circuit_open')
    const list = (await aisha.get(`/api/tickets/${SUPPORT_TICKET}/protected-fields`)).as(
      protectedFieldList,
    )
    expect(list.isCircuitOpen).toBe(true)
    const card = list.fields.find(({ fieldId }) => fieldId === 'card_number')
    expect(card).toMatchObject({
      mayAsk: { allowed: false, code: 'circuit_open' },
      why: { rule: 'breaker', next: 'wait' },
    })
    expect((await omar.get('/api/me')).as(me).isCircuitOpen).toBe(true)
    expect(await stateFor(ingrid)).toMatchObject({
      opened: { count: 2, trippedBy: [{ id: MAYA, name: 'Maya Rivera' }] },
      accountPerHour: 2,
      mayClose: { allowed: true },
    })
  })

  it('lets no approval start a clock that runs in vain', async () => {
    const endpoint = await startEndpoint({ policy: withCaps({ accountPerHour: 1 }) })
    const { maya, omar, grantId } = await startGranted(endpoint)
    await putValue(maya, 4001, 'phone', PHONE)
    const { id } = await ask(maya, { fieldIds: ['phone'] })
    await revealed(maya, grantId)
    expect((await approve(omar, id)).problem().code).toBe('circuit_open')
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    await close(ingrid)
    expect((await approve(omar, id)).as(revealRequestView).state).toBe('approved')
  })

  it('is closed by compliance with a reason, and what was counted is not counted again', async () => {
    const { endpoint, maya, ingrid, grantId } = await startOpen()
    const closed = (await close(ingrid)).as(circuitBreaker)
    expect(closed).toMatchObject({ opened: null })
    const entry = await endpoint.expectAuditEntry({
      action: 'circuit_breaker.close',
      actor: expect.objectContaining({ id: INGRID_COMPLIANCE }),
    })
    expect(JSON.stringify(entry)).not.toContain('recall')
    endpoint.clock.advance(1)
    await revealed(maya, grantId)
    expect((await close(ingrid)).problem().code).toBe('conflict')
  })

  it('opens once more at the bound, counted from its closing', async () => {
    const { endpoint, maya, omar, ingrid, grantId } = await startOpen()
    await close(ingrid)
    endpoint.clock.advance(1)
    await revealed(maya, grantId)
    await release(maya, grantId)
    const { id } = await ask(maya)
    const grant = (await approve(omar, id)).as(revealRequestView).grantId ?? ''
    await revealed(maya, grant)
    expect((await reveal(maya, grant)).problem().code).toBe('circuit_open')
    const opened = (await endpoint.auditEntries()).filter(
      ({ action }) => action === 'circuit_breaker.open',
    )
    expect(opened).toHaveLength(2)
  })

  it('is closed by nobody else: no lead, no administrator, no agent', async () => {
    const { endpoint, omar, maya } = await startOpen()
    const sam = await endpoint.signIn(SAM_ADMINISTRATOR, 'nav_bar')
    for (const by of [omar, sam, maya]) {
      expect((await close(by)).problem().code).toBe('role_not_permitted')
    }
    expect((await stateFor(omar)).opened).not.toBeNull()
    expect((await maya.get('/api/circuit-breaker')).problem().code).toBe('role_not_permitted')
    await endpoint.expectNoAuditEntry('circuit_breaker.close')
  })

  it('is not closed by whoever’s reveals opened it, nor by another user of theirs', async () => {
    const { endpoint } = await startOpen({ samePerson: [[MAYA, INGRID_COMPLIANCE]] })
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    expect((await close(ingrid)).problem().code).toBe('second_person_needed')
    await endpoint.expectAuditEntry({
      action: 'circuit_breaker.refuse',
      code: 'second_person_needed',
    })
    expect((await stateFor(ingrid)).mayClose).toEqual({
      allowed: false,
      code: 'second_person_needed',
    })
  })

  it('is not closed without a reason that says something', async () => {
    const { ingrid } = await startOpen()
    expect((await close(ingrid, '..........')).problem().code).toBe('reason_not_meaningful')
    expect((await stateFor(ingrid)).opened).not.toBeNull()
  })
})

describe('a rule of policy', () => {
  const RULE: Policy['automatic'][number] = {
    id: 'own_tickets',
    label: 'Own tickets',
    roles: ['frontline'],
    classes: ['confidential', 'restricted'],
    isWithinHoursOnly: false,
    isAssigneeOnly: true,
    perPersonPerDay: 2,
    minutes: 5,
  }
  const withRule = (change: Partial<typeof RULE> = {}, more: Partial<Policy> = {}) =>
    withCaps({}, { automatic: [{ ...RULE, ...change }], ...more })

  async function startRuled(policy: Policy) {
    const endpoint = await startEndpoint({ policy })
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    return { endpoint, maya }
  }
  const releaseAll = async (maya: Caller) => {
    for (const { id, state } of (await fieldsOf(maya)).grants) {
      if (state === 'active') await release(maya, id)
    }
  }

  it('approves at once, for its own minutes, and is named in log and views', async () => {
    const { endpoint, maya } = await startRuled(withRule())
    const request = await ask(maya)
    expect(request).toMatchObject({
      state: 'approved',
      decision: { by: null },
      automatic: { ruleId: 'own_tickets', label: 'Own tickets' },
      askedOf: [],
    })
    await endpoint.expectAuditEntry({
      action: 'reveal_request.approve',
      actor: { type: 'system', name: 'policy' },
      requestId: request.id,
      data: { minutes: 5, ruleId: 'own_tickets' },
    })
    const grants = (await fieldsOf(maya)).grants
    expect(grants[0]).toMatchObject({ remainingSeconds: 300, approvedBy: [] })
    await revealed(maya, request.grantId ?? '')
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    const decided = (await omar.get('/api/reveal-requests?queue=decided')).as(revealRequestList)
    expect(decided.requests[0]?.context.automaticRule).toBe('Own tickets')
  })

  it('approves so often a day; then people are asked, and the next day it does again', async () => {
    const { endpoint, maya } = await startRuled(withRule())
    for (const expected of ['approved', 'approved', 'pending']) {
      expect((await ask(maya)).state).toBe(expected)
      await releaseAll(maya)
    }
    endpoint.clock.advance(24 * 60 * 60)
    await endpoint.sweep()
    const nextDay = await endpoint.signIn(MAYA)
    expect((await ask(nextDay)).state).toBe('approved')
  })

  it('gives the last of a day once to two requests at the same time', async () => {
    const { endpoint, maya } = await startRuled(withRule({ perPersonPerDay: 1 }))
    await putValue(maya, 4001, 'iban', 'GB29 NWBK 6016 1331 9268 19')
    await putValue(maya, 4001, 'phone', PHONE)
    const asked = await Promise.all(
      ['card_number', 'iban', 'phone'].map((fieldId) => ask(maya, { fieldIds: [fieldId] })),
    )
    expect(asked.map(({ state }) => state).toSorted()).toEqual(['approved', 'pending', 'pending'])
    const approvals = (await endpoint.auditEntries()).filter(
      ({ action }) => action === 'reveal_request.approve',
    )
    expect(approvals).toHaveLength(1)
  })

  it.each<[string, Partial<typeof RULE>, Partial<Policy>]>([
    ['of another role', { roles: ['lead'] }, {}],
    ['for another class', { classes: ['confidential'] }, {}],
    ['for hours that policy does not name', { isWithinHoursOnly: true }, {}],
    [
      'for hours that are over',
      { isWithinHoursOnly: true },
      {
        hours: {
          timeZone: 'Europe/Berlin',
          weekly: [{ days: [1, 2, 3, 4, 5], from: '06:00', to: '08:00' }],
          holidays: [],
        },
      },
    ],
  ])('that does not match means that people are asked: one %s', async (_, change, more) => {
    const { maya } = await startRuled(withRule(change, more))
    const request = await ask(maya)
    expect(request).toMatchObject({ state: 'pending', grantId: null, automatic: null })
    expect(request.askedOf).toMatchObject([{ id: OMAR }])
  })

  it('that does not match means that people are asked: one for assignees, on another’s ticket', async () => {
    const endpoint = await startEndpoint({ policy: withRule() })
    const tomas = await endpoint.signIn(TOMAS)
    await putValue(tomas)
    expect((await ask(tomas)).state).toBe('pending')
  })

  it('never approves what is secret, nor anything together with it', async () => {
    const { maya } = await startRuled(withRule())
    await putValue(maya, 4001, 'passport', 'L898902C3')
    expect((await ask(maya, { fieldIds: ['passport'] })).state).toBe('pending')
    expect((await ask(maya, { fieldIds: ['card_number'] })).state).toBe('approved')
  })

  it('approves nothing for who may not even ask', async () => {
    const matrix: Policy['matrix'] = {
      ...sandboxPolicy.matrix,
      frontline: { confidential: 'masked', restricted: 'masked', secret: 'none' },
    }
    const endpoint = await startEndpoint({ policy: withRule({}, { matrix }) })
    const omar = await endpoint.signIn(OMAR)
    await putValue(omar)
    const maya = await endpoint.signIn(MAYA)
    const answer = await maya.post('/api/reveal-requests', asking())
    expect(answer.problem().code).toBe('role_not_permitted')
  })

  it('approves where nobody else could, and refuses when its count is used up', async () => {
    const endpoint = await startEndpoint({ policy: withRule({ perPersonPerDay: 1 }) })
    for (const lead of [OMAR, LENA]) endpoint.zendesk.changePerson(lead, { isSuspended: true })
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    expect((await ask(maya)).state).toBe('approved')
    await releaseAll(maya)
    const again = await maya.post('/api/reveal-requests', asking())
    expect(again.problem().code).toBe('no_eligible_approver')
  })
})

describe('the question that a reason answers', () => {
  it('is kept with the request: its version, and its words where they can be erased', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    const request = await ask(maya, { prompt: { version: 1, locale: 'de' } })
    const entry = await endpoint.expectAuditEntry({
      action: 'reveal_request.create',
      requestId: request.id,
      data: expect.objectContaining({ promptVersion: 1 }),
    })
    expect(Object.keys(entry.texts ?? {})).toEqual(expect.arrayContaining(['reason', 'prompt']))
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const log = await ingrid.get('/api/audit-entries?action=reveal_request.create')
    expect(log.text).toContain('Wozu brauchen Sie den Wert?')
  })

  it('is one that this endpoint knows', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    const prompt = { version: 99, locale: 'en' } as const
    const answer = await maya.post('/api/reveal-requests', asking({ prompt }))
    expect(answer.problem().code).toBe('bad_input')
  })
})
