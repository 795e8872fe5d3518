/** "Shared with another account: no value crosses." What Zendesk copies to a partner is what stands in the ticket. */
import { describe, expect, it } from 'vitest'
import { MAYA, startEndpoint } from '../support/endpoint.ts'
import type { TestEndpoint } from '../support/endpoint.ts'
import {
  comment,
  exposuresOf,
  HARRIET,
  ingest,
  settle,
  ticketOf,
  type,
  update,
  vaultOf,
} from '../support/ingestion.ts'
import { CARD, putValue } from '../support/story.ts'

const OTHER_CARD = '5555 5555 5555 4444'

function share(endpoint: TestEndpoint): void {
  Object.assign(ticketOf(endpoint, 4001), { sharing_agreement_ids: [84_432] })
}

/** The body of each call that writes to Zendesk. */
function watchWrites(endpoint: TestEndpoint): string[] {
  const { emulator } = endpoint.zendesk
  const { fetch } = emulator
  const bodies: string[] = []
  emulator.fetch = async (request) => {
    const isOurs = request.headers.get('x-sandbox-person') === null
    const path = new URL(request.url).pathname
    if (isOurs && request.method !== 'GET' && path !== '/oauth/tokens') {
      bodies.push(await request.clone().text())
    }
    return await fetch(request)
  }
  return bodies
}

describe('a ticket that is shared with another account', () => {
  it('holds nothing of ours but masks and tokens for Zendesk to copy', async () => {
    const endpoint = await startEndpoint()
    share(endpoint)
    const writes = watchWrites(endpoint)
    await putValue(await endpoint.signIn(MAYA))
    await type(endpoint, MAYA, 4001, 303, '+44 20 7946 0018')
    await comment(endpoint, HARRIET, 4001, `<p>My other card is ${OTHER_CARD}</p>`)
    await update(endpoint, HARRIET, 4001, { subject: `Refund to ${OTHER_CARD}` })
    await ingest(endpoint, 4001)
    await settle(endpoint)
    const stands = JSON.stringify([
      ticketOf(endpoint, 4001),
      endpoint.zendesk.emulator.state.comments[4001],
    ])
    expect(writes.length).toBeGreaterThan(0)
    for (const text of [stands, ...writes]) {
      // A redaction sends the comment back as it stood, which its own account knows already.
      const bare = text.replaceAll(/<redact>.*?<\/redact>/g, '').replace(/[^0-9]/g, '')
      expect(bare).not.toContain(CARD.replaceAll(' ', ''))
      expect(bare).not.toContain(OTHER_CARD.replaceAll(' ', ''))
      expect(bare).not.toContain('2079460018')
    }
    expect(stands).toMatch(/4242 \[scrim:\w{16}\]/)
  })

  it('is ingested as any other, and what had been copied by then is written down', async () => {
    const endpoint = await startEndpoint()
    share(endpoint)
    const said = await comment(endpoint, HARRIET, 4001, `<p>My card is ${CARD}</p>`)
    await type(endpoint, MAYA, 4001, 301, OTHER_CARD)
    await ingest(endpoint, 4001)
    expect((await vaultOf(endpoint, 4001)).map(({ value }) => value)).toEqual([OTHER_CARD, CARD])
    const shared = (await exposuresOf(endpoint)).filter(
      ({ category }) => category === 'shared_ticket',
    )
    expect(shared.map(({ place }) => place).toSorted()).toEqual([
      'card_number',
      `comment_${said.id}`,
    ])
  })
})

describe('a ticket that was shared in from another account that has Scrim, too', () => {
  it('shows their mask, never their value: their token is restored away, with an alert', async () => {
    const theirs = await startEndpoint()
    await putValue(await theirs.signIn(MAYA))
    await settle(theirs)
    const ours = await startEndpoint()
    share(ours)
    await type(ours, MAYA, 4001, 301, theirs.zendesk.fieldText(4001, 301) ?? '')
    await ingest(ours, 4001)
    expect(await vaultOf(ours, 4001)).toEqual([])
    expect(ours.zendesk.fieldText(4001, 301)).toBe('')
    await ours.expectAuditEntry({
      action: 'protected_value.restore',
      data: { found: 'invented', isAlert: true, copiedFromTicketId: null },
    })
  })
})
