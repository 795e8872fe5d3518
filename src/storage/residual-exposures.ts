/** Plaintext that Zendesk cannot give up: where and of what kind, never the text. */
import { and, asc, count, desc, eq, gt, lt, or } from 'drizzle-orm'
import type { FieldKind } from '../core/protected-field.ts'
import type { ExposureCategory } from '../core/residual-exposure.ts'
import type { Queryable } from './database.ts'
import { residualExposures } from './schema.ts'

export type Exposure = {
  ticketId: number
  category: ExposureCategory
  /** A field of the catalogue, or `comment_<id>`. */
  place: string
  kind: FieldKind
}

/** Records what was not known yet, and answers it. */
export async function recordExposures(
  tx: Queryable,
  account: string,
  at: Date,
  exposures: readonly Exposure[],
): Promise<Exposure[]> {
  if (exposures.length === 0) return []
  const rows = await tx
    .insert(residualExposures)
    .values(exposures.map((exposure) => ({ ...exposure, account, foundAt: at })))
    .onConflictDoNothing()
    .returning()
  // Only this function writes the table.
  return rows.map(({ ticketId, category, place, kind }) => ({
    ticketId,
    category: category as ExposureCategory,
    place,
    kind: kind as FieldKind,
  }))
}

/** What is looked for; an absent part is no condition. */
export type ExposureFilter = {
  category?: ExposureCategory | undefined
  kind?: FieldKind | undefined
  ticketId?: number | undefined
}

/** By ticket, the newest first, behind `after`. */
export async function findExposures(
  db: Queryable,
  account: string,
  filter: ExposureFilter,
  after: { ticketId: number; category: string; place: string; kind: string } | null,
  limit: number,
): Promise<(Exposure & { foundAt: Date })[]> {
  const t = residualExposures
  const behind =
    after === null
      ? undefined
      : or(
          lt(t.ticketId, after.ticketId),
          and(
            eq(t.ticketId, after.ticketId),
            or(
              gt(t.category, after.category),
              and(
                eq(t.category, after.category),
                or(gt(t.place, after.place), and(eq(t.place, after.place), gt(t.kind, after.kind))),
              ),
            ),
          ),
        )
  const rows = await db
    .select()
    .from(t)
    .where(
      and(
        eq(t.account, account),
        filter.category === undefined ? undefined : eq(t.category, filter.category),
        filter.kind === undefined ? undefined : eq(t.kind, filter.kind),
        filter.ticketId === undefined ? undefined : eq(t.ticketId, filter.ticketId),
        behind,
      ),
    )
    .orderBy(desc(t.ticketId), asc(t.category), asc(t.place), asc(t.kind))
    .limit(limit)
  // Only `recordExposures` writes the table.
  return rows.map(({ ticketId, category, place, kind, foundAt }) => ({
    ticketId,
    category: category as ExposureCategory,
    place,
    kind: kind as FieldKind,
    foundAt,
  }))
}

/** How many there are of each category and kind. */
export async function countExposures(
  db: Queryable,
  account: string,
): Promise<{ category: ExposureCategory; kind: FieldKind; count: number }[]> {
  const t = residualExposures
  const rows = await db
    .select({ category: t.category, kind: t.kind, count: count() })
    .from(t)
    .where(eq(t.account, account))
    .groupBy(t.category, t.kind)
    .orderBy(asc(t.category), asc(t.kind))
  // Only `recordExposures` writes the table.
  return rows.map((row) => ({
    ...row,
    category: row.category as ExposureCategory,
    kind: row.kind as FieldKind,
  }))
}
