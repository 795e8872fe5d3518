/** Works through what Zendesk said: at least once, with back-off, by any instance. */
import { ScrimError } from '../../core/errors.ts'
import { claimInbox, finishInbox, forgetInbox, postponeInbox } from '../../storage/inbox.ts'
import type { InboxItem } from '../../storage/inbox.ts'
import type { EndpointDeps, OuterDeps } from '../context.ts'
import { drainOutbox } from '../outbox/drain.ts'
import { withPolicy } from '../policy/source.ts'
import { ingestTicket } from './ingest-ticket.ts'

const BATCH = 50
const FIRST_RETRY_SECONDS = 2
const LAST_RETRY_SECONDS = 300
/** Longer than anybody may send an event again. */
const REMEMBER_MS = 24 * 60 * 60 * 1000

/** Works until nothing is due. Answers how many tickets were done; failures are put back, not thrown. */
export async function workInbox(deps: EndpointDeps): Promise<number> {
  const { database, account } = deps
  let done = 0
  for (;;) {
    const items = await claimInbox(database.orm, account.id, deps.now(), BATCH)
    if (items.length === 0) return done
    // Ten events of one ticket are one look at it: all were received before it begins.
    for (const ticketId of new Set(items.map((item) => item.ticketId))) {
      const events = items.filter((item) => item.ticketId === ticketId)
      if (await attempt(deps, ticketId, events)) done += 1
    }
  }
}

const running = new WeakMap<OuterDeps, { isAskedAgain: boolean }>()

/**
 * Starts the work without making an answer wait for it, once a process at a time. Whatever does not
 * happen now the sweep does later.
 */
export function workInboxSoon(deps: OuterDeps): void {
  const run = running.get(deps)
  if (run !== undefined) run.isAskedAgain = true
  else void workWhileAsked(deps)
}

async function workWhileAsked(deps: OuterDeps): Promise<void> {
  const run = { isAskedAgain: true }
  running.set(deps, run)
  try {
    while (run.isAskedAgain) {
      run.isAskedAgain = false
      const work = await withPolicy(deps)
      await workInbox(work)
      await drainOutbox(work)
    }
  } catch (error) {
    deps.log.error('inbox.work', { code: codeOf(error) })
  } finally {
    running.delete(deps)
  }
}

/** Deletes what was worked through a day ago. */
export async function forgetWorkedInbox(deps: EndpointDeps): Promise<void> {
  const before = new Date(deps.now().getTime() - REMEMBER_MS)
  await forgetInbox(deps.database.orm, deps.account.id, before)
}

async function attempt(
  deps: EndpointDeps,
  ticketId: number,
  events: readonly InboxItem[],
): Promise<boolean> {
  const { database, account } = deps
  const ids = events.map(({ id }) => id)
  try {
    deps.zendesk.forgetTicket(ticketId)
    await ingestTicket(deps, ticketId)
    await finishInbox(database.orm, account.id, ids, deps.now())
    return true
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ticket_not_found') {
      await finishInbox(database.orm, account.id, ids, deps.now(), code)
      return true
    }
    const attempts = Math.max(...events.map((event) => event.attempts))
    const seconds =
      error instanceof ScrimError && error.details.retryAfterSeconds !== undefined
        ? error.details.retryAfterSeconds
        : Math.min(LAST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2 ** (attempts - 1))
    const dueAt = new Date(deps.now().getTime() + seconds * 1000)
    await postponeInbox(database.orm, account.id, ids, dueAt, code)
    deps.log.error('inbox.retry', { code, attempts })
    return false
  }
}

function codeOf(error: unknown): string {
  return error instanceof ScrimError ? error.code : 'internal'
}
