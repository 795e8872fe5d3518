/** New power waits: what somebody newly holds in Zendesk gives nothing before a second person says so. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { powerList } from '../../src/contract/powers.ts'
import type { PowerList } from '../../src/contract/powers.ts'
import { revealRequestList, revealRequestView } from '../../src/contract/reveal-requests.ts'
import { me } from '../../src/contract/session.ts'
import type { Policy } from '../../src/core/policy.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import type { Caller, TestEndpoint } from '../support/endpoint.ts'
import {
  INGRID_COMPLIANCE,
  LENA,
  MAYA,
  OMAR,
  SAM_ADMINISTRATOR,
  TOMAS,
  startEndpoint,
} from '../support/endpoint.ts'
import { blockEntries } from '../support/full-disk.ts'
import { activate, NEWS_SECONDS, putIntoGroups } from '../support/powers.ts'
import { approve, ask, CARD_MASK, fieldsOf, putValue, reveal } from '../support/story.ts'

const BILLING = 201
const LEADS = 203
const COMPLIANCE = 204

const path = (personId: number, act: 'confirm' | 'decline', power = `group_${LEADS}`) =>
  `/api/people/${personId}/powers/${power}/${act}`

/** The policy is active, and Tomás is made a lead in Zendesk afterwards. */
async function withNewLead(): Promise<TestEndpoint> {
  const endpoint = await startEndpoint()
  await activate(endpoint)
  await putIntoGroups(endpoint, TOMAS, [BILLING, LEADS])
  return endpoint
}

async function powersFor(caller: Caller): Promise<PowerList['powers']> {
  return (await caller.get('/api/powers')).as(powerList).powers
}

const waits = async (endpoint: TestEndpoint) =>
  (await endpoint.auditEntries()).filter(({ action }) => action === 'power.wait')

describe('power that is new in Zendesk', () => {
  it('waits for nobody before a policy became active', async () => {
    const endpoint = await startEndpoint()
    await putIntoGroups(endpoint, TOMAS, [BILLING, LEADS])
    const tomas = await endpoint.signIn(TOMAS, 'nav_bar')
    expect((await tomas.get('/api/me')).as(me).roles).toContain('lead')
    await endpoint.expectNoAuditEntry('power.wait')
  })

  it('leaves those who were there at the first activation as they are', async () => {
    const endpoint = await startEndpoint()
    await activate(endpoint)
    const [maya, omar] = [await endpoint.signIn(MAYA), await endpoint.signIn(OMAR, 'nav_bar')]
    await putValue(maya)
    const { id } = await ask(maya)
    expect((await approve(omar, id)).as(revealRequestView).state).toBe('approved')
    await endpoint.sweep()
    await endpoint.expectNoAuditEntry('power.wait')
    await endpoint.expectNoAuditEntry('power.lose')
  })

  it('does not approve, and is logged once', async () => {
    const endpoint = await withNewLead()
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    const { id, askedOf } = await ask(maya)
    expect(askedOf.map((person) => person.id)).not.toContain(TOMAS)
    const tomas = await endpoint.signIn(TOMAS, 'nav_bar')
    expect((await approve(tomas, id)).problem()).toMatchObject({ status: 403 })
    await endpoint.sweep()
    await endpoint.sweep()
    expect(await waits(endpoint)).toMatchObject([
      { data: { personId: TOMAS, power: `group_${LEADS}` }, actor: { name: 'zendesk' } },
    ])
    await endpoint.expectNoAuditEntry('grant.create')
  })

  it('is seen at the first act when no sweep came before it', async () => {
    const endpoint = await startEndpoint()
    await activate(endpoint)
    endpoint.clock.advance(NEWS_SECONDS)
    endpoint.zendesk.changePerson(TOMAS, { groupIds: [BILLING, LEADS] })
    const tomas = await endpoint.signIn(TOMAS, 'nav_bar')
    expect((await tomas.get('/api/reveal-requests')).problem().status).toBe(403)
    await tomas.get('/api/me')
    expect(await waits(endpoint)).toHaveLength(1)
  })

  it('asks for nothing and reveals nothing, and still sees masks: somebody newly hired', async () => {
    const policy: Policy = {
      ...sandboxPolicy,
      roles: { ...sandboxPolicy.roles, frontline: [{ by: 'group', groupId: BILLING }] },
    }
    const endpoint = await startEndpoint({ policy })
    endpoint.zendesk.changePerson(TOMAS, { groupIds: [] })
    await activate(endpoint)
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    await putIntoGroups(endpoint, TOMAS, [BILLING])
    const tomas = await endpoint.signIn(TOMAS)
    const [card] = (await fieldsOf(tomas)).fields
    expect(card).toMatchObject({
      masked: CARD_MASK,
      mayAsk: { allowed: false, code: 'power_waits' },
      mayTakeIn: { allowed: false },
    })
    const asked = await tomas.post('/api/reveal-requests', {
      ticketId: 4001,
      fieldIds: ['card_number'],
      reasonCode: 'refund',
      reasonText: 'Compare the last digits with the letter of the bank',
      minutes: 15,
    })
    expect(asked.problem()).toMatchObject({ status: 403, code: 'power_waits' })
    await endpoint.expectAuditEntry({ action: 'reveal_request.refuse', code: 'power_waits' })
    await endpoint.expectNoAuditEntry('reveal_request.create')
  })

  it('ends a grant whose ground it was when it is lost and comes back', async () => {
    const endpoint = await startEndpoint({
      policy: {
        ...sandboxPolicy,
        roles: { ...sandboxPolicy.roles, frontline: [{ by: 'group', groupId: BILLING }] },
        limits: { ...sandboxPolicy.limits, maxMinutes: 120 },
      },
    })
    await activate(endpoint)
    const [maya, omar] = [await endpoint.signIn(MAYA), await endpoint.signIn(OMAR, 'nav_bar')]
    await putValue(maya)
    const request = await ask(maya, { minutes: 120 })
    const { grantId } = (await approve(omar, request.id)).as(revealRequestView)
    if (grantId === null) throw new Error('no grant')
    await putIntoGroups(endpoint, MAYA, [])
    await endpoint.expectAuditEntry({
      action: 'power.lose',
      data: { personId: MAYA, power: `group_${BILLING}` },
    })
    await putIntoGroups(endpoint, MAYA, [BILLING])
    await endpoint.expectAuditEntry({
      action: 'power.wait',
      data: { personId: MAYA, power: `group_${BILLING}` },
    })
    expect((await reveal(maya, grantId, randomUUID())).problem().status).toBe(410)
    await endpoint.expectNoAuditEntry('grant.reveal')
  })

  it('that everybody has who is suspended and comes back waits for nobody', async () => {
    const endpoint = await startEndpoint()
    await activate(endpoint)
    endpoint.zendesk.changePerson(OMAR, { isSuspended: true })
    endpoint.clock.advance(NEWS_SECONDS)
    await endpoint.sweep()
    endpoint.zendesk.changePerson(OMAR, { isSuspended: false })
    await endpoint.sweep()
    await endpoint.expectNoAuditEntry('power.lose')
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    expect((await omar.get('/api/me')).as(me).roles).toContain('lead')
  })
})

describe('activating a later version', () => {
  it('does not confirm who waits, with or without consent', async () => {
    const endpoint = await withNewLead()
    const policy = { ...sandboxPolicy, version: 2 }
    await activate(endpoint, { policy, previous: sandboxPolicy, isConsented: true })
    await activate(endpoint, { policy, previous: sandboxPolicy, isConsented: false })
    const tomas = await endpoint.signIn(TOMAS, 'nav_bar')
    expect((await tomas.get('/api/me')).as(me).roles).not.toContain('lead')
  })

  const billingLeads: Policy = {
    ...sandboxPolicy,
    version: 2,
    roles: {
      ...sandboxPolicy.roles,
      lead: [...sandboxPolicy.roles.lead, { by: 'group', groupId: BILLING }],
    },
  }

  it('that builds on another group confirms those whom the second person saw in it', async () => {
    const endpoint = await startEndpoint({ policy: billingLeads })
    await activate(endpoint, { policy: sandboxPolicy })
    await activate(endpoint, { policy: billingLeads, previous: sandboxPolicy })
    const maya = await endpoint.signIn(MAYA, 'nav_bar')
    expect((await maya.get('/api/me')).as(me).roles).toContain('lead')
  })

  it('that nobody consented to confirms nobody', async () => {
    const endpoint = await startEndpoint({ policy: billingLeads })
    await activate(endpoint, { policy: sandboxPolicy })
    const change = { policy: billingLeads, previous: sandboxPolicy, isConsented: false }
    await activate(endpoint, change)
    const maya = await endpoint.signIn(MAYA, 'nav_bar')
    expect((await maya.get('/api/me')).as(me).roles).toEqual(['frontline'])
  })
})

describe('the second person', () => {
  it('confirms, and the power counts from the next request on', async () => {
    const endpoint = await withNewLead()
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    const { id } = await ask(maya)
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    expect(await powersFor(ingrid)).toMatchObject([
      {
        person: { id: TOMAS, name: 'Tomás Vidal' },
        power: `group_${LEADS}`,
        groupName: 'Escalation leads',
        state: 'waiting',
        roles: ['lead'],
        decides: ['confidential', 'restricted', 'secret'],
        mayDecide: { allowed: true },
      },
    ])
    expect((await ingrid.post(path(TOMAS, 'confirm'))).as(powerList).powers).toEqual([])
    await endpoint.expectAuditEntry({
      action: 'power.confirm',
      outcome: 'ok',
      actor: {
        type: 'person',
        id: INGRID_COMPLIANCE,
        roles: expect.arrayContaining(['compliance']),
      },
      data: { personId: TOMAS, power: `group_${LEADS}` },
    })
    const tomas = await endpoint.signIn(TOMAS, 'nav_bar')
    expect((await approve(tomas, id)).as(revealRequestView).state).toBe('approved')
  })

  it('declines, and nothing counts until somebody confirms or it is given anew', async () => {
    const endpoint = await withNewLead()
    const sam = await endpoint.signIn(SAM_ADMINISTRATOR, 'nav_bar')
    const [declined] = (await sam.post(path(TOMAS, 'decline'))).as(powerList).powers
    expect(declined).toMatchObject({
      state: 'declined',
      declined: { by: { id: SAM_ADMINISTRATOR } },
    })
    await endpoint.expectAuditEntry({
      action: 'power.decline',
      data: { personId: TOMAS, power: `group_${LEADS}` },
    })
    const tomas = await endpoint.signIn(TOMAS, 'nav_bar')
    expect((await tomas.get('/api/reveal-requests')).problem().status).toBe(403)
    expect((await sam.post(path(TOMAS, 'decline'))).problem().code).toBe('power_not_found')
    await sam.post(path(TOMAS, 'confirm'))
    ;(await tomas.get('/api/reveal-requests')).as(revealRequestList)

    await putIntoGroups(endpoint, TOMAS, [BILLING])
    await putIntoGroups(endpoint, TOMAS, [BILLING, LEADS])
    expect((await tomas.get('/api/reveal-requests')).problem().status).toBe(403)
  })

  it.each([
    ['a lead', OMAR],
    ['an agent', MAYA],
    ['the holder', TOMAS],
  ])('is not %s', async (_, personId) => {
    const endpoint = await withNewLead()
    const caller = await endpoint.signIn(personId, 'nav_bar')
    expect((await caller.get('/api/powers')).problem().code).toBe('role_not_permitted')
    const answer = await caller.post(path(TOMAS, 'confirm'))
    expect(answer.problem()).toMatchObject({ status: 403, code: 'role_not_permitted' })
    await endpoint.expectAuditEntry({ action: 'power.refuse', code: 'role_not_permitted' })
    await endpoint.expectNoAuditEntry('power.confirm')
  })

  it('is not the holder, be they compliance and administrator in one', async () => {
    const endpoint = await startEndpoint()
    await activate(endpoint)
    await putIntoGroups(endpoint, SAM_ADMINISTRATOR, [LEADS])
    const sam = await endpoint.signIn(SAM_ADMINISTRATOR, 'nav_bar')
    const [own] = await powersFor(sam)
    expect(own?.mayDecide).toEqual({ allowed: false, code: 'second_person_needed' })
    const answer = await sam.post(path(SAM_ADMINISTRATOR, 'confirm'))
    expect(answer.problem()).toMatchObject({ status: 403, code: 'second_person_needed' })
    expect((await sam.get('/api/me')).as(me).roles).toEqual(['administrator'])
  })

  it('is not the holder under a second user that policy pairs', async () => {
    const endpoint = await startEndpoint({
      policy: { ...sandboxPolicy, samePerson: [[INGRID_COMPLIANCE, TOMAS]] },
    })
    await activate(endpoint)
    await putIntoGroups(endpoint, TOMAS, [BILLING, LEADS])
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    expect((await ingrid.post(path(TOMAS, 'confirm'))).problem().code).toBe('second_person_needed')
  })

  it('is nobody whose own power waits', async () => {
    const endpoint = await withNewLead()
    await putIntoGroups(endpoint, LENA, [COMPLIANCE])
    const lena = await endpoint.signIn(LENA, 'nav_bar')
    expect((await lena.post(path(TOMAS, 'confirm'))).problem().code).toBe('role_not_permitted')
    await endpoint.expectNoAuditEntry('power.confirm')
  })

  it('finds nothing to confirm where nothing waits', async () => {
    const endpoint = await withNewLead()
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    for (const [personId, power] of [
      [MAYA, `group_${LEADS}`],
      [TOMAS, `group_${COMPLIANCE}`],
      [OMAR, `group_${LEADS}`],
      [99_999, 'agent'],
    ] as const) {
      const answer = await ingrid.post(path(personId, 'confirm', power))
      expect(answer.problem()).toMatchObject({ status: 404, code: 'power_not_found' })
    }
    expect((await ingrid.post(path(TOMAS, 'confirm', 'owner'))).problem().status).toBe(400)
  })

  it('confirms nothing that is gone from Zendesk meanwhile', async () => {
    const endpoint = await withNewLead()
    endpoint.zendesk.changePerson(TOMAS, { groupIds: [BILLING] })
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    expect((await ingrid.post(path(TOMAS, 'confirm'))).problem().code).toBe('power_not_found')
  })

  it('confirms nothing when the entry cannot be written', async () => {
    const endpoint = await withNewLead()
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const { database, account } = endpoint.deps
    await database.orm.execute(blockEntries(account.id, 'on'))
    expect((await ingrid.post(path(TOMAS, 'confirm'))).status).toBeGreaterThanOrEqual(500)
    await database.orm.execute(blockEntries(account.id, 'off'))
    const tomas = await endpoint.signIn(TOMAS, 'nav_bar')
    expect((await tomas.get('/api/reveal-requests')).problem().status).toBe(403)
  })

  it('is one of two who decide at once', async () => {
    const endpoint = await withNewLead()
    const callers = [
      await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar'),
      await endpoint.signIn(SAM_ADMINISTRATOR, 'nav_bar'),
    ]
    const answers = await Promise.all(callers.map((caller) => caller.post(path(TOMAS, 'confirm'))))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 404])
    const confirmed = (await endpoint.auditEntries()).filter(
      (entry) => entry.action === 'power.confirm',
    )
    expect(confirmed).toHaveLength(1)
  })

  it('sees another account’s waiting power as little as its own account’s people do', async () => {
    await withNewLead()
    const other = await startEndpoint()
    await activate(other)
    const ingrid = await other.signIn(INGRID_COMPLIANCE, 'nav_bar')
    expect(await powersFor(ingrid)).toEqual([])
  })
})
