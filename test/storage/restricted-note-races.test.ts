/** Notes that are written at once on one ticket: all are stored, each under its own number. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { writtenNote } from '../../src/contract/restricted-notes.ts'
import { drainOutbox } from '../../src/endpoint/outbox/drain.ts'
import type { Database } from '../../src/storage/database.ts'
import { openDatabase } from '../../src/storage/database.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import { MAYA, OMAR, startEndpoint } from '../support/endpoint.ts'
import { settle, vaultOf } from '../support/ingestion.ts'
import { sendNote, standInsOf, writeNote } from '../support/restricted-notes.ts'
import { REFUND_TICKET } from '../support/story.ts'

const engines = [
  ['PGlite', () => openDatabase({ memory: true })],
  ['Postgres', () => openDatabase({ url: inject('postgresUrl'), maxConnections: 24 })],
] as const

describe.each(engines)('notes at once on %s', (_, open) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
    await migrateDatabase(database)
  })
  afterAll(() => database.close())

  it('twelve notes of two people: all are stored, and no two have one number', async () => {
    const endpoint = await startEndpoint({ database })
    const authors = [await endpoint.signIn(MAYA), await endpoint.signIn(OMAR)]
    const texts = Array.from({ length: 6 }, (__, at) => `Restricted finding number ${at}`)
    const written = await Promise.all(
      texts.flatMap((text) => authors.map((author) => writeNote(author, { text }))),
    )
    const ids = written.map(({ fieldId }) => fieldId)
    const expected = Array.from({ length: 12 }, (__, at) => `note_${at + 1}`)
    expect(ids.toSorted()).toEqual(expected.toSorted())
    const stored = (await vaultOf(endpoint, REFUND_TICKET)).map(({ value }) => value)
    expect(stored.toSorted()).toEqual([...texts, ...texts].toSorted())
    await settle(endpoint)
    const bodies = standInsOf(endpoint).map(({ body }) => body)
    expect(new Set(bodies).size).toBe(12)
    expect(bodies).toHaveLength(12)
  })

  it('one attempt sent eight times at once is one note', async () => {
    const endpoint = await startEndpoint({ database })
    const maya = await endpoint.signIn(MAYA)
    const attemptId = randomUUID()
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => sendNote(maya, { attemptId })),
    )
    expect(answers.map((answer) => answer.as(writtenNote).fieldId)).toEqual(
      Array.from({ length: 8 }, () => 'note_1'),
    )
    expect(await vaultOf(endpoint, REFUND_TICKET)).toHaveLength(1)
  })

  it('instances that empty the outbox together leave one private note each', async () => {
    const endpoint = await startEndpoint({ database })
    const maya = await endpoint.signIn(MAYA)
    await Promise.all([writeNote(maya), writeNote(maya), writeNote(maya)])
    await Promise.all(Array.from({ length: 4 }, () => drainOutbox(endpoint.deps)))
    await settle(endpoint)
    expect(standInsOf(endpoint)).toHaveLength(3)
  })
})
