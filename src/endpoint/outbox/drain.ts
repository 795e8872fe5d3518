/** Does the outbox's work: at least once, with back-off, by any instance. */
import { ScrimError } from '../../core/errors.ts'
import type { Queryable } from '../../storage/database.ts'
import type { OutboxItem } from '../../storage/outbox.ts'
import { abandonOutbox, claimOutbox, finishOutbox, postponeOutbox } from '../../storage/outbox.ts'
import type { EndpointDeps } from '../context.ts'
import { leaveRequestNote } from '../escalation/request-note.ts'
import { sendChat, tellNews } from '../escalation/tell.ts'
import { maskFoundText } from '../ingestion/mask-found-text.ts'
import { redactFoundAttachment } from '../ingestion/redact-attachment.ts'
import { redactFoundComment } from '../ingestion/redact-comment.ts'
import { addStandIn } from '../restricted-notes/stand-in.ts'
import { writeField } from './write-field.ts'

const BATCH = 20
/** What trying again does not change: the ticket is gone or closed, the field is no more. */
const LASTING: readonly string[] = [
  'ticket_not_found',
  'ticket_closed',
  'conflict',
  'field_unknown',
  'chat_refused',
]
/** What a chat tool did not take by then is no news any more: after about an hour. */
const MOST_CHAT_ATTEMPTS = 18
const CHAT_BATCH = 5
const FIRST_RETRY_SECONDS = 2
const LAST_RETRY_SECONDS = 300

/** Works until nothing is due. Answers how many items were done; failures are put back, not thrown. */
export async function drainOutbox(deps: EndpointDeps): Promise<number> {
  let done = 0
  for (;;) {
    const items = await claimOutbox(deps.database.orm, deps.account.id, deps.now(), BATCH)
    if (items.length === 0) return done
    for (const item of items) if (await attempt(deps, item)) done += 1
  }
}

/**
 * The same for messages to the chat tool, a few at once. Ends when one of them failed: the receiver is
 * asked for no more until the next pass, and nothing else ever waits for it.
 */
export async function drainChat(deps: EndpointDeps): Promise<number> {
  let done = 0
  for (;;) {
    const { orm } = deps.database
    const items = await claimOutbox(orm, deps.account.id, deps.now(), CHAT_BATCH, 'chat')
    const sent = await Promise.all(items.map((item) => attempt(deps, item)))
    done += sent.filter(Boolean).length
    if (items.length < CHAT_BATCH || sent.includes(false)) return done
  }
}

/**
 * Starts the work right after a commit without making the answer wait for it. Whatever does not
 * happen now (a crash, a frozen function) the sweep does later.
 */
export function drainSoon(deps: EndpointDeps): void {
  drainOutbox(deps)
    .then(() => drainChat(deps))
    .catch((error: unknown) => {
      deps.log.error('outbox.drain', { code: codeOf(error) })
    })
}

async function attempt(deps: EndpointDeps, item: OutboxItem): Promise<boolean> {
  const db = deps.database.orm
  try {
    const completed = await perform(deps, item)
    if (completed === undefined) await finishOutbox(db, item.id, deps.now())
    else {
      await deps.database.transaction(async (tx) => {
        // Whoever was first has written it down.
        if (await finishOutbox(tx, item.id, deps.now())) await completed(tx)
      })
    }
    return true
  } catch (error) {
    const code = codeOf(error)
    const isStale = item.kind === 'chat' && item.attempts >= MOST_CHAT_ATTEMPTS
    if (LASTING.includes(code) || isStale) {
      await abandonOutbox(db, item.id, deps.now(), code)
      deps.log.error('outbox.abandon', { kind: item.kind, code, attempts: item.attempts })
      return false
    }
    const delay =
      error instanceof ScrimError && error.details.retryAfterSeconds !== undefined
        ? error.details.retryAfterSeconds
        : Math.min(LAST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2 ** (item.attempts - 1))
    const dueAt = new Date(deps.now().getTime() + delay * 1000)
    await postponeOutbox(db, item.id, dueAt, code)
    deps.log.error('outbox.retry', {
      kind: item.kind,
      code,
      attempts: item.attempts,
    })
    return false
  }
}

/** Answers what is written in the transaction that marks the item as done. */
async function perform(
  deps: EndpointDeps,
  item: OutboxItem,
): Promise<((tx: Queryable) => Promise<void>) | undefined> {
  switch (item.kind) {
    case 'notify': {
      const { event, agentId, ...body } = item.payload
      await deps.zendesk.notify({ event, body, ...(agentId === null ? {} : { agentId }) })
      return undefined
    }
    case 'request_news':
      return await tellNews(deps, item.payload)
    case 'request_note':
      return await leaveRequestNote(deps, item.payload)
    case 'chat':
      await sendChat(deps, { ...item.payload, id: item.id })
      return undefined
    case 'write_field':
      await writeField(deps, item.payload)
      return undefined
    case 'add_note':
      await addStandIn(deps, item.payload)
      return undefined
    case 'mask_text':
      await maskFoundText(deps, item.payload)
      return undefined
    case 'redact_comment':
      return await redactFoundComment(deps, item.payload)
    case 'redact_attachment':
      return await redactFoundAttachment(deps, item.payload)
  }
}

function codeOf(error: unknown): string {
  return error instanceof ScrimError ? error.code : 'internal'
}
