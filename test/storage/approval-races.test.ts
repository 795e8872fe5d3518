/** Deciding, claiming and delegating at the same instant, on both engines. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { delegationView } from '../../src/contract/delegations.ts'
import { revealRequestView } from '../../src/contract/reveal-requests.ts'
import type { Policy } from '../../src/core/policy.ts'
import { verifyAuditLog } from '../../src/storage/audit-log.ts'
import type { Database } from '../../src/storage/database.ts'
import { openDatabase } from '../../src/storage/database.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import { appendDecision, findDecisions } from '../../src/storage/reveal-requests.ts'
import { decisions, delegations } from '../../src/storage/schema.ts'
import { violates } from '../../src/storage/storage-error.ts'
import { claim, delegate, deny, gate, policyWith, unclaim } from '../support/approvals.ts'
import type { Answer, Caller, TestEndpoint } from '../support/endpoint.ts'
import {
  AISHA,
  INGRID_COMPLIANCE,
  LENA,
  MAYA,
  OMAR,
  TOMAS,
  startEndpoint,
} from '../support/endpoint.ts'
import { SUPPORT_TICKET, approve, ask, fieldsOf, putValue, reveal } from '../support/story.ts'

const engines = [
  ['PGlite', () => openDatabase({ memory: true })],
  ['Postgres', () => openDatabase({ url: inject('postgresUrl'), maxConnections: 24 })],
] as const

const ROUNDS = 5
const LEAD = gate(1, ['lead'])

describe.each(engines)('races of approvals on %s', (_, open) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
    await migrateDatabase(database)
  })
  afterAll(() => database.close())

  /** Aisha's requests, one a round, on a ticket that Omar, Lena and Ingrid see. */
  async function start(policy: Policy = policyWith([LEAD])) {
    const endpoint = await startEndpoint({ database, policy })
    const aisha = await endpoint.signIn(AISHA)
    await putValue(aisha, SUPPORT_TICKET)
    const [omar, lena, ingrid] = [
      await endpoint.signIn(OMAR, 'nav_bar'),
      await endpoint.signIn(LENA, 'nav_bar'),
      await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar'),
    ]
    return { endpoint, aisha, omar, lena, ingrid }
  }
  const asked = async (by: Caller) => (await ask(by, { ticketId: SUPPORT_TICKET })).id
  const statusesOf = (answers: readonly Answer[]) => answers.map(({ status }) => status).toSorted()
  const entriesOf = async (endpoint: TestEndpoint, requestId: string) =>
    (await endpoint.auditEntries()).filter((entry) => entry.requestId === requestId)
  const actionsOf = async (endpoint: TestEndpoint, requestId: string) =>
    (await entriesOf(endpoint, requestId)).map(({ action }) => action)
  const count = (actions: readonly string[], action: string) =>
    actions.filter((candidate) => candidate === action).length
  const decisionsOn = (endpoint: TestEndpoint, id: string) =>
    findDecisions(endpoint.deps.database.orm, [id])

  it('two claims at once: one holds it, the other is told', async () => {
    const { endpoint, aisha, omar, lena } = await start()
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = await asked(aisha)
      const answers = await Promise.all([claim(omar, id), claim(lena, id)])
      expect(statusesOf(answers)).toEqual([200, 409])
      const holder = answers.find(({ status }) => status === 200)?.as(revealRequestView).claim
        ?.by.id
      const { requests } = await fieldsOf(aisha, SUPPORT_TICKET)
      expect(requests.find((request) => request.id === id)?.claim?.by.id).toBe(holder)
      expect(count(await actionsOf(endpoint, id), 'reveal_request.claim')).toBe(1)
      await aisha.post(`/api/reveal-requests/${id}/withdraw`)
    }
  })

  it('a claim and somebody else’s decision at once: one of them happens', async () => {
    const { endpoint, aisha, omar, lena } = await start()
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = await asked(aisha)
      const [claimed, decided] = await Promise.all([claim(omar, id), approve(lena, id)])
      expect(statusesOf([claimed, decided])).toEqual([200, 409])
      const actions = await actionsOf(endpoint, id)
      expect(count(actions, 'reveal_request.claim')).toBe(claimed.status === 200 ? 1 : 0)
      expect(count(actions, 'grant.create')).toBe(decided.status === 200 ? 1 : 0)
      const refused = claimed.status === 200 ? decided : claimed
      expect(refused.problem().code).toBe(
        refused === decided ? 'request_claimed' : 'request_not_pending',
      )
      await aisha.post(`/api/reveal-requests/${id}/withdraw`)
    }
  })

  it('letting go, claiming and deciding at once never leave two holders or a decision on a claim', async () => {
    const { endpoint, aisha, omar, lena } = await start()
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = await asked(aisha)
      await claim(omar, id)
      await Promise.all([unclaim(omar, id), claim(lena, id), deny(omar, id)])
      const actions = await actionsOf(endpoint, id)
      const decided = actions.indexOf('reveal_request.deny')
      const taken = actions.lastIndexOf('reveal_request.claim')
      const isDecided = decided > -1
      // Omar decides while it is his or nobody's, and nobody claims what is decided.
      expect(isDecided && taken > decided).toBe(false)
      expect(isDecided && count(actions, 'reveal_request.claim') === 2).toBe(false)
      await aisha.post(`/api/reveal-requests/${id}/withdraw`)
    }
  })

  it('two delegates decide for one lender at once: their two words are one', async () => {
    const policy = policyWith([gate(2, ['lead', 'compliance'])], {
      delegation: { toRoles: ['frontline'], maxDays: 30 },
    })
    const { endpoint, aisha, omar, ingrid } = await start(policy)
    const delegates = [
      await endpoint.signIn(TOMAS, 'nav_bar'),
      await endpoint.signIn(MAYA, 'nav_bar'),
    ]
    for (const { personId } of delegates) (await delegate(omar, personId)).as(delegationView)
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = await asked(aisha)
      const answers = await Promise.all(delegates.map((one) => approve(one, id)))
      expect(statusesOf(answers)).toEqual([200, 409])
      expect(await decisionsOn(endpoint, id)).toMatchObject([{ onBehalfOf: OMAR }])
      expect((await approve(omar, id)).problem().code).toBe('decision_exists')
      expect((await approve(ingrid, id)).as(revealRequestView).state).toBe('approved')
      expect(count(await actionsOf(endpoint, id), 'grant.create')).toBe(1)
    }
  })

  it('lender and delegate decide at once: one of them does', async () => {
    const policy = policyWith([gate(2, ['lead', 'compliance'])], {
      delegation: { toRoles: ['frontline'], maxDays: 30 },
    })
    const { endpoint, aisha, omar } = await start(policy)
    const tomas = await endpoint.signIn(TOMAS, 'nav_bar')
    await delegate(omar, TOMAS)
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = await asked(aisha)
      expect(statusesOf(await Promise.all([approve(omar, id), approve(tomas, id)]))).toEqual([
        200, 409,
      ])
      expect(await decisionsOn(endpoint, id)).toHaveLength(1)
      await aisha.post(`/api/reveal-requests/${id}/withdraw`)
    }
  })

  it('a delegation that ends while its delegate decides: nothing is decided after its end', async () => {
    const policy = policyWith([LEAD], { delegation: { toRoles: ['frontline'], maxDays: 30 } })
    const { endpoint, aisha, omar } = await start(policy)
    const tomas = await endpoint.signIn(TOMAS, 'nav_bar')
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = await asked(aisha)
      const lent = (await delegate(omar, TOMAS)).as(delegationView)
      const [decided, ended] = await Promise.all([
        approve(tomas, id),
        omar.post(`/api/delegations/${lent.id}/end`),
      ])
      expect(ended.status).toBe(200)
      expect([200, 403]).toContain(decided.status)
      expect(await decisionsOn(endpoint, id)).toHaveLength(decided.status === 200 ? 1 : 0)
      if (decided.status !== 200) await aisha.post(`/api/reveal-requests/${id}/withdraw`)
    }
  })

  it('two approvals at once for two levels of which one waits: the other is refused, not kept', async () => {
    const { endpoint, aisha, omar, lena, ingrid } = await start(
      policyWith([LEAD, gate(1, ['compliance'])]),
    )
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = await asked(aisha)
      const answers = await Promise.all([approve(omar, id), approve(lena, id)])
      expect(statusesOf(answers)).toEqual([200, 403])
      expect(await decisionsOn(endpoint, id)).toHaveLength(1)
      expect((await approve(ingrid, id)).as(revealRequestView).state).toBe('approved')
    }
  })

  it('two approvals at once where two are needed: both count, and one grant comes of it', async () => {
    const { endpoint, aisha, omar, lena } = await start(policyWith([gate(2, ['lead'])]))
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = await asked(aisha)
      const answers = await Promise.all([approve(omar, id), approve(lena, id)])
      expect(statusesOf(answers)).toEqual([200, 200])
      const actions = await actionsOf(endpoint, id)
      expect(count(actions, 'reveal_request.approve')).toBe(2)
      expect(count(actions, 'grant.create')).toBe(1)
    }
  })

  it('one person deciding sixteen times at once decides once', async () => {
    const { endpoint, aisha, omar } = await start(policyWith([gate(2, ['lead'])]))
    const id = await asked(aisha)
    const answers = await Promise.all(Array.from({ length: 16 }, () => approve(omar, id)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(15)
    const actions = await actionsOf(endpoint, id)
    expect(count(actions, 'reveal_request.approve')).toBe(1)
    expect(count(actions, 'reveal_request.refuse')).toBe(15)
  })

  it('an extension is approved while its grant is used: no value is shown under the old one after', async () => {
    const { endpoint, aisha, omar } = await start()
    for (let round = 0; round < ROUNDS; round += 1) {
      const first = (await approve(omar, await asked(aisha))).as(revealRequestView)
      const grantId = first.grantId ?? ''
      const more = await ask(aisha, { ticketId: SUPPORT_TICKET, extendsGrantId: grantId })
      const [decided, ...shown] = await Promise.all([
        approve(omar, more.id),
        ...Array.from({ length: 6 }, () => reveal(aisha, grantId)),
      ])
      expect(decided.status).toBe(200)
      for (const answer of shown) expect([200, 410]).toContain(answer.status)
      const about = (await endpoint.auditEntries()).filter((entry) => entry.grantId === grantId)
      const actions = about.map(({ action }) => action)
      expect(actions).toContain('grant.end')
      expect(actions.slice(actions.indexOf('grant.end'))).not.toContain('grant.reveal')
      await aisha.post(`/api/grants/${decided.as(revealRequestView).grantId}/release`)
    }
  })

  it('one decision on many requests, twice at once, decides each of them once', async () => {
    const { endpoint, aisha, omar, lena } = await start()
    const fieldIds = ['card_number', 'phone', 'iban']
    for (const fieldId of fieldIds.slice(1)) {
      await putValue(aisha, SUPPORT_TICKET, fieldId, '+44 20 7946 0147')
    }
    const ids: string[] = []
    for (const fieldId of fieldIds) {
      ids.push((await ask(aisha, { ticketId: SUPPORT_TICKET, fieldIds: [fieldId] })).id)
    }
    const body = { ids, outcome: 'approve' }
    await Promise.all([omar, lena].map((lead) => lead.post('/api/reveal-requests/decide', body)))
    const actions = (await endpoint.auditEntries()).map(({ action }) => action)
    expect(count(actions, 'grant.create')).toBe(ids.length)
    expect(count(actions, 'reveal_request.approve')).toBe(ids.length)
  })

  it('leaves a log that verifies', async () => {
    const { endpoint, aisha, omar, lena } = await start(policyWith([gate(2, ['lead'])]))
    const id = await asked(aisha)
    await Promise.all([claim(omar, id), approve(lena, id), approve(omar, id), deny(lena, id)])
    const result = await verifyAuditLog(database, endpoint.deps.account.id)
    expect(result).toMatchObject({ isIntact: true })
  })

  describe('whatever the code above says', () => {
    const refusalOf = (attempt: Promise<unknown>): Promise<unknown> =>
      attempt.then(
        () => undefined,
        (error: unknown) => error,
      )

    it('nobody decides on their own request through a delegation', async () => {
      const { endpoint, aisha } = await start()
      const id = await asked(aisha)
      const decision = {
        requestId: id,
        requesterId: AISHA,
        outcome: 'approve' as const,
        minutes: 5,
        fieldIds: ['card_number'],
        comment: null,
        at: endpoint.clock.now(),
      }
      const attempt = (approverId: number, onBehalfOf: number | null) =>
        refusalOf(
          database.transaction((tx) => appendDecision(tx, { ...decision, approverId, onBehalfOf })),
        )
      expect(violates(await attempt(AISHA, null), 'no_self_approval')).toBe(true)
      expect(violates(await attempt(AISHA, OMAR), 'no_self_approval')).toBe(true)
      expect(violates(await attempt(OMAR, AISHA), 'no_self_approval_by_delegation')).toBe(true)
      expect(violates(await attempt(OMAR, OMAR), 'no_self_approval_by_delegation')).toBe(true)
      expect(await database.orm.select().from(decisions)).not.toContainEqual(
        expect.objectContaining({ requestId: id }),
      )
    })

    it('nobody delegates to themselves, nor for no time', async () => {
      const at = new Date('2026-11-23T10:00:00.000Z')
      const row = {
        account: `account-${randomUUID()}`,
        fromId: OMAR,
        toId: LENA,
        startsAt: at,
        endsAt: new Date(at.getTime() + 1000),
        reason: 'Away',
        createdAt: at,
      }
      const attempt = (change: Partial<typeof row>) =>
        refusalOf(
          database.transaction(async (tx) => {
            await tx.insert(delegations).values({ ...row, id: randomUUID(), ...change })
          }),
        )
      expect(violates(await attempt({ toId: OMAR }), 'delegated_to_another')).toBe(true)
      expect(violates(await attempt({ endsAt: at }), 'delegation_has_length')).toBe(true)
    })
  })
})
