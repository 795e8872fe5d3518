/** Guesses that come all at once: limits hold on both engines, whoever comes first. */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { Database } from '../../src/storage/database.ts'
import { openDatabase } from '../../src/storage/database.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import type { Caller, TestEndpoint } from '../support/endpoint.ts'
import { MAYA, OMAR, TOMAS, startEndpoint } from '../support/endpoint.ts'
import { CARD, REFUND_TICKET, putValue } from '../support/story.ts'

const engines = [
  ['PGlite', () => openDatabase({ memory: true })],
  ['Postgres', () => openDatabase({ url: inject('postgresUrl'), maxConnections: 24 })],
] as const

const PATH = `/api/tickets/${REFUND_TICKET}/protected-fields/card_number/checks`
const many = (by: Caller, count: number, valueOf: (at: number) => string) =>
  Promise.all(Array.from({ length: count }, (_, at) => by.post(PATH, { value: valueOf(at) })))
const guess = (at: number) => `4111 1111 1111 ${1000 + at}`

describe.each(engines)('guessing at once on %s', (_, open) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
    await migrateDatabase(database)
  })
  afterAll(() => database.close())

  const countOf = async (endpoint: TestEndpoint, action: string) =>
    (await endpoint.auditEntries()).filter((entry) => entry.action === action).length

  it('thirty-two wrong guesses at once: five are answered, and the rest are told nothing', async () => {
    const endpoint = await startEndpoint({ database })
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    const answers = await many(maya, 32, guess)
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5)
    expect(await countOf(endpoint, 'value_check.miss')).toBe(5)
    expect(await countOf(endpoint, 'value_check.refuse')).toBe(27)
    expect((await maya.post(PATH, { value: CARD })).problem().code).toBe('value_check_locked')
  })

  it('three people guess at once: ten are answered', async () => {
    const endpoint = await startEndpoint({ database })
    const people = await Promise.all([MAYA, TOMAS, OMAR].map((id) => endpoint.signIn(id)))
    const [maya] = people
    if (maya === undefined) throw new Error('nobody')
    await putValue(maya)
    await Promise.all(people.map((person) => many(person, 8, guess)))
    expect(await countOf(endpoint, 'value_check.miss')).toBe(10)
  })

  it('the right value twenty times at once: ten are answered in one minute', async () => {
    const endpoint = await startEndpoint({ database })
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    const answers = await many(maya, 20, () => CARD)
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10)
    expect(await countOf(endpoint, 'value_check.match')).toBe(10)
  })
})
