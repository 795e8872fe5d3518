/** Reading the audit log. Reading is itself an entry: once a session and filter. */
import { ScrimError } from '../../core/errors.ts'
import type { ScrimErrorCode } from '../../core/errors.ts'
import { mayReadAuditLog } from '../../core/policy-decision.ts'
import type { AuditActor, AuditEntry } from '../../audit/entry.ts'
import type { AuditEntryList, AuditEntryView } from '../../contract/audit-entries.ts'
import type { PersonRef } from '../../contract/primitives.ts'
import type { Location } from '../../contract/session.ts'
import { LOCATIONS } from '../../contract/session.ts'
import { DETECTED_KINDS } from '../../detect/span.ts'
import type { StoredAuditEntry } from '../../storage/audit-log.ts'
import { findAuditEntries, getAuditHead } from '../../storage/audit-log.ts'
import { recordRead } from '../../storage/audit-log-reads.ts'
import { actorOf, audit } from '../audit.ts'
import type { RequestContext } from '../context.ts'
import { fieldRefOf } from '../reveal-requests/view.ts'
import { namesOf } from '../standing.ts'

const PAGE = 50

export type AuditQuery = {
  before?: number | undefined
  action?: string | undefined
  ticketId?: number | undefined
  actorId?: number | undefined
}

/** Newest first, fifty at a time. Throws `role_not_permitted`. */
export async function listAuditEntries(
  ctx: RequestContext,
  query: AuditQuery,
): Promise<AuditEntryList> {
  const verdict = mayReadAuditLog(ctx.roles)
  if (!verdict.allowed) throw new ScrimError(verdict.code)
  await logRead(ctx, query)
  const { database, account } = ctx
  const { before, action, ticketId, actorId } = query
  const [entries, head, nameOf, people] = await Promise.all([
    findAuditEntries(database.orm, account.id, {
      ...(before === undefined ? {} : { before }),
      ...(action === undefined ? {} : { action }),
      ...(ticketId === undefined ? {} : { ticketId }),
      ...(actorId === undefined ? {} : { actorId }),
      limit: PAGE,
    }),
    getAuditHead(database.orm, account.id),
    namesOf(ctx),
    before === undefined ? ctx.zendesk.people() : [],
  ])
  return {
    entries: entries.map((entry) => viewOf(ctx, entry, nameOf)),
    nextBefore: entries.length === PAGE ? (entries.at(-1)?.index ?? null) : null,
    people: people.map(({ id, name }) => ({ id, name })),
    treeSize: head.size,
    rootHash: Buffer.from(head.rootHash).toString('hex'),
  }
}

/** Further pages of the same reading are the same read. */
async function logRead(ctx: RequestContext, query: AuditQuery): Promise<void> {
  const filter = {
    action: query.action ?? null,
    ticketId: query.ticketId ?? null,
    actorId: query.actorId ?? null,
  }
  await ctx.database.transaction(async (tx) => {
    const key = `audit:${filter.action}:${filter.ticketId}:${filter.actorId}`
    if (await recordRead(tx, ctx.session.id, key, ctx.now())) {
      await audit(tx, ctx, {
        action: 'audit_log.read',
        actor: actorOf(ctx),
        outcome: 'ok',
        data: filter,
      })
    }
  })
}

function viewOf(
  ctx: RequestContext,
  stored: StoredAuditEntry,
  nameOf: (id: number) => PersonRef,
): AuditEntryView {
  // The body is the canonical JSON of an `AuditEntry`, written by `appendAuditEntries` alone.
  const entry = JSON.parse(stored.body) as AuditEntry
  return {
    index: stored.index,
    at: entry.at,
    action: entry.action,
    actor: actorView(entry.actor, nameOf),
    outcome: entry.outcome,
    code: (entry.code ?? null) as ScrimErrorCode | null,
    ticketId: entry.record?.id ?? null,
    fields: (entry.fields ?? []).map((id) => {
      const { fieldId, label, place } = fieldRefOf(ctx, {
        fieldId: id,
        kind: null,
        sensitivityClass: null,
      })
      return { fieldId, label, ...(place === undefined ? {} : { place }) }
    }),
    location: locationOf(entry),
    kinds: kindsOf(entry),
    requestId: entry.requestId ?? null,
    grantId: entry.grantId ?? null,
    policyVersion: entry.policyVersion ?? null,
    texts: Object.fromEntries(stored.texts.map(({ name, text }) => [name, text])),
    leafHash: Buffer.from(stored.leafHash).toString('hex'),
  }
}

function locationOf({ data }: AuditEntry): Location | null {
  return LOCATIONS.find((location) => location === data?.['location']) ?? null
}

function kindsOf({ data }: AuditEntry): AuditEntryView['kinds'] {
  const kinds = data?.['textKinds'] ?? data?.['kinds']
  return Array.isArray(kinds) ? DETECTED_KINDS.filter((kind) => kinds.includes(kind)) : []
}

function actorView(actor: AuditActor, nameOf: (id: number) => PersonRef): AuditEntryView['actor'] {
  switch (actor.type) {
    case 'person':
      return { type: 'person', person: nameOf(actor.id) }
    case 'system':
      return { type: 'system', name: actor.name }
    case 'operator':
      return { type: 'operator', name: actor.name }
  }
}
