/** What only a server with many connections can race: the whole endpoint on both engines. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { revealRequestView } from '../../src/contract/reveal-requests.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import { verifyAuditLog } from '../../src/storage/audit-log.ts'
import type { Database } from '../../src/storage/database.ts'
import { openDatabase } from '../../src/storage/database.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import type { TestEndpoint } from '../support/endpoint.ts'
import { AISHA, LENA, OMAR, startEndpoint } from '../support/endpoint.ts'
import {
  SUPPORT_TICKET,
  approve,
  ask,
  fieldsOf,
  putValue,
  reveal,
  startGranted,
} from '../support/story.ts'

const engines = [
  ['PGlite', () => openDatabase({ memory: true })],
  ['Postgres', () => openDatabase({ url: inject('postgresUrl'), maxConnections: 24 })],
] as const

const withUses = (uses: number) => ({
  ...sandboxPolicy,
  limits: { ...sandboxPolicy.limits, uses },
})

describe.each(engines)('races on %s', (_, open) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
    await migrateDatabase(database)
  })
  afterAll(() => database.close())

  const actionsOf = async (endpoint: TestEndpoint) =>
    (await endpoint.auditEntries()).map(({ action }) => action)
  const count = (actions: readonly string[], action: string) =>
    actions.filter((candidate) => candidate === action).length

  it('sixty-four uses at once of a one-use grant: one value, one entry, sixty-three refusals', async () => {
    const endpoint = await startEndpoint({ database, policy: withUses(1) })
    const { maya, grantId } = await startGranted(endpoint)
    const answers = await Promise.all(Array.from({ length: 64 }, () => reveal(maya, grantId)))
    expect(answers.filter(({ text }) => text.includes('4242'))).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const actions = await actionsOf(endpoint)
    expect(count(actions, 'grant.reveal')).toBe(1)
    expect(count(actions, 'grant.reveal_refuse')).toBe(63)
  })

  it('one attempt sent sixteen times at once costs one use', async () => {
    const endpoint = await startEndpoint({ database, policy: withUses(3) })
    const { maya, grantId } = await startGranted(endpoint)
    const attemptId = randomUUID()
    await Promise.all(Array.from({ length: 16 }, () => reveal(maya, grantId, attemptId)))
    expect((await fieldsOf(maya)).grants[0]?.fields[0]?.usesLeft).toBe(2)
    expect(count(await actionsOf(endpoint), 'grant.reveal')).toBe(1)
    expect((await reveal(maya, grantId, attemptId)).status).toBe(200)
  })

  it('two leads approve at the same instant: one grant', async () => {
    const endpoint = await startEndpoint({ database })
    const aisha = await endpoint.signIn(AISHA)
    await putValue(aisha, SUPPORT_TICKET)
    const leads = [await endpoint.signIn(OMAR, 'nav_bar'), await endpoint.signIn(LENA, 'nav_bar')]
    for (let round = 1; round <= 5; round += 1) {
      const request = await ask(aisha, { ticketId: SUPPORT_TICKET })
      const answers = await Promise.all(leads.map((lead) => approve(lead, request.id)))
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
      expect(count(await actionsOf(endpoint), 'grant.create')).toBe(round)
    }
  })

  it('approve, deny and withdraw at the same instant: exactly one happens', async () => {
    const endpoint = await startEndpoint({ database })
    const aisha = await endpoint.signIn(AISHA)
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    const lena = await endpoint.signIn(LENA, 'nav_bar')
    await putValue(aisha, SUPPORT_TICKET)
    for (let round = 0; round < 5; round += 1) {
      const { id } = await ask(aisha, { ticketId: SUPPORT_TICKET })
      const answers = await Promise.all([
        approve(omar, id),
        lena.post(`/api/reveal-requests/${id}/deny`, { comment: 'Ask the provider first' }),
        aisha.post(`/api/reveal-requests/${id}/withdraw`),
      ])
      const done = answers.filter(({ status }) => status === 200)
      expect(done).toHaveLength(1)
      const { state } = done[0]?.as(revealRequestView) ?? {}
      const { requests } = await fieldsOf(aisha, SUPPORT_TICKET)
      expect(requests.find((request) => request.id === id)?.state).toBe(state)
    }
  })

  it('no reveal is recorded after the revocation of its grant', async () => {
    for (let round = 0; round < 5; round += 1) {
      const endpoint = await startEndpoint({ database, policy: withUses(20) })
      const { maya, omar, grantId } = await startGranted(endpoint)
      await Promise.all([
        ...Array.from({ length: 8 }, () => reveal(maya, grantId)),
        omar.post(`/api/grants/${grantId}/revoke`),
        ...Array.from({ length: 8 }, () => reveal(maya, grantId)),
      ])
      const actions = await actionsOf(endpoint)
      const revokedAt = actions.indexOf('grant.revoke')
      expect(revokedAt).toBeGreaterThan(-1)
      expect(actions.slice(revokedAt)).not.toContain('grant.reveal')
    }
  })

  it('taking a value in while its grant is used ends in one of the two orders, never in neither', async () => {
    const endpoint = await startEndpoint({ database, policy: withUses(20) })
    const { maya, grantId } = await startGranted(endpoint)
    const path = '/api/tickets/4001/protected-fields/card_number/value'
    const [taken, ...answers] = await Promise.all([
      maya.put(path, { value: '5555 5555 5555 4444' }),
      ...Array.from({ length: 12 }, () => reveal(maya, grantId)),
    ])
    expect(taken?.status).toBe(200)
    for (const answer of answers) {
      expect([200, 410]).toContain(answer.status)
      expect(answer.text).not.toContain('4444')
    }
    const actions = await actionsOf(endpoint)
    expect(actions.slice(actions.indexOf('grant.end'))).not.toContain('grant.reveal')
  })

  it('leaves a log that verifies', async () => {
    const endpoint = await startEndpoint({ database, policy: withUses(20) })
    const { maya, grantId } = await startGranted(endpoint)
    await Promise.all(Array.from({ length: 20 }, () => reveal(maya, grantId)))
    const result = await verifyAuditLog(database, endpoint.deps.account.id)
    expect(result).toMatchObject({ isIntact: true })
  })
})
