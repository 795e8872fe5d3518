/** Which attachments were looked into, and under what circumstances. Ids only. */
import { and, eq } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import { attachmentLooks } from './schema.ts'

export type AttachmentLook = {
  ticketId: number
  attachmentId: number
  policyVersion: number
  /** Whether policy took the ticket's documents whole then. */
  isMarked: boolean
}

/** The last look at each attachment of a ticket. */
export async function findLooks(
  db: Queryable,
  account: string,
  ticketId: number,
): Promise<AttachmentLook[]> {
  const t = attachmentLooks
  return await db
    .select({
      ticketId: t.ticketId,
      attachmentId: t.attachmentId,
      policyVersion: t.policyVersion,
      isMarked: t.isMarked,
    })
    .from(t)
    .where(and(eq(t.account, account), eq(t.ticketId, ticketId)))
}

/** Remembers a look; the last one counts. */
export async function recordLook(
  tx: Queryable,
  account: string,
  at: Date,
  look: AttachmentLook,
): Promise<void> {
  const { ticketId, attachmentId, ...rest } = look
  const row = { ...rest, lookedAt: at }
  await tx
    .insert(attachmentLooks)
    .values({ account, ticketId, attachmentId, ...row })
    .onConflictDoUpdate({
      target: [attachmentLooks.account, attachmentLooks.ticketId, attachmentLooks.attachmentId],
      set: row,
    })
}
