/** Which session has already been recorded as reading (or being refused) what. */
import type { Queryable } from './database.ts'
import { auditLogReads } from './schema.ts'

/** True the first time a session does this; a poll that repeats it every few seconds is one read. */
export async function recordRead(
  tx: Queryable,
  sessionId: string,
  filter: string,
  at: Date,
): Promise<boolean> {
  const rows = await tx
    .insert(auditLogReads)
    .values({ sessionId, filter, at })
    .onConflictDoNothing()
    .returning({ at: auditLogReads.at })
  return rows.length === 1
}
