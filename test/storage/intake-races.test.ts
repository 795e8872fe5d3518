/** One link and many answers at once: one is stored, on both engines. */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { createdIntakeLink } from '../../src/contract/intake-links.ts'
import { findCurrentValues } from '../../src/storage/vault.ts'
import type { Database } from '../../src/storage/database.ts'
import { openDatabase } from '../../src/storage/database.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import type { TestEndpoint } from '../support/endpoint.ts'
import { MAYA, startEndpoint } from '../support/endpoint.ts'
import { REFUND_TICKET, putValue } from '../support/story.ts'

const engines = [
  ['PGlite', () => openDatabase({ memory: true })],
  ['Postgres', () => openDatabase({ url: inject('postgresUrl'), maxConnections: 24 })],
] as const

const LINKS = `/api/tickets/${REFUND_TICKET}/intake-links`
const cardOf = (at: number) => `4111 1111 1111 ${1000 + at}`

describe.each(engines)('answers at once on %s', (_, open) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
    await migrateDatabase(database)
  })
  afterAll(() => database.close())

  const answer = (endpoint: TestEndpoint, path: string, value: string) =>
    endpoint.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ value }).toString(),
    })
  const versionOf = async ({ deps }: TestEndpoint) => {
    const record = { type: 'ticket', id: REFUND_TICKET } as const
    const values = await findCurrentValues(deps.database.orm, deps.account.id, record)
    return values.find(({ fieldId }) => fieldId === 'card_number')?.version
  }
  const countOf = async (endpoint: TestEndpoint, action: string) =>
    (await endpoint.auditEntries()).filter((entry) => entry.action === action).length

  it('sixteen answers through one link: one is stored, fifteen look like no link', async () => {
    const endpoint = await startEndpoint({ database })
    const maya = await endpoint.signIn(MAYA)
    const { path } = (await maya.post(LINKS, { fieldId: 'card_number' })).as(createdIntakeLink)
    const answers = await Promise.all(
      Array.from({ length: 16 }, (__, at) => answer(endpoint, path, cardOf(at))),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([
      200,
      ...Array.from({ length: 15 }, () => 404),
    ])
    expect(await countOf(endpoint, 'intake_link.use')).toBe(1)
    expect(await versionOf(endpoint)).toBe(1)
  })

  it('an answer and the agent take the same field at once: both are stored, one after the other', async () => {
    const endpoint = await startEndpoint({ database })
    const maya = await endpoint.signIn(MAYA)
    for (let round = 1; round <= 4; round += 1) {
      const { path } = (await maya.post(LINKS, { fieldId: 'card_number' })).as(createdIntakeLink)
      const [answered] = await Promise.all([
        answer(endpoint, path, cardOf(round)),
        putValue(maya, REFUND_TICKET, 'card_number', cardOf(100 + round)).catch(() => undefined),
      ])
      expect(answered.status).toBe(200)
      expect(await countOf(endpoint, 'intake_link.use')).toBe(round)
    }
  })

  it('an answer and its revocation at once: exactly one happens', async () => {
    const endpoint = await startEndpoint({ database })
    const maya = await endpoint.signIn(MAYA)
    for (let round = 1; round <= 4; round += 1) {
      const { path, linkId } = (await maya.post(LINKS, { fieldId: 'card_number' })).as(
        createdIntakeLink,
      )
      const [answered, revoked] = await Promise.all([
        answer(endpoint, path, cardOf(round)),
        maya.post(`${LINKS}/${linkId}/revoke`),
      ])
      expect([answered.status, revoked.status].toSorted()).toEqual([200, 404])
    }
    const ends = [
      await countOf(endpoint, 'intake_link.use'),
      await countOf(endpoint, 'intake_link.revoke'),
    ]
    expect(ends.reduce((sum, each) => sum + each)).toBe(4)
  })
})
