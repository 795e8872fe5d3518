/** Tickets as customers and agents change them, and what ingestion makes of it. */
import { and, eq, isNull } from 'drizzle-orm'
import { expect, vi } from 'vitest'
import { openValue } from '../../src/keys/seal.ts'
import { inbox, outbox, protectedValues, residualExposures } from '../../src/storage/schema.ts'
import type { RestEmulator } from '../../src/sandbox/rest/emulator.ts'
import { API_ORIGIN } from '../../src/sandbox/rest/state.ts'
import type { RestComment, RestTicket } from '../../src/sandbox/rest/state.ts'
import type { TestEndpoint } from './endpoint.ts'
import { sendWebhook } from './webhook.ts'

/** A customer of the sandbox, whose ticket 4001 is. */
export const HARRIET = 501

/** Whatever has an emulated Zendesk that people write to. */
export type WithZendesk = { zendesk: { emulator: RestEmulator } }

/** Updates a ticket in Zendesk as this person. */
export async function update(
  endpoint: WithZendesk,
  personId: number,
  ticketId: number,
  ticket: Record<string, unknown>,
): Promise<void> {
  const answer = await endpoint.zendesk.emulator.fetch(
    new Request(`${API_ORIGIN}/api/v2/tickets/${ticketId}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'x-sandbox-person': String(personId) },
      body: JSON.stringify({ ticket }),
    }),
  )
  if (answer.status !== 200) throw new Error(`Zendesk says ${answer.status}`)
}

/** Somebody comments; answers the comment as Zendesk keeps it. */
export async function comment(
  endpoint: WithZendesk,
  personId: number,
  ticketId: number,
  htmlBody: string,
  isPublic = true,
): Promise<RestComment> {
  await update(endpoint, personId, ticketId, { comment: { html_body: htmlBody, public: isPublic } })
  const last = endpoint.zendesk.emulator.state.comments[ticketId]?.at(-1)
  if (last === undefined) throw new Error('no comment')
  return last
}

/** Somebody types into a ticket field. */
export const type = (
  endpoint: WithZendesk,
  personId: number,
  ticketId: number,
  fieldId: number,
  text: string | null,
) => update(endpoint, personId, ticketId, { custom_fields: [{ id: fieldId, value: text }] })

export function ticketOf(endpoint: WithZendesk, ticketId: number): RestTicket {
  const ticket = endpoint.zendesk.emulator.state.tickets.find(({ id }) => id === ticketId)
  if (ticket === undefined) throw new Error(`no ticket ${ticketId}`)
  return ticket
}

const openRows = async ({ deps }: TestEndpoint): Promise<number> => {
  const db = deps.database.orm
  const account = deps.account.id
  const events = await db
    .select()
    .from(inbox)
    .where(and(eq(inbox.account, account), isNull(inbox.doneAt)))
  const work = await db
    .select()
    .from(outbox)
    .where(and(eq(outbox.account, account), isNull(outbox.doneAt)))
  return events.length + work.length
}

/** Works until nothing is left to do, letting time pass for what was put off. */
export async function settle(endpoint: TestEndpoint): Promise<void> {
  await vi.waitFor(
    async () => {
      await endpoint.sweep()
      if ((await openRows(endpoint)) === 0) return
      endpoint.clock.advance(61)
      throw new Error('not settled')
    },
    { timeout: 20_000, interval: 5 },
  )
}

/** Zendesk tells of a ticket, and everything that follows is done. */
export async function ingest(endpoint: TestEndpoint, ticketId: number): Promise<void> {
  endpoint.clock.advance(2)
  expect((await sendWebhook(endpoint, ticketId)).status).toBe(202)
  await settle(endpoint)
}

/**
 * Somebody acts in the moment before Zendesk hears the endpoint's call of this method and path, the
 * `nth` of them from now on. Resolves when they have.
 */
export function beforeNext(
  { zendesk: { emulator } }: TestEndpoint,
  { method, path, nth = 1 }: { method: string; path: string; nth?: number },
  act: () => Promise<void>,
): Promise<void> {
  const { fetch } = emulator
  let left = nth
  return new Promise((resolve, reject) => {
    emulator.fetch = async (request) => {
      const isOurs = request.headers.get('x-sandbox-person') === null
      if (isOurs && request.method === method && new URL(request.url).pathname === path) {
        left -= 1
        if (left === 0) await act().then(resolve, reject)
      }
      return await fetch(request)
    }
  })
}

/** Everything of a ticket in the vault, opened. */
export async function vaultOf(
  { deps }: Pick<TestEndpoint, 'deps'>,
  ticketId: number,
): Promise<{ fieldId: string; version: number; value: string; source: string | null }[]> {
  const rows = await deps.database.orm
    .select()
    .from(protectedValues)
    .where(
      and(eq(protectedValues.account, deps.account.id), eq(protectedValues.recordId, ticketId)),
    )
    .orderBy(protectedValues.fieldId, protectedValues.version)
  return await Promise.all(
    rows.map(async ({ fieldId, version, jwe, source }) => {
      const account = deps.account.id
      const binding = {
        account,
        recordType: 'ticket',
        recordId: ticketId,
        fieldId,
        version,
      } as const
      return { fieldId, version, value: await openValue(deps.keys, binding, jwe), source }
    }),
  )
}

export const exposuresOf = ({ deps }: Pick<TestEndpoint, 'deps'>) =>
  deps.database.orm
    .select()
    .from(residualExposures)
    .where(eq(residualExposures.account, deps.account.id))

/** Writes to tickets that the emulated Zendesk has seen. */
export function writesTo(endpoint: TestEndpoint): number {
  const routes = endpoint.zendesk.emulator.counts.byRoute()
  return (
    (routes['PUT /api/v2/tickets/{id}'] ?? 0) + (routes['PUT /api/v2/comment_redactions/{id}'] ?? 0)
  )
}
