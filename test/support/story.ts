/**
 * The steps of the story as calls, for tests that begin in the middle of it. Values are published test
 * values.
 */
import { randomUUID } from 'node:crypto'
import { grantView, revealedText } from '../../src/contract/grants.ts'
import type { GrantView } from '../../src/contract/grants.ts'
import { protectedFieldList, takenIn } from '../../src/contract/protected-fields.ts'
import type { ProtectedFieldList } from '../../src/contract/protected-fields.ts'
import { revealRequestView } from '../../src/contract/reveal-requests.ts'
import type {
  CreateRevealRequestInput,
  RevealRequestView,
} from '../../src/contract/reveal-requests.ts'
import type { Answer, Caller, TestEndpoint } from './endpoint.ts'
import { MAYA, OMAR } from './endpoint.ts'

/** Maya's ticket in Billing; Omar may decide on it, Lena may not see it. */
export const REFUND_TICKET = 4001
/** Aisha's ticket in Technical support; Omar and Lena may both decide on it. */
export const SUPPORT_TICKET = 4003
export const CARD = '4242 4242 4242 4242'
export const CARD_MASK = '•••• •••• •••• 4242'

export async function putValue(
  by: Caller,
  ticketId = REFUND_TICKET,
  fieldId = 'card_number',
  value = CARD,
): Promise<void> {
  const path = `/api/tickets/${ticketId}/protected-fields/${fieldId}/value`
  ;(await by.put(path, { value })).as(takenIn)
}

export async function fieldsOf(by: Caller, ticketId = REFUND_TICKET): Promise<ProtectedFieldList> {
  return (await by.get(`/api/tickets/${ticketId}/protected-fields`)).as(protectedFieldList)
}

export function asking(change: Partial<CreateRevealRequestInput> = {}): CreateRevealRequestInput {
  return {
    ticketId: REFUND_TICKET,
    fieldIds: ['card_number'],
    reasonCode: 'refund',
    reasonText: `Compare the last digits with the payment provider, case ${randomUUID().slice(0, 8)}`,
    minutes: 15,
    ...change,
  }
}

export async function ask(
  by: Caller,
  change: Partial<CreateRevealRequestInput> = {},
): Promise<RevealRequestView> {
  return (await by.post('/api/reveal-requests', asking(change))).as(revealRequestView)
}

export function approve(by: Caller, requestId: string, body: object = {}): Promise<Answer> {
  return by.post(`/api/reveal-requests/${requestId}/approve`, body)
}

export function reveal(
  by: Caller,
  grantId: string,
  attemptId: string = randomUUID(),
  fieldId = 'card_number',
): Promise<Answer> {
  return by.post(`/api/grants/${grantId}/reveal`, { attemptId, fieldId })
}

export async function revealed(by: Caller, grantId: string, attemptId?: string) {
  return (await reveal(by, grantId, attemptId)).as(revealedText)
}

export function beat(by: Caller, grantId: string, attemptId: string): Promise<Answer> {
  return by.post(`/api/grants/${grantId}/heartbeat`, { attemptId })
}

export async function release(by: Caller, grantId: string): Promise<GrantView> {
  return (await by.post(`/api/grants/${grantId}/release`)).as(grantView)
}

export type Granted = { maya: Caller; omar: Caller; requestId: string; grantId: string }

/** Maya holds a grant on the card of her ticket, approved by Omar. */
export async function startGranted(
  endpoint: TestEndpoint,
  change: Partial<CreateRevealRequestInput> = {},
): Promise<Granted> {
  const maya = await endpoint.signIn(MAYA)
  const omar = await endpoint.signIn(OMAR, 'nav_bar')
  await putValue(maya)
  const request = await ask(maya, change)
  const decided = (await approve(omar, request.id)).as(revealRequestView)
  if (decided.grantId === null) throw new Error('the approval made no grant')
  return { maya, omar, requestId: request.id, grantId: decided.grantId }
}
