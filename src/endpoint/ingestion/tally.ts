/**
 * Counting what ingestion does in the very transaction that does it: what is undone is not counted,
 * and what is done once is counted once, however often a ticket is looked at or a process dies.
 */
import type { FieldKind } from '../../core/protected-field.ts'
import type { ExposureCategory } from '../../core/residual-exposure.ts'
import type { Queryable } from '../../storage/database.ts'

export const PLACES = ['comment', 'field', 'attachment'] as const
export type Place = (typeof PLACES)[number]

/**
 * `found`: stood where policy takes it out. `vaulted`: of these, was not in the vault yet. `destroyed`:
 * of these, kept nowhere. `carried`: went along from a closed ticket. `places`: comments, fields and
 * attachments with something found in them. `residual`: stays in Zendesk.
 */
export type Measure =
  | `${'found' | 'vaulted' | 'destroyed' | 'carried'}.${FieldKind}`
  | `places.${Place}`
  | `residual.${ExposureCategory}.${FieldKind}`

export type Counts = Partial<Record<Measure, number>>

/** Adds to somebody's sums. What it writes, it writes in `tx`. */
export type Tally = (tx: Queryable, counts: Counts) => Promise<void>

/** Tells whoever counts, if anybody does. */
export async function count(
  tx: Queryable,
  { tally }: { readonly tally?: Tally },
  counts: Counts,
): Promise<void> {
  await tally?.(tx, counts)
}

/** How many there are of each kind, as one measure's counts. */
export function countKinds(
  measure: 'found' | 'vaulted' | 'destroyed',
  kinds: readonly FieldKind[],
): Counts {
  return countNames(kinds.map((kind) => `${measure}.${kind}` as const))
}

/** How often each is named. */
export function countNames(names: readonly Measure[]): Counts {
  const counts: Counts = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}
