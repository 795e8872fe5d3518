/**
 * Where a backfill stands: the export's next page, and what is left of the one in hand. The tickets of
 * a page are kept by their ids, because the page itself is another one after we wrote into tickets.
 */
import { z } from 'zod'

const ticketIds = z.array(z.number().int().positive()).readonly()

const placeSchema = z.object({
  /** Of the next page; null before the first. */
  cursor: z.string().nullable(),
  /** Whether the page in hand is the last one. */
  isLast: z.boolean(),
  tickets: ticketIds,
  /** Those that changed since the backfill began: our own writes bring tickets up again. */
  again: ticketIds,
})

export type BackfillPlace = z.infer<typeof placeSchema>

export const BEGINNING: BackfillPlace = { cursor: null, isLast: false, tickets: [], again: [] }

/** What a walk's row keeps. */
export const formatPlace = (place: BackfillPlace): string => JSON.stringify(place)

/** Throws for what `formatPlace` did not write. */
export const parsePlace = (text: string | null): BackfillPlace =>
  text === null ? BEGINNING : placeSchema.parse(JSON.parse(text))

/** The place at the head of a page. Zendesk spells instants in whole seconds. */
export function placeOnPage(
  page: {
    changes: readonly { ticketId: number; changedAt: string; isDeleted: boolean }[]
    cursor: string
    isEnd: boolean
  },
  startedAt: Date,
): BackfillPlace {
  const began = Math.floor(startedAt.getTime() / 1000) * 1000
  const isAgain = ({ changedAt }: { changedAt: string }) => Date.parse(changedAt) >= began
  const kept = page.changes.filter(({ isDeleted }) => !isDeleted)
  return {
    cursor: page.cursor,
    isLast: page.isEnd || page.changes.length === 0,
    tickets: kept.filter((change) => !isAgain(change)).map(({ ticketId }) => ticketId),
    again: kept.filter(isAgain).map(({ ticketId }) => ticketId),
  }
}

/** The ticket that is next, and the place behind it; null when the page is done. */
export function nextTicket(
  place: BackfillPlace,
): { ticketId: number; isAgain: boolean; behind: BackfillPlace } | null {
  const [ticketId, ...tickets] = place.tickets
  if (ticketId !== undefined) return { ticketId, isAgain: false, behind: { ...place, tickets } }
  const [againId, ...again] = place.again
  if (againId !== undefined)
    return { ticketId: againId, isAgain: true, behind: { ...place, again } }
  return null
}
