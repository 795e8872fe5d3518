/**
 * Finds what no webhook told of: Zendesk delivers them at most a few times and stops after failures.
 * Walks the tickets that changed, by incremental export, and puts each change into the inbox once.
 */
import { ScrimError } from '../../core/errors.ts'
import { appendInbox } from '../../storage/inbox.ts'
import type { TicketWalk } from '../../storage/ticket-walks.ts'
import { claimWalk, failWalk, moveWalk } from '../../storage/ticket-walks.ts'
import type { EndpointDeps } from '../context.ts'

/** The walk's name in storage. */
export const SWEEP_WALK = 'sweep'
/** Ten calls a minute are allowed for all exports of an account; this is a fraction of one. */
const INTERVAL_SECONDS = 180
/** A first walk begins a little before the endpoint did. Older tickets are a backfill's. */
const LOOK_BACK_MS = 10 * 60 * 1000
/** A thousand tickets each; what is left comes with the next pass. */
const MAX_PAGES = 5

/**
 * At most one instance at a time and interval. Page and place are written in one transaction, so a
 * crash repeats a page and skips none.
 */
export async function sweepTickets(deps: EndpointDeps): Promise<void> {
  const { database, account } = deps
  const walk = await claimWalk(database.orm, account.id, SWEEP_WALK, deps.now(), INTERVAL_SECONDS)
  if (walk === undefined) return
  try {
    await takeStep(deps, walk)
  } catch (error) {
    const code = error instanceof ScrimError ? error.code : 'internal'
    // An administrator sees there that the sweep finds out nothing: no event would tell.
    await failWalk(database.orm, account.id, SWEEP_WALK, code)
    throw error
  }
}

async function takeStep(deps: EndpointDeps, walk: TicketWalk): Promise<void> {
  const { database, account } = deps
  let { cursor } = walk
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const since = new Date(walk.startedAt.getTime() - LOOK_BACK_MS)
    const found = await deps.zendesk.content.changedTickets(
      cursor === null ? { since } : { cursor },
    )
    const step = { from: cursor, to: found.cursor, at: deps.now() }
    const events = found.changes.map(({ ticketId, changedAt }) => ({
      // A ticket that changes again is another event; a page that is read again is none.
      id: `sweep:${ticketId}:${changedAt}`,
      ticketId,
    }))
    const isMine = await database.transaction(async (tx) => {
      if (!(await moveWalk(tx, account.id, SWEEP_WALK, step))) return false
      await appendInbox(tx, account.id, step.at, events)
      return true
    })
    if (!isMine || found.isEnd || found.changes.length === 0) return
    cursor = found.cursor
  }
}
