import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { grantList, grantView, revealedText } from '../../src/contract/grants.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import { protectedValues } from '../../src/storage/schema.ts'
import { INGRID_COMPLIANCE, OMAR, TOMAS, startEndpoint } from '../support/endpoint.ts'
import { blockEntries } from '../support/full-disk.ts'
import {
  CARD,
  CARD_MASK,
  beat,
  fieldsOf,
  putValue,
  release,
  reveal,
  revealed,
  startGranted,
} from '../support/story.ts'

const oneUse = { ...sandboxPolicy, limits: { ...sandboxPolicy.limits, uses: 1 } }

const eqAccount = (account: string) => eq(protectedValues.account, account)

describe('revealing', () => {
  it('shows the value once its entry was committed, with seconds and watermark', async () => {
    const endpoint = await startEndpoint()
    const { maya, grantId } = await startGranted(endpoint)
    const attemptId = randomUUID()
    const shown = await revealed(maya, grantId, attemptId)
    expect(shown).toEqual({
      grantId,
      attemptId,
      fieldId: 'card_number',
      value: CARD,
      displayRemainingSeconds: 60,
      displaySeconds: 60,
      usesLeft: 2,
      isCopyAllowed: false,
      watermark: { name: 'Maya Rivera', at: endpoint.clock.now().toISOString() },
    })
    await endpoint.expectAuditEntry({
      action: 'grant.reveal',
      outcome: 'ok',
      grantId,
      attemptId,
      fields: ['card_number'],
      policyVersion: 1,
    })
  })

  it('a lost response repeated with the same attempt costs no second use', async () => {
    const endpoint = await startEndpoint()
    const { maya, grantId } = await startGranted(endpoint)
    const attemptId = randomUUID()
    await revealed(maya, grantId, attemptId)
    endpoint.clock.advance(20)
    const again = await revealed(maya, grantId, attemptId)
    expect(again).toMatchObject({ value: CARD, usesLeft: 2, displayRemainingSeconds: 40 })
    await endpoint.expectAuditEntry({ action: 'grant.reveal_repeat', attemptId })
    const entries = await endpoint.auditEntries()
    expect(entries.filter(({ action }) => action === 'grant.reveal')).toHaveLength(1)
  })

  it('the same attempt is refused after the display window and in another session', async () => {
    const endpoint = await startEndpoint()
    const { maya, grantId } = await startGranted(endpoint)
    const attemptId = randomUUID()
    await revealed(maya, grantId, attemptId)
    const elsewhere = await endpoint.signIn(maya.personId)
    expect((await reveal(elsewhere, grantId, attemptId)).problem().code).toBe('reveal_not_open')
    endpoint.clock.advance(61)
    expect((await reveal(maya, grantId, attemptId)).problem().code).toBe('reveal_not_open')
  })

  it('a second use of a one-use grant is refused', async () => {
    const endpoint = await startEndpoint({ policy: oneUse })
    const { maya, grantId } = await startGranted(endpoint)
    await revealed(maya, grantId)
    const second = await reveal(maya, grantId)
    expect(second.problem()).toMatchObject({ status: 410, code: 'grant_exhausted' })
    expect(second.text).not.toContain('4242')
    await endpoint.expectAuditEntry({ action: 'grant.reveal_refuse', code: 'grant_exhausted' })
  })

  it('sixty-four uses at once of a one-use grant show one value and leave sixty-three refusals', async () => {
    const endpoint = await startEndpoint({ policy: oneUse })
    const { maya, grantId } = await startGranted(endpoint)
    const answers = await Promise.all(Array.from({ length: 64 }, () => reveal(maya, grantId)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ text }) => text.includes('4242'))).toHaveLength(1)
    const entries = await endpoint.auditEntries()
    expect(entries.filter(({ action }) => action === 'grant.reveal')).toHaveLength(1)
    expect(entries.filter(({ action }) => action === 'grant.reveal_refuse')).toHaveLength(63)
  })

  it("somebody else's grant looks like none, and the log keeps the difference", async () => {
    const endpoint = await startEndpoint()
    const { grantId } = await startGranted(endpoint)
    const tomas = await endpoint.signIn(TOMAS)
    const foreign = await reveal(tomas, grantId)
    const none = await reveal(tomas, randomUUID())
    expect(foreign.text).toBe(none.text)
    expect(foreign.problem().code).toBe('grant_not_found')
    await endpoint.expectAuditEntry({ action: 'grant.reveal_refuse', grantId })
  })

  it('a field that the grant does not cover is refused', async () => {
    const endpoint = await startEndpoint()
    const { maya, grantId } = await startGranted(endpoint)
    await putValue(maya, 4001, 'phone', '+44 20 7946 0018')
    const answer = await reveal(maya, grantId, randomUUID(), 'phone')
    expect(answer.problem().code).toBe('fields_not_requested')
  })

  it('a value that does not open is logged, gives the use back and shows nothing', async () => {
    const endpoint = await startEndpoint()
    const { maya, grantId } = await startGranted(endpoint)
    await endpoint.deps.database.orm
      .update(protectedValues)
      .set({ jwe: 'not.a.sealed.value.' })
      .where(eqAccount(endpoint.deps.account.id))
    const answer = await reveal(maya, grantId)
    expect(answer.problem()).toMatchObject({ status: 500, code: 'reveal_failed' })
    await endpoint.expectAuditEntry({ action: 'grant.reveal_fail', outcome: 'failed', grantId })
    expect((await fieldsOf(maya)).grants[0]?.fields[0]?.usesLeft).toBe(3)
  })

  it('no value leaves when its entry cannot be written', async () => {
    const endpoint = await startEndpoint()
    const { maya, grantId } = await startGranted(endpoint)
    const { database, account } = endpoint.deps
    await database.orm.execute(blockEntries(account.id, 'on'))
    const answer = await reveal(maya, grantId)
    await database.orm.execute(blockEntries(account.id, 'off'))
    expect(answer.status).toBeGreaterThanOrEqual(500)
    expect(answer.text).not.toContain('4242')
    expect((await fieldsOf(maya)).grants[0]?.fields[0]?.usesLeft).toBe(3)
  })

  it('reveals stop while an administrator pauses them, and go on afterwards', async () => {
    const endpoint = await startEndpoint()
    const { maya, grantId } = await startGranted(endpoint)
    endpoint.zendesk.changeSettings({ areRevealsPaused: true })
    expect((await reveal(maya, grantId)).problem().code).toBe('reveals_paused')
    endpoint.zendesk.changeSettings({ areRevealsPaused: false })
    expect((await reveal(maya, grantId)).as(revealedText).value).toBe(CARD)
  })

  it('a tighter display time acts on the next reveal', async () => {
    const endpoint = await startEndpoint()
    const { maya, grantId } = await startGranted(endpoint)
    endpoint.zendesk.changeSettings({ displaySeconds: 10 })
    expect((await revealed(maya, grantId)).displaySeconds).toBe(10)
    await endpoint.sweep()
    await endpoint.expectAuditEntry({ action: 'app_settings.change', data: { displaySeconds: 10 } })
  })
})

describe('the end of a grant', () => {
  it('comes with its time, though nobody looks', async () => {
    const endpoint = await startEndpoint()
    const { maya, grantId } = await startGranted(endpoint, { minutes: 5 })
    endpoint.clock.advance(5 * 60)
    expect((await reveal(maya, grantId)).problem().code).toBe('grant_expired')
    await endpoint.sweep()
    await endpoint.expectAuditEntry({
      action: 'grant.expire',
      grantId,
      fields: ['card_number'],
    })
    expect((await fieldsOf(maya)).grants[0]?.state).toBe('expired')
  })

  it('a value never stays on screen beyond its grant', async () => {
    const endpoint = await startEndpoint()
    const { maya, grantId } = await startGranted(endpoint, { minutes: 5 })
    endpoint.clock.advance(5 * 60 - 10)
    expect((await revealed(maya, grantId)).displayRemainingSeconds).toBe(10)
  })

  it('comes with "I\'m done", and a value on screen gets no more heartbeats', async () => {
    const endpoint = await startEndpoint()
    const { maya, grantId } = await startGranted(endpoint)
    const { attemptId } = await revealed(maya, grantId)
    expect((await beat(maya, grantId, attemptId)).status).toBe(200)
    expect((await release(maya, grantId)).state).toBe('released')
    expect((await release(maya, grantId)).state).toBe('released')
    expect((await beat(maya, grantId, attemptId)).problem().code).toBe('grant_released')
    expect((await reveal(maya, grantId)).problem().code).toBe('grant_released')
    const entries = await endpoint.auditEntries()
    expect(entries.filter(({ action }) => action === 'grant.release')).toHaveLength(1)
  })

  it.each([
    ['a lead', OMAR],
    ['compliance', INGRID_COMPLIANCE],
  ])('comes with a revocation by %s, on an open value too', async (_, personId) => {
    const endpoint = await startEndpoint()
    const { maya, grantId } = await startGranted(endpoint)
    const { attemptId } = await revealed(maya, grantId)
    const revoker = await endpoint.signIn(personId, 'nav_bar')
    expect((await revoker.get('/api/grants')).as(grantList).grants).toHaveLength(1)
    const answer = await revoker.post(`/api/grants/${grantId}/revoke`, { comment: 'Wrong ticket' })
    expect(answer.as(grantView).state).toBe('revoked')
    expect((await beat(maya, grantId, attemptId)).problem().code).toBe('grant_revoked')
    expect((await reveal(maya, grantId)).problem().code).toBe('grant_revoked')
    expect((await reveal(maya, grantId, attemptId)).problem().code).toBe('grant_revoked')
    await endpoint.expectAuditEntry({ action: 'grant.revoke', outcome: 'ok', grantId })
  })

  it('a colleague cannot revoke', async () => {
    const endpoint = await startEndpoint()
    const { maya, grantId } = await startGranted(endpoint)
    const tomas = await endpoint.signIn(TOMAS)
    const answer = await tomas.post(`/api/grants/${grantId}/revoke`)
    expect(answer.problem().code).toBe('role_not_permitted')
    expect((await reveal(maya, grantId)).status).toBe(200)
  })

  it.each([
    [
      'the ticket is solved',
      (e) => e.zendesk.changeTicket(4001, { status: 'solved' }),
      'ticket_solved',
    ],
    [
      'the ticket is reassigned',
      (e) => e.zendesk.changeTicket(4001, { assigneeId: TOMAS }),
      'ticket_reassigned',
    ],
    [
      'the requester loses the role',
      (e) => e.zendesk.changePerson(101, { customRoleId: 9, zendeskRole: 'admin', groupIds: [] }),
      'role_not_permitted',
    ],
  ] as [string, (e: Awaited<ReturnType<typeof startEndpoint>>) => void, string][])(
    'comes when %s, and takes an open value off the screen',
    async (_, change, code) => {
      const endpoint = await startEndpoint()
      const { maya, grantId } = await startGranted(endpoint)
      const { attemptId } = await revealed(maya, grantId)
      change(endpoint)
      expect((await beat(maya, grantId, attemptId)).problem().code).toBe(code)
      expect((await reveal(maya, grantId)).problem().code).toBe('grant_ended')
      await endpoint.expectAuditEntry({ action: 'grant.end', grantId, code })
    },
  )

  it('comes when a suspended requester reveals, without a value', async () => {
    const endpoint = await startEndpoint()
    const { maya, grantId } = await startGranted(endpoint)
    endpoint.zendesk.changePerson(101, { isSuspended: true })
    const answer = await reveal(maya, grantId)
    expect(answer.problem().code).toBe('person_suspended')
    expect(answer.text).not.toContain('4242')
  })

  it('comes with a new value in the field: a grant on the old one opens nothing', async () => {
    const endpoint = await startEndpoint()
    const { maya, grantId } = await startGranted(endpoint)
    await putValue(maya, 4001, 'card_number', '5555 5555 5555 4444')
    expect((await reveal(maya, grantId)).problem().code).toBe('grant_ended')
    await endpoint.expectAuditEntry({ action: 'grant.end', grantId })
  })

  it('a heartbeat of another session, another person or another attempt is refused', async () => {
    const endpoint = await startEndpoint()
    const { maya, grantId } = await startGranted(endpoint)
    const { attemptId } = await revealed(maya, grantId)
    const elsewhere = await endpoint.signIn(maya.personId)
    expect((await beat(elsewhere, grantId, attemptId)).problem().code).toBe('reveal_not_open')
    const tomas = await endpoint.signIn(TOMAS)
    expect((await beat(tomas, grantId, attemptId)).problem().code).toBe('grant_not_found')
    expect((await beat(maya, grantId, randomUUID())).problem().code).toBe('grant_not_found')
  })
})

describe('taking a value in', () => {
  it('stores it sealed and gives Zendesk its mask and token, never the value', async () => {
    const endpoint = await startEndpoint()
    const { maya } = await startGranted(endpoint)
    await endpoint.sweep()
    const text = endpoint.zendesk.fieldText(4001, 301)
    expect(text).toMatch(/^•••• •••• •••• 4242 \[scrim:[0-9A-HJKMNP-TV-Z]{16}\]$/)
    const rows = await endpoint.deps.database.orm.select().from(protectedValues)
    expect(JSON.stringify(rows)).not.toContain(CARD)
    await endpoint.expectAuditEntry({ action: 'protected_value.take_in', data: { version: 1 } })
    const [field] = (await fieldsOf(maya)).fields
    expect(field).toMatchObject({ fieldId: 'card_number', masked: CARD_MASK, hasValue: true })
  })

  it.each([
    ['a mask over the real value', CARD_MASK, 'value_is_masked'],
    ['a token', 'x [scrim:0123456789ABCDEF]', 'value_is_masked'],
    ['only spaces', '     ', 'value_invalid'],
    ['only invisible characters', '\u200B\u200B\u2060', 'value_invalid'],
  ])('refuses %s and keeps what is there', async (_, value, code) => {
    const endpoint = await startEndpoint()
    const { maya, grantId } = await startGranted(endpoint)
    const path = '/api/tickets/4001/protected-fields/card_number/value'
    expect((await maya.put(path, { value })).problem().code).toBe(code)
    expect((await revealed(maya, grantId)).value).toBe(CARD)
  })

  it('two people who store a value at the same time make two versions or one conflict', async () => {
    const endpoint = await startEndpoint()
    const { maya } = await startGranted(endpoint)
    const tomas = await endpoint.signIn(TOMAS)
    const path = '/api/tickets/4001/protected-fields/iban/value'
    const value = 'GB82 WEST 1234 5698 7654 32'
    const answers = await Promise.all([maya.put(path, { value }), tomas.put(path, { value })])
    for (const answer of answers) expect([200, 409]).toContain(answer.status)
    expect(answers.some(({ status }) => status === 200)).toBe(true)
  })
})
