/**
 * One ticket, wherever the word of it came from: its fields and comments are looked at as they are
 * now. Doing it again does nothing, and our own writes leave nothing to find.
 */
import { ScrimError } from '../../core/errors.ts'
import { findKnownValues } from '../../storage/found-values.ts'
import { findOpenOutbox } from '../../storage/outbox.ts'
import { checkFieldType } from '../catalogue.ts'
import type { EndpointDeps } from '../context.ts'
import { isRequestNote } from '../escalation/request-note.ts'
import { isStandIn, noteTokens } from '../restricted-notes/stand-in.ts'
import { fieldStateOf } from './field-state.ts'
import { carryFollowUp } from './follow-up.ts'
import { ingestAttachments } from './ingest-attachments.ts'
import { ingestField } from './ingest-field.ts'
import { noteMerges } from './note-merges.ts'
import { findTexts } from './ticket-texts.ts'
import { findingsIn, vaultComment } from './vault-comment.ts'
import { vaultText } from './vault-text.ts'

export type IngestReport = {
  /** Comments, fields and attachments with something sensitive in them. */
  found: number
  vaulted: number
  /** Redactions and replacements that were put into the outbox. */
  queued: number
  exposures: number
  isClosed: boolean
}

/** Durable when it resolves; redactions follow from the outbox. Throws `ticket_not_found`. */
export async function ingestTicket(deps: EndpointDeps, ticketId: number): Promise<IngestReport> {
  const { account, database, zendesk, policy } = deps
  // Before the ticket is read: a write that ends in between must not look like somebody's change.
  const open = await findOpenOutbox(database.orm, account.id, ticketId)
  const waiting = new Set(
    open.flatMap(({ kind, payload }) => (kind === 'write_field' ? [payload.fieldId] : [])),
  )
  const queued = new Set(
    open.flatMap(({ kind, payload }) => (kind === 'redact_comment' ? [payload.commentId] : [])),
  )
  const masking = new Set(
    open.flatMap(({ kind, payload }) => (kind === 'mask_text' ? [payload.zendeskFieldId] : [])),
  )
  const before = await findKnownValues(database.orm, account.id, { type: 'ticket', id: ticketId })
  const ticket = await zendesk.content.ticket(ticketId)
  if (ticket === null) throw new ScrimError('ticket_not_found')
  const report = { found: 0, vaulted: 0, queued: 0, exposures: 0, isClosed: ticket.isClosed }
  const add = (done: { vaulted: number; isQueued: boolean; exposures: number }) => {
    if (done.vaulted > 0 || done.isQueued) report.found += 1
    report.vaulted += done.vaulted
    report.queued += done.isQueued ? 1 : 0
    report.exposures += done.exposures
  }

  if (policy.ingestion.fields) {
    const carried = await carryFollowUp(deps, ticket)
    report.vaulted += carried
    report.queued += carried
    // What went along waits for its own write.
    const known =
      carried === 0
        ? before
        : await findKnownValues(database.orm, account.id, { type: 'ticket', id: ticketId })
    for (const field of policy.fields) {
      if (field.protection === 'hidden') continue
      // A choice of a list is no value that was typed, and could not hold a mask.
      const isFilled = ticket.texts.has(field.zendeskFieldId)
      if (isFilled && !(await checkFieldType(deps, field)).allowed) continue
      const state = fieldStateOf(field, known)
      const isCarried = state.versions.length > fieldStateOf(field, before).versions.length
      add(await ingestField(deps, ticket, state, waiting.has(field.id) || isCarried))
    }
  }
  for (const text of await findTexts(deps, ticket)) {
    add(await vaultText(deps, ticket, text, masking.has(text.zendeskFieldId)))
  }
  const comments = await zendesk.content.comments(ticketId)
  await noteMerges(deps, ticketId, comments)
  const tokens = noteTokens(before)
  for (const comment of comments) {
    if (isStandIn(deps, comment, tokens)) continue
    const findings = findingsIn(deps, comment)
    if (findings.length === 0 || (await isRequestNote(deps, ticketId, comment))) continue
    add(await vaultComment(deps, ticket, comment, findings, queued.has(comment.id)))
  }
  // Last: fetching files takes its time, and may fail where the text did not.
  for (const done of await ingestAttachments(deps, ticket, comments, { known: before, open })) {
    add(done)
  }
  return report
}
