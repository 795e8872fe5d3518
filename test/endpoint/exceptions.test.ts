import { describe, expect, it } from 'vitest'
import { auditEntryList } from '../../src/contract/audit-entries.ts'
import { exceptionList, exceptionView } from '../../src/contract/exceptions.ts'
import type { CreateExceptionInput, ExceptionView } from '../../src/contract/exceptions.ts'
import { revealRequestList, revealRequestView } from '../../src/contract/reveal-requests.ts'
import type { Policy } from '../../src/core/policy.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import type { Caller, TestEndpoint } from '../support/endpoint.ts'
import {
  INGRID_COMPLIANCE,
  MAYA,
  OMAR,
  SAM_ADMINISTRATOR,
  TOMAS,
  startEndpoint,
} from '../support/endpoint.ts'
import { approve, ask, asking, fieldsOf, putValue, reveal } from '../support/story.ts'

/** Frontline agents see masks of restricted fields, and may not ask. */
const STRICT: Policy = {
  ...sandboxPolicy,
  matrix: {
    ...sandboxPolicy.matrix,
    frontline: { confidential: 'request', restricted: 'masked', secret: 'masked' },
  },
}

const inDays = (endpoint: TestEndpoint, days: number) =>
  new Date(endpoint.clock.now().getTime() + days * 24 * 60 * 60 * 1000).toISOString()

const proposal = (
  endpoint: TestEndpoint,
  change: Partial<CreateExceptionInput> = {},
): CreateExceptionInput => ({
  holderId: MAYA,
  scope: { by: 'field', id: 'card_number' },
  effect: 'request',
  why: 'Handles chargebacks while the payments team is rebuilt',
  ownerId: OMAR,
  expiresAt: inDays(endpoint, 30),
  ...change,
})

type Desk = { endpoint: TestEndpoint; maya: Caller; ingrid: Caller; sam: Caller; omar: Caller }

async function startDesk(policy: Policy = STRICT): Promise<Desk> {
  const endpoint = await startEndpoint({ policy })
  const omar = await endpoint.signIn(OMAR, 'nav_bar')
  await putValue(omar)
  return {
    endpoint,
    omar,
    maya: await endpoint.signIn(MAYA),
    ingrid: await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar'),
    sam: await endpoint.signIn(SAM_ADMINISTRATOR, 'nav_bar'),
  }
}

async function propose(
  by: Caller,
  endpoint: TestEndpoint,
  change: Partial<CreateExceptionInput> = {},
): Promise<ExceptionView> {
  return (await by.post('/api/exceptions', proposal(endpoint, change))).as(exceptionView)
}

const consent = (by: Caller, { id, expiresAt }: ExceptionView) =>
  by.post(`/api/exceptions/${id}/consent`, { expiresAt })

/** Proposed by Ingrid, consented to by Sam. */
async function excepted(
  { endpoint, ingrid, sam }: Desk,
  change: Partial<CreateExceptionInput> = {},
): Promise<ExceptionView> {
  const proposed = await propose(ingrid, endpoint, change)
  return (await consent(sam, proposed)).as(exceptionView)
}

const listed = async (by: Caller) => (await by.get('/api/exceptions')).as(exceptionList).exceptions

describe('an exception', () => {
  it('holds once a second person consents, and lets its person ask', async () => {
    const desk = await startDesk()
    const { endpoint, ingrid, maya, sam } = desk
    const proposed = await propose(ingrid, endpoint)
    expect(proposed).toMatchObject({
      state: 'waiting',
      holder: { id: MAYA, name: 'Maya Rivera' },
      owner: { id: OMAR },
      author: { id: INGRID_COMPLIANCE },
      scope: { by: 'field', fieldId: 'card_number', label: 'Card number' },
      mayConsent: { allowed: false, code: 'second_person_needed' },
    })
    const early = await maya.post('/api/reveal-requests', asking())
    expect(early.problem().code).toBe('role_not_permitted')

    const active = (await consent(sam, proposed)).as(exceptionView)
    expect(active).toMatchObject({ state: 'active', decided: { by: { id: SAM_ADMINISTRATOR } } })
    const request = await ask(maya)
    expect(request.state).toBe('pending')
    await endpoint.expectAuditEntry({
      action: 'reveal_request.create',
      requestId: request.id,
      data: expect.objectContaining({ exceptionIds: [proposed.id] }),
    })
    const entry = await endpoint.expectAuditEntry({
      action: 'exception.create',
      actor: expect.objectContaining({ id: INGRID_COMPLIANCE }),
      data: expect.objectContaining({
        exceptionId: proposed.id,
        personId: MAYA,
        fieldId: 'card_number',
        effect: 'request',
      }),
    })
    expect(JSON.stringify(entry)).not.toContain('chargebacks')
    await endpoint.expectAuditEntry({
      action: 'exception.consent',
      actor: expect.objectContaining({ id: SAM_ADMINISTRATOR }),
    })
    expect((await listed(ingrid))[0]?.requests).toBe(1)
  })

  it('is shown to whoever decides on a request that it let be asked', async () => {
    const desk = await startDesk()
    const exception = await excepted(desk)
    await ask(desk.maya)
    const queue = (await desk.omar.get('/api/reveal-requests')).as(revealRequestList)
    expect(queue.requests[0]?.context.exception).toEqual({
      id: exception.id,
      why: 'Handles chargebacks while the payments team is rebuilt',
      owner: { id: OMAR, name: 'Omar Haddad' },
      expiresAt: exception.expiresAt,
    })
  })

  it('approves by itself where that is its effect, marked as such', async () => {
    const desk = await startDesk()
    const exception = await excepted(desk, { effect: 'reveal' })
    const request = await ask(desk.maya)
    expect(request).toMatchObject({ state: 'approved' })
    expect((await reveal(desk.maya, request.grantId ?? '')).status).toBe(200)
    await desk.endpoint.expectAuditEntry({
      action: 'reveal_request.approve',
      actor: { type: 'system', name: 'policy' },
      data: { minutes: 15, ruleId: null, exceptionId: exception.id },
    })
  })

  it('opens the mask’s row for its person, and nobody else’s', async () => {
    const desk = await startDesk()
    const tomas = await desk.endpoint.signIn(TOMAS)
    const mayAsk = async (by: Caller) =>
      (await fieldsOf(by)).fields.find(({ fieldId }) => fieldId === 'card_number')?.mayAsk
    const no = { allowed: false, code: 'role_not_permitted' }
    expect(await mayAsk(desk.maya)).toEqual(no)
    await excepted(desk)
    expect(await mayAsk(desk.maya)).toEqual({ allowed: true })
    expect(await mayAsk(tomas)).toEqual(no)
  })
})

describe('a narrow exemption does not widen silently', () => {
  it('for one field it opens no other one, nor the field beside it in one request', async () => {
    const desk = await startDesk()
    await excepted(desk)
    await putValue(desk.omar, 4001, 'iban', 'GB29 NWBK 6016 1331 9268 19')
    for (const fieldIds of [['iban'], ['card_number', 'iban']]) {
      const answer = await desk.maya.post('/api/reveal-requests', asking({ fieldIds }))
      expect(answer.problem().code).toBe('role_not_permitted')
    }
    await desk.endpoint.expectNoAuditEntry('reveal_request.create')
  })

  it('for asking it does not let a rule approve', async () => {
    const rule = {
      id: 'everything',
      label: 'Everything restricted',
      roles: ['frontline' as const],
      classes: ['restricted' as const],
      isWithinHoursOnly: false,
      isAssigneeOnly: false,
      perPersonPerDay: 9,
      minutes: 10,
    }
    const desk = await startDesk({ ...STRICT, automatic: [rule] })
    await excepted(desk)
    expect((await ask(desk.maya)).state).toBe('pending')
  })

  it('for a field it ends where policy makes another class of the field', async () => {
    const desk = await startDesk()
    await excepted(desk)
    desk.endpoint.deps.policy = {
      ...STRICT,
      fields: STRICT.fields.map((field) =>
        field.id === 'card_number' ? { ...field, sensitivityClass: 'secret' } : field,
      ),
    }
    const answer = await desk.maya.post('/api/reveal-requests', asking())
    expect(answer.problem().code).toBe('role_not_permitted')
    expect((await listed(desk.ingrid))[0]?.isCovering).toBe(false)
  })

  it('gives no other right: neither to compare the value nor to take one in', async () => {
    const desk = await startDesk()
    await excepted(desk)
    const path = '/api/tickets/4001/protected-fields/card_number'
    const check = await desk.maya.post(`${path}/checks`, { value: '4242 4242 4242 4242' })
    expect(check.problem().code).toBe('role_not_permitted')
    const put = await desk.maya.put(`${path}/value`, { value: '4242 4242 4242 4242' })
    expect(put.problem().code).toBe('role_not_permitted')
  })
})

describe('an exception is refused', () => {
  it.each<[string, Partial<CreateExceptionInput>, string]>([
    [
      'for a field that the catalogue does not have',
      { scope: { by: 'field', id: 'comment_9_1' } },
      'field_unknown',
    ],
    ['for somebody whom Zendesk does not know', { holderId: 999_999 }, 'person_unknown'],
    [
      'for an administrator, who reveals nothing',
      { holderId: SAM_ADMINISTRATOR },
      'role_not_permitted',
    ],
    ['for a customer', { holderId: 501 }, 'role_not_permitted'],
    ['with its own person as the owner', { ownerId: MAYA }, 'second_person_needed'],
    ['with an owner who answers for nobody', { ownerId: TOMAS }, 'role_not_permitted'],
    ['without a reason that says something', { why: '.............' }, 'reason_not_meaningful'],
    [
      'with a value in its reason',
      { why: 'Compare 4242 4242 4242 4242 with the bank' },
      'text_sensitive',
    ],
  ])('%s', async (_, change, code) => {
    const { endpoint, ingrid } = await startDesk()
    const answer = await ingrid.post('/api/exceptions', proposal(endpoint, change))
    expect(answer.problem().code).toBe(code)
    await endpoint.expectAuditEntry({ action: 'exception.refuse', outcome: 'refused', code })
    await endpoint.expectNoAuditEntry('exception.create')
    expect(await listed(ingrid)).toEqual([])
  })

  it('for longer than policy lets one last, and for a time that is over', async () => {
    const { endpoint, ingrid } = await startDesk()
    const tooLong = await ingrid.post(
      '/api/exceptions',
      proposal(endpoint, { expiresAt: inDays(endpoint, 91) }),
    )
    expect(tooLong.problem()).toMatchObject({
      code: 'duration_too_long',
      limit: 90,
      issues: [{ path: 'body.expiresAt', rule: 'permitted' }],
    })
    const over = await ingrid.post(
      '/api/exceptions',
      proposal(endpoint, { expiresAt: inDays(endpoint, 0) }),
    )
    expect(over.problem().code).toBe('bad_input')
    const { expiresAt: _missing, ...without } = proposal(endpoint)
    expect((await ingrid.post('/api/exceptions', without)).problem().code).toBe('bad_input')
  })

  it.each([
    ['an agent', MAYA],
    ['a lead', OMAR],
  ])('to %s, who may not even see them', async (_, personId) => {
    const { endpoint } = await startDesk()
    const caller = await endpoint.signIn(personId, 'nav_bar')
    const answer = await caller.post('/api/exceptions', proposal(endpoint))
    expect(answer.problem().code).toBe('role_not_permitted')
    expect((await caller.get('/api/exceptions')).problem().code).toBe('role_not_permitted')
  })
})

describe('consent to an exception', () => {
  it('takes somebody other than its author and its person', async () => {
    const desk = await startDesk()
    const { endpoint, ingrid, sam } = desk
    const proposed = await propose(sam, endpoint, { holderId: INGRID_COMPLIANCE })
    for (const own of [sam, ingrid]) {
      expect((await consent(own, proposed)).problem().code).toBe('second_person_needed')
    }
    expect((await listed(sam))[0]?.state).toBe('waiting')
    await endpoint.expectNoAuditEntry('exception.consent')
  })

  it('takes somebody other than another user of its author', async () => {
    const samePerson: Policy['samePerson'] = [[INGRID_COMPLIANCE, SAM_ADMINISTRATOR]]
    const desk = await startDesk({ ...STRICT, samePerson })
    const proposed = await propose(desk.ingrid, desk.endpoint)
    expect((await consent(desk.sam, proposed)).problem().code).toBe('second_person_needed')
  })

  it('is given to what one was shown, and once', async () => {
    const desk = await startDesk()
    const proposed = await propose(desk.ingrid, desk.endpoint)
    const other = { ...proposed, expiresAt: inDays(desk.endpoint, 29) }
    expect((await consent(desk.sam, other)).problem().code).toBe('conflict')
    expect((await consent(desk.sam, proposed)).status).toBe(200)
    expect((await consent(desk.sam, proposed)).problem().code).toBe('exception_not_found')
  })

  it('comes too late for one that was rejected, revoked or is over', async () => {
    const desk = await startDesk()
    const { endpoint, ingrid, sam } = desk
    const rejected = await propose(ingrid, endpoint)
    const answer = await sam.post(`/api/exceptions/${rejected.id}/reject`)
    expect(answer.as(exceptionView).state).toBe('rejected')
    const revoked = await propose(ingrid, endpoint)
    await ingrid.post(`/api/exceptions/${revoked.id}/revoke`)
    const over = await propose(ingrid, endpoint, { expiresAt: inDays(endpoint, 1) })
    endpoint.clock.advance(24 * 60 * 60)
    const again = await endpoint.signIn(SAM_ADMINISTRATOR, 'nav_bar')
    for (const each of [rejected, revoked, over]) {
      expect((await consent(again, each)).problem().code).toBe('exception_not_found')
    }
    await endpoint.expectNoAuditEntry('exception.consent')
  })

  it('is not there for another account', async () => {
    const desk = await startDesk()
    const elsewhere = await startDesk()
    const proposed = await propose(desk.ingrid, desk.endpoint)
    expect((await consent(elsewhere.sam, proposed)).problem().code).toBe('exception_not_found')
  })
})

describe('the end of an exception', () => {
  it('by revoking ends what it gave at once: grant and request', async () => {
    const desk = await startDesk()
    const { endpoint, ingrid, maya, omar } = desk
    const exception = await excepted(desk)
    const first = await ask(maya)
    const granted = (await approve(omar, first.id)).as(revealRequestView)
    await putValue(omar, 4001, 'phone', '+44 20 7946 0958')
    const revoked = await ingrid.post(`/api/exceptions/${exception.id}/revoke`)
    expect(revoked.as(exceptionView)).toMatchObject({
      state: 'revoked',
      ended: { by: { id: INGRID_COMPLIANCE } },
    })
    expect((await reveal(maya, granted.grantId ?? '')).problem().code).toBe('grant_ended')
    await endpoint.expectAuditEntry({ action: 'grant.end', code: 'exception_ended' })
    const again = await maya.post('/api/reveal-requests', asking())
    expect(again.problem().code).toBe('role_not_permitted')
  })

  it('by revoking ends a request that waits', async () => {
    const desk = await startDesk()
    const exception = await excepted(desk)
    const request = await ask(desk.maya)
    await desk.sam.post(`/api/exceptions/${exception.id}/revoke`)
    await desk.endpoint.expectAuditEntry({
      action: 'reveal_request.end',
      code: 'exception_ended',
      requestId: request.id,
    })
    expect((await approve(desk.omar, request.id)).problem().code).toBe('request_ended')
  })

  it('by time ends what it gave before anybody noticed', async () => {
    const desk = await startDesk()
    const { endpoint } = desk
    const soon = new Date(endpoint.clock.now().getTime() + 5 * 60_000).toISOString()
    await excepted(desk, { effect: 'reveal', expiresAt: soon })
    const request = await ask(desk.maya)
    endpoint.clock.advance(5 * 60)
    expect((await reveal(desk.maya, request.grantId ?? '')).problem().code).toBe('exception_ended')
    await endpoint.expectNoAuditEntry('grant.reveal')
  })

  it('by time is due for review: listed first, its owner hinted at, reopened or closed', async () => {
    const desk = await startDesk()
    const { endpoint } = desk
    const exception = await excepted(desk, { expiresAt: inDays(endpoint, 1) })
    endpoint.clock.advance(24 * 60 * 60)
    await endpoint.sweep()
    await endpoint.expectAuditEntry({
      action: 'exception.expire',
      actor: { type: 'system', name: 'clock' },
      data: expect.objectContaining({ exceptionId: exception.id }),
    })
    await endpoint.sweep()
    const expiries = (await endpoint.auditEntries()).filter((e) => e.action === 'exception.expire')
    expect(expiries).toHaveLength(1)
    expect(endpoint.zendesk.notifications.map(({ agentId }) => agentId)).toContain(OMAR)

    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    expect(await listed(ingrid)).toMatchObject([{ id: exception.id, state: 'expired' }])
    const reopened = (
      await ingrid.post(`/api/exceptions/${exception.id}/reopen`, {
        why: 'The payments team is still being rebuilt until spring',
        expiresAt: inDays(endpoint, 30),
      })
    ).as(exceptionView)
    expect(reopened).toMatchObject({ state: 'waiting', reopens: exception.id, effect: 'request' })
    expect((await listed(ingrid)).map(({ state }) => state)).toEqual(['waiting', 'closed'])
    // It needs consent anew, and the old one is not reopened twice.
    const maya = await endpoint.signIn(MAYA)
    expect((await maya.post('/api/reveal-requests', asking())).problem().code).toBe(
      'role_not_permitted',
    )
    const twice = await ingrid.post(`/api/exceptions/${exception.id}/reopen`, {
      why: 'The payments team is still being rebuilt until summer',
      expiresAt: inDays(endpoint, 30),
    })
    expect(twice.problem().code).toBe('exception_not_found')
  })

  it('can be closed once it is over, and not before', async () => {
    const desk = await startDesk()
    const { endpoint, ingrid } = desk
    const exception = await excepted(desk, { expiresAt: inDays(endpoint, 1) })
    const early = await ingrid.post(`/api/exceptions/${exception.id}/close`)
    expect(early.problem().code).toBe('exception_not_found')
    endpoint.clock.advance(24 * 60 * 60)
    const later = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const closed = (await later.post(`/api/exceptions/${exception.id}/close`)).as(exceptionView)
    expect(closed.state).toBe('closed')
    await endpoint.expectAuditEntry({ action: 'exception.expire' })
    await endpoint.expectAuditEntry({ action: 'exception.close' })
  })

  it('is in the log that compliance reads', async () => {
    const desk = await startDesk()
    const exception = await excepted(desk)
    await desk.sam.post(`/api/exceptions/${exception.id}/revoke`)
    const log = await desk.ingrid.get('/api/audit-entries?action=exception.revoke')
    expect(log.as(auditEntryList).entries).toHaveLength(1)
  })
})
