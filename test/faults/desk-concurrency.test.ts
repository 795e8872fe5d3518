/**
 * The desk under load, on a Postgres server: thirty-two workers, ten thousand random acts of five people
 * on the same two fields. Afterwards the log is replayed: it must tell a story in which nobody saw
 * anything without a live grant, and the tables must stand as it ends.
 */
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { and, eq, gte } from 'drizzle-orm'
import * as fc from 'fast-check'
import type { Database } from '../../src/storage/database.ts'
import { openDatabase } from '../../src/storage/database.ts'
import { readAuditEntries, verifyAuditLog } from '../../src/storage/audit-log.ts'
import { grants, reveals } from '../../src/storage/schema.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import type { AuditEntry } from '../../src/audit/entry.ts'
import { Desk, PEOPLE, RULES } from '../model/desk-driver.ts'
import { replayLog } from '../model/replay-log.ts'
import { INGRID_COMPLIANCE, LENA, OMAR } from '../support/endpoint.ts'

const WORKERS = 32
const ACTS = 10_000
/** Minutes that the clock moves at once. */
const LONGEST_JUMP = 3
/** Printed by a failing run: the same acts in the same order, if not the same interleaving. */
const SEED = 20_261_122

let database: Database
beforeAll(async () => {
  database = await openDatabase({ url: inject('postgresUrl'), maxConnections: 32 })
  await migrateDatabase(database)
})
afterAll(() => database.close())

type Act = (desk: Desk) => Promise<unknown>

const anybody = fc.constantFrom(...PEOPLE.map(({ id }) => id))
const anyDecider = fc.constantFrom(OMAR, LENA, INGRID_COMPLIANCE)
const anyFields = fc.constantFrom(['phone'], ['card_number'], ['phone', 'card_number'])
/** How far back from the newest: most acts of a moment meet at the same few requests. */
const anyAge = fc.nat(4)

/** What was shown, to whom, under which grant. */
const shown: { by: number; grantId: string; field: string }[] = []

const newest = (count: number, age: number) => Math.max(0, count - 1 - age)

const acts: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(anybody, anyFields).map(
      ([by, fields]): Act =>
        (desk) =>
          desk.request(by, fields, 10, null),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(anybody, anyFields, anyAge).map(
      ([by, fields, age]): Act =>
        (desk) =>
          desk.request(by, fields, 10, newest(desk.grantIds.length, age)),
    ),
  },
  {
    weight: 6,
    arbitrary: fc.tuple(anyDecider, anyAge).map(
      ([by, age]): Act =>
        (desk) =>
          desk.approve(by, newest(desk.requestIds.length, age), {}),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(anyDecider, anyAge).map(
      ([by, age]): Act =>
        (desk) =>
          desk.claim(by, newest(desk.requestIds.length, age)),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(anybody, anyAge).map(
      ([by, age]): Act =>
        (desk) =>
          desk.approve(by, newest(desk.requestIds.length, age), { fields: ['phone'] }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(anyDecider, anyAge).map(
      ([by, age]): Act =>
        (desk) =>
          desk.deny(by, newest(desk.requestIds.length, age)),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(anybody, anyAge).map(
      ([by, age]): Act =>
        (desk) =>
          desk.withdraw(by, newest(desk.requestIds.length, age)),
    ),
  },
  {
    weight: 12,
    arbitrary: fc
      .tuple(fc.option(anybody), anyAge, fc.constantFrom('phone', 'card_number'))
      .map(([other, age, field]): Act => async (desk) => {
        const at = newest(desk.grantIds.length, age)
        const by = other ?? desk.grantOwners[at] ?? OMAR
        const answer = await desk.reveal(by, at, field)
        if (answer !== null) shown.push({ by, grantId: desk.grantIds[at] ?? '', field })
      }),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(anybody, anyAge).map(
      ([by, age]): Act =>
        (desk) =>
          desk.release(by, newest(desk.grantIds.length, age)),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(anyDecider, anyAge).map(
      ([by, age]): Act =>
        (desk) =>
          desk.revoke(by, newest(desk.grantIds.length, age)),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(anyDecider, anybody).map(
      ([from, to]): Act =>
        (desk) =>
          desk.delegate(from, to, 5),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(RULES[0], RULES[0], RULES[0], ...RULES).map(
      (rules): Act =>
        async (desk) =>
          desk.changePolicy(rules),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(anybody, fc.constantFrom(false, false, true)).map(
      ([by, isOut]): Act =>
        async (desk) =>
          desk.suspend(by, isOut && by !== OMAR),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(0, 0, 0, 1, LONGEST_JUMP).map(
      (minutes): Act =>
        (desk) =>
          desk.pass(minutes),
    ),
  },
)

async function readLog(desk: Desk): Promise<AuditEntry[]> {
  const { account } = desk.endpoint.deps
  const stored = await readAuditEntries(database.orm, account.id, 0, 100_000)
  return stored.map(({ body }) => JSON.parse(body) as AuditEntry)
}

it('thirty-two workers and ten thousand acts: the log tells a story in which every promise was kept', async () => {
  const desk = await Desk.open(database)
  const line = fc.sample(acts, { numRuns: ACTS, seed: SEED })
  const work = async () => {
    for (let act = line.pop(); act !== undefined; act = line.pop()) await act(desk)
  }
  await Promise.all(Array.from({ length: WORKERS }, work))
  await desk.pass(1)

  const { account } = desk.endpoint.deps
  const entries = await readLog(desk)
  const { faults, ...told } = replayLog(entries, { slackMinutes: LONGEST_JUMP })
  expect(faults).toEqual([])
  // The tables stand as the log ends.
  const { asks, grants: stored } = await desk.state()
  expect(asks).toEqual(desk.requestIds.map((id) => told.requests.get(id)))
  expect(stored).toEqual(desk.grantIds.map((id) => told.grants.get(id)))
  // Whoever was shown a value has an entry of it, and nobody else has.
  const revealed = entries.filter(
    ({ action, outcome }) => action === 'grant.reveal' && outcome === 'ok',
  )
  const spell = (by: number, grantId: string | undefined, field: string | undefined) =>
    `${by} ${grantId} ${field}`
  expect(shown.map(({ by, grantId, field }) => spell(by, grantId, field)).toSorted()).toEqual(
    revealed
      .map(({ actor, grantId, fields }) =>
        spell(actor.type === 'person' ? actor.id : 0, grantId, fields?.[0]),
      )
      .toSorted(),
  )
  // To the instant: no use was taken of a grant that was over.
  const late = await database.orm
    .select({ grantId: reveals.grantId })
    .from(reveals)
    .innerJoin(grants, eq(grants.id, reveals.grantId))
    .where(and(eq(grants.account, account.id), gte(reveals.at, grants.expiresAt)))
  expect(late).toEqual([])
  // A desk at which nothing happens proves nothing.
  expect(told.grants.size).toBeGreaterThan(50)
  expect(shown.length).toBeGreaterThan(50)
  expect(await verifyAuditLog(database, account.id)).toMatchObject({
    isIntact: true,
  })
}, 900_000)
