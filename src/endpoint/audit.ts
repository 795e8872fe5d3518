/** How verbs write to the audit log. An entry that cannot be written undoes the act. */
import type { ScrimErrorCode, ScrimErrorDetails } from '../core/errors.ts'
import { ScrimError } from '../core/errors.ts'
import type { AuditActor } from '../audit/entry.ts'
import type { AuditDraft } from '../storage/audit-log.ts'
import { appendAuditEntries } from '../storage/audit-log.ts'
import type { Queryable } from '../storage/database.ts'
import type { ActDeps, EndpointDeps, RequestContext } from './context.ts'

/** The person of this request, with the roles they held when they acted. */
export function actorOf(ctx: Pick<RequestContext, 'person' | 'roles'>): AuditActor {
  return { type: 'person', id: ctx.person.id, roles: [...ctx.roles] }
}

/** What acts by time or by rule rather than by a person. */
export function systemActor(
  name: 'bootstrap' | 'clock' | 'policy' | 'zendesk' | 'ingestion',
): AuditActor {
  return { type: 'system', name }
}

/** Appends entries inside the act's transaction. */
export async function audit(
  tx: Queryable,
  deps: Omit<ActDeps, 'newId'>,
  ...drafts: AuditDraft[]
): Promise<void> {
  await appendAuditEntries(tx, deps.account.id, deps.now(), drafts)
}

/**
 * Commits the entry of a refused or failed act, then throws its code. The entry has a transaction of
 * its own, so that a refusal is never thrown away with the act it refused. What a refused text holds
 * is logged by its kinds.
 */
export async function refuseAct(
  deps: Pick<EndpointDeps, 'account' | 'now' | 'database'>,
  draft: Omit<AuditDraft, 'outcome' | 'code'> & { outcome?: 'refused' | 'failed' },
  code: ScrimErrorCode,
  { limit, kinds, issues, companion, retryAfterSeconds }: ScrimErrorDetails = {},
): Promise<never> {
  const data = kinds === undefined ? draft.data : { ...draft.data, textKinds: kinds }
  await deps.database.transaction((tx) =>
    audit(tx, deps, { ...draft, ...(data && { data }), outcome: draft.outcome ?? 'refused', code }),
  )
  throw new ScrimError(code, { limit, kinds, issues, companion, retryAfterSeconds })
}
