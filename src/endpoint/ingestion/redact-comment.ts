/**
 * The outbox's redaction of a comment. It looks again at what the comment says now: what was edited or
 * redacted meanwhile is placed anew, what is new goes to the vault first, what is gone is an end.
 */
import { ScrimError } from '../../core/errors.ts'
import { placeRedactions } from '../../core/redaction.ts'
import type { Queryable } from '../../storage/database.ts'
import { audit, systemActor } from '../audit.ts'
import type { EndpointDeps } from '../context.ts'
import { retryRace } from '../outbox/retry-race.ts'
import { findingsIn, vaultComment } from './vault-comment.ts'

/**
 * Answers the entry for when the work is marked as done: each order ends in one, also when an answer
 * got lost and this try finds nothing left. Throws `zendesk_unavailable` while the comment still says
 * what it should not, `ticket_not_found` when it is gone.
 */
export async function redactFoundComment(
  deps: EndpointDeps,
  { ticketId, commentId }: { ticketId: number; commentId: number },
): Promise<(tx: Queryable) => Promise<void>> {
  const { content } = deps.zendesk
  const comment = (await content.comments(ticketId)).find(({ id }) => id === commentId)
  if (comment === undefined) throw new ScrimError('ticket_not_found')
  const findings = findingsIn(deps, comment)
  if (findings.length > 0) {
    const ticket = await content.ticket(ticketId)
    if (ticket === null) throw new ScrimError('ticket_not_found')
    // Never redacted before it is kept, whatever happened since the order was given.
    await retryRace(vaultComment(deps, ticket, comment, findings, true))
    const ranges = findings.flatMap((finding) => finding.ranges)
    const htmlBody = placeRedactions(comment.htmlBody, ranges)
    const left = await retryRace(content.redactComment({ ticketId, commentId, htmlBody }))
    if (findingsIn(deps, { ...comment, htmlBody: left }).length > 0) {
      throw new ScrimError('zendesk_unavailable')
    }
  }
  const kinds = [...new Set(findings.map(({ kind }) => kind))].toSorted()
  return (tx) =>
    audit(tx, deps, {
      action: 'comment.redact',
      actor: systemActor('ingestion'),
      outcome: 'ok',
      record: { type: 'ticket', id: ticketId },
      policyVersion: deps.policy.version,
      data: { commentId, redactedKinds: kinds, wasRedacted: kinds.length === 0 },
    })
}
