/**
 * Everything sensitive in a comment goes to the vault in one transaction, together with the order to
 * redact it. What is already there is recognised by its fingerprint, so that doing it again does
 * nothing.
 */
import { ScrimError } from '../../core/errors.ts'
import { classOfFinding, handlingOf } from '../../core/ingestion.ts'
import type { CommentFinding } from '../../core/redaction.ts'
import type { DetectedKind } from '../../detect/span.ts'
import { readComment } from '../../core/redaction.ts'
import { fieldIdAt } from '../../core/vaulted-field.ts'
import { fingerprintsOf } from '../../keys/fingerprint.ts'
import { findKnownValues } from '../../storage/found-values.ts'
import { appendOutbox, findOpenOutbox } from '../../storage/outbox.ts'
import type { NewValue } from '../../storage/vault.ts'
import { appendValue } from '../../storage/vault.ts'
import type { ContentComment } from '../../zendesk/ticket-content.ts'
import { audit, systemActor } from '../audit.ts'
import type { EndpointDeps } from '../context.ts'
import { prepareValue } from '../vault/prepare-value.ts'
import { noteExposures } from './exposures.ts'
import { count, countKinds } from './tally.ts'

/** What policy has taken out of this comment. */
export function findingsIn(
  deps: Pick<EndpointDeps, 'policy'>,
  comment: Pick<ContentComment, 'htmlBody' | 'isPublic'>,
): CommentFinding[] {
  const { ingestion, detection } = deps.policy
  const isCovered = comment.isPublic ? ingestion.publicComments : ingestion.internalNotes
  if (!isCovered || comment.htmlBody === '') return []
  return readComment(comment.htmlBody, detection).filter(
    ({ kind }) => handlingOf(deps.policy, kind) !== 'ignored',
  )
}

export type CommentReport = { vaulted: number; isQueued: boolean; exposures: number }

/**
 * Vaults `findings` unless they are, and queues the redaction unless it is, or was before the comment
 * was read: what was read may be redacted by now. Durable when it resolves. Throws `conflict` when
 * somebody else does the same at this moment.
 */
export async function vaultComment(
  deps: EndpointDeps,
  ticket: { id: number; requesterId: number },
  comment: ContentComment,
  findings: readonly CommentFinding[],
  wasQueued: boolean,
): Promise<CommentReport> {
  const { account, database } = deps
  const record = { type: 'ticket', id: ticket.id } as const
  const { values, isKnown, kinds: found } = await newValues(deps, ticket, comment, findings)
  const open = await findOpenOutbox(database.orm, account.id, ticket.id)
  const isQueued = open.some(
    ({ kind, payload }) => kind === 'redact_comment' && payload.commentId === comment.id,
  )
  if (values.length === 0 && (isQueued || wasQueued)) {
    return { vaulted: 0, isQueued: false, exposures: 0 }
  }
  const kinds = [...new Set(findings.map(({ kind }) => kind))].toSorted()
  const destroyed = kinds.filter((kind) => handlingOf(deps.policy, kind) === 'destroyed')
  return await database.transaction(async (tx) => {
    for (const value of values) {
      const isMine = await appendValue(tx, account.id, record, value)
      if (!isMine) throw new ScrimError('conflict')
    }
    if (!isQueued) {
      const payload = { ticketId: ticket.id, commentId: comment.id }
      await appendOutbox(tx, account.id, deps.now(), [
        { id: deps.newId(), kind: 'redact_comment', payload },
      ])
    }
    if (values.length > 0 || !isKnown) {
      await audit(tx, deps, {
        action: 'protected_value.ingest',
        actor: systemActor('ingestion'),
        outcome: 'ok',
        record,
        fields: values.map(({ fieldId }) => fieldId),
        policyVersion: deps.policy.version,
        data: {
          source: 'comment',
          commentId: comment.id,
          foundKinds: kinds,
          destroyedKinds: destroyed,
        },
      })
    }
    // Whoever is notified of a public comment may have it in a mailbox.
    const sent = comment.isPublic ? kinds : []
    const exposures = await noteExposures(
      tx,
      deps,
      sent.map((kind) => ({
        ticketId: ticket.id,
        category: 'sent_email' as const,
        place: `comment_${comment.id}`,
        kind,
      })),
    )
    await count(tx, deps, {
      'places.comment': 1,
      // With the order all of it goes; an order that waits was counted before what came to it.
      ...countKinds('found', isQueued ? found.vaulted : found.all),
      ...countKinds('vaulted', found.vaulted),
      ...countKinds('destroyed', isQueued ? [] : found.destroyed),
    })
    return { vaulted: values.length, isQueued: !isQueued, exposures }
  })
}

/**
 * Rows for what is not in the vault yet; the same value twice in a comment is one. `isKnown`: something
 * of this comment is there. `kinds`: of the distinct values, of those that are new, and of those that
 * are kept nowhere.
 */
async function newValues(
  deps: EndpointDeps,
  ticket: { id: number; requesterId: number },
  comment: ContentComment,
  findings: readonly CommentFinding[],
): Promise<{
  values: NewValue[]
  isKnown: boolean
  kinds: Record<'all' | 'vaulted' | 'destroyed', DetectedKind[]>
}> {
  const record = { type: 'ticket', id: ticket.id } as const
  const all = await findKnownValues(deps.database.orm, deps.account.id, record)
  const known = all.filter(
    ({ source, sourceId }) => source === 'comment' && sourceId === comment.id,
  )
  const inVault = new Set(known.map(({ fingerprint }) => fingerprint))
  const seen = new Set<string>()
  const values: NewValue[] = []
  const kinds: Record<'all' | 'vaulted' | 'destroyed', DetectedKind[]> = {
    all: [],
    vaulted: [],
    destroyed: [],
  }
  for (const { kind, value } of findings) {
    const toCompare = { account: deps.account.id, kind, value }
    const made = await fingerprintsOf(deps.fingerprintKeys, toCompare)
    if (made.some(({ fingerprint }) => seen.has(fingerprint))) continue
    for (const { fingerprint } of made) seen.add(fingerprint)
    kinds.all.push(kind)
    if (handlingOf(deps.policy, kind) === 'destroyed') kinds.destroyed.push(kind)
    if (handlingOf(deps.policy, kind) !== 'vaulted') continue
    if (made.some(({ fingerprint }) => inVault.has(fingerprint))) continue
    kinds.vaulted.push(kind)
    const number = known.length + values.length + 1
    values.push(
      await prepareValue(deps, {
        record,
        field: {
          id: fieldIdAt({ in: 'comment', id: comment.id, number }),
          kind,
          sensitivityClass: classOfFinding(deps.policy, kind),
        },
        version: 1,
        value,
        source: 'comment',
        sourceId: comment.id,
        customerId: ticket.requesterId,
        createdBy: comment.authorId,
      }),
    )
  }
  return { values, isKnown: known.length > 0, kinds }
}
