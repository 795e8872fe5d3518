/**
 * Bugs of other systems, by their names. That a mask which a stale tab writes back does not cost the value
 * is in `field-changes.test.ts` and `field-writes.test.ts`, that a mask cannot be sent as a comment's
 * value in `vault.test.ts`.
 */
import { describe, expect, it } from 'vitest'
import type { Policy } from '../../src/core/policy.ts'
import { ROUTES } from '../../src/endpoint/routes.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import type { Caller, TestEndpoint } from '../support/endpoint.ts'
import {
  AISHA,
  INGRID_COMPLIANCE,
  LENA,
  MAYA,
  OMAR,
  SAM_ADMINISTRATOR,
  TOMAS,
  startEndpoint,
} from '../support/endpoint.ts'
import { ingest, settle, type, vaultOf } from '../support/ingestion.ts'
import {
  CARD,
  CARD_MASK,
  SUPPORT_TICKET,
  ask,
  fieldsOf,
  putValue,
  revealed,
  startGranted,
} from '../support/story.ts'

const CARD_FIELD = 301

describe('a masked value saved over the real one', () => {
  it.each([
    ['its own mask', CARD_MASK],
    ['its own mask with blanks around it', `  ${CARD_MASK}\n`],
    ['the whole mask', '••••••••'],
    ['mask and token, as the ticket has them', `${CARD_MASK} [scrim:0123456789ABCDEF]`],
    ['a mask in other characters', '**** **** **** 4242'],
    ['a mask in letters', 'XXXX-XXXX-XXXX-4242'],
  ])('is refused through Scrim: %s', async (_, value) => {
    const endpoint = await startEndpoint()
    const { maya, grantId } = await startGranted(endpoint)
    const path = '/api/tickets/4001/protected-fields/card_number/value'
    expect((await maya.put(path, { value })).problem().code).toBe('value_is_masked')
    expect((await revealed(maya, grantId)).value).toBe(CARD)
    const versions = (await endpoint.auditEntries()).filter(
      ({ action }) => action === 'protected_value.take_in',
    )
    expect(versions).toHaveLength(1)
  })

  it('stays the real one when the ticket form is saved with what it showed', async () => {
    const endpoint = await startEndpoint()
    const { maya, grantId } = await startGranted(endpoint)
    await settle(endpoint)
    const shown = endpoint.zendesk.fieldText(4001, CARD_FIELD) ?? ''
    for (const text of [shown, CARD_MASK, '•••• 4242']) {
      await type(endpoint, MAYA, 4001, CARD_FIELD, text)
      await ingest(endpoint, 4001)
      await settle(endpoint)
    }
    expect(await vaultOf(endpoint, 4001)).toMatchObject([{ version: 1, value: CARD }])
    expect(endpoint.zendesk.fieldText(4001, CARD_FIELD)).toBe(shown)
    expect((await revealed(maya, grantId)).value).toBe(CARD)
  })
})

/** Of every class the field's detail shows nothing to the person who looks. */
const hidden = { confidential: 'none', restricted: 'none', secret: 'none' } as const

const asking = { confidential: 'request', restricted: 'request', secret: 'request' } as const

const hiddenFrom = (role: keyof Policy['matrix']): Policy => ({
  ...sandboxPolicy,
  search: { roles: ['lead', 'compliance'] },
  matrix: {
    ...sandboxPolicy.matrix,
    // Nobody is only a lead, compliance or an administrator: each of them is an agent, too.
    frontline: hidden,
    // Somebody has to be able to work with the value.
    compliance: asking,
    [role]: hidden,
  },
})

/** Addresses of everything one can read, with ids that exist. */
function readsOf(ids: Record<string, string>): string[] {
  const filled = ROUTES.filter(({ method }) => method === 'get').map(({ path }) =>
    path.replace(/:(\w+)/g, (_, name: string) => ids[name] ?? '1'),
  )
  return [
    ...filled,
    '/reveal-requests?queue=pending',
    '/reveal-requests?queue=decided',
    '/residual-exposures?kind=payment_card',
    '/reports/access/people?name=a',
  ].map((path) => `/api${path}`)
}

async function answersTo(caller: Caller, paths: readonly string[]) {
  const answers = []
  for (const path of paths) answers.push({ path, text: (await caller.get(path)).text })
  return answers
}

/** A card with everything around it that lists could show: a request, a grant, a reveal, the log. */
async function startFull(endpoint: TestEndpoint, owner: Caller) {
  const ticketId = SUPPORT_TICKET
  await putValue(owner, ticketId)
  await putValue(owner, ticketId, 'iban', 'DE89 3704 0044 0532 0130 00')
  const { id } = await ask(owner, { ticketId, fieldIds: ['iban'] })
  await endpoint.sweep()
  return { ticketId: String(ticketId), personId: String(MAYA), id, version: '1' }
}

describe('visible in a list though hidden in detail', () => {
  it.each([
    ['an agent', TOMAS, 'frontline'],
    ['an agent of another group', AISHA, 'frontline'],
    ['a lead', OMAR, 'lead'],
    ['a lead who may not open the ticket', LENA, 'lead'],
    ['a compliance officer', INGRID_COMPLIANCE, 'compliance'],
    ['an administrator', SAM_ADMINISTRATOR, 'administrator'],
  ] as const)('%s finds neither value nor mask in anything to read', async (_, personId, role) => {
    const endpoint = await startEndpoint({ policy: hiddenFrom(role) })
    // Somebody else works with it meanwhile.
    const owner = await endpoint.signIn(role === 'lead' ? INGRID_COMPLIANCE : OMAR)
    const ids = await startFull(endpoint, owner)
    const caller = await endpoint.signIn(personId, 'nav_bar')
    for (const { path, text } of await answersTo(caller, readsOf(ids))) {
      expect({ path, shows: /4242|0130 ?00/.test(text) }).toEqual({ path, shows: false })
    }
  })

  it('the detail itself shows no mask of what the role does not see', async () => {
    const endpoint = await startEndpoint({ policy: hiddenFrom('frontline') })
    await putValue(await endpoint.signIn(OMAR))
    const maya = await endpoint.signIn(MAYA)
    const card = (await fieldsOf(maya)).fields.find(({ fieldId }) => fieldId === 'card_number')
    expect(card).toMatchObject({ access: 'none', masked: '••••••••', mayAsk: { allowed: false } })
    for (const { path, text } of await answersTo(maya, readsOf({ ticketId: '4001' }))) {
      expect({ path, shows: text.includes('4242') }).toEqual({ path, shows: false })
    }
  })

  it('the queue, the log and grants show no mask to whoever may see one in detail either', async () => {
    const endpoint = await startEndpoint()
    const { omar, requestId, grantId } = await startGranted(endpoint)
    const paths = readsOf({ id: requestId, personId: String(MAYA), grantId }).filter(
      (path) => !path.includes('/protected-fields'),
    )
    for (const { path, text } of await answersTo(omar, paths)) {
      expect({ path, shows: text.includes('4242') }).toEqual({ path, shows: false })
    }
  })
})
