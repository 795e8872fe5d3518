import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { takeUse } from '../../src/endpoint/grants/take-uses.ts'
import type { TestEndpoint } from '../support/endpoint.ts'
import { MAYA, startEndpoint } from '../support/endpoint.ts'
import { startGranted } from '../support/story.ts'

async function take({ deps }: TestEndpoint, grantId: string): Promise<number | null> {
  const at = deps.now()
  const attemptId = randomUUID()
  const taken = await takeUse(
    deps,
    {
      grantId,
      attemptId,
      fieldId: 'card_number',
      version: 1,
      sessionId: 'a session',
      at,
      displayUntil: at,
      requesterId: MAYA,
      customerId: 501,
      personIds: [MAYA],
      caps: deps.policy.caps,
    },
    {
      action: 'grant.reveal',
      actor: { type: 'person', id: MAYA, roles: [] },
      outcome: 'ok',
      grantId,
      attemptId,
    },
  )
  return taken.isTaken ? taken.usesLeft : null
}

describe('taking uses together', () => {
  it('a use asked for in the very moment that another is answered is answered too', async () => {
    const endpoint = await startEndpoint()
    const { grantId } = await startGranted(endpoint)
    expect(await take(endpoint, grantId)).toBe(2)
    expect(await take(endpoint, grantId)).toBe(1)
    const [last, none] = await Promise.all([take(endpoint, grantId), take(endpoint, grantId)])
    expect([last, none].toSorted()).toEqual([0, null])
  })

  it('a failure fails for all that shared the transaction, and the next one is not held up', async () => {
    const endpoint = await startEndpoint()
    const { grantId } = await startGranted(endpoint)
    // The first is on its way alone; the other two wait for it and share the next transaction.
    const [first, ...shared] = await Promise.allSettled([
      take(endpoint, grantId),
      take(endpoint, grantId),
      take(endpoint, 'no uuid'),
    ])
    expect(first.status).toBe('fulfilled')
    expect(shared.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await take(endpoint, grantId)).toBe(1)
    const revealed = (await endpoint.auditEntries()).filter((e) => e.action === 'grant.reveal')
    expect(revealed).toHaveLength(2)
  })
})
