/** What time, keys, erasure and follow-ups do to documents. */
import { and, asc, eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { customerErasure } from '../../../src/contract/erasure.ts'
import { PART_BYTES } from '../../../src/core/document.ts'
import { environmentKeys, generateKey, parseKeys } from '../../../src/keys/key-provider.ts'
import { sandboxPolicy } from '../../../src/sandbox/account.ts'
import { openDocument } from '../../../src/endpoint/vault/open-document.ts'
import { findSealed } from '../../../src/storage/found-values.ts'
import { documentParts, protectedValues } from '../../../src/storage/schema.ts'
import {
  revealPart,
  revealWhole,
  sample,
  startGrantedDocument,
  storeDocument,
} from '../../support/document.ts'
import type { TestEndpoint } from '../../support/endpoint.ts'
import { INGRID_COMPLIANCE, MAYA, startEndpoint } from '../../support/endpoint.ts'
import { ingest, ticketOf } from '../../support/ingestion.ts'
import { fieldsOf } from '../../support/story.ts'

const DAY_SECONDS = 24 * 60 * 60
/** A full part and a short one. */
const LONG = PART_BYTES + 500

const partsOf = ({ deps }: TestEndpoint, recordId = 4001) =>
  deps.database.orm
    .select()
    .from(documentParts)
    .where(and(eq(documentParts.account, deps.account.id), eq(documentParts.recordId, recordId)))
    .orderBy(asc(documentParts.version), asc(documentParts.part))

const rowsOf = ({ deps }: TestEndpoint, recordId = 4001) =>
  deps.database.orm
    .select()
    .from(protectedValues)
    .where(
      and(eq(protectedValues.account, deps.account.id), eq(protectedValues.recordId, recordId)),
    )
    .orderBy(asc(protectedValues.version))

describe('while keys rotate', () => {
  it('a document goes on opening under its grant, and its parts stay untouched', async () => {
    const endpoint = await startEndpoint()
    const { deps } = endpoint
    const scan = sample('image/png', LONG)
    const { maya, grantId } = await startGrantedDocument(endpoint, scan)
    const [parts, [row]] = [await partsOf(endpoint), await rowsOf(endpoint)]
    const old = Buffer.from(await deps.keys.wrappingKey('test')).toString('base64')
    const next = generateKey('next')
    deps.keys = environmentKeys(parseKeys(`${next},test:${old}`))
    await endpoint.sweep()
    const [moved] = await rowsOf(endpoint)
    expect(moved).toEqual({ ...row, jwe: moved?.jwe, keyId: 'next' })
    expect(moved?.jwe).not.toBe(row?.jwe)
    expect(parts).toHaveLength(2)
    expect(await partsOf(endpoint)).toEqual(parts)
    // The old key is gone for good.
    deps.keys = environmentKeys(parseKeys(next))
    expect((await revealWhole(maya, grantId)).equals(scan)).toBe(true)
    await endpoint.sweep()
    expect(await rowsOf(endpoint)).toEqual([moved])
  })

  it('new keys for fingerprints have nothing to do with it', async () => {
    const endpoint = await startEndpoint()
    await storeDocument(endpoint, sample())
    const before = await rowsOf(endpoint)
    endpoint.deps.fingerprintKeys = environmentKeys(parseKeys(generateKey('next-fingerprints')))
    await endpoint.sweep()
    expect(await rowsOf(endpoint)).toEqual(before)
  })
})

describe('a document is erased', () => {
  const nothingLeft = { jwe: '', masked: '', keyId: null, fingerprint: null }

  it('by retention: its row is empty, its parts are gone, its grant has ended', async () => {
    const policy = { ...sandboxPolicy, retention: { identity_document: 30 } }
    const endpoint = await startEndpoint({ policy })
    const { maya } = await startGrantedDocument(endpoint, sample('image/png', LONG))
    endpoint.clock.advance(30 * DAY_SECONDS - 1)
    await endpoint.sweep()
    expect(await partsOf(endpoint)).toHaveLength(2)
    endpoint.clock.advance(1)
    await endpoint.sweep()
    expect(await partsOf(endpoint)).toEqual([])
    expect(await rowsOf(endpoint)).toMatchObject([nothingLeft])
    const back = await endpoint.signIn(maya.personId)
    const passport = (await fieldsOf(back)).fields.find(({ fieldId }) => fieldId === 'passport')
    expect(passport).toMatchObject({ hasValue: false, masked: null, contentType: null })
    await endpoint.expectAuditEntry({
      action: 'protected_value.erase',
      fields: ['passport'],
      data: { why: 'retention', version: 1 },
    })
  })

  it('on request, while it is half shown: no further part is', async () => {
    const endpoint = await startEndpoint()
    const { maya, grantId } = await startGrantedDocument(endpoint, sample('image/png', LONG))
    await storeDocument(endpoint, sample(), { recordId: 4002 })
    const attemptId = '00000000-0000-4000-8000-000000000001'
    await revealPart(maya, grantId, attemptId)
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const reasonText = 'The customer asked us to forget them, ticket of today.'
    const sums = (await ingrid.post('/api/customers/501/erasure', { reasonText })).as(
      customerErasure,
    )
    expect(sums).toMatchObject({ values: 2, tickets: 2, remaining: 0 })
    for (const recordId of [4001, 4002]) {
      expect(await partsOf(endpoint, recordId)).toEqual([])
      expect(await rowsOf(endpoint, recordId)).toMatchObject([nothingLeft])
    }
    const answer = await revealPart(maya, grantId, attemptId, 1)
    expect(answer.problem().code).toBe('grant_ended')
  })

  it('in one step: when the entry cannot be written, the parts are still there', async () => {
    const policy = { ...sandboxPolicy, retention: { identity_document: 30 } }
    const endpoint = await startEndpoint({ policy })
    await storeDocument(endpoint, sample())
    const before = [await rowsOf(endpoint), await partsOf(endpoint)]
    endpoint.clock.advance(30 * DAY_SECONDS)
    const { database } = endpoint.deps
    endpoint.deps.database = {
      ...database,
      orm: database.orm,
      transaction: (work) =>
        database.transaction(async (tx) => {
          await work(tx)
          throw new Error('connection lost')
        }),
    }
    await endpoint.sweep().catch(() => undefined)
    endpoint.deps.database = database
    expect([await rowsOf(endpoint), await partsOf(endpoint)]).toEqual(before)
    await endpoint.expectNoAuditEntry('protected_value.erase')
    await endpoint.sweep()
    expect(await partsOf(endpoint)).toEqual([])
  })

  it('and a newer version of it stays', async () => {
    const policy = { ...sandboxPolicy, retention: { identity_document: 30 } }
    const endpoint = await startEndpoint({ policy })
    await storeDocument(endpoint, sample())
    endpoint.clock.advance(10 * DAY_SECONDS)
    await storeDocument(endpoint, sample(), { version: 2 })
    endpoint.clock.advance(20 * DAY_SECONDS)
    await endpoint.sweep()
    expect((await partsOf(endpoint)).map(({ version }) => version)).toEqual([2])
  })
})

describe('a document follows its customer', () => {
  it('into a confirmed follow-up, sealed anew: neither key nor part of the old one opens it', async () => {
    const endpoint = await startEndpoint()
    const { deps, zendesk } = endpoint
    const scan = sample('image/jpeg', LONG)
    await storeDocument(endpoint, scan, { contentType: 'image/jpeg' })
    const [closed] = await rowsOf(endpoint)
    const text = `${closed?.masked} [scrim:${closed?.token}]`
    const source = ticketOf(endpoint, 4001)
    source.status = 'closed'
    source.followup_ids = [4004]
    const followUp = ticketOf(endpoint, 4004)
    followUp.requester_id = source.requester_id
    followUp.via = {
      channel: 'web',
      source: { from: { ticket_id: 4001 }, to: {}, rel: 'follow_up' },
    }
    for (const ticket of [source, followUp]) {
      ticket.custom_fields = ticket.custom_fields.map((field) =>
        field.id === 302 ? { ...field, value: text } : field,
      )
    }
    await ingest(endpoint, 4004)
    const [carried] = await rowsOf(endpoint, 4004)
    expect(carried).toMatchObject({
      contentType: 'image/jpeg',
      source: 'follow_up',
      sourceId: 4001,
      version: 1,
    })
    expect(zendesk.fieldText(4004, 302)).toContain(carried?.token)
    const key = { record: { type: 'ticket', id: 4004 }, fieldId: 'passport', version: 1 } as const
    const jwe = (await findSealed(deps.database.orm, deps.account.id, key)) ?? ''
    expect(Buffer.from(scan).equals(await openDocument(deps, key, jwe))).toBe(true)
    const [old, anew] = [await partsOf(endpoint), await partsOf(endpoint, 4004)]
    expect(anew).toHaveLength(old.length)
    await deps.database.orm
      .update(documentParts)
      .set({ sealed: old[0]?.sealed ?? '' })
      .where(
        and(
          eq(documentParts.account, deps.account.id),
          eq(documentParts.recordId, 4004),
          eq(documentParts.part, 0),
        ),
      )
    await expect(openDocument(deps, key, jwe)).rejects.toMatchObject({ code: 'reveal_failed' })
  })
})

it('a value that is a document cannot be compared with what somebody types', async () => {
  const endpoint = await startEndpoint()
  await storeDocument(endpoint, sample())
  const maya = await endpoint.signIn(MAYA)
  const path = '/api/tickets/4001/protected-fields/passport/checks'
  const answer = await maya.post(path, { value: 'L898902C3' })
  expect(answer.problem().code).toBe('value_not_comparable')
})
