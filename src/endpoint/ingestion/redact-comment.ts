/**
 * The outbox's redaction of a comment. It looks again at what the comment says now: what was edited or
 * redacted meanwhile is placed anew, what is new goes to the vault first, what is gone is an end.
 */
import { ScrimError } from '../../core/errors.ts'
import { placeRedactions } from '../../core/redaction.ts'
import type { Queryable } from '../../storage/database.ts'
import { audit, systemActor } from '../audit.ts'
import type { EndpointDeps } from '../context.ts'
import { findingsIn, vaultComment } from './vault-comment.ts'

/**
 * Answers what to write down when the work is marked as done, or undefined when there was nothing to
 * do. Throws `zendesk_unavailable` while the comment still says what it should not.
 */
export async function redactFoundComment(
  deps: EndpointDeps,
  { ticketId, commentId }: { ticketId: number; commentId: number },
): Promise<((tx: Queryable) => Promise<void>) | undefined> {
  const { content } = deps.zendesk
  const comment = (await content.comments(ticketId)).find(({ id }) => id === commentId)
  const findings = comment === undefined ? [] : findingsIn(deps, comment)
  if (comment === undefined || findings.length === 0) return undefined
  const ticket = await content.ticket(ticketId)
  if (ticket === null) throw new ScrimError('ticket_not_found')
  // Never redacted before it is kept, whatever happened since the order was given.
  await vaultComment(deps, ticket, comment, findings, true)
  const ranges = findings.flatMap((finding) => finding.ranges)
  const htmlBody = placeRedactions(comment.htmlBody, ranges)
  const left = await redactNow(deps, { ticketId, commentId, htmlBody })
  if (findingsIn(deps, { ...comment, htmlBody: left }).length > 0) {
    throw new ScrimError('zendesk_unavailable')
  }
  const kinds = [...new Set(findings.map(({ kind }) => kind))].toSorted()
  return (tx) =>
    audit(tx, deps, {
      action: 'comment.redact',
      actor: systemActor('ingestion'),
      outcome: 'ok',
      record: { type: 'ticket', id: ticketId },
      policyVersion: deps.policy.version,
      data: { commentId, redactedKinds: kinds },
    })
}

async function redactNow(
  deps: EndpointDeps,
  input: { ticketId: number; commentId: number; htmlBody: string },
): Promise<string> {
  try {
    return await deps.zendesk.content.redactComment(input)
  } catch (error) {
    // It says something else since it was read: the next try reads it again.
    if (error instanceof ScrimError && error.code === 'conflict') {
      throw new ScrimError('zendesk_unavailable')
    }
    throw error
  }
}
