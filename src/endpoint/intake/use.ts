/**
 * A customer's answer: the value goes into the vault and the link is used up in one transaction; only
 * then, through the outbox, does the ticket receive mask and token.
 */
import { ScrimError } from '../../core/errors.ts'
import type { ProtectedField } from '../../core/protected-field.ts'
import { findField } from '../../core/protected-field.ts'
import { appendDocument } from '../../storage/documents.ts'
import type { IntakeLink } from '../../storage/intake-links.ts'
import { consumeLink, findOpenLink, takeExpiredLinks } from '../../storage/intake-links.ts'
import { currentVersion } from '../../storage/vault.ts'
import { VIEW } from '../../zendesk/directory.ts'
import { audit, systemActor } from '../audit.ts'
import type { EndpointDeps } from '../context.ts'
import { endGrantsOnField } from '../grants/end.ts'
import { drainSoon } from '../outbox/drain.ts'
import { notifyPeople } from '../outbox/notify.ts'
import { orderFieldWrite } from '../outbox/order-field-write.ts'
import type { GivenValue } from '../vault/prepare-given.ts'
import { prepareGiven } from '../vault/prepare-given.ts'
import { linkIdOf } from './secret.ts'

/** Nobody the log could name: whoever holds the link. Who made it is in the entry's data. */
const CUSTOMER = { type: 'system', name: 'customer_link' } as const
const MOST_TRIES = 3
const EXPIRED_AT_ONCE = 100

export type OpenIntake = { link: IntakeLink; field: ProtectedField }

/** What a secret opens, or null. Looking does not use it up: mail programs and scanners look. */
export async function findIntake(deps: EndpointDeps, secret: string): Promise<OpenIntake | null> {
  const id = linkIdOf(secret)
  if (id === null) return null
  const link = await findOpenLink(deps.database.orm, deps.account.id, id, deps.now())
  if (link === undefined) return null
  const field = findField(deps.policy.fields, link.fieldId)
  return field === undefined || field.protection !== 'vaulted' ? null : { link, field }
}

/** Stores the answer, once. False when the link ended meanwhile: then nothing is stored. */
export async function useIntakeLink(
  deps: EndpointDeps,
  { link, field }: OpenIntake,
  answer: GivenValue,
): Promise<boolean> {
  const ticket = await deps.zendesk.ticket(link.ticketId, VIEW)
  if (ticket === null) return false
  for (let tries = 1; ; tries += 1) {
    try {
      const isUsed = await store(deps, { link, field }, answer, ticket.requesterId)
      if (isUsed) drainSoon(deps)
      return isUsed
    } catch (error) {
      // Somebody else took the same version's number: the whole transaction is undone, link included.
      const isRace = error instanceof ScrimError && error.code === 'conflict'
      if (!isRace || tries === MOST_TRIES) throw error
    }
  }
}

async function store(
  deps: EndpointDeps,
  { link, field }: OpenIntake,
  answer: GivenValue,
  customerId: number,
): Promise<boolean> {
  const { account, database } = deps
  const record = { type: 'ticket', id: link.ticketId } as const
  const version = (await currentVersion(database.orm, account.id, record, field.id)) + 1
  const prepared = await prepareGiven(deps, answer, {
    record,
    field,
    version,
    customerId,
    source: 'link',
    createdBy: link.createdBy,
  })
  const { contentType } = prepared.value
  return database.transaction(async (tx) => {
    if (!(await consumeLink(tx, account.id, link.id, deps.now()))) return false
    if (!(await appendDocument(tx, account.id, record, prepared))) throw new ScrimError('conflict')
    await endGrantsOnField(tx, deps, record.id, field.id, version)
    await orderFieldWrite(tx, deps, { ticketId: record.id, fieldId: field.id })
    await notifyPeople(tx, deps, record.id, [link.createdBy])
    await audit(tx, deps, {
      action: 'intake_link.use',
      actor: CUSTOMER,
      outcome: 'ok',
      record,
      fields: [field.id],
      policyVersion: deps.policy.version,
      data: {
        linkId: link.id,
        createdBy: link.createdBy,
        version,
        ...(contentType === null ? {} : { contentType }),
      },
    })
    return true
  })
}

/** Ends links whose time is over, each with one entry however many instances sweep. */
export async function expireIntakeLinks(deps: EndpointDeps): Promise<void> {
  const now = deps.now()
  await deps.database.transaction(async (tx) => {
    const expired = await takeExpiredLinks(tx, deps.account.id, now, EXPIRED_AT_ONCE)
    if (expired.length === 0) return
    await audit(
      tx,
      deps,
      ...expired.map((link) => ({
        action: 'intake_link.expire' as const,
        actor: systemActor('clock'),
        outcome: 'ok' as const,
        record: { type: 'ticket' as const, id: link.ticketId },
        fields: [link.fieldId],
        data: { linkId: link.id, createdBy: link.createdBy },
      })),
    )
  })
}
