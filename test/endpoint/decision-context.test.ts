/** What the people who decide are told: true, of everybody at once, and bounded. */
import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import type { DecisionContext } from '../../src/contract/decision-context.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import { breakGlassUses, exceptions, revealRequests, reveals } from '../../src/storage/schema.ts'
import { queueOf } from '../support/approvals.ts'
import type { TestEndpoint } from '../support/endpoint.ts'
import {
  AISHA,
  LENA,
  MAYA,
  OMAR,
  SAM_ADMINISTRATOR,
  TOMAS,
  startEndpoint,
} from '../support/endpoint.ts'
import { watchPglite } from '../support/statements.ts'
import { approve, ask, putValue, reveal, startGranted } from '../support/story.ts'

const DAY_MS = 86_400_000

/** Reveals of somebody so many days ago, of a customer of their own. */
async function sawBefore({ deps }: TestEndpoint, personId: number, daysAgo: number, times: number) {
  const at = new Date(deps.now().getTime() - daysAgo * DAY_MS)
  await deps.database.orm.insert(reveals).values(
    Array.from({ length: times }, () => ({
      grantId: randomUUID(),
      attemptId: randomUUID(),
      account: deps.account.id,
      fieldId: 'card_number',
      version: 1,
      requesterId: personId,
      customerId: 90_000 + personId,
      sessionId: 'of-this-test',
      state: 'closed',
      at,
      displayUntil: at,
    })),
  )
}

async function contextOf(endpoint: TestEndpoint, by = OMAR): Promise<DecisionContext> {
  const [queued] = await queueOf(await endpoint.signIn(by, 'nav_bar'))
  if (queued === undefined) throw new Error('nothing waits')
  return queued.context
}

async function startAsked(reasonText = 'Compare the last digits with the letter of the bank') {
  const endpoint = await startEndpoint()
  const maya = await endpoint.signIn(MAYA)
  await putValue(maya)
  const request = await ask(maya, { reasonText })
  return { endpoint, maya, request }
}

describe('the facts about a request', () => {
  it('compare the requester with the people who hold the same roles', async () => {
    const { endpoint } = await startAsked()
    await sawBefore(endpoint, MAYA, 0, 2)
    await sawBefore(endpoint, MAYA, 20, 5)
    await sawBefore(endpoint, MAYA, 31, 9)
    await sawBefore(endpoint, TOMAS, 10, 4)
    await sawBefore(endpoint, AISHA, 0, 1)
    // A lead is no peer of an agent.
    await sawBefore(endpoint, OMAR, 0, 50)
    const context = await contextOf(endpoint)
    expect(context).toMatchObject({ revealsToday: 2, revealsThirtyDays: 7 })
    const { people } = endpoint.zendesk.directory
    const agents = (await people()).filter(
      ({ groupIds, zendeskRole }) =>
        zendeskRole === 'agent' && !groupIds.some((id) => id === 203 || id === 204),
    )
    expect(context.peers).toEqual({
      people: agents.length - 1,
      medianToday: 0.5,
      medianThirtyDays: 2.5,
    })
  })

  it('know a customer whom the requester saw before', async () => {
    const endpoint = await startEndpoint()
    const { maya, grantId } = await startGranted(endpoint)
    await reveal(maya, grantId)
    await maya.post(`/api/grants/${grantId}/release`)
    await ask(maya)
    expect((await contextOf(endpoint)).isFirstForCustomer).toBe(false)
    expect((await contextOf((await startAsked()).endpoint)).isFirstForCustomer).toBe(true)
  })

  it('say how often nearly the same reason was given, by the requester and by others', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    const tomas = await endpoint.signIn(TOMAS)
    await putValue(maya)
    await putValue(maya, 4001, 'iban', 'DE89 3704 0044 0532 0130 00')
    const text = 'Customer disputes the last four digits, case 17'
    await ask(maya, {
      reasonText: 'Customer disputes the last four digits, case 4',
      fieldIds: ['iban'],
    })
    await ask(tomas, { reasonText: text })
    endpoint.clock.advance(60)
    await ask(maya, { reasonText: text })
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    const newest = (await queueOf(omar)).at(-1)
    expect(newest?.request.requester.id).toBe(MAYA)
    expect(newest?.context.similarReasons).toEqual({ own: 1, otherPeople: 1 })
  })

  it('forget reasons after 30 days, and find nothing alike in another reason', async () => {
    const { endpoint, maya } = await startAsked('Customer disputes the last four digits')
    await endpoint.deps.database.orm
      .update(revealRequests)
      .set({ createdAt: new Date(endpoint.clock.now().getTime() - 31 * DAY_MS) })
      .where(eq(revealRequests.account, endpoint.deps.account.id))
    await putValue(maya, 4001, 'iban', 'DE89 3704 0044 0532 0130 00')
    await ask(maya, { fieldIds: ['iban'], reasonText: 'Customer disputes the last four digit' })
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    const queue = await queueOf(omar)
    expect(queue.map(({ context }) => context.similarReasons)).toContainEqual({
      own: 0,
      otherPeople: 0,
    })
  })

  it('say what exactly would be shown', async () => {
    const endpoint = await startEndpoint({
      policy: { ...sandboxPolicy, limits: { ...sandboxPolicy.limits, isCopyAllowed: true } },
    })
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    await ask(maya)
    expect(await contextOf(endpoint)).toMatchObject({
      shown: [{ fieldId: 'card_number', displaySeconds: 60, isDocument: false }],
      isCopyAllowed: true,
      isDownloadAllowed: false,
      uses: 3,
    })
  })

  it('name the exception behind it, and its why only to who may see the ticket', async () => {
    const { endpoint, request } = await startAsked()
    const { deps } = endpoint
    const exceptionId = randomUUID()
    await deps.database.orm.insert(exceptions).values({
      id: exceptionId,
      account: deps.account.id,
      personId: MAYA,
      sensitivityClass: 'restricted',
      effect: 'request',
      why: 'Chargebacks until the new tool is there',
      ownerId: OMAR,
      state: 'active',
      createdBy: SAM_ADMINISTRATOR,
      createdAt: deps.now(),
      expiresAt: new Date(deps.now().getTime() + DAY_MS),
      decidedBy: LENA,
    })
    await deps.database.orm
      .update(revealRequests)
      .set({ exceptionId })
      .where(eq(revealRequests.id, request.id))
    expect((await contextOf(endpoint)).exception).toMatchObject({
      id: exceptionId,
      why: 'Chargebacks until the new tool is there',
      owner: { id: OMAR },
    })
    // Lena may not open the ticket.
    expect((await contextOf(endpoint, LENA)).exception).toMatchObject({ id: exceptionId, why: '' })
  })

  it('name the grant that it goes on from, and who approved that', async () => {
    const endpoint = await startEndpoint()
    const { maya, grantId } = await startGranted(endpoint)
    await ask(maya, { extendsGrantId: grantId })
    const { extension } = await contextOf(endpoint)
    expect(extension).toMatchObject({ grantId, approvedBy: [{ id: OMAR }] })
    expect(extension?.remainingSeconds).toBeGreaterThan(0)
  })

  it('say that an emergency of the requester waits for its review', async () => {
    const { endpoint, request } = await startAsked()
    const { deps } = endpoint
    await deps.database.orm.insert(breakGlassUses).values({
      requestId: request.id,
      account: deps.account.id,
      grantId: randomUUID(),
      personId: MAYA,
      ticketId: 4001,
      at: deps.now(),
      skippedIds: [OMAR],
    })
    expect((await contextOf(endpoint)).hasOpenBreakGlass).toBe(true)
  })
})

it('a queue of fifty asks the database no more questions than a queue of two', async () => {
  const endpoint = await startEndpoint()
  const maya = await endpoint.signIn(MAYA)
  await putValue(maya)
  const first = await ask(maya)
  await putValue(maya, 4001, 'iban', 'DE89 3704 0044 0532 0130 00')
  await ask(maya, { fieldIds: ['iban'] })
  const omar = await endpoint.signIn(OMAR, 'nav_bar')
  const statements = async () => {
    let count = 0
    const stop = watchPglite({
      before: (step) => {
        if (step === 'statement') count += 1
      },
    })
    try {
      const queue = await queueOf(omar)
      return { count, length: queue.length }
    } finally {
      stop()
    }
  }
  // Warm: what the directory remembers is asked once.
  await queueOf(omar)
  const few = await statements()
  const { orm } = endpoint.deps.database
  const [row] = await orm.select().from(revealRequests).where(eq(revealRequests.id, first.id))
  if (row === undefined) throw new Error('no request')
  await orm.insert(revealRequests).values(
    Array.from({ length: 48 }, (_, at) => ({
      ...row,
      id: randomUUID(),
      requesterId: [MAYA, TOMAS, AISHA][at % 3] ?? MAYA,
      reasonText: `Another reason of its own, number ${at}`,
    })),
  )
  const many = await statements()
  expect(few.length).toBe(2)
  expect(many.length).toBe(50)
  expect(many.count).toBe(few.count)
  expect((await approve(omar, first.id)).status).toBe(200)
})
