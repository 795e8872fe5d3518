/** `GET /api/v2/incremental/tickets/cursor`: tickets in the order in which they last changed. */
import { API_ORIGIN } from './state.ts'
import type { RestTicket } from './state.ts'

const PATH = '/api/v2/incremental/tickets/cursor.json'
const MAX_PAGE_SIZE = 1000
/** Zendesk refuses a start that is younger. */
const MIN_AGE_SECONDS = 60

/** One page, or null for a start that Zendesk refuses. Cursors are opaque to callers. */
export function incrementalPage(
  url: URL,
  tickets: readonly RestTicket[],
  now: Date,
): Record<string, unknown> | null {
  const cursor = url.searchParams.get('cursor')
  const startSeconds = Number(url.searchParams.get('start_time') ?? Number.NaN)
  const size = Math.min(MAX_PAGE_SIZE, Number(url.searchParams.get('per_page')) || MAX_PAGE_SIZE)
  let after: { at: number; id: number }
  if (cursor !== null) {
    const [at = 0, id = 0] = atob(cursor).split('|').map(Number)
    after = { at, id }
  } else {
    if (!(startSeconds <= now.getTime() / 1000 - MIN_AGE_SECONDS)) return null
    after = { at: startSeconds * 1000 - 1, id: 0 }
  }
  const changedAt = (ticket: RestTicket) => Date.parse(ticket.updated_at)
  const later = tickets
    .filter((ticket) => {
      const at = changedAt(ticket)
      return at > after.at || (at === after.at && ticket.id > after.id)
    })
    .toSorted((a, b) => changedAt(a) - changedAt(b) || a.id - b.id)
  const page = later.slice(0, size)
  const last = page.at(-1)
  const next = last === undefined ? after : { at: changedAt(last), id: last.id }
  const afterCursor = btoa(`${next.at}|${next.id}`)
  return {
    tickets: page,
    after_cursor: afterCursor,
    after_url: `${API_ORIGIN}${PATH}?cursor=${encodeURIComponent(afterCursor)}`,
    before_cursor: null,
    before_url: null,
    end_of_stream: later.length <= size,
  }
}

/** Answers the one search that Scrim counts by: `type:ticket updated>=YYYY-MM-DD`. */
export function countChanged(tickets: readonly RestTicket[], url: URL): number {
  const day = /updated>=(\d{4}-\d\d-\d\d)/.exec(url.searchParams.get('query') ?? '')?.[1] ?? ''
  return tickets.filter((ticket) => ticket.updated_at >= day).length
}
