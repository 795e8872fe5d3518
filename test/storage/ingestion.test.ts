/** What ingestion relies on when instances race, on both engines. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { workInbox } from '../../src/endpoint/ingestion/work-inbox.ts'
import { drainOutbox } from '../../src/endpoint/outbox/drain.ts'
import type { Database } from '../../src/storage/database.ts'
import { openDatabase } from '../../src/storage/database.ts'
import {
  appendInbox,
  claimInbox,
  finishInbox,
  forgetInbox,
  postponeInbox,
} from '../../src/storage/inbox.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import { appendOutbox, findOpenOutbox, finishOutbox } from '../../src/storage/outbox.ts'
import { findExposures, recordExposures } from '../../src/storage/residual-exposures.ts'
import { claimWalk, moveWalk } from '../../src/storage/ticket-walks.ts'
import { MAYA, startEndpoint } from '../support/endpoint.ts'
import { comment, HARRIET, type, vaultOf } from '../support/ingestion.ts'
import { CARD } from '../support/story.ts'

const AT = new Date('2026-11-22T10:00:00.000Z')
const later = (seconds: number) => new Date(AT.getTime() + seconds * 1000)
const newAccount = () => `account-${randomUUID()}`

describe.each(['pglite', 'postgres'] as const)('on %s', (engine) => {
  let database: Database
  beforeAll(async () => {
    database = await openDatabase(
      engine === 'pglite' ? { memory: true } : { url: inject('postgresUrl') },
    )
    await migrateDatabase(database)
  })
  afterAll(() => database.close())

  it('an event is taken in once, whoever is first', async () => {
    const account = newAccount()
    const event = { id: 'webhook:1:a', ticketId: 1 }
    const taken = await Promise.all(
      [1, 2, 3].map(() => appendInbox(database.orm, account, AT, [event])),
    )
    expect(taken.toSorted()).toEqual([0, 0, 1])
  })

  it('events are claimed by one at a time, and come back when they are put off', async () => {
    const account = newAccount()
    const events = Array.from({ length: 40 }, (_, at) => ({ id: `e${at}`, ticketId: at + 1 }))
    await appendInbox(database.orm, account, AT, events)
    const claimed = await Promise.all(
      [1, 2, 3, 4].map(() => claimInbox(database.orm, account, AT, 10)),
    )
    const ids = claimed.flat().map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const rest = await claimInbox(database.orm, account, AT, 100)
    expect(ids.length + rest.length).toBe(40)
    expect(await claimInbox(database.orm, account, AT, 100)).toEqual([])
    await finishInbox(database.orm, account, ids, AT)
    await postponeInbox(database.orm, account, [...ids, ...rest.map(({ id }) => id)], later(5), 'x')
    const again = await claimInbox(database.orm, account, later(6), 100)
    expect(again.map(({ id }) => id).toSorted()).toEqual(rest.map(({ id }) => id).toSorted())
    expect(again.every(({ attempts }) => attempts === 2)).toBe(true)
  })

  it('a claim that nobody ended is free again after a minute', async () => {
    const account = newAccount()
    await appendInbox(database.orm, account, AT, [{ id: 'e', ticketId: 1 }])
    await claimInbox(database.orm, account, AT, 1)
    expect(await claimInbox(database.orm, account, later(59), 1)).toEqual([])
    expect(await claimInbox(database.orm, account, later(60), 1)).toHaveLength(1)
  })

  it('only what was worked through is forgotten', async () => {
    const account = newAccount()
    await appendInbox(database.orm, account, AT, [
      { id: 'done', ticketId: 1 },
      { id: 'open', ticketId: 1 },
    ])
    await finishInbox(database.orm, account, ['done'], AT)
    await forgetInbox(database.orm, account, later(1))
    expect(await appendInbox(database.orm, account, AT, [{ id: 'done', ticketId: 1 }])).toBe(1)
    expect(await appendInbox(database.orm, account, AT, [{ id: 'open', ticketId: 1 }])).toBe(0)
  })

  it('what waits for one ticket is found among the rest, and is done once', async () => {
    const account = newAccount()
    const work = [1, 2].map((ticketId) => ({
      id: randomUUID(),
      kind: 'redact_comment' as const,
      payload: { ticketId, commentId: 7 },
    }))
    await appendOutbox(database.orm, account, AT, work)
    expect(await findOpenOutbox(database.orm, account, 2)).toEqual([
      { kind: 'redact_comment', payload: { ticketId: 2, commentId: 7 } },
    ])
    const id = work[1]?.id ?? ''
    const done = await Promise.all([1, 2].map(() => finishOutbox(database.orm, id, AT)))
    expect(done.toSorted()).toEqual([false, true])
    expect(await findOpenOutbox(database.orm, account, 2)).toEqual([])
  })

  it('a walk takes one step an interval and moves from where it stands only', async () => {
    const account = newAccount()
    const first = await Promise.all(
      [1, 2, 3].map(() => claimWalk(database.orm, account, 'sweep', AT, 180)),
    )
    expect(first.filter((walk) => walk !== undefined)).toEqual([{ cursor: null, startedAt: AT }])
    const move = (from: string | null, to: string) =>
      moveWalk(database.orm, account, 'sweep', { from, to, at: AT })
    expect(await move(null, 'a')).toBe(true)
    expect(await move(null, 'b')).toBe(false)
    expect(await move('a', 'b')).toBe(true)
    expect(await claimWalk(database.orm, account, 'sweep', later(179), 180)).toBeUndefined()
    expect(await claimWalk(database.orm, account, 'sweep', later(180), 180)).toMatchObject({
      cursor: 'b',
    })
  })

  it('an exposure is recorded once', async () => {
    const account = newAccount()
    const exposure = {
      ticketId: 1,
      category: 'sent_email',
      place: 'comment_1',
      kind: 'phone',
    } as const
    expect(await recordExposures(database.orm, account, AT, [exposure])).toEqual([exposure])
    expect(await recordExposures(database.orm, account, later(9), [exposure])).toEqual([])
    expect(await findExposures(database.orm, account, {}, null, 10)).toEqual([
      { ...exposure, foundAt: AT },
    ])
  })

  it('four instances at work on one ticket at once vault once and redact once', async () => {
    const endpoint = await startEndpoint({ database })
    const { deps, clock, zendesk } = endpoint
    for (let at = 0; at < 6; at += 1) {
      await comment(endpoint, HARRIET, 4001, `<p>My card is ${CARD}, again ${at}</p>`)
    }
    await type(endpoint, MAYA, 4001, 301, CARD)
    const events = Array.from({ length: 300 }, (_, at) => ({ id: `event ${at}`, ticketId: 4001 }))
    await appendInbox(database.orm, deps.account.id, deps.now(), events)
    for (let round = 0; round < 8; round += 1) {
      await Promise.all([1, 2, 3, 4].map(() => workInbox({ ...deps })))
      await Promise.all([1, 2, 3, 4].map(() => drainOutbox({ ...deps })))
      clock.advance(61)
    }
    expect(await vaultOf(endpoint, 4001)).toHaveLength(7)
    expect(JSON.stringify(zendesk.emulator.state.comments[4001])).not.toContain(CARD)
    expect(zendesk.fieldText(4001, 301)).toContain('4242 [scrim:')
    const entries = await endpoint.auditEntries()
    const redacted = entries.filter(({ action }) => action === 'comment.redact')
    expect(redacted.filter(({ data }) => data?.wasRedacted === false)).toHaveLength(6)
    expect(await findOpenOutbox(database.orm, deps.account.id, 4001)).toEqual([])
  })
})
