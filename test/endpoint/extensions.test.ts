import { describe, expect, it } from 'vitest'
import { revealRequestView } from '../../src/contract/reveal-requests.ts'
import type { CreateRevealRequestInput } from '../../src/contract/reveal-requests.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import { deny } from '../support/approvals.ts'
import { OMAR, TOMAS, startEndpoint } from '../support/endpoint.ts'
import type { TestEndpoint } from '../support/endpoint.ts'
import {
  approve,
  ask,
  asking,
  beat,
  fieldsOf,
  putValue,
  release,
  reveal,
  revealed,
  startGranted,
} from '../support/story.ts'

/** Maya has used a good part of her grant and asks for more time. */
async function startExtended(
  endpoint: TestEndpoint,
  change: Partial<CreateRevealRequestInput> = {},
) {
  const granted = await startGranted(endpoint)
  endpoint.clock.advance(600)
  const request = await ask(granted.maya, { extendsGrantId: granted.grantId, ...change })
  return { ...granted, request }
}

describe('asking for more time', () => {
  it('is a request of its own that says which grant it extends, and changes nothing yet', async () => {
    const endpoint = await startEndpoint()
    const { maya, grantId, request } = await startExtended(endpoint)
    expect(request).toMatchObject({ state: 'pending', extendsGrantId: grantId })
    const [grant] = (await fieldsOf(maya)).grants
    expect(grant).toMatchObject({ id: grantId, state: 'active', remainingSeconds: 300 })
  })

  it('ends the grant with its approval, and the new one’s time starts then', async () => {
    const endpoint = await startEndpoint()
    const { maya, omar, grantId, request } = await startExtended(endpoint)
    await revealed(maya, grantId)
    endpoint.clock.advance(120)
    const decided = (await approve(omar, request.id, { minutes: 10 })).as(revealRequestView)
    const { grants } = await fieldsOf(maya)
    expect(grants.find(({ id }) => id === decided.grantId)).toMatchObject({
      state: 'active',
      remainingSeconds: 600,
      fields: [{ usesLeft: 3 }],
    })
    expect(grants.find(({ id }) => id === grantId)?.state).toBe('ended')
    await endpoint.expectAuditEntry({
      action: 'grant.end',
      code: 'grant_extended',
      grantId,
      requestId: request.id,
      actor: { type: 'person', id: OMAR },
    })
    await endpoint.expectAuditEntry({
      action: 'grant.create',
      grantId: decided.grantId,
      data: { minutes: 10, uses: 3, extendsGrantId: grantId },
    })
    expect((await reveal(maya, grantId)).problem()).toMatchObject({
      status: 410,
      code: 'grant_extended',
    })
    expect((await reveal(maya, decided.grantId ?? '')).status).toBe(200)
  })

  it('re-masks what the old grant had on screen', async () => {
    const endpoint = await startEndpoint()
    const { maya, omar, grantId, request } = await startExtended(endpoint)
    const shown = await revealed(maya, grantId)
    await approve(omar, request.id)
    expect((await beat(maya, grantId, shown.attemptId)).problem().code).toBe('grant_extended')
  })

  it('leaves the grant as it was when it is denied', async () => {
    const endpoint = await startEndpoint()
    const { maya, omar, grantId, request } = await startExtended(endpoint)
    await deny(omar, request.id)
    expect((await fieldsOf(maya)).grants[0]).toMatchObject({ id: grantId, state: 'active' })
    await endpoint.expectNoAuditEntry('grant.end')
  })

  it('gives a grant all the same when the old one ran out meanwhile, whose end has its own entry', async () => {
    const endpoint = await startEndpoint()
    const { maya, omar, grantId, request } = await startExtended(endpoint)
    await release(maya, grantId)
    const decided = (await approve(omar, request.id)).as(revealRequestView)
    expect(decided.state).toBe('approved')
    await endpoint.expectAuditEntry({ action: 'grant.release', grantId })
    await endpoint.expectNoAuditEntry('grant.end')
  })

  it('can be done again and again, each time a decision', async () => {
    const endpoint = await startEndpoint()
    const first = await startExtended(endpoint)
    const { maya, omar } = first
    const second = (await approve(omar, first.request.id)).as(revealRequestView)
    const again = await ask(maya, { extendsGrantId: second.grantId ?? '' })
    const third = (await approve(omar, again.id)).as(revealRequestView)
    const active = (await fieldsOf(maya)).grants.filter(({ state }) => state === 'active')
    expect(active.map(({ id }) => id)).toEqual([third.grantId])
    const ends = (await endpoint.auditEntries()).filter(({ code }) => code === 'grant_extended')
    expect(ends.map(({ grantId }) => grantId)).toEqual([first.grantId, second.grantId])
  })

  it('is approved by policy itself where that is how the fields are given', async () => {
    const matrix = {
      ...sandboxPolicy.matrix,
      frontline: { ...sandboxPolicy.matrix.frontline, restricted: 'reveal' as const },
    }
    const endpoint = await startEndpoint({ policy: { ...sandboxPolicy, matrix } })
    const { signIn } = endpoint
    const maya = await signIn(101)
    await putValue(maya)
    const first = await ask(maya)
    const second = await ask(maya, { extendsGrantId: first.grantId ?? '' })
    expect(second.state).toBe('approved')
    const states = (await fieldsOf(maya)).grants.map(({ id, state }) => [id, state])
    expect(states).toContainEqual([first.grantId, 'ended'])
    expect(states).toContainEqual([second.grantId, 'active'])
  })
})

describe('asking for more time is refused', () => {
  const refusedWith = async (endpoint: TestEndpoint, code: string) => {
    await endpoint.expectAuditEntry({ action: 'reveal_request.refuse', outcome: 'refused', code })
    const created = (await endpoint.auditEntries()).filter(
      ({ action }) => action === 'reveal_request.create',
    )
    expect(created).toHaveLength(1)
  }

  it('of somebody else’s grant, as if it were none', async () => {
    const endpoint = await startEndpoint()
    const { grantId } = await startGranted(endpoint)
    const tomas = await endpoint.signIn(TOMAS)
    const answer = await tomas.post('/api/reveal-requests', asking({ extendsGrantId: grantId }))
    expect(answer.problem()).toMatchObject({ status: 404, code: 'grant_not_found' })
    await refusedWith(endpoint, 'grant_not_found')
  })

  it('of a grant that is not there', async () => {
    const endpoint = await startEndpoint()
    const { maya, requestId } = await startGranted(endpoint)
    const answer = await maya.post('/api/reveal-requests', asking({ extendsGrantId: requestId }))
    expect(answer.problem().code).toBe('grant_not_found')
    await refusedWith(endpoint, 'grant_not_found')
  })

  it.each([
    ['released', 'grant_released'],
    ['expired', 'grant_expired'],
    ['revoked', 'grant_revoked'],
  ] as const)('of one that is %s', async (how, code) => {
    const endpoint = await startEndpoint()
    const { maya, omar, grantId } = await startGranted(endpoint)
    if (how === 'released') await release(maya, grantId)
    if (how === 'revoked') await omar.post(`/api/grants/${grantId}/revoke`)
    const advance = how === 'expired' ? 15 * 60 : 0
    endpoint.clock.advance(advance)
    const back = await endpoint.signIn(maya.personId)
    const answer = await back.post('/api/reveal-requests', asking({ extendsGrantId: grantId }))
    expect(answer.problem()).toMatchObject({ status: 410, code })
    await refusedWith(endpoint, code)
  })

  it('for a field that the grant does not hold', async () => {
    const endpoint = await startEndpoint()
    const { maya, grantId } = await startGranted(endpoint)
    await putValue(maya, 4001, 'phone', '+44 20 7946 0018')
    const fieldIds = ['card_number', 'phone']
    const answer = await maya.post(
      '/api/reveal-requests',
      asking({ fieldIds, extendsGrantId: grantId }),
    )
    expect(answer.problem()).toMatchObject({ status: 409, code: 'extension_not_possible' })
    await refusedWith(endpoint, 'extension_not_possible')
  })

  it('for the same field of another ticket', async () => {
    const endpoint = await startEndpoint()
    const { maya, grantId } = await startGranted(endpoint)
    await putValue(maya, 4002)
    const answer = await maya.post(
      '/api/reveal-requests',
      asking({ ticketId: 4002, extendsGrantId: grantId }),
    )
    expect(answer.problem().code).toBe('extension_not_possible')
  })
})
