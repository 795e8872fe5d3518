/** "Merged: the target points to the source." What Zendesk's API says of a merge, and who sees it. */
import { describe, expect, it } from 'vitest'
import type { RestVia } from '../../src/sandbox/rest/state.ts'
import { AISHA, MAYA, SAM_ADMINISTRATOR, startEndpoint } from '../support/endpoint.ts'
import type { TestEndpoint } from '../support/endpoint.ts'
import { ingest, settle, ticketOf, vaultOf } from '../support/ingestion.ts'
import { fieldsOf, putValue } from '../support/story.ts'

const SOURCE = 4001
const TARGET = 4004

/** Merges the one ticket into the other, as Zendesk leaves both. */
function merge(endpoint: TestEndpoint, from: object, status: 'closed' | 'open' = 'closed'): void {
  const [said] = endpoint.zendesk.emulator.state.comments[TARGET] ?? []
  if (said === undefined) throw new Error('no comment')
  said.via = { channel: 'web', source: { from, to: {}, rel: 'merge' } } as RestVia
  endpoint.zendesk.changeTicket(SOURCE, { status })
}

const mergesOf = async (endpoint: TestEndpoint) =>
  (await endpoint.auditEntries()).filter(({ action }) => action === 'ticket.merge')

async function startWithValue() {
  const endpoint = await startEndpoint()
  await putValue(await endpoint.signIn(MAYA))
  await settle(endpoint)
  return endpoint
}

describe('a merged ticket', () => {
  it.each([
    { ticket_ids: [SOURCE] },
    { ticket_id: SOURCE },
    { ticket_ids: [String(SOURCE)] },
    { ticket_id: SOURCE, ticket_ids: [SOURCE] },
  ])('keeps its values, and the other one points there, once, told by %o', async (from) => {
    const endpoint = await startWithValue()
    merge(endpoint, from)
    await ingest(endpoint, TARGET)
    await ingest(endpoint, TARGET)
    expect(await mergesOf(endpoint)).toMatchObject([
      {
        record: { type: 'ticket', id: TARGET },
        fields: ['card_number'],
        data: { sourceTicketId: SOURCE },
      },
    ])
    expect(await vaultOf(endpoint, TARGET)).toEqual([])
    expect(await vaultOf(endpoint, SOURCE)).toHaveLength(1)
    const sam = await endpoint.signIn(SAM_ADMINISTRATOR)
    expect((await fieldsOf(sam, TARGET)).mergedTickets).toEqual([{ ticketId: SOURCE }])
    expect((await fieldsOf(sam, SOURCE)).mergedTickets).toEqual([])
  })

  it('that Zendesk did not close was not merged', async () => {
    const endpoint = await startWithValue()
    merge(endpoint, { ticket_ids: [SOURCE] }, 'open')
    await ingest(endpoint, TARGET)
    expect(await mergesOf(endpoint)).toEqual([])
  })

  it('is not pointed to without a value that is still there', async () => {
    const endpoint = await startEndpoint()
    merge(endpoint, { ticket_ids: [SOURCE] })
    await ingest(endpoint, TARGET)
    const sam = await endpoint.signIn(SAM_ADMINISTRATOR)
    expect((await fieldsOf(sam, TARGET)).mergedTickets).toEqual([])
    expect(await mergesOf(endpoint)).toEqual([])
  })

  it('is pointed to only for those who may open it', async () => {
    const endpoint = await startWithValue()
    const { state } = endpoint.zendesk.emulator
    // Private groups: who is in the one may open the target, and the source is in the other.
    const source = ticketOf(endpoint, SOURCE)
    const target = ticketOf(endpoint, TARGET)
    const groupOf = (personId: number) =>
      state.groupMemberships.find((membership) => membership.user_id === personId)?.group_id ?? 0
    for (const group of state.groups) group.is_public = false
    source.group_id = groupOf(MAYA)
    target.group_id = groupOf(AISHA)
    Object.assign(source, { collaborator_ids: [], email_cc_ids: [], follower_ids: [] })
    merge(endpoint, { ticket_ids: [SOURCE] })
    await ingest(endpoint, TARGET)
    const aisha = await endpoint.signIn(AISHA)
    expect((await aisha.get(`/api/tickets/${SOURCE}/protected-fields`)).problem().code).toBe(
      'ticket_access_denied',
    )
    expect((await fieldsOf(aisha, TARGET)).mergedTickets).toEqual([])
    const sam = await endpoint.signIn(SAM_ADMINISTRATOR)
    expect((await fieldsOf(sam, TARGET)).mergedTickets).toEqual([{ ticketId: SOURCE }])
  })
})
