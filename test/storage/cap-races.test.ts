/** Reveals and approvals that come all at once: caps and the breaker hold on both engines. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { revealRequestView } from '../../src/contract/reveal-requests.ts'
import type { Policy } from '../../src/core/policy.ts'
import { createApp } from '../../src/endpoint/app.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import { takeRuleUse } from '../../src/storage/automatic-approvals.ts'
import { findOpenBreaker } from '../../src/storage/circuit-breakers.ts'
import type { Database } from '../../src/storage/database.ts'
import { openDatabase } from '../../src/storage/database.ts'
import {
  createException,
  decideException,
  endException,
  findException,
} from '../../src/storage/exceptions.ts'
import { findGrant } from '../../src/storage/grants.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import type { TestEndpoint } from '../support/endpoint.ts'
import { INGRID_COMPLIANCE, MAYA, SAM_ADMINISTRATOR, startEndpoint } from '../support/endpoint.ts'
import { REFUND_TICKET, approve, ask, putValue, reveal, startGranted } from '../support/story.ts'

const engines = [
  ['PGlite', () => openDatabase({ memory: true })],
  ['Postgres', () => openDatabase({ url: inject('postgresUrl'), maxConnections: 24 })],
] as const

const policyWith = (caps: Partial<Policy['caps']>, uses = 20): Policy => ({
  ...sandboxPolicy,
  limits: { ...sandboxPolicy.limits, uses },
  caps: { soft: null, hard: null, accountPerHour: null, ...caps },
})
const perHour = (most: number) => ({ perHour: most, perDay: null, customersPerDay: null })
const countOf = async (endpoint: TestEndpoint, action: string) =>
  (await endpoint.auditEntries()).filter((entry) => entry.action === action).length

describe.each(engines)('at once on %s', (_, open) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
    await migrateDatabase(database)
  })
  afterAll(() => database.close())

  it('twenty reveals under a cap of seven: seven are shown, and the other uses are still there', async () => {
    const endpoint = await startEndpoint({ database, policy: policyWith({ hard: perHour(7) }) })
    const { maya, grantId } = await startGranted(endpoint)
    const answers = await Promise.all(Array.from({ length: 20 }, () => reveal(maya, grantId)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(7)
    const refused = answers.filter(({ status }) => status !== 200).map((one) => one.problem())
    expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['reveal_cap_reached']))
    expect(refused[0]).toMatchObject({ status: 429, limit: 7, retryAfterSeconds: 3600 })
    expect(await countOf(endpoint, 'grant.reveal')).toBe(7)
    expect(await countOf(endpoint, 'grant.reveal_refuse')).toBe(13)
    const grant = await findGrant(database.orm, endpoint.deps.account.id, grantId)
    expect(grant?.fields[0]?.usesLeft).toBe(13)
  })

  it('twenty reveals under a cap of seven on two instances: seven are shown', async () => {
    const endpoint = await startEndpoint({ database, policy: policyWith({ hard: perHour(7) }) })
    const { maya, omar, grantId } = await startGranted(endpoint)
    await putValue(maya, REFUND_TICKET, 'phone', '+44 20 7946 0958')
    const { id } = await ask(maya, { fieldIds: ['phone'] })
    const other = (await approve(omar, id)).as(revealRequestView).grantId
    // Another process has a line of its own, and another grant a row of its own: nothing but the count
    // stands between the two.
    const elsewhere = createApp({ ...endpoint.deps, database: { ...database } })
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_unused, at) => {
        if (at % 2 === 0) return reveal(maya, grantId)
        return elsewhere.request(`/api/grants/${other}/reveal`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${maya.credential}`,
            'content-type': 'application/json',
          },
          body: JSON.stringify({ attemptId: randomUUID(), fieldId: 'phone' }),
        })
      }),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(7)
    expect(await countOf(endpoint, 'grant.reveal')).toBe(7)
  })

  it('twenty reveals at an account’s bound of seven: the breaker opens once, and seven are shown', async () => {
    const endpoint = await startEndpoint({ database, policy: policyWith({ accountPerHour: 7 }) })
    const { maya, grantId } = await startGranted(endpoint)
    const answers = await Promise.all(Array.from({ length: 20 }, () => reveal(maya, grantId)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(7)
    const refused = answers.filter(({ status }) => status !== 200).map((one) => one.problem().code)
    expect(new Set(refused)).toEqual(new Set(['circuit_open']))
    expect(await countOf(endpoint, 'circuit_breaker.open')).toBe(1)
    const breaker = await findOpenBreaker(database.orm, endpoint.deps.account.id)
    expect(breaker).toMatchObject({ count: 7, trippedBy: [MAYA] })
  })

  it('ten approvals by a rule that has three left: three are counted', async () => {
    const account = `test-${randomUUID()}`
    const use = { personId: MAYA, ruleId: 'own_tickets', day: '2026-11-23' }
    const taken = await Promise.all(
      Array.from({ length: 10 }, () =>
        database.transaction((tx) => takeRuleUse(tx, account, use, 3)),
      ),
    )
    expect(taken.filter(Boolean)).toHaveLength(3)
    const tomorrow = { ...use, day: '2026-11-24' }
    expect(await takeRuleUse(database.orm, account, tomorrow, 3)).toBe(true)
    const another = { ...use, personId: 102 }
    expect(await takeRuleUse(database.orm, account, another, 3)).toBe(true)
  })

  it('an approval by a rule that is undone leaves the count as it was', async () => {
    const account = `test-${randomUUID()}`
    const use = { personId: MAYA, ruleId: 'own_tickets', day: '2026-11-23' }
    await database
      .transaction(async (tx) => {
        await takeRuleUse(tx, account, use, 1)
        throw new Error('the request was not stored')
      })
      .catch(() => undefined)
    expect(await takeRuleUse(database.orm, account, use, 1)).toBe(true)
    expect(await takeRuleUse(database.orm, account, use, 1)).toBe(false)
  })

  it('consent and rejection of one exception: one of them counts', async () => {
    const account = `test-${randomUUID()}`
    const at = new Date('2026-11-23T10:00:00.000Z')
    const id = randomUUID()
    await createException(database.orm, account, {
      id,
      personId: MAYA,
      scope: { sensitivityClass: 'restricted' },
      effect: 'reveal',
      why: 'The refund desk, while the bank changes its form',
      ownerId: SAM_ADMINISTRATOR,
      createdBy: INGRID_COMPLIANCE,
      createdAt: at,
      expiresAt: new Date('2026-12-23T10:00:00.000Z'),
      reopens: null,
    })
    const decisions = (['active', 'rejected', 'active', 'rejected'] as const).map((state) =>
      decideException(database.orm, account, id, { state, by: SAM_ADMINISTRATOR, at }),
    )
    expect((await Promise.all(decisions)).filter(Boolean)).toHaveLength(1)
    const from = ['active', 'rejected'] as const
    const ends = [1, 2, 3].map(() =>
      endException(database.orm, account, id, { from, state: 'revoked', by: 106, at }),
    )
    expect((await Promise.all(ends)).filter(Boolean)).toHaveLength(1)
    expect(await findException(database.orm, account, id)).toMatchObject({ state: 'revoked' })
  })

  it('nobody consents to their own exception, whatever the code above says', async () => {
    const account = `test-${randomUUID()}`
    const at = new Date('2026-11-23T10:00:00.000Z')
    const id = randomUUID()
    await createException(database.orm, account, {
      id,
      personId: MAYA,
      scope: { fieldId: 'passport', fieldClass: 'secret', zendeskFieldId: 302 },
      effect: 'request',
      why: 'Checks passports while the team is away',
      ownerId: SAM_ADMINISTRATOR,
      createdBy: INGRID_COMPLIANCE,
      createdAt: at,
      expiresAt: new Date('2026-12-23T10:00:00.000Z'),
      reopens: null,
    })
    for (const by of [MAYA, INGRID_COMPLIANCE]) {
      const decision = { state: 'active', by, at } as const
      await expect(decideException(database.orm, account, id, decision)).rejects.toMatchObject({
        sqlState: '23514',
      })
    }
    expect(await findException(database.orm, account, id)).toMatchObject({ state: 'waiting' })
  })
})
