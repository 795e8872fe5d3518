/** Checking what a customer says against what is stored, without anybody seeing it. */
import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { valueCheck, valueSearch } from '../../src/contract/value-checks.ts'
import { prepareValue } from '../../src/endpoint/vault/prepare-value.ts'
import { environmentKeys, generateKey, parseKeys } from '../../src/keys/key-provider.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import { valueChecks } from '../../src/storage/schema.ts'
import { appendValue } from '../../src/storage/vault.ts'
import type { Caller, TestEndpoint } from '../support/endpoint.ts'
import {
  AISHA,
  INGRID_COMPLIANCE,
  MAYA,
  OMAR,
  SAM_ADMINISTRATOR,
  TOMAS,
  startEndpoint,
} from '../support/endpoint.ts'
import { createCanaryMatcher } from '../support/canary-matcher.ts'
import { CARD, REFUND_TICKET, putValue } from '../support/story.ts'

const OTHER_CARD = '4111 1111 1111 1111'

const check = (by: Caller, value: string, fieldId = 'card_number', ticketId = REFUND_TICKET) =>
  by.post(`/api/tickets/${ticketId}/protected-fields/${fieldId}/checks`, { value })

async function startWithCard(options: Parameters<typeof startEndpoint>[0] = {}) {
  const endpoint = await startEndpoint(options)
  const maya = await endpoint.signIn(MAYA)
  await putValue(maya)
  return { endpoint, maya }
}

async function miss(endpoint: TestEndpoint, by: Caller, times: number) {
  for (let at = 0; at < times; at += 1) {
    expect((await check(by, `${OTHER_CARD} ${at}`)).as(valueCheck).isMatch).toBe(false)
    endpoint.clock.advance(7)
  }
}

describe('checking a value', () => {
  it.each([
    ['the value', CARD],
    ['the value without its spaces', '4242424242424242'],
    ['the value with dashes', '4242-4242-4242-4242'],
    ['the value in Arabic digits', '٤٢٤٢ ٤٢٤٢ ٤٢٤٢ ٤٢٤٢'],
  ])('says that %s matches, and logs that it did', async (_, value) => {
    const { endpoint, maya } = await startWithCard()
    expect((await check(maya, value)).as(valueCheck)).toEqual({
      isMatch: true,
      triesLeft: 5,
      lockedSeconds: null,
    })
    await endpoint.expectAuditEntry({
      action: 'value_check.match',
      outcome: 'ok',
      actor: { type: 'person', id: MAYA, roles: ['frontline'] },
      record: { type: 'ticket', id: REFUND_TICKET },
      fields: ['card_number'],
      policyVersion: 1,
      data: { version: 1 },
    })
  })

  it('says that another value does not match, how many misses are left, and logs the miss', async () => {
    const { endpoint, maya } = await startWithCard()
    expect((await check(maya, OTHER_CARD)).as(valueCheck)).toEqual({
      isMatch: false,
      triesLeft: 4,
      lockedSeconds: null,
    })
    await endpoint.expectAuditEntry({ action: 'value_check.miss', outcome: 'ok' })
    await endpoint.expectNoAuditEntry('value_check.match')
  })

  it('compares with the newest value, not with the one before it', async () => {
    const { maya } = await startWithCard()
    await putValue(maya, REFUND_TICKET, 'card_number', OTHER_CARD)
    expect((await check(maya, CARD)).as(valueCheck).isMatch).toBe(false)
    expect((await check(maya, OTHER_CARD)).as(valueCheck).isMatch).toBe(true)
  })

  it('compares with a value that was found in a comment, and with one under an older key', async () => {
    const old = generateKey('old')
    const endpoint = await startEndpoint()
    endpoint.deps.fingerprintKeys = environmentKeys(parseKeys(old))
    const { deps } = endpoint
    const record = { type: 'ticket', id: REFUND_TICKET } as const
    const value = await prepareValue(deps, {
      record,
      field: { id: 'comment_9001_1', kind: 'payment_card', sensitivityClass: 'restricted' },
      version: 1,
      value: CARD,
      source: 'comment',
      customerId: 501,
      createdBy: 900,
    })
    await appendValue(deps.database.orm, deps.account.id, record, value)
    deps.fingerprintKeys = environmentKeys(parseKeys(`${generateKey('new')},${old}`))
    const maya = await endpoint.signIn(MAYA)
    expect((await check(maya, CARD, 'comment_9001_1')).as(valueCheck).isMatch).toBe(true)
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    const found = await omar.post('/api/value-searches', { kind: 'payment_card', value: CARD })
    expect(found.as(valueSearch).tickets).toMatchObject([
      { ticketId: REFUND_TICKET, fields: [{ place: { in: 'comment', id: 9001, number: 1 } }] },
    ])
    // Without the key it was made with, a fingerprint says nothing: neither yes nor no.
    deps.fingerprintKeys = environmentKeys(parseKeys(generateKey('new')))
    expect((await check(maya, CARD, 'comment_9001_1')).problem().code).toBe('keys_unavailable')
    await endpoint.expectAuditEntry({
      action: 'value_check.refuse',
      outcome: 'failed',
      code: 'keys_unavailable',
    })
  })

  it('keeps what was typed out of the log, the entries and the answer', async () => {
    const { endpoint, maya } = await startWithCard()
    const answers = [await check(maya, OTHER_CARD), await check(maya, CARD)]
    const evidence = [
      ...answers.map(({ text }) => text),
      ...endpoint.logLines,
      JSON.stringify(await endpoint.auditEntries()),
    ].join('\n')
    const find = createCanaryMatcher([
      { name: 'stored', value: CARD },
      { name: 'typed', value: OTHER_CARD },
    ])
    expect(find(evidence)).toEqual([])
  })
})

describe('who may check', () => {
  it.each([
    ['a person outside the ticket', AISHA, 'ticket_access_denied'],
    ['an administrator', SAM_ADMINISTRATOR, 'field_not_visible'],
  ])('not %s', async (_, personId, code) => {
    const { endpoint } = await startWithCard()
    const person = await endpoint.signIn(personId)
    expect((await check(person, CARD)).problem().code).toBe(code)
    await endpoint.expectAuditEntry({ action: 'value_check.refuse', outcome: 'refused', code })
    await endpoint.expectNoAuditEntry('value_check.match')
  })

  it('not who may see the mask and not ask for the value', async () => {
    const { matrix } = sandboxPolicy
    const frontline = { ...matrix.frontline, restricted: 'masked' as const }
    const policy = { ...sandboxPolicy, matrix: { ...matrix, frontline } }
    const endpoint = await startEndpoint({ policy })
    await putValue(await endpoint.signIn(OMAR))
    const maya = await endpoint.signIn(MAYA)
    expect((await check(maya, CARD)).problem().code).toBe('role_not_permitted')
    await endpoint.expectAuditEntry({ action: 'value_check.refuse', code: 'role_not_permitted' })
    await endpoint.expectNoAuditEntry('value_check.match')
  })

  it('nobody while reveals are paused', async () => {
    const { endpoint, maya } = await startWithCard()
    endpoint.zendesk.changeSettings({ areRevealsPaused: true })
    endpoint.clock.advance(61)
    expect((await check(maya, CARD)).problem().code).toBe('reveals_paused')
    await endpoint.expectNoAuditEntry('value_check.match')
  })

  it('a field without a value is refused, and one that does not exist is unknown', async () => {
    const { endpoint, maya } = await startWithCard()
    expect((await check(maya, CARD, 'iban')).problem().code).toBe('field_empty')
    await endpoint.expectAuditEntry({ action: 'value_check.refuse', code: 'field_empty' })
    expect((await check(maya, CARD, 'no_such_field')).problem().code).toBe('field_unknown')
    expect((await check(maya, CARD, 'card_number', 999_999)).problem().code).toBe(
      'ticket_not_found',
    )
  })

  it('an erased value is gone for checks, too', async () => {
    const { endpoint, maya } = await startWithCard()
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const reasonText = 'The customer asked us to forget them, letter of today.'
    expect((await ingrid.post('/api/customers/501/erasure', { reasonText })).status).toBe(200)
    expect((await check(maya, CARD)).problem().code).toBe('value_erased')
    await endpoint.expectNoAuditEntry('value_check.match')
  })

  it('an empty text is no try', async () => {
    const { endpoint, maya } = await startWithCard()
    expect((await check(maya, '')).problem().code).toBe('bad_input')
    await endpoint.expectNoAuditEntry('value_check.miss')
  })
})

describe('guessing', () => {
  it('five misses lock the value for that person for 15 minutes, even for the right value', async () => {
    const { endpoint, maya } = await startWithCard()
    await miss(endpoint, maya, 4)
    expect((await check(maya, OTHER_CARD)).as(valueCheck)).toEqual({
      isMatch: false,
      triesLeft: 0,
      lockedSeconds: 15 * 60,
    })
    const locked = await check(maya, CARD)
    expect(locked.problem()).toMatchObject({ status: 429, code: 'value_check_locked' })
    expect(locked.headers.get('retry-after')).toBe(String(15 * 60))
    await endpoint.expectAuditEntry({ action: 'value_check.refuse', code: 'value_check_locked' })
    const tomas = await endpoint.signIn(TOMAS)
    expect((await check(tomas, CARD)).as(valueCheck).isMatch).toBe(true)
    endpoint.clock.advance(15 * 60)
    expect((await check(await endpoint.signIn(MAYA), CARD)).as(valueCheck).isMatch).toBe(true)
  })

  it('a lock on one value leaves the others open', async () => {
    const { endpoint, maya } = await startWithCard()
    await putValue(maya, REFUND_TICKET, 'phone', '+44 20 7946 0958')
    await miss(endpoint, maya, 5)
    expect((await check(maya, '+442079460958', 'phone')).as(valueCheck).isMatch).toBe(true)
  })

  it('ten misses of several people lock the value for everybody for an hour', async () => {
    const { endpoint, maya } = await startWithCard()
    await miss(endpoint, maya, 5)
    await miss(endpoint, await endpoint.signIn(TOMAS), 5)
    const omar = await endpoint.signIn(OMAR)
    expect((await check(omar, CARD)).problem().code).toBe('value_check_locked')
    endpoint.clock.advance(60 * 60)
    expect((await check(await endpoint.signIn(OMAR), CARD)).as(valueCheck).isMatch).toBe(true)
  })

  it('more than ten checks a minute are refused, matches included', async () => {
    const { endpoint, maya } = await startWithCard()
    for (let at = 0; at < 10; at += 1) (await check(maya, CARD)).as(valueCheck)
    const refused = await check(maya, CARD)
    expect(refused.problem()).toMatchObject({ code: 'rate_limited', retryAfterSeconds: 60 })
    await endpoint.expectAuditEntry({ action: 'value_check.refuse', code: 'rate_limited' })
    endpoint.clock.advance(60)
    expect((await check(maya, CARD)).as(valueCheck).isMatch).toBe(true)
  })

  it('a lock of a day outlasts every sweep, and what no limit counts is forgotten', async () => {
    const { limits } = sandboxPolicy
    const checks = { ...limits.checks, missesPerPerson: 1, lockMinutes: 24 * 60 }
    const policy = { ...sandboxPolicy, limits: { ...limits, checks } }
    const { endpoint, maya } = await startWithCard({ policy })
    await check(maya, OTHER_CARD)
    endpoint.clock.advance(24 * 60 * 60 - 1)
    await endpoint.sweep()
    const locked = await check(await endpoint.signIn(MAYA), CARD)
    expect(locked.problem()).toMatchObject({ code: 'value_check_locked', retryAfterSeconds: 1 })
    const { database, account } = endpoint.deps
    const ours = eq(valueChecks.account, account.id)
    expect(await database.orm.$count(valueChecks, ours)).toBe(1)
    endpoint.clock.advance(60 * 60 + 2)
    await endpoint.sweep()
    expect(await database.orm.$count(valueChecks, ours)).toBe(0)
    await endpoint.expectAuditEntry({ action: 'value_check.miss' })
  })

  it('policy sets the limits', async () => {
    const { limits } = sandboxPolicy
    const policy = {
      ...sandboxPolicy,
      limits: { ...limits, checks: { ...limits.checks, missesPerPerson: 1 } },
    }
    const { maya } = await startWithCard({ policy })
    expect((await check(maya, OTHER_CARD)).as(valueCheck).triesLeft).toBe(0)
    expect((await check(maya, CARD)).problem().code).toBe('value_check_locked')
  })
})
