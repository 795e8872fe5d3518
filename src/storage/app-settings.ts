/** The installation's settings as last seen, so that a change is logged once however many look. */
import { eq, sql } from 'drizzle-orm'
import type { AppSettings } from '../core/policy.ts'
import type { Queryable } from './database.ts'
import { seenAppSettings } from './schema.ts'

/** Stands in the row between its creation and the first settings. */
const NOTHING_SEEN = {}

/**
 * Remembers `settings`. Answers what was remembered before when they differ, null when nothing was
 * remembered yet, and undefined when nothing changed.
 */
export async function replaceSeenAppSettings(
  tx: Queryable,
  account: string,
  settings: AppSettings,
  at: Date,
): Promise<AppSettings | null | undefined> {
  await tx
    .insert(seenAppSettings)
    .values({ account, settings: NOTHING_SEEN, seenAt: at })
    .onConflictDoNothing()
  const [row] = await tx
    .select({ settings: seenAppSettings.settings })
    .from(seenAppSettings)
    .where(eq(seenAppSettings.account, account))
    .for('update')
  const before = row?.settings as AppSettings | typeof NOTHING_SEEN
  const [same] = await tx
    .select({
      isSame: sql<boolean>`${seenAppSettings.settings} = ${JSON.stringify(settings)}::jsonb`,
    })
    .from(seenAppSettings)
    .where(eq(seenAppSettings.account, account))
  if (same?.isSame === true) return undefined
  await tx
    .update(seenAppSettings)
    .set({ settings, seenAt: at })
    .where(eq(seenAppSettings.account, account))
  return 'areRevealsPaused' in before ? before : null
}
