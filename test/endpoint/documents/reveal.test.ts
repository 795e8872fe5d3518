/** Revealing a document: in parts, under one use, and only to the session that began. */
import { randomUUID } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { revealedDocument, revealedText } from '../../../src/contract/grants.ts'
import { PART_BYTES } from '../../../src/core/document.ts'
import { defaultPolicy } from '../../../src/core/policy.ts'
import { environmentKeys, generateKey, parseKeys } from '../../../src/keys/key-provider.ts'
import { sandboxPolicy } from '../../../src/sandbox/account.ts'
import { documentParts, protectedValues } from '../../../src/storage/schema.ts'
import { createCanaryMatcher } from '../../support/canary-matcher.ts'
import { revealPart, revealWhole, sample, startGrantedDocument } from '../../support/document.ts'
import { INGRID_COMPLIANCE, MAYA, TOMAS, startEndpoint } from '../../support/endpoint.ts'
import type { Caller, TestEndpoint } from '../../support/endpoint.ts'
import { RUNTIMES } from '../../support/endpoint-runtimes.ts'
import { REFUND_TICKET, fieldsOf, release, startGranted } from '../../support/story.ts'

/** Two full parts and a short one. */
const LONG = 2 * PART_BYTES + 500
const LAMBDA_PAYLOAD_BYTES = 6 * 1024 * 1024

const usesLeft = async (by: Caller) => (await fieldsOf(by)).grants[0]?.fields[0]?.usesLeft
const codeOf = async (answer: ReturnType<typeof revealPart>) => (await answer).problem().code

const countOf = async (endpoint: TestEndpoint, action: string) =>
  (await endpoint.auditEntries()).filter((entry) => entry.action === action).length

const partsOf = ({ deps }: TestEndpoint) => eq(documentParts.account, deps.account.id)

async function begin(size = LONG, options: Parameters<typeof startEndpoint>[0] = {}) {
  const endpoint = await startEndpoint(options)
  const scan = sample('image/png', size)
  const granted = await startGrantedDocument(endpoint, scan)
  return { endpoint, scan, ...granted, attemptId: randomUUID() }
}

describe('revealing a document', () => {
  it('shows its first part, says what there is of it, and takes one use', async () => {
    const { endpoint, scan, maya, grantId, attemptId } = await begin()
    const { document, ...rest } = (await revealPart(maya, grantId, attemptId)).as(revealedDocument)
    expect(rest).toEqual({
      grantId,
      attemptId,
      fieldId: 'passport',
      displayRemainingSeconds: 30,
      displaySeconds: 30,
      usesLeft: 2,
      isCopyAllowed: false,
      watermark: { name: 'Maya Rivera', at: endpoint.clock.now().toISOString() },
    })
    expect({ ...document, data: undefined }).toEqual({
      contentType: 'image/png',
      size: LONG,
      parts: 3,
      part: 0,
      data: undefined,
      isDownloadAllowed: false,
    })
    expect(Buffer.from(document.data, 'base64').equals(scan.subarray(0, PART_BYTES))).toBe(true)
    await endpoint.expectAuditEntry({
      action: 'grant.reveal',
      outcome: 'ok',
      grantId,
      attemptId,
      fields: ['passport'],
    })
  })

  it('all parts together are the document, for one use and one entry', async () => {
    const { endpoint, scan, maya, grantId } = await begin()
    expect((await revealWhole(maya, grantId)).equals(scan)).toBe(true)
    expect(await usesLeft(maya)).toBe(2)
    expect(await countOf(endpoint, 'grant.reveal')).toBe(1)
    expect(await countOf(endpoint, 'grant.reveal_repeat')).toBe(0)
  })

  it('a lost first part costs no second use, and is logged as repeated', async () => {
    const { endpoint, maya, grantId, attemptId } = await begin()
    await revealPart(maya, grantId, attemptId)
    await revealPart(maya, grantId, attemptId, 1)
    await revealPart(maya, grantId, attemptId, 1)
    expect((await revealPart(maya, grantId, attemptId)).status).toBe(200)
    expect(await usesLeft(maya)).toBe(2)
    expect(await countOf(endpoint, 'grant.reveal_repeat')).toBe(1)
  })

  it('the row says that it is a document before anybody may see it', async () => {
    const { maya } = await begin(1000)
    const { fields } = await fieldsOf(maya)
    const about = (id: string) => fields.find(({ fieldId }) => fieldId === id)
    expect(about('passport')).toMatchObject({
      contentType: 'image/png',
      hasValue: true,
      masked: '••••••••',
    })
    expect(about('card_number')).toMatchObject({ contentType: null, hasValue: false })
  })

  it('says whether it may be saved: only where policy and the app’s settings both let it', async () => {
    const limits = { ...sandboxPolicy.limits, isDownloadAllowed: true }
    const { endpoint, maya, grantId } = await begin(1000, { policy: { ...sandboxPolicy, limits } })
    const isAllowed = async () =>
      (await revealPart(maya, grantId)).as(revealedDocument).document.isDownloadAllowed
    expect(await isAllowed()).toBe(true)
    endpoint.zendesk.changeSettings({ isCopyAllowed: false })
    expect(await isAllowed()).toBe(false)
    const fresh = defaultPolicy({ leadGroupId: 1, complianceGroupId: 2, fields: [] })
    expect(fresh.limits.isDownloadAllowed).toBe(false)
  })

  it.each(RUNTIMES)('its parts fit the answers of %s', async (runtime) => {
    const { endpoint, scan, maya, grantId } = await begin(LONG, { runtime })
    const first = await revealPart(maya, grantId)
    expect(Buffer.byteLength(first.text)).toBeLessThan(LAMBDA_PAYLOAD_BYTES / 2)
    expect((await revealWhole(maya, grantId)).equals(scan)).toBe(true)
    await endpoint.close()
  })
})

describe('a part is refused', () => {
  it('before the first one was revealed', async () => {
    const { endpoint, maya, grantId, attemptId } = await begin()
    expect(await codeOf(revealPart(maya, grantId, attemptId, 1))).toBe('reveal_not_open')
    expect(await usesLeft(maya)).toBe(3)
    await endpoint.expectAuditEntry({
      action: 'grant.reveal_refuse',
      outcome: 'refused',
      code: 'reveal_not_open',
      attemptId,
    })
    await endpoint.expectNoAuditEntry('grant.reveal')
  })

  it('to another session of the same person', async () => {
    const { endpoint, maya, grantId, attemptId } = await begin()
    await revealPart(maya, grantId, attemptId)
    const elsewhere = await endpoint.signIn(MAYA)
    for (const part of [0, 1]) {
      const answer = revealPart(elsewhere, grantId, attemptId, part)
      expect(await codeOf(answer)).toBe('reveal_not_open')
    }
  })

  it('to anybody else, to whom there is no grant', async () => {
    const { endpoint, maya, grantId, attemptId } = await begin()
    await revealPart(maya, grantId, attemptId)
    for (const [personId, location] of [
      [TOMAS, 'ticket_sidebar'],
      [INGRID_COMPLIANCE, 'nav_bar'],
    ] as const) {
      const caller = await endpoint.signIn(personId, location)
      expect(await codeOf(revealPart(caller, grantId, attemptId, 1))).toBe('grant_not_found')
    }
  })

  it('after the display window, even of a document that is half shown', async () => {
    const { endpoint, maya, grantId, attemptId } = await begin()
    await revealPart(maya, grantId, attemptId)
    endpoint.clock.advance(29)
    const last = (await revealPart(maya, grantId, attemptId, 1)).as(revealedDocument)
    expect(last.displayRemainingSeconds).toBe(1)
    endpoint.clock.advance(1)
    expect(await codeOf(revealPart(maya, grantId, attemptId, 2))).toBe('reveal_not_open')
  })

  it('of another field under the same attempt', async () => {
    const { endpoint, maya, grantId, attemptId } = await begin()
    await revealPart(maya, grantId, attemptId)
    const answer = revealPart(maya, grantId, attemptId, 1, 'card_number')
    expect(await codeOf(answer)).toBe('fields_not_requested')
    await endpoint.expectAuditEntry({ action: 'grant.reveal_refuse', fields: ['card_number'] })
  })

  it('that the document never had, with an entry and without a failure', async () => {
    const { endpoint, maya, grantId, attemptId } = await begin()
    await revealPart(maya, grantId, attemptId)
    expect(await codeOf(revealPart(maya, grantId, attemptId, 3))).toBe('bad_input')
    await endpoint.expectAuditEntry({ action: 'grant.reveal_refuse', code: 'bad_input' })
    await endpoint.expectNoAuditEntry('grant.reveal_fail')
    expect((await revealPart(maya, grantId, attemptId, 2)).status).toBe(200)
  })

  it.each([-1, 0.5, '1', 10, 1e9])('whose number is %j', async (part) => {
    const { maya, grantId, attemptId } = await begin(1000)
    const body = { attemptId, fieldId: 'passport', part }
    const answer = await maya.post(`/api/grants/${grantId}/reveal`, body)
    expect(answer.problem().code).toBe('bad_input')
    expect(await usesLeft(maya)).toBe(3)
  })

  it('of a text, which has none, without a use', async () => {
    const endpoint = await startEndpoint()
    const { maya, grantId } = await startGranted(endpoint)
    const attemptId = randomUUID()
    const answer = revealPart(maya, grantId, attemptId, 1, 'card_number')
    expect(await codeOf(answer)).toBe('bad_input')
    const shown = await revealPart(maya, grantId, attemptId, 0, 'card_number')
    expect(shown.as(revealedText)).toMatchObject({ value: '4242 4242 4242 4242', usesLeft: 2 })
  })

  const ends: [string, (world: Awaited<ReturnType<typeof begin>>) => Promise<unknown>, string][] = [
    ['revoked', ({ omar, grantId }) => omar.post(`/api/grants/${grantId}/revoke`), 'grant_revoked'],
    ['released', ({ maya, grantId }) => release(maya, grantId), 'grant_released'],
    [
      'over, because the ticket was solved',
      async ({ endpoint }) => {
        endpoint.zendesk.changeTicket(REFUND_TICKET, { status: 'solved' })
        endpoint.clock.advance(6)
      },
      'ticket_solved',
    ],
    [
      'paused',
      async ({ endpoint }) => endpoint.zendesk.changeSettings({ areRevealsPaused: true }),
      'reveals_paused',
    ],
  ]
  it.each(ends)('once its grant is %s, half shown or not', async (_, end, code) => {
    const world = await begin()
    const { maya, grantId, attemptId } = world
    await revealPart(maya, grantId, attemptId)
    await end(world)
    expect(await codeOf(revealPart(maya, grantId, attemptId, 1))).toBe(code)
  })
})

describe('a document that does not open', () => {
  it('gives the use back when its first part fails, and says no more than that', async () => {
    const { endpoint, maya, grantId, attemptId } = await begin()
    await endpoint.deps.database.orm
      .delete(documentParts)
      .where(and(partsOf(endpoint), eq(documentParts.part, 0)))
    const answer = await revealPart(maya, grantId, attemptId)
    expect(answer.problem()).toMatchObject({ status: 500, code: 'reveal_failed' })
    expect(await usesLeft(maya)).toBe(3)
    const entry = await endpoint.expectAuditEntry({ action: 'grant.reveal_fail', attemptId })
    expect(entry.data).toBeUndefined()
    expect(await codeOf(revealPart(maya, grantId, attemptId, 1))).toBe('reveal_not_open')
  })

  it('keeps the use when a later part fails: the first one was shown', async () => {
    const { endpoint, maya, grantId, attemptId } = await begin()
    const { database } = endpoint.deps
    await database.orm
      .update(documentParts)
      .set({ sealed: 'not.a.sealed.part.' })
      .where(and(partsOf(endpoint), eq(documentParts.part, 1)))
    await revealPart(maya, grantId, attemptId)
    expect(await codeOf(revealPart(maya, grantId, attemptId, 1))).toBe('reveal_failed')
    expect(await usesLeft(maya)).toBe(2)
    await endpoint.expectAuditEntry({
      action: 'grant.reveal_fail',
      outcome: 'failed',
      attemptId,
      data: { part: 1 },
    })
    expect((await revealPart(maya, grantId, attemptId, 2)).status).toBe(200)
  })

  it('is not lost while its key cannot be had', async () => {
    const { endpoint, scan, maya, grantId } = await begin(1000)
    const { deps } = endpoint
    const { keys } = deps
    deps.keys = environmentKeys(parseKeys(generateKey('other')))
    expect(await codeOf(revealPart(maya, grantId))).toBe('keys_unavailable')
    expect(await usesLeft(maya)).toBe(3)
    deps.keys = keys
    expect((await revealWhole(maya, grantId)).equals(scan)).toBe(true)
  })

  it('is no text by losing its type: its row holds a key, which nobody is shown', async () => {
    const { endpoint, maya, grantId } = await begin(1000)
    await endpoint.deps.database.orm
      .update(protectedValues)
      .set({ contentType: null })
      .where(eq(protectedValues.account, endpoint.deps.account.id))
    const answer = await revealPart(maya, grantId)
    expect(answer.problem().code).toBe('reveal_failed')
    expect(answer.text).not.toContain('key')
  })
})

it('no byte of a document is in a log line, an entry or any answer but its own', async () => {
  const { endpoint, scan, maya, omar, grantId, attemptId } = await begin(4000)
  await revealPart(maya, grantId, attemptId)
  await revealPart(maya, grantId, attemptId, 7)
  await endpoint.sweep()
  const evidence = [
    (await maya.get(`/api/tickets/${REFUND_TICKET}/protected-fields`)).text,
    (await omar.get('/api/grants')).text,
    ...endpoint.logLines,
    JSON.stringify(await endpoint.auditEntries()),
  ].join('\n')
  const inside = Buffer.from(scan.subarray(1000, 1300))
  const find = createCanaryMatcher([
    { name: 'base64', value: inside.toString('base64') },
    { name: 'hex', value: inside.toString('hex') },
  ])
  expect(find(evidence)).toEqual([])
})
