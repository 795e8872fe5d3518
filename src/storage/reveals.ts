/** Reveals: what one reads before it, the use it takes by one conditional statement, and its traces. */
import { and, eq, sql } from 'drizzle-orm'
import type { ValueDescription } from '../core/vaulted-field.ts'
import type { Queryable } from './database.ts'
import type { GrantRow } from './grants.ts'
import { grantColumns, isValueOfGrantField } from './grants.ts'
import { grantFields, grants, protectedValues, revealRequests, reveals } from './schema.ts'
import type { Statement } from './transaction.ts'
import { prepared } from './transaction.ts'

export type StoredReveal = {
  grantId: string
  attemptId: string
  fieldId: string
  version: number
  sessionId: string
  state: 'open' | 'closed' | 'failed'
  at: Date
  displayUntil: Date
}

/** All that a reveal reads before its transaction, in one round trip. */
export type RevealGround = {
  grant: GrantRow
  field:
    | (Omit<ValueDescription, 'fieldId'> & {
        version: number
        usesLeft: number
        jwe: string
        /** A document's media type; null for text. */
        contentType: string | null
      })
    | null
  attempt: StoredReveal | null
}

/**
 * The grant with one of its fields, the field's sealed value and the attempt if it was made before.
 * Undefined when the account has no such grant.
 */
export async function findRevealGround(
  db: Queryable,
  account: string,
  grantId: string,
  fieldId: string,
  attemptId: string,
): Promise<RevealGround | undefined> {
  const query = prepared(db, 'scrim_find_reveal_ground', (name) =>
    db
      .select({
        grant: grantColumns,
        version: grantFields.version,
        usesLeft: grantFields.usesLeft,
        jwe: protectedValues.jwe,
        kind: protectedValues.kind,
        sensitivityClass: protectedValues.sensitivityClass,
        contentType: protectedValues.contentType,
        attempt: reveals,
      })
      .from(grants)
      .innerJoin(revealRequests, eq(revealRequests.id, grants.requestId))
      .leftJoin(
        grantFields,
        and(eq(grantFields.grantId, grants.id), eq(grantFields.fieldId, sql.placeholder('field'))),
      )
      .leftJoin(protectedValues, isValueOfGrantField)
      .leftJoin(
        reveals,
        and(eq(reveals.grantId, grants.id), eq(reveals.attemptId, sql.placeholder('attempt'))),
      )
      .where(
        and(
          eq(grants.account, sql.placeholder('account')),
          eq(grants.id, sql.placeholder('grant')),
        ),
      )
      .prepare(name),
  )
  const [row] = await query.execute({
    account,
    grant: grantId,
    field: fieldId,
    attempt: attemptId,
  })
  if (row === undefined) return undefined
  const { version, usesLeft, jwe, kind, sensitivityClass, contentType } = row
  return {
    grant: row.grant,
    field:
      version === null || usesLeft === null || jwe === null
        ? null
        : { version, usesLeft, jwe, kind, sensitivityClass, contentType },
    attempt: row.attempt === null ? null : toReveal(row.attempt),
  }
}

function toReveal(row: typeof reveals.$inferSelect): StoredReveal {
  const { grantId, attemptId, fieldId, version, sessionId, at, displayUntil } = row
  // Only these three states are ever written to this column.
  const state = row.state as StoredReveal['state']
  return { grantId, attemptId, fieldId, version, sessionId, state, at, displayUntil }
}

/**
 * The lock on the grant's row makes a revocation either come first or wait: no reveal is recorded
 * after the grant's end.
 */
const CONSUME_USE: Statement = {
  name: 'scrim_consume_use',
  text: `with live as (
      select id from grants
      where id = $1::uuid and account = $2 and state = 'active' and expires_at > $3::timestamptz
      for no key update
    ), used as (
      update grant_fields f set uses_left = uses_left - 1
      from live
      where f.grant_id = live.id and f.field_id = $4 and f.uses_left > 0
        and not exists (
          select 1 from reveals r where r.grant_id = live.id and r.attempt_id = $5::uuid
        )
      returning f.uses_left
    ), recorded as (
      insert into reveals (grant_id, attempt_id, account, field_id, version, requester_id,
        customer_id, session_id, state, at, display_until)
      select $1::uuid, $5::uuid, $2, $4, $6::int, $7::bigint, $8::bigint, $9, 'open',
        $3::timestamptz, $10::timestamptz
      from used
    )
    select uses_left from used`,
}

/** A reveal that is about to be recorded. */
export type UseToTake = Omit<StoredReveal, 'state'> & { requesterId: number; customerId: number }

/**
 * Takes one use of a live grant and records the reveal, or does neither. Answers the uses left, or
 * null when the grant is not active at `at`, has no use left, or the attempt was made before.
 */
export async function consumeUse(
  tx: Queryable,
  account: string,
  reveal: UseToTake,
): Promise<number | null> {
  const [row] = await tx.run(CONSUME_USE, [
    reveal.grantId,
    account,
    reveal.at.toISOString(),
    reveal.fieldId,
    reveal.attemptId,
    reveal.version,
    reveal.requesterId,
    reveal.customerId,
    reveal.sessionId,
    reveal.displayUntil.toISOString(),
  ])
  return row === undefined ? null : Number(row['uses_left'])
}

/** A reveal with its grant and what it showed, or undefined when this account has no such attempt. */
export async function findReveal(
  db: Queryable,
  account: string,
  grantId: string,
  attemptId: string,
): Promise<{ grant: GrantRow; reveal: StoredReveal; value: ValueDescription } | undefined> {
  const [row] = await db
    .select({
      grant: grantColumns,
      reveal: reveals,
      kind: protectedValues.kind,
      sensitivityClass: protectedValues.sensitivityClass,
    })
    .from(reveals)
    .innerJoin(grants, eq(grants.id, reveals.grantId))
    .innerJoin(revealRequests, eq(revealRequests.id, grants.requestId))
    .leftJoin(
      protectedValues,
      and(
        eq(protectedValues.account, grants.account),
        eq(protectedValues.recordType, 'ticket'),
        eq(protectedValues.recordId, grants.ticketId),
        eq(protectedValues.fieldId, reveals.fieldId),
        eq(protectedValues.version, reveals.version),
      ),
    )
    .where(
      and(
        eq(grants.account, account),
        eq(reveals.grantId, grantId),
        eq(reveals.attemptId, attemptId),
      ),
    )
  if (row === undefined) return undefined
  const { grant, reveal, kind, sensitivityClass } = row
  return {
    grant,
    reveal: toReveal(reveal),
    value: { fieldId: reveal.fieldId, kind, sensitivityClass },
  }
}

/** Gives a use back after a failed decryption, once. */
export async function returnUse(tx: Queryable, grantId: string, attemptId: string): Promise<void> {
  const [reveal] = await tx
    .update(reveals)
    .set({ state: 'failed' })
    .where(
      and(
        eq(reveals.grantId, grantId),
        eq(reveals.attemptId, attemptId),
        eq(reveals.state, 'open'),
      ),
    )
    .returning({ fieldId: reveals.fieldId })
  if (reveal === undefined) return
  await tx
    .update(grantFields)
    .set({ usesLeft: sql`${grantFields.usesLeft} + 1` })
    .where(and(eq(grantFields.grantId, grantId), eq(grantFields.fieldId, reveal.fieldId)))
}
