/**
 * What a backfill reports: derived from sums that were committed with the acts they count, and from
 * what became of its orders. Numbers, kinds and codes; never a value, and no ticket by name.
 */
import { FIELD_KINDS } from '../../core/protected-field.ts'
import type { FieldKind } from '../../core/protected-field.ts'
import { EXPOSURE_CATEGORIES } from '../../core/residual-exposure.ts'
import type { ExposureCategory } from '../../core/residual-exposure.ts'
import type { OrderedWrites } from '../../storage/ordered-writes.ts'
import type { WalkSums } from '../../storage/ticket-walks.ts'
import { PLACES } from '../ingestion/tally.ts'
import type { Measure, Place } from '../ingestion/tally.ts'

/** What a backfill counts of its own, beside what ingestion counts. `failed`: by code. */
export type TicketMeasure =
  'tickets.seen' | 'tickets.closed' | 'tickets.again' | 'tickets.deleted' | `failed.${string}`

export type Codes = { code: string; count: number }[]

export type BackfillReport = {
  /** Changes when a member changes its meaning or goes; members may be added. */
  schema: 'scrim.backfill.1'
  account: string
  mode: 'dry-run' | 'protect'
  /** ISO 8601, UTC, as the two below. */
  since: string
  startedAt: string
  endedAt: string
  /** Whether it came to the end of the tickets. */
  isComplete: boolean
  tickets: {
    seen: number
    /** Of these. */
    closed: number
    /** Deleted in Zendesk: skipped. */
    deleted: number
    /** Changed while it ran: looked at again, except by a dry run. */
    changedMeanwhile: number
    /** Could not be looked at; the endpoint tries them again, except after a dry run. */
    failed: Codes
  }
  /** Kinds of data that were found. `carried`: from a closed ticket into its follow-up. */
  kinds: {
    kind: FieldKind
    found: number
    vaulted: number
    destroyed: number
    carried: number
  }[]
  /** Places with something found in them, and the writes into Zendesk ordered for it. Subjects are fields. */
  places: {
    place: Place
    withFindings: number
    ordered: number
    redacted: number
    waiting: number
    failed: Codes
  }[]
  /** Found in closed tickets where Zendesk lets nobody change it. */
  closedAndUnchangeable: number
  /** What stays in Zendesk, these among it. */
  residual: { category: ExposureCategory; kind: FieldKind; count: number }[]
}

const PLACE_OF: Readonly<Record<string, Place>> = {
  redact_comment: 'comment',
  redact_attachment: 'attachment',
  write_field: 'field',
  mask_text: 'field',
}

export function backfillReport(
  about: Pick<BackfillReport, 'account' | 'mode' | 'isComplete'> &
    Record<'since' | 'startedAt' | 'endedAt', Date>,
  sums: WalkSums,
  orders: readonly OrderedWrites[],
): BackfillReport {
  const sum = (measure: Measure | TicketMeasure): number => sums[measure] ?? 0
  const residual = EXPOSURE_CATEGORIES.flatMap((category) =>
    FIELD_KINDS.map((kind) => ({ category, kind, count: sum(`residual.${category}.${kind}`) })),
  ).filter(({ count }) => count > 0)
  const failed = Object.entries(sums)
    .filter(([name, count]) => name.startsWith('failed.') && count > 0)
    .map(([name, count]) => ({ code: name.slice('failed.'.length), count }))
  return {
    schema: 'scrim.backfill.1',
    account: about.account,
    mode: about.mode,
    since: about.since.toISOString(),
    startedAt: about.startedAt.toISOString(),
    endedAt: about.endedAt.toISOString(),
    isComplete: about.isComplete,
    tickets: {
      seen: sum('tickets.seen'),
      closed: sum('tickets.closed'),
      deleted: sum('tickets.deleted'),
      changedMeanwhile: sum('tickets.again'),
      failed: failed.toSorted((a, b) => a.code.localeCompare(b.code)),
    },
    kinds: FIELD_KINDS.map((kind) => ({
      kind,
      found: sum(`found.${kind}`),
      vaulted: sum(`vaulted.${kind}`),
      destroyed: sum(`destroyed.${kind}`),
      carried: sum(`carried.${kind}`),
    })).filter(({ found, carried }) => found + carried > 0),
    places: PLACES.map((place) => ({
      place,
      withFindings: sum(`places.${place}`),
      ...writesOf(orders.filter(({ kind }) => PLACE_OF[kind] === place)),
    })),
    closedAndUnchangeable: residual
      .filter(({ category }) => category.startsWith('closed_ticket_'))
      .reduce((total, { count }) => total + count, 0),
    residual,
  }
}

function writesOf(orders: readonly OrderedWrites[]) {
  const count = (isCounted: (order: OrderedWrites) => boolean) =>
    orders.filter(isCounted).reduce((total, order) => total + order.count, 0)
  return {
    ordered: count(() => true),
    redacted: count(({ isDone, code }) => isDone && code === null),
    waiting: count(({ isDone }) => !isDone),
    failed: orders.flatMap((order) =>
      order.isDone && order.code !== null ? [{ code: order.code, count: order.count }] : [],
    ),
  }
}

/** Whether anything failed for good or still waits. */
export function hasLeftovers({ tickets, places }: BackfillReport): boolean {
  return (
    tickets.failed.length > 0 ||
    places.some(({ waiting, failed }) => waiting > 0 || failed.length > 0)
  )
}
