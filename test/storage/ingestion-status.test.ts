/** What the screens of administrators and compliance are made of, on both engines. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { Database } from '../../src/storage/database.ts'
import { openDatabase } from '../../src/storage/database.ts'
import { countAffected, findTicketsOfCustomer } from '../../src/storage/erasures.ts'
import { appendInbox } from '../../src/storage/inbox.ts'
import {
  countSweptTickets,
  countWaitingWork,
  findGivenUpWork,
  findLastStep,
  findLastWebhook,
} from '../../src/storage/ingestion-status.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import {
  abandonOutbox,
  appendOutbox,
  claimOutbox,
  finishOutbox,
  postponeOutbox,
  reopenOutbox,
} from '../../src/storage/outbox.ts'
import type { Exposure } from '../../src/storage/residual-exposures.ts'
import {
  countExposures,
  findExposures,
  recordExposures,
} from '../../src/storage/residual-exposures.ts'
import { claimWalk, failWalk, moveWalk } from '../../src/storage/ticket-walks.ts'
import { startEndpoint } from '../support/endpoint.ts'
import { ask, putValue, startGranted } from '../support/story.ts'

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

  const order = async (account: string, ticketId: number, at = AT): Promise<string> => {
    const id = randomUUID()
    await appendOutbox(database.orm, account, at, [
      { id, kind: 'redact_comment', payload: { ticketId, commentId: 1 } },
    ])
    return id
  }

  it('what waits is summed by work and reason, with the next try of any', async () => {
    const account = newAccount()
    await order(account, 1)
    await postponeOutbox(database.orm, await order(account, 2), later(60), 'zendesk_busy')
    await postponeOutbox(database.orm, await order(account, 3, later(5)), later(9), 'zendesk_busy')
    await finishOutbox(database.orm, await order(account, 4), AT)
    const waiting = await countWaitingWork(database.orm, account)
    expect(waiting.toSorted((a, b) => a.count - b.count)).toEqual([
      { work: 'redact_comment', code: null, count: 1, oldestAt: AT, nextTryAt: AT },
      { work: 'redact_comment', code: 'zendesk_busy', count: 2, oldestAt: AT, nextTryAt: later(9) },
    ])
  })

  it('what was given up is counted in full and listed from the newest', async () => {
    const account = newAccount()
    const ids = await Promise.all([1, 2, 3].map((ticketId) => order(account, ticketId)))
    for (const [at, id] of ids.entries()) {
      await abandonOutbox(database.orm, id, later(at), 'conflict')
    }
    expect(await findGivenUpWork(database.orm, account, 2)).toEqual({
      count: 3,
      newest: [
        {
          id: ids[2],
          work: 'redact_comment',
          ticketId: 3,
          code: 'conflict',
          givenUpAt: later(2),
        },
        {
          id: ids[1],
          work: 'redact_comment',
          ticketId: 2,
          code: 'conflict',
          givenUpAt: later(1),
        },
      ],
    })
  })

  it('given-up work is taken up by one of three at once, and is due then', async () => {
    const account = newAccount()
    const id = await order(account, 1)
    await abandonOutbox(database.orm, id, AT, 'conflict')
    expect(await claimOutbox(database.orm, account, later(1), 10)).toEqual([])
    const taken = await Promise.all(
      [1, 2, 3].map(() => database.transaction((tx) => reopenOutbox(tx, account, [id], later(1)))),
    )
    expect(taken.flat()).toEqual([{ kind: 'redact_comment', ticketId: 1, code: 'conflict' }])
    expect(await claimOutbox(database.orm, account, later(1), 10)).toMatchObject([
      { id, attempts: 1 },
    ])
  })

  it('webhooks and what the sweep found are told apart', async () => {
    const account = newAccount()
    expect(await findLastWebhook(database.orm, account)).toBeNull()
    await appendInbox(database.orm, account, AT, [{ id: 'webhook:1:a', ticketId: 1 }])
    const swept = [1, 2, 2].map((ticketId, at) => ({ id: `sweep:${ticketId}:${at}`, ticketId }))
    await appendInbox(database.orm, account, later(60), swept)
    expect(await findLastWebhook(database.orm, account)).toEqual(AT)
    expect(await countSweptTickets(database.orm, account, AT)).toBe(2)
    expect(await countSweptTickets(database.orm, account, later(60))).toBe(0)
    expect(await countSweptTickets(database.orm, account, null)).toBe(2)
  })

  it('a step that failed says why, until one succeeds', async () => {
    const account = newAccount()
    expect(await findLastStep(database.orm, account, 'sweep')).toBeNull()
    await claimWalk(database.orm, account, 'sweep', AT, 180)
    await failWalk(database.orm, account, 'sweep', 'zendesk_busy')
    expect(await findLastStep(database.orm, account, 'sweep')).toEqual({
      at: AT,
      code: 'zendesk_busy',
    })
    await moveWalk(database.orm, account, 'sweep', { from: null, to: 'a', at: later(1) })
    expect(await findLastStep(database.orm, account, 'sweep')).toEqual({
      at: later(1),
      code: null,
    })
  })

  it('exposures come by ticket, the newest first, each once, whatever the size of a page', async () => {
    const account = newAccount()
    const all = [3, 2, 1].flatMap((ticketId) =>
      (['field_history', 'sent_email'] as const).flatMap((category) =>
        ['a', 'b'].flatMap((place) =>
          (['payment_card', 'phone'] as const).map((kind): Exposure => ({
            ticketId,
            category,
            place,
            kind,
          })),
        ),
      ),
    )
    await recordExposures(database.orm, account, AT, all)
    const seen: Exposure[] = []
    for (;;) {
      const page = await findExposures(database.orm, account, {}, seen.at(-1) ?? null, 5)
      seen.push(...page)
      if (page.length < 5) break
    }
    expect(seen).toEqual(all.map((exposure) => ({ ...exposure, foundAt: AT })))
    const counted = await countExposures(database.orm, account)
    expect(counted).toHaveLength(4)
    expect(counted[0]).toEqual({ category: 'field_history', kind: 'payment_card', count: 6 })
  })

  it('what an erasure ends is counted once each, of one customer and account', async () => {
    const endpoint = await startEndpoint({ database })
    const { maya } = await startGranted(endpoint)
    await putValue(maya, 4001, 'iban', 'GB82 WEST 1234 5698 7654 32')
    await ask(maya, { fieldIds: ['iban'] })
    const account = endpoint.deps.account.id
    await recordExposures(database.orm, account, AT, [
      { ticketId: 4001, category: 'sent_email', place: 'comment_1', kind: 'phone' },
      { ticketId: 4002, category: 'sent_email', place: 'comment_2', kind: 'phone' },
    ])
    expect(await countAffected(database.orm, account, 501)).toEqual({
      grants: 1,
      requests: 1,
      exposures: 1,
    })
    expect(await findTicketsOfCustomer(database.orm, account, 501, 10)).toEqual([
      { ticketId: 4001, values: 2 },
    ])
    const nothing = { grants: 0, requests: 0, exposures: 0 }
    expect(await countAffected(database.orm, account, 502)).toEqual(nothing)
    expect(await countAffected(database.orm, newAccount(), 501)).toEqual(nothing)
  })
})
