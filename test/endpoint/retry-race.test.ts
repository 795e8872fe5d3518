/** Two processes at one comment or field: the slower one looks again. */
import { describe, expect, it } from 'vitest'
import { ScrimError } from '../../src/core/errors.ts'
import { ingestTicket } from '../../src/endpoint/ingestion/ingest-ticket.ts'
import { drainOutbox } from '../../src/endpoint/outbox/drain.ts'
import { retryRace } from '../../src/endpoint/outbox/retry-race.ts'
import { startEndpoint } from '../support/endpoint.ts'
import { comment, HARRIET, settle, vaultOf } from '../support/ingestion.ts'
import { CARD } from '../support/story.ts'

const OTHER_CARD = '5555 5555 5555 4444'

describe('an order that loses a race', () => {
  it('is tried again, and so is not given up for good', async () => {
    const race = retryRace(Promise.reject(new ScrimError('conflict')))
    await expect(race).rejects.toMatchObject({ code: 'zendesk_unavailable' })
  })

  it('tells every other failure as it is', async () => {
    const failure = new ScrimError('zendesk_busy', { retryAfterSeconds: 7 })
    await expect(retryRace(Promise.reject(failure))).rejects.toBe(failure)
    await expect(retryRace(Promise.resolve('done'))).resolves.toBe('done')
  })

  it('redacts a comment although another process vaults what was added to it at that moment', async () => {
    const endpoint = await startEndpoint()
    const said = await comment(endpoint, HARRIET, 4001, `<p>My card is ${CARD}</p>`)
    await ingestTicket(endpoint.deps, 4001)
    said.html_body = said.html_body.replace('</p>', ` or card ${OTHER_CARD}</p>`)
    const { deps } = endpoint
    let others = 1
    // The order knows what is in the vault, and seals what is not, when the other one writes it.
    const currentKeyId = async () => {
      if (others-- > 0) await ingestTicket(deps, 4001)
      return await deps.keys.currentKeyId()
    }
    await drainOutbox({ ...deps, keys: { ...deps.keys, currentKeyId } })
    expect(others).toBeLessThan(1)
    expect(said.html_body).toContain(OTHER_CARD)
    expect(endpoint.logLines.join()).not.toContain('outbox.abandon')
    await settle(endpoint)
    expect((await vaultOf(endpoint, 4001)).map(({ value }) => value)).toEqual([CARD, OTHER_CARD])
    expect(said.html_body).not.toContain('5555')
    expect(said.html_body).not.toContain('4242')
  })
})
