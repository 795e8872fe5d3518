/** What the save guard's browser half tells the endpoint, and what the log keeps of it. */
import { describe, expect, it } from 'vitest'
import { auditEntryList } from '../../src/contract/audit-entries.ts'
import { saveGuardPass, saveGuardStop } from '../../src/contract/save-guard.ts'
import type { SaveGuardPassInput, SaveGuardStopInput } from '../../src/contract/save-guard.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import { AISHA, INGRID_COMPLIANCE, MAYA, startEndpoint } from '../support/endpoint.ts'

const PASSES = '/api/tickets/4001/save-guard-passes'
const STOPS = '/api/tickets/4001/save-guard-stops'
const REASON = 'The customer asked for our own account to send the money back to'

const sending = (change: Partial<SaveGuardPassInput> = {}): SaveGuardPassInput => ({
  kinds: ['bank_account'],
  count: 1,
  isPublic: true,
  reasonText: REASON,
  ...change,
})

const stopped = (change: Partial<SaveGuardStopInput> = {}): SaveGuardStopInput => ({
  act: 'stop',
  kinds: ['payment_card', 'email'],
  count: 3,
  isPublic: true,
  ...change,
})

const noSending = {
  ...sandboxPolicy,
  detection: {
    ...sandboxPolicy.detection,
    saveGuard: { ...sandboxPolicy.detection.saveGuard, maySendWithReason: false },
  },
}

describe('sending a draft as it is', () => {
  it('is logged with its reason, which no leaf holds, before it is let through', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    const { id } = (await maya.post(PASSES, sending())).as(saveGuardPass)
    const entry = await endpoint.expectAuditEntry({
      action: 'save_guard.pass',
      outcome: 'ok',
      actor: { type: 'person', id: MAYA, roles: ['frontline'] },
      record: { type: 'ticket', id: 4001 },
      data: { kinds: ['bank_account'], count: 1, isPublic: true, passId: id },
    })
    expect(JSON.stringify(entry)).not.toContain('asked for our own')
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const log = await ingrid.get('/api/audit-entries?action=save_guard.pass')
    expect(log.as(auditEntryList).entries[0]?.texts).toEqual({ reason: REASON })
  })

  it.each([
    ['a reason of two words', { reasonText: 'need it' }, 'reason_too_short'],
    ['a reason of dots', { reasonText: '...............' }, 'reason_not_meaningful'],
    ['one piece over and over', { reasonText: 'abcabcabcabcabc' }, 'reason_not_meaningful'],
  ])('is refused for %s, and that is logged', async (_, change, code) => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    expect((await maya.post(PASSES, sending(change))).problem().code).toBe(code)
    await endpoint.expectAuditEntry({ action: 'save_guard.refuse', outcome: 'refused', code })
    await endpoint.expectNoAuditEntry('save_guard.pass')
  })

  it('is refused for the reason of the time before, however it is spelt', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    await maya.post(PASSES, sending())
    const again = await maya.post(PASSES, sending({ reasonText: `  ${REASON.toUpperCase()}. ` }))
    expect(again.problem().code).toBe('reason_repeated')
    const passes = (await endpoint.auditEntries()).filter(
      ({ action }) => action === 'save_guard.pass',
    )
    expect(passes).toHaveLength(1)
  })

  it('is refused where policy does not allow it, whatever the reason', async () => {
    const endpoint = await startEndpoint({ policy: noSending })
    const maya = await endpoint.signIn(MAYA)
    expect((await maya.post(PASSES, sending())).problem()).toMatchObject({
      status: 403,
      code: 'save_guard_pass_not_allowed',
    })
    await endpoint.expectAuditEntry({
      action: 'save_guard.refuse',
      code: 'save_guard_pass_not_allowed',
    })
    await endpoint.expectNoAuditEntry('save_guard.pass')
  })

  it.each([
    ['a ticket of another group', AISHA, 4001, 'ticket_access_denied'],
    ['a ticket that is not there', MAYA, 999_999, 'ticket_not_found'],
  ])('is refused on %s', async (_, personId, ticketId, code) => {
    const endpoint = await startEndpoint()
    const person = await endpoint.signIn(personId)
    const answer = await person.post(`/api/tickets/${ticketId}/save-guard-passes`, sending())
    expect(answer.problem().code).toBe(code)
    await endpoint.expectAuditEntry({ action: 'save_guard.refuse', code })
    await endpoint.expectNoAuditEntry('save_guard.pass')
  })

  it('is refused for a reason that is itself sensitive, by its kinds and never by its words', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    const reasonText = 'The customer wants 4111 1111 1111 1111 in writing'
    const answer = await maya.post(PASSES, sending({ reasonText }))
    expect(answer.problem()).toMatchObject({ code: 'text_sensitive', kinds: ['payment_card'] })
    await endpoint.expectAuditEntry({ action: 'save_guard.refuse', code: 'text_sensitive' })
    await endpoint.expectNoAuditEntry('save_guard.pass')
    expect(JSON.stringify(await endpoint.auditEntries())).not.toContain('4111')
  })

  it.each([
    ['no kind', { kinds: [] }],
    ['a kind that does not exist', { kinds: ['4111 1111 1111 1111'] }],
    ['a text beside the kinds', { text: 'my draft' }],
  ])('takes nothing with %s', async (_, change) => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    const answer = await maya.post(PASSES, { ...sending(), ...change })
    expect(answer.problem().code).toBe('bad_input')
    expect(answer.text).not.toContain('4111')
    await endpoint.expectNoAuditEntry('save_guard.pass')
  })
})

describe('what the guard met', () => {
  it.each([
    ['stop', 'ok'],
    ['move', 'ok'],
    ['mask', 'ok'],
    ['block_unchecked', 'failed'],
    ['pass_unchecked', 'failed'],
  ] as const)('%s is logged by kinds and number', async (act, outcome) => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    expect((await maya.post(STOPS, stopped({ act }))).as(saveGuardStop)).toEqual({ isLogged: true })
    await endpoint.expectAuditEntry({
      action: `save_guard.${act}`,
      outcome,
      actor: { type: 'person', id: MAYA, roles: ['frontline'] },
      record: { type: 'ticket', id: 4001 },
      data: { kinds: ['email', 'payment_card'], count: 3, isPublic: true },
    })
  })

  it('is not taken about a ticket that the person may not see', async () => {
    const endpoint = await startEndpoint()
    const aisha = await endpoint.signIn(AISHA)
    const answer = await aisha.post(STOPS, stopped())
    expect(answer.problem().code).toBe('ticket_access_denied')
    await endpoint.expectAuditEntry({ action: 'save_guard.refuse', code: 'ticket_access_denied' })
    await endpoint.expectNoAuditEntry('save_guard.stop')
  })
})
