/**
 * "When the field changes under us", sentence by sentence. That a merge's target points to its source is in
 * `ticket-merges.test.ts`, that no value crosses to another account in `ticket-sharing.test.ts`, what a
 * write does not cost in `field-writes.test.ts`.
 */
import { describe, expect, it } from 'vitest'
import { MAYA, startEndpoint } from '../support/endpoint.ts'
import type { TestEndpoint } from '../support/endpoint.ts'
import {
  exposuresOf,
  ingest,
  settle,
  ticketOf,
  type,
  update,
  vaultOf,
  writesTo,
} from '../support/ingestion.ts'
import { CARD, putValue, reveal, startGranted } from '../support/story.ts'

const OTHER_CARD = '5555 5555 5555 4444'

/** What somebody may put into a field instead of its own token. */
const TOKENS = {
  /** Another account's, as ticket sharing or a copy brings it. */
  async foreign() {
    const theirs = await startEndpoint()
    await putValue(await theirs.signIn(MAYA))
    await settle(theirs)
    return theirs.zendesk.fieldText(4001, 301) ?? ''
  },
  async copied(endpoint: TestEndpoint) {
    await type(endpoint, MAYA, 4004, 301, OTHER_CARD)
    await ingest(endpoint, 4004)
    return endpoint.zendesk.fieldText(4004, 301) ?? ''
  },
  async invented() {
    return '•••• 1111 [scrim:AAAAAAAAAAAAAAAA]'
  },
}

describe('when the field changes under us', () => {
  it('plaintext typed into an empty field is vaulted and replaced', async () => {
    const endpoint = await startEndpoint()
    await type(endpoint, MAYA, 4001, 301, CARD)
    await ingest(endpoint, 4001)
    expect(await vaultOf(endpoint, 4001)).toEqual([
      { fieldId: 'card_number', version: 1, value: CARD, source: 'field' },
    ])
    expect(endpoint.zendesk.fieldText(4001, 301)).toMatch(/^•••• •••• •••• 4242 \[scrim:/)
  })

  it('a field of a type that cannot hold a mask is left alone', async () => {
    const endpoint = await startEndpoint()
    for (const field of endpoint.zendesk.emulator.state.ticketFields) field.type = 'tagger'
    await type(endpoint, MAYA, 4001, 301, CARD)
    endpoint.zendesk.emulator.counts.reset()
    await ingest(endpoint, 4001)
    expect(await vaultOf(endpoint, 4001)).toEqual([])
    expect(writesTo(endpoint)).toBe(0)
  })

  it('new plaintext typed over a token becomes version n+1 in the vault, grants on n end', async () => {
    const endpoint = await startEndpoint()
    const { maya, grantId } = await startGranted(endpoint)
    await settle(endpoint)
    await type(endpoint, MAYA, 4001, 301, OTHER_CARD)
    await ingest(endpoint, 4001)
    expect((await vaultOf(endpoint, 4001)).map(({ version, value }) => [version, value])).toEqual([
      [1, CARD],
      [2, OTHER_CARD],
    ])
    expect(endpoint.zendesk.fieldText(4001, 301)).toMatch(/^•••• •••• •••• 4444 \[scrim:/)
    await endpoint.expectAuditEntry({ action: 'grant.end', grantId })
    expect((await reveal(maya, grantId)).problem().code).toBe('grant_ended')
    expect(await exposuresOf(endpoint)).toMatchObject([
      { category: 'field_history', place: 'card_number', kind: 'payment_card' },
    ])
  })

  it('new plaintext typed beside the mask is vaulted, too', async () => {
    const endpoint = await startEndpoint()
    await putValue(await endpoint.signIn(MAYA))
    await settle(endpoint)
    const stands = endpoint.zendesk.fieldText(4001, 301) ?? ''
    await type(endpoint, MAYA, 4001, 301, `${stands} ${OTHER_CARD}`)
    await ingest(endpoint, 4001)
    expect((await vaultOf(endpoint, 4001)).map(({ value }) => value)).toEqual([CARD, OTHER_CARD])
    expect(endpoint.zendesk.fieldText(4001, 301)).toMatch(/^•••• •••• •••• 4444 \[scrim:\w{16}\]$/)
  })

  it('cleared: kept, flagged, until the mask is back', async () => {
    const endpoint = await startEndpoint()
    await putValue(await endpoint.signIn(MAYA))
    await settle(endpoint)
    const stands = endpoint.zendesk.fieldText(4001, 301) ?? ''
    await type(endpoint, MAYA, 4001, 301, null)
    await ingest(endpoint, 4001)
    await ingest(endpoint, 4001)
    expect(endpoint.zendesk.fieldText(4001, 301)).toBeNull()
    expect(await vaultOf(endpoint, 4001)).toHaveLength(1)
    const cleared = (await endpoint.auditEntries()).filter(
      ({ action }) => action === 'protected_value.clear',
    )
    expect(cleared).toHaveLength(1)
    await type(endpoint, MAYA, 4001, 301, stands)
    await ingest(endpoint, 4001)
    expect(endpoint.zendesk.fieldText(4001, 301)).toBe(stands)
  })

  it('a copied token in an empty field gives way to nothing, with an alert', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    await settle(endpoint)
    const stands = endpoint.zendesk.fieldText(4001, 301) ?? ''
    await type(endpoint, MAYA, 4004, 301, stands)
    await ingest(endpoint, 4004)
    expect(endpoint.zendesk.fieldText(4004, 301)).toBe('')
    expect(await vaultOf(endpoint, 4004)).toEqual([])
    await endpoint.expectAuditEntry({
      action: 'protected_value.restore',
      record: { type: 'ticket', id: 4004 },
      data: { found: 'copied', isAlert: true, copiedFromTicketId: 4001 },
    })
  })

  it.each([
    ['foreign', 'invented', null],
    ['copied', 'copied', 4004],
    ['invented', 'invented', null],
  ] as const)(
    'a %s token: the original is restored, an alert raised, once',
    async (token, found, copiedFromTicketId) => {
      const endpoint = await startEndpoint()
      const maya = await endpoint.signIn(MAYA)
      await putValue(maya)
      await settle(endpoint)
      const stands = endpoint.zendesk.fieldText(4001, 301) ?? ''
      await type(endpoint, MAYA, 4001, 301, await TOKENS[token](endpoint))
      await ingest(endpoint, 4001)
      await ingest(endpoint, 4001)
      expect(endpoint.zendesk.fieldText(4001, 301)).toBe(stands)
      expect(await vaultOf(endpoint, 4001)).toHaveLength(1)
      const alerts = (await endpoint.auditEntries()).filter(
        ({ action, record }) => action === 'protected_value.restore' && record?.id === 4001,
      )
      expect(alerts.map(({ data }) => data)).toMatchObject([
        { found, isAlert: true, copiedFromTicketId },
      ])
    },
  )

  it('an old token that a stale tab wrote back is replaced without an alert', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    await settle(endpoint)
    const stale = endpoint.zendesk.fieldText(4001, 301) ?? ''
    await type(endpoint, MAYA, 4001, 301, OTHER_CARD)
    await ingest(endpoint, 4001)
    await type(endpoint, MAYA, 4001, 301, stale)
    await ingest(endpoint, 4001)
    expect(endpoint.zendesk.fieldText(4001, 301)).toContain('4444 [scrim:')
    await endpoint.expectAuditEntry({
      action: 'protected_value.restore',
      data: { found: 'outdated', isAlert: false },
    })
  })

  it('plaintext in a field of a closed ticket is vaulted and said to stay', async () => {
    const endpoint = await startEndpoint()
    await type(endpoint, MAYA, 4001, 301, CARD)
    await update(endpoint, MAYA, 4001, { status: 'closed' })
    await ingest(endpoint, 4001)
    await ingest(endpoint, 4001)
    expect((await vaultOf(endpoint, 4001)).map(({ value }) => value)).toEqual([CARD])
    expect((await exposuresOf(endpoint)).map(({ category }) => category).toSorted()).toEqual([
      'closed_ticket_field',
      'field_history',
    ])
  })

  describe('a follow-up', () => {
    const start = async (change: { followUps?: number[]; requesterId?: number } = {}) => {
      const endpoint = await startEndpoint()
      await putValue(await endpoint.signIn(MAYA))
      await settle(endpoint)
      const source = ticketOf(endpoint, 4001)
      source.status = 'closed'
      source.followup_ids = change.followUps ?? [4004]
      const followUp = ticketOf(endpoint, 4004)
      followUp.requester_id = change.requesterId ?? source.requester_id
      followUp.via = {
        channel: 'web',
        source: { from: { ticket_id: 4001 }, to: {}, rel: 'follow_up' },
      }
      const stands = endpoint.zendesk.fieldText(4001, 301) ?? ''
      await type(endpoint, MAYA, 4004, 301, stands)
      await ingest(endpoint, 4004)
      return { endpoint, stands }
    }

    it('carries the value re-encrypted under the new record, with its own entry and token', async () => {
      const { endpoint, stands } = await start()
      expect(await vaultOf(endpoint, 4004)).toEqual([
        { fieldId: 'card_number', version: 1, value: CARD, source: 'follow_up' },
      ])
      const shown = endpoint.zendesk.fieldText(4004, 301)
      expect(shown).toMatch(/4242 \[scrim:\w{16}\]$/)
      expect(shown).not.toBe(stands)
      await endpoint.expectAuditEntry({
        action: 'protected_value.carry',
        record: { type: 'ticket', id: 4004 },
        data: { fromTicketId: 4001, fromVersion: 1, version: 1 },
      })
      await endpoint.expectNoAuditEntry('protected_value.restore')
    })

    it.each([
      ['that Zendesk does not list on the closed ticket', { followUps: [] }],
      ['of another customer', { requesterId: 502 }],
    ])('%s carries nothing: its token is a copied one', async (_, change) => {
      const { endpoint } = await start(change)
      expect(await vaultOf(endpoint, 4004)).toEqual([])
      expect(endpoint.zendesk.fieldText(4004, 301)).toBe('')
      await endpoint.expectAuditEntry({
        action: 'protected_value.restore',
        data: { found: 'copied', isAlert: true, copiedFromTicketId: 4001 },
      })
    })
  })
})
