/**
 * Everything sensitive in a comment goes to the vault in one transaction, together with the order to
 * redact it. What is already there is recognised by its fingerprint, so that doing it again does
 * nothing.
 */
import { ScrimError } from '../../core/errors.ts'
import { handlingOf } from '../../core/ingestion.ts'
import type { CommentFinding } from '../../core/redaction.ts'
import { readComment } from '../../core/redaction.ts'
import type { ExposureCategory } from '../../core/residual-exposure.ts'
import { appendOutbox, findOpenOutbox } from '../../storage/outbox.ts'
import { appendValue } from '../../storage/vault.ts'
import type { ContentComment } from '../../zendesk/ticket-content.ts'
import { audit, systemActor } from '../audit.ts'
import type { EndpointDeps } from '../context.ts'
import { noteExposures } from './exposures.ts'
import { newValues } from './new-values.ts'
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
  ticket: { id: number; requesterId: number; isShared: boolean },
  comment: ContentComment,
  findings: readonly CommentFinding[],
  wasQueued: boolean,
): Promise<CommentReport> {
  const { account, database } = deps
  const record = { type: 'ticket', id: ticket.id } as const
  const {
    values,
    isKnown,
    kinds: found,
  } = await newValues(deps, ticket, findings, {
    source: 'comment',
    sourceId: comment.id,
    placeOf: (number) => ({ in: 'comment', id: comment.id, number }),
    createdBy: comment.authorId,
  })
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
    const categories: ExposureCategory[] = [
      // Whoever is notified of a public comment may have it in a mailbox.
      ...(comment.isPublic ? (['sent_email'] as const) : []),
      ...(ticket.isShared ? (['shared_ticket'] as const) : []),
    ]
    const place = `comment_${comment.id}`
    const exposures = await noteExposures(
      tx,
      deps,
      categories.flatMap((category) =>
        kinds.map((kind) => ({ ticketId: ticket.id, category, place, kind })),
      ),
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
