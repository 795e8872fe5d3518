/** What people type into Scrim for others to read holds no sensitive value, or is not stored. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { AuditAction } from '../../src/audit/entry.ts'
import { auditEntryList } from '../../src/contract/audit-entries.ts'
import { brokenGlass } from '../../src/contract/break-glass.ts'
import { exceptionView } from '../../src/contract/exceptions.ts'
import { policyVersionView } from '../../src/contract/policy.ts'
import { revealRequestView } from '../../src/contract/reveal-requests.ts'
import type { Policy } from '../../src/core/policy.ts'
import type { ActLevel } from '../../src/detect/detector.ts'
import type { DetectedKind } from '../../src/detect/span.ts'
import { ROUTES } from '../../src/endpoint/routes.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import { openBreaker } from '../../src/storage/circuit-breakers.ts'
import {
  INGRID_COMPLIANCE,
  LENA,
  MAYA,
  OMAR,
  SAM_ADMINISTRATOR,
  startEndpoint,
} from '../support/endpoint.ts'
import type { Answer, TestEndpoint } from '../support/endpoint.ts'
import { delegate } from '../support/approvals.ts'
import { FOUNDERS, act, draftOf } from '../support/governed.ts'
import { everythingStored } from '../support/everything-stored.ts'
import { ask, asking, putValue, startGranted } from '../support/story.ts'
import { jsonSchemaOf } from './http/samples.ts'

/** A published test number, other than the one in the vault. */
const CARD = '4111 1111 1111 1111'
const TEXT = `The customer wrote ${CARD} in the chat`

/** One way in for free text: sends `text` there as somebody who may. */
type Entrance = {
  operationId: string
  property: string
  refusal: AuditAction
  /** What is logged when it goes through, and what may follow. */
  act: AuditAction
  consequence?: AuditAction
  options?: Parameters<typeof startEndpoint>[0]
  send(endpoint: TestEndpoint, text: string): Promise<Answer>
}

async function pending(endpoint: TestEndpoint) {
  const maya = await endpoint.signIn(MAYA)
  await putValue(maya)
  const { id } = await ask(maya)
  return { omar: await endpoint.signIn(OMAR, 'nav_bar'), id }
}

/** Maya, whom policy names for emergencies, and a card on her ticket. */
async function emergencyOf(endpoint: TestEndpoint) {
  endpoint.deps.policy = {
    ...sandboxPolicy,
    breakGlass: { personIds: [MAYA], minutes: 10, uses: 1 },
  }
  const maya = await endpoint.signIn(MAYA)
  await putValue(maya)
  return maya
}

const exceptionFor = ({ clock }: TestEndpoint) => ({
  holderId: MAYA,
  scope: { by: 'class', id: 'secret' },
  effect: 'request',
  why: 'Stands in for the identity team',
  ownerId: OMAR,
  expiresAt: new Date(clock.now().getTime() + 86_400_000).toISOString(),
})

const firstDraft = draftOf({ ...sandboxPolicy, version: 0 }, () => undefined)

const ENTRANCES: Entrance[] = [
  {
    operationId: 'createRevealRequest',
    property: 'reasonText',
    refusal: 'reveal_request.refuse',
    act: 'reveal_request.create',
    send: async (endpoint, reasonText) => {
      const maya = await endpoint.signIn(MAYA)
      await putValue(maya)
      return maya.post('/api/reveal-requests', asking({ reasonText }))
    },
  },
  {
    operationId: 'approveRevealRequest',
    property: 'comment',
    refusal: 'reveal_request.refuse',
    act: 'reveal_request.approve',
    consequence: 'grant.create',
    send: async (endpoint, comment) => {
      const { omar, id } = await pending(endpoint)
      return omar.post(`/api/reveal-requests/${id}/approve`, { comment })
    },
  },
  {
    operationId: 'denyRevealRequest',
    property: 'comment',
    refusal: 'reveal_request.refuse',
    act: 'reveal_request.deny',
    send: async (endpoint, comment) => {
      const { omar, id } = await pending(endpoint)
      return omar.post(`/api/reveal-requests/${id}/deny`, { comment })
    },
  },
  {
    operationId: 'decideRevealRequests',
    property: 'comment',
    refusal: 'reveal_request.refuse',
    act: 'reveal_request.approve',
    consequence: 'grant.create',
    send: async (endpoint, comment) => {
      const { omar, id } = await pending(endpoint)
      return omar.post('/api/reveal-requests/decide', { ids: [id], outcome: 'approve', comment })
    },
  },
  {
    operationId: 'createDelegation',
    property: 'reasonText',
    refusal: 'delegation.refuse',
    act: 'delegation.create',
    send: async (endpoint, reasonText) => {
      const omar = await endpoint.signIn(OMAR, 'nav_bar')
      return delegate(omar, LENA, { reasonText })
    },
  },
  {
    operationId: 'proposeException',
    property: 'why',
    refusal: 'exception.refuse',
    act: 'exception.create',
    send: async (endpoint, why) => {
      const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
      return ingrid.post('/api/exceptions', { ...exceptionFor(endpoint), why })
    },
  },
  {
    operationId: 'reopenException',
    property: 'why',
    refusal: 'exception.refuse',
    act: 'exception.close',
    send: async (endpoint, why) => {
      const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
      const first = exceptionFor(endpoint)
      const answer = await ingrid.post('/api/exceptions', first)
      const { id } = answer.as(exceptionView)
      await ingrid.post(`/api/exceptions/${id}/revoke`)
      return ingrid.post(`/api/exceptions/${id}/reopen`, { expiresAt: first.expiresAt, why })
    },
  },
  {
    operationId: 'closeCircuitBreaker',
    property: 'comment',
    refusal: 'circuit_breaker.refuse',
    act: 'circuit_breaker.close',
    send: async (endpoint, comment) => {
      await openBreaker(endpoint.deps.database.orm, endpoint.deps.account.id, {
        id: randomUUID(),
        openedAt: endpoint.clock.now(),
        count: 500,
        trippedBy: [MAYA],
      })
      const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
      return ingrid.post('/api/circuit-breaker/close', { comment })
    },
  },
  {
    operationId: 'revokeGrant',
    property: 'comment',
    refusal: 'grant.revoke',
    act: 'grant.revoke',
    send: async (endpoint, comment) => {
      const { omar, grantId } = await startGranted(endpoint)
      return omar.post(`/api/grants/${grantId}/revoke`, { comment })
    },
  },
  {
    operationId: 'breakGlass',
    property: 'reasonText',
    refusal: 'break_glass.refuse',
    act: 'break_glass.invoke',
    consequence: 'grant.create',
    send: async (endpoint, reasonText) => {
      const maya = await emergencyOf(endpoint)
      const { minutes: _, ...emergency } = asking({ reasonText })
      return maya.post('/api/break-glass', emergency)
    },
  },
  {
    operationId: 'reviewBreakGlass',
    property: 'comment',
    refusal: 'break_glass.refuse',
    act: 'break_glass.review',
    send: async (endpoint, comment) => {
      const maya = await emergencyOf(endpoint)
      const { minutes: _, ...emergency } = asking()
      const { request } = (await maya.post('/api/break-glass', emergency)).as(brokenGlass)
      endpoint.clock.advance(10 * 60)
      const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
      const review = { outcome: 'justified', comment }
      return ingrid.post(`/api/break-glass/${request.id}/review`, review)
    },
  },
  {
    operationId: 'passSaveGuard',
    property: 'reasonText',
    refusal: 'save_guard.refuse',
    act: 'save_guard.pass',
    send: async (endpoint, reasonText) => {
      const maya = await endpoint.signIn(MAYA)
      const found = { kinds: ['bank_account'], count: 1, isPublic: true }
      return maya.post('/api/tickets/4001/save-guard-passes', { ...found, reasonText })
    },
  },
  {
    operationId: 'eraseCustomer',
    property: 'reasonText',
    refusal: 'customer.erase',
    act: 'customer.erase',
    consequence: 'protected_value.erase',
    send: async (endpoint, reasonText) => {
      await putValue(await endpoint.signIn(MAYA))
      const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
      return ingrid.post('/api/customers/501/erasure', { reasonText })
    },
  },
  {
    operationId: 'draftPolicy',
    property: 'comment',
    refusal: 'policy.refuse',
    act: 'policy.draft',
    options: { founders: FOUNDERS },
    send: async (endpoint, comment) => {
      const sam = await endpoint.signIn(SAM_ADMINISTRATOR, 'nav_bar')
      return sam.post('/api/policy/versions', { ...firstDraft, comment })
    },
  },
  {
    operationId: 'editPolicyDraft',
    property: 'comment',
    refusal: 'policy.refuse',
    // That the draft was there before is logged by the same act.
    act: 'policy.withdraw',
    options: { founders: FOUNDERS },
    send: async (endpoint, comment) => {
      const sam = await endpoint.signIn(SAM_ADMINISTRATOR, 'nav_bar')
      const answer = await sam.post('/api/policy/versions', firstDraft)
      const { version } = answer.as(policyVersionView)
      return sam.put(`/api/policy/versions/${version}`, { ...firstDraft, comment })
    },
  },
  {
    operationId: 'consentToPolicyVersion',
    property: 'comment',
    refusal: 'policy.refuse',
    act: 'policy.consent',
    consequence: 'policy.activate',
    options: { founders: FOUNDERS },
    send: async (endpoint, comment) =>
      act(await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar'), 1, 'consent', { comment }),
  },
  {
    operationId: 'rejectPolicyVersion',
    property: 'comment',
    refusal: 'policy.refuse',
    act: 'policy.reject',
    options: { founders: FOUNDERS },
    send: async (endpoint, comment) =>
      act(await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar'), 1, 'reject', { comment }),
  },
]

const digitsOf = (text: string) => text.replace(/[^0-9]/g, '')

describe('the ways in for free text', () => {
  it('are known, every one: a new one is checked, too', () => {
    const found = ROUTES.flatMap(({ operationId, body }) => {
      const { properties = {} } = body === undefined ? {} : jsonSchemaOf(body)
      return Object.entries(properties)
        .filter(([, schema]) => schema.type === 'string' && schema.enum === undefined)
        .filter(([, schema]) => schema.pattern === undefined && schema.format === undefined)
        .map(([property]) => `${operationId}.${property}`)
    })
    // A value that is taken in goes to the vault, and nowhere else; one that is compared goes nowhere.
    const expected = [
      'takeIn.value',
      'writeRestrictedNote.text',
      'checkValue.value',
      'findByValue.value',
      ...ENTRANCES.map((way) => `${way.operationId}.${way.property}`),
    ]
    expect(found.toSorted()).toEqual(expected.toSorted())
  })

  it.each(ENTRANCES)('$operationId refuses a card, and says only the kind', async (entrance) => {
    const endpoint = await startEndpoint(entrance.options)
    const answer = await entrance.send(endpoint, TEXT)
    expect(answer.problem()).toEqual({
      type: 'urn:scrim:problem:text_sensitive',
      title: 'text_sensitive',
      status: 422,
      code: 'text_sensitive',
      kinds: ['payment_card'],
    })
    const entry = await endpoint.expectAuditEntry({
      action: entrance.refusal,
      outcome: 'refused',
      code: 'text_sensitive',
      data: { textKinds: ['payment_card'] },
    })
    expect(entry).not.toHaveProperty('texts')
  })

  it.each(ENTRANCES)('$operationId stores and logs nothing of it', async (entrance) => {
    const endpoint = await startEndpoint(entrance.options)
    await entrance.send(endpoint, TEXT)
    const stored = await everythingStored(endpoint)
    expect(stored).toContain('text_sensitive')
    for (const kept of [stored, endpoint.logLines.join('\n')]) {
      expect(kept).not.toContain('customer wrote')
      expect(kept).not.toContain(CARD)
      expect(kept).not.toContain(digitsOf(CARD))
    }
  })

  it.each(ENTRANCES)('$operationId changes nothing', async (entrance) => {
    const endpoint = await startEndpoint(entrance.options)
    await entrance.send(endpoint, TEXT)
    const done = (await endpoint.auditEntries())
      .filter(({ outcome }) => outcome === 'ok')
      .map(({ action }) => action)
    expect(done).not.toContain(entrance.act)
    expect(done).not.toContain(entrance.consequence)
  })

  it.each(ENTRANCES)('$operationId takes a text without a value', async (entrance) => {
    const endpoint = await startEndpoint(entrance.options)
    const text = 'Order 2026-114503: the card ends in 4242, version 3.11.0, at 10:45 for 120.50 EUR'
    expect((await entrance.send(endpoint, text)).status).toBe(200)
  })
})

const withLevels = (levels: Partial<Record<DetectedKind, ActLevel>>): Policy => ({
  ...sandboxPolicy,
  detection: {
    ...sandboxPolicy.detection,
    levels: { ...sandboxPolicy.detection.levels, ...levels },
  },
})

async function refusedKinds(reasonText: string, policy: Policy = sandboxPolicy) {
  const endpoint = await startEndpoint({ policy })
  const maya = await endpoint.signIn(MAYA)
  await putValue(maya)
  const answer = await maya.post('/api/reveal-requests', asking({ reasonText }))
  if (answer.status !== 200) return answer.problem().kinds
  answer.as(revealRequestView)
  return null
}

describe('a refused text', () => {
  it('is in the log that compliance reads: that it was refused, by kind, without a word of it', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    await maya.post('/api/reveal-requests', asking({ reasonText: TEXT }))
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const answer = await ingrid.get('/api/audit-entries?action=reveal_request.refuse')
    expect(answer.as(auditEntryList).entries).toEqual([
      expect.objectContaining({ code: 'text_sensitive', kinds: ['payment_card'], texts: {} }),
    ])
    expect(answer.text).not.toContain('customer wrote')
  })
})

describe('a reason is refused', () => {
  it.each([
    ['whose digits are split by line breaks', CARD.replaceAll(' ', '\n')],
    ['whose digits are split by invisible characters', CARD.replaceAll(' ', '\u200b')],
    [
      'whose digits are full-width',
      CARD.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))),
    ],
    ['in which the value stands alone', digitsOf(CARD)],
  ])('%s', async (_, text) => {
    expect(await refusedKinds(`Please compare: ${text}`)).toEqual(['payment_card'])
  })

  it('with each kind it holds, once', async () => {
    const text = `${CARD} or 5555 5555 5555 4444, write to maya.rivera@example.com`
    expect(await refusedKinds(text)).toEqual(['payment_card', 'email'])
  })

  it.each<ActLevel>(['off', 'certain'])(
    'even where policy acts on a kind at "%s" only: what others read is held to more',
    async (level) => {
      expect(
        await refusedKinds(`Please compare ${CARD}`, withLevels({ payment_card: level })),
      ).toEqual(['payment_card'])
    },
  )

  it('when a custom detector finds something in it', async () => {
    const policy: Policy = {
      ...sandboxPolicy,
      detection: {
        ...sandboxPolicy.detection,
        custom: [
          {
            id: 'policy_number',
            label: 'Policy number',
            kind: 'other',
            pattern: 'ACME-\\d{4,8}',
            example: 'ACME-20412',
            confidence: 'likely',
          },
        ],
      },
    }
    expect(await refusedKinds('The contract is ACME-204117, compare it', policy)).toEqual(['other'])
    expect(await refusedKinds('The contract is ACME-204117, compare it')).toBeNull()
  })
})
