/** What time, keys and erasure do to stored values, as people meet it. */
import { randomUUID } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import { describe, expect, it, vi } from 'vitest'
import { customerErasure } from '../../src/contract/erasure.ts'
import { protectedFieldList } from '../../src/contract/protected-fields.ts'
import { revealRequestList, revealRequestView } from '../../src/contract/reveal-requests.ts'
import type { FieldKind, SensitivityClass } from '../../src/core/protected-field.ts'
import type { Place } from '../../src/core/place.ts'
import { fieldIdAt } from '../../src/core/vaulted-field.ts'
import { prepareValue } from '../../src/endpoint/vault/prepare-value.ts'
import { isSameFingerprint } from '../../src/keys/fingerprint.ts'
import { environmentKeys, generateKey, parseKeys } from '../../src/keys/key-provider.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import { protectedValues } from '../../src/storage/schema.ts'
import { appendValue, emptyValue } from '../../src/storage/vault.ts'
import {
  INGRID_COMPLIANCE,
  MAYA,
  OMAR,
  SAM_ADMINISTRATOR,
  startEndpoint,
} from '../support/endpoint.ts'
import type { Caller, TestEndpoint } from '../support/endpoint.ts'
import { CARD, fieldsOf, putValue, reveal, revealed, startGranted } from '../support/story.ts'

const CUSTOMER = 501
const REASON = 'The customer asked us to forget them, ticket of today.'
const DAY_SECONDS = 24 * 60 * 60

const rowsOf = ({ deps }: TestEndpoint, fieldId: string) =>
  deps.database.orm
    .select()
    .from(protectedValues)
    .where(and(eq(protectedValues.account, deps.account.id), eq(protectedValues.fieldId, fieldId)))

const listed = async (caller: Caller) =>
  (await caller.get('/api/tickets/4001/protected-fields')).as(protectedFieldList)

const fieldOf = async (caller: Caller, fieldId: string) =>
  (await listed(caller)).fields.find((field) => field.fieldId === fieldId)

const ask = (caller: Caller, ...fieldIds: string[]) =>
  caller.post('/api/reveal-requests', {
    ticketId: 4001,
    fieldIds,
    reasonCode: 'refund',
    reasonText: 'Comparing it with the letter of the bank.',
    minutes: 15,
  })

const eraseCustomer = (caller: Caller, reasonText = REASON, customerId = CUSTOMER) =>
  caller.post(`/api/customers/${customerId}/erasure`, { reasonText })

/** Puts a value at a place into the vault, as ingestion does. */
async function find(
  { deps }: TestEndpoint,
  place: Place,
  value: { text: string; kind: FieldKind; sensitivityClass: SensitivityClass },
): Promise<string> {
  const record = { type: 'ticket', id: 4001 } as const
  const id = fieldIdAt(place)
  const row = await prepareValue(deps, {
    record,
    field: { id, kind: value.kind, sensitivityClass: value.sensitivityClass },
    version: 1,
    value: value.text,
    source: place.in,
    customerId: CUSTOMER,
    createdBy: 900,
  })
  expect(await appendValue(deps.database.orm, deps.account.id, record, row)).toBe(true)
  return id
}

describe('a value that is taken in', () => {
  it('is stored with its key, its keyed fingerprint and whose it is', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    await putValue(maya, 4001, 'card_number', '4242-4242-4242-4242')
    const [first, second] = await rowsOf(endpoint, 'card_number')
    expect(first).toMatchObject({
      keyId: 'test',
      fingerprintKeyId: 'test-fingerprints',
      kind: 'payment_card',
      sensitivityClass: 'restricted',
      source: 'intake',
      customerId: CUSTOMER,
      retainUntil: null,
      erasedAt: null,
    })
    expect(first?.fingerprint).toMatch(/^[0-9a-f]{64}$/)
    expect(isSameFingerprint(first?.fingerprint ?? '', second?.fingerprint ?? '')).toBe(true)
  })
})

describe('while keys rotate', () => {
  it('the sweep moves what is under older keys, and a grant goes on opening it', async () => {
    const endpoint = await startEndpoint()
    const { maya, grantId } = await startGranted(endpoint)
    const { deps } = endpoint
    const older = await deps.keys.wrappingKey('test')
    const base64 = Buffer.from(older).toString('base64')
    deps.keys = environmentKeys(parseKeys(`${generateKey('next')},test:${base64}`))
    deps.fingerprintKeys = environmentKeys(parseKeys(generateKey('next-fingerprints')))
    const [before] = await rowsOf(endpoint, 'card_number')
    await endpoint.sweep()
    const [after] = await rowsOf(endpoint, 'card_number')
    expect(after).toMatchObject({ keyId: 'next', fingerprintKeyId: 'next-fingerprints' })
    expect(after?.fingerprint).not.toBe(before?.fingerprint)
    expect(await revealed(maya, grantId)).toMatchObject({ value: CARD })
    await endpoint.sweep()
    expect(await rowsOf(endpoint, 'card_number')).toEqual([after])
  })
})

describe('when the retention of a kind is over', () => {
  const policy = { ...sandboxPolicy, retention: { payment_card: 30, phone: null } }

  it('the value is erased, requests and grants on it end, and Zendesk’s mask goes', async () => {
    const endpoint = await startEndpoint({ policy })
    const { maya } = await startGranted(endpoint)
    await endpoint.sweep()
    expect(endpoint.zendesk.fieldText(4001, 301)).toContain('[scrim:')
    endpoint.clock.advance(30 * DAY_SECONDS - 60)
    await endpoint.sweep()
    const back = await endpoint.signIn(maya.personId)
    expect(await fieldOf(back, 'card_number')).toMatchObject({ hasValue: true })
    expect((await ask(back, 'card_number')).as(revealRequestView).state).toBe('pending')
    endpoint.clock.advance(60)
    await endpoint.sweep()
    const gone = await fieldOf(back, 'card_number')
    expect(gone).toMatchObject({
      hasValue: false,
      masked: null,
      erasedAt: endpoint.clock.now().toISOString(),
      mayAsk: { allowed: false, code: 'value_erased' },
    })
    expect((await listed(back)).requests).toMatchObject([{ state: 'ended' }])
    expect(endpoint.zendesk.fieldText(4001, 301) ?? '').toBe('')
    const [row] = await rowsOf(endpoint, 'card_number')
    expect(row).toMatchObject({ jwe: '', masked: '', keyId: null, fingerprint: null })
    await endpoint.expectAuditEntry({
      action: 'protected_value.erase',
      actor: { type: 'system', name: 'clock' },
      record: { type: 'ticket', id: 4001 },
      fields: ['card_number'],
      data: { why: 'retention', version: 1 },
    })
    expect((await ask(back, 'card_number')).problem()).toMatchObject({
      status: 410,
      code: 'value_erased',
    })
  })

  it('what somebody typed over the token in Zendesk goes to the vault first', async () => {
    const endpoint = await startEndpoint({ policy })
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    await endpoint.sweep()
    const ticket = endpoint.zendesk.emulator.state.tickets.find(({ id }) => id === 4001)
    const field = ticket?.custom_fields.find(({ id }) => id === 301)
    if (field !== undefined) field.value = '4000 0566 5566 5556'
    endpoint.clock.advance(30 * DAY_SECONDS)
    await endpoint.sweep()
    await endpoint.expectAuditEntry({ action: 'protected_value.erase' })
    await vi.waitFor(async () => {
      await endpoint.sweep()
      expect(endpoint.zendesk.fieldText(4001, 301)).toMatch(/5556 \[scrim:\w{16}\]$/)
    })
    const rows = await rowsOf(endpoint, 'card_number')
    expect(rows.map(({ version, erasedAt }) => [version, erasedAt !== null])).toEqual([
      [1, true],
      [2, false],
    ])
  })

  it('a newer version stays until its own time is over', async () => {
    const endpoint = await startEndpoint({ policy })
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    endpoint.clock.advance(10 * DAY_SECONDS)
    const back = await endpoint.signIn(MAYA)
    await putValue(back, 4001, 'card_number', '4000 0566 5566 5556')
    endpoint.clock.advance(20 * DAY_SECONDS)
    await endpoint.sweep()
    const rows = (await rowsOf(endpoint, 'card_number')).toSorted((a, b) => a.version - b.version)
    expect(rows.map(({ erasedAt }) => erasedAt !== null)).toEqual([true, false])
    expect(endpoint.zendesk.fieldText(4001, 301)).toContain('5556 [scrim:')
    const later = await endpoint.signIn(MAYA)
    expect(await fieldOf(later, 'card_number')).toMatchObject({ hasValue: true })
  })

  it('kinds that policy does not name are kept', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    endpoint.clock.advance(3650 * DAY_SECONDS)
    await endpoint.sweep()
    await endpoint.expectNoAuditEntry('protected_value.erase')
  })
})

describe('erasing a customer', () => {
  it('ends the grant on an open value, empties the vault and blanks the mask', async () => {
    const endpoint = await startEndpoint()
    const { maya, grantId } = await startGranted(endpoint)
    await endpoint.sweep()
    await revealed(maya, grantId)
    const found = await find(
      endpoint,
      { in: 'note', number: 1 },
      {
        text: 'Knows the password of the account.',
        kind: 'internal_note',
        sensitivityClass: 'secret',
      },
    )
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const sums = (await eraseCustomer(ingrid)).as(customerErasure)
    expect(sums).toMatchObject({ customerId: CUSTOMER, values: 2, tickets: 1, remaining: 0 })
    expect(sums.texts).toBeGreaterThan(0)
    expect((await reveal(maya, grantId, randomUUID())).problem().code).toBe('grant_ended')
    await endpoint.expectAuditEntry({ action: 'grant.end', code: 'value_erased', grantId })
    for (const row of [
      ...(await rowsOf(endpoint, 'card_number')),
      ...(await rowsOf(endpoint, found)),
    ]) {
      expect(row).toMatchObject({ jwe: '', masked: '', fingerprint: null, keyId: null })
    }
    await endpoint.sweep()
    expect(endpoint.zendesk.fieldText(4001, 301) ?? '').toBe('')
    const entries = (await endpoint.auditEntries()).filter(
      ({ action }) => action === 'customer.erase' || action === 'protected_value.erase',
    )
    expect(entries.map(({ action, data }) => [action, data?.['phase'] ?? data?.['why']])).toEqual([
      ['customer.erase', 'start'],
      ['protected_value.erase', 'customer'],
      ['protected_value.erase', 'customer'],
      ['customer.erase', 'end'],
    ])
    expect(entries[0]?.texts?.['reason']).toMatch(/^[\w-]{43}$/)
    expect(entries.at(-1)?.data).toMatchObject({ customerId: '501', values: 2, remaining: 0 })
    const shown = await fieldsOf(maya)
    expect(JSON.stringify(shown)).not.toContain('4242')
  })

  it('twice does no harm: the second time there is nothing', async () => {
    const endpoint = await startEndpoint()
    await putValue(await endpoint.signIn(MAYA))
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    await eraseCustomer(ingrid)
    const again = (await eraseCustomer(ingrid)).as(customerErasure)
    expect(again).toEqual({ customerId: CUSTOMER, values: 0, tickets: 0, texts: 0, remaining: 0 })
  })

  it('leaves another customer’s values and requests alone', async () => {
    const endpoint = await startEndpoint()
    const { maya, grantId } = await startGranted(endpoint)
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const sums = (await eraseCustomer(ingrid, REASON, 502)).as(customerErasure)
    expect(sums).toMatchObject({ values: 0, texts: 0 })
    expect(await revealed(maya, grantId)).toMatchObject({ value: CARD })
  })

  it('keeps what was written about requests where policy says so', async () => {
    const policy = { ...sandboxPolicy, erasure: { includesTexts: false } }
    const endpoint = await startEndpoint({ policy })
    await startGranted(endpoint)
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    expect((await eraseCustomer(ingrid)).as(customerErasure)).toMatchObject({ values: 1, texts: 0 })
  })

  it.each([MAYA, OMAR, SAM_ADMINISTRATOR])(
    'is refused to person %d, and logged',
    async (personId) => {
      const endpoint = await startEndpoint()
      await putValue(await endpoint.signIn(MAYA))
      const caller = await endpoint.signIn(personId, 'nav_bar')
      expect((await eraseCustomer(caller)).problem().code).toBe('role_not_permitted')
      await endpoint.expectAuditEntry({
        action: 'customer.erase',
        outcome: 'refused',
        code: 'role_not_permitted',
        data: { customerId: '501' },
      })
      expect((await rowsOf(endpoint, 'card_number'))[0]?.erasedAt).toBeNull()
    },
  )

  it.each([
    ['.', 'reason_too_short'],
    ['aaaaaaaaaaaaaaa', 'reason_not_meaningful'],
    ['Forget the card 4242 4242 4242 4242', 'text_sensitive'],
  ])('for the reason %j is refused', async (reason, code) => {
    const endpoint = await startEndpoint()
    await putValue(await endpoint.signIn(MAYA))
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    expect((await eraseCustomer(ingrid, reason)).problem().code).toBe(code)
    expect((await rowsOf(endpoint, 'card_number'))[0]?.erasedAt).toBeNull()
  })

  it('that fails half way goes on with the next call', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    await find(
      endpoint,
      { in: 'comment', id: 9001, number: 1 },
      {
        text: '+1 415 555 0100',
        kind: 'phone',
        sensitivityClass: 'confidential',
      },
    )
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const { database } = endpoint.deps
    let transactions = 0
    endpoint.deps.database = {
      ...database,
      orm: database.orm,
      transaction: (work) => {
        transactions += 1
        // The entry of the start, one value, and then the database is gone.
        return transactions > 2
          ? Promise.reject(new Error('connection lost'))
          : database.transaction(work)
      },
    }
    expect((await eraseCustomer(ingrid)).status).toBe(500)
    endpoint.deps.database = database
    expect((await eraseCustomer(ingrid)).as(customerErasure)).toMatchObject({
      values: 1,
      remaining: 0,
    })
  })
})

it('a grant that outlived its value shows nothing, and keeps its use', async () => {
  const endpoint = await startEndpoint()
  const { maya, grantId } = await startGranted(endpoint)
  const { account, database } = endpoint.deps
  // As if the approval had come between the erasure's look at the grants and its commit.
  const value = {
    record: { type: 'ticket', id: 4001 },
    fieldId: 'card_number',
    version: 1,
  } as const
  expect(await emptyValue(database.orm, account.id, value, endpoint.clock.now())).toBe(true)
  expect((await reveal(maya, grantId)).problem()).toMatchObject({
    status: 410,
    code: 'value_erased',
  })
  await endpoint.expectAuditEntry({ action: 'grant.reveal_refuse', code: 'value_erased', grantId })
  const { grants } = await fieldsOf(maya)
  expect(grants).toMatchObject([{ state: 'active', fields: [{ usesLeft: 3 }] }])
})

describe('a value found in a ticket, which no field of the catalogue describes', () => {
  const places: Place[] = [
    { in: 'comment', id: 9001, number: 2 },
    { in: 'attachment', id: 7001 },
    { in: 'note', number: 1 },
  ]
  it.each(places)('is listed, asked for, approved and revealed: $in', async (place) => {
    const endpoint = await startEndpoint()
    const fieldId = await find(endpoint, place, {
      text: CARD,
      kind: 'payment_card',
      sensitivityClass: 'restricted',
    })
    const maya = await endpoint.signIn(MAYA)
    expect(await fieldOf(maya, fieldId)).toMatchObject({
      kind: 'payment_card',
      sensitivityClass: 'restricted',
      place,
      masked: '•••• •••• •••• 4242',
      hasValue: true,
      access: 'request',
      mayAsk: { allowed: true },
      mayTakeIn: { allowed: false },
    })
    const { id, fields } = (await ask(maya, fieldId)).as(revealRequestView)
    expect(fields).toMatchObject([{ fieldId, place, kind: 'payment_card' }])
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    const queue = (await omar.get('/api/reveal-requests')).as(revealRequestList)
    expect(queue.requests).toMatchObject([
      { request: { fields: [{ place }] }, context: { displaySeconds: 60 } },
    ])
    const approved = await omar.post(`/api/reveal-requests/${id}/approve`)
    const { grantId } = approved.as(revealRequestView)
    const input = { attemptId: randomUUID(), fieldId }
    const shown = await maya.post(`/api/grants/${grantId}/reveal`, input)
    expect(JSON.parse(shown.text)).toMatchObject({ value: CARD, displaySeconds: 60 })
    const beating = await maya.post(`/api/grants/${grantId}/heartbeat`, {
      attemptId: input.attemptId,
    })
    expect(beating.status).toBe(200)
    await endpoint.sweep()
    await endpoint.expectNoAuditEntry('grant.end')
  })

  it('counts as secret where its row does not say how sensitive it is', async () => {
    const endpoint = await startEndpoint()
    const fieldId = await find(
      endpoint,
      { in: 'note', number: 1 },
      {
        text: CARD,
        kind: 'payment_card',
        sensitivityClass: 'restricted',
      },
    )
    await endpoint.deps.database.orm
      .update(protectedValues)
      .set({ sensitivityClass: null })
      .where(eq(protectedValues.account, endpoint.deps.account.id))
    const maya = await endpoint.signIn(MAYA)
    expect(await fieldOf(maya, fieldId)).toMatchObject({
      sensitivityClass: 'secret',
      masked: '••••••••',
    })
  })

  it('that is not there cannot be asked for', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    expect((await ask(maya, 'comment_9001_1')).problem().code).toBe('field_unknown')
  })

  it('of one ticket is not had through another', async () => {
    const endpoint = await startEndpoint()
    const fieldId = await find(
      endpoint,
      { in: 'attachment', id: 7001 },
      {
        text: CARD,
        kind: 'payment_card',
        sensitivityClass: 'restricted',
      },
    )
    const maya = await endpoint.signIn(MAYA)
    const other = await maya.post('/api/reveal-requests', {
      ticketId: 4002,
      fieldIds: [fieldId],
      reasonCode: 'refund',
      reasonText: 'Comparing it with the letter of the bank.',
      minutes: 15,
    })
    expect(other.problem().code).toBe('field_unknown')
  })
})

describe('a Zendesk field that cannot hold text', () => {
  const dropdown = (endpoint: TestEndpoint) => {
    const field = endpoint.zendesk.emulator.state.ticketFields.find(({ id }) => id === 301)
    if (field !== undefined) Object.assign(field, { type: 'tagger' })
  }

  it('takes nothing in, and the refusal proposes the field to add', async () => {
    const endpoint = await startEndpoint()
    dropdown(endpoint)
    const maya = await endpoint.signIn(MAYA)
    const answer = await maya.put('/api/tickets/4001/protected-fields/card_number/value', {
      value: CARD,
    })
    expect(answer.problem()).toMatchObject({
      code: 'field_type_unsupported',
      companion: { title: 'Card number (protected)', type: 'text' },
    })
    expect(await rowsOf(endpoint, 'card_number')).toEqual([])
  })

  it('is named in the endpoint’s log once after its start', async () => {
    const endpoint = await startEndpoint({ policy: { ...sandboxPolicy } })
    dropdown(endpoint)
    await endpoint.sweep()
    await endpoint.sweep()
    const lines = endpoint.logLines.filter((line) => line.includes('catalogue.field_refused'))
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      fieldId: 'card_number',
      zendeskFieldId: 301,
      proposedTitle: 'Card number (protected)',
      proposedType: 'text',
    })
  })
})
