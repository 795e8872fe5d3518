/** Exceptions from policy for one person. Every transition is conditional on the state before it. */
import type { SQL } from 'drizzle-orm'
import { and, asc, count, desc, eq, gt, inArray, lte } from 'drizzle-orm'
import type { Exception, ExceptionScope, ExceptionState } from '../core/exception.ts'
import type { SensitivityClass } from '../core/protected-field.ts'
import type { Queryable } from './database.ts'
import { exceptions, grants, revealRequests } from './schema.ts'

export type StoredException = Exception & {
  why: string
  ownerId: number
  createdBy: number
  createdAt: Date
  decidedBy: number | null
  decidedAt: Date | null
  endedAt: Date | null
  endedBy: number | null
  reopens: string | null
}

type Row = typeof exceptions.$inferSelect

function toException(row: Row): StoredException {
  const { account: _account, fieldId, sensitivityClass, fieldClass, zendeskFieldId, ...rest } = row
  return {
    ...rest,
    // Only these states and effects are ever written to their columns.
    state: row.state as ExceptionState,
    effect: row.effect as Exception['effect'],
    scope: toScope({ fieldId, sensitivityClass, fieldClass, zendeskFieldId }),
  }
}

/** A row names one field or one class, as the table checks; what it says is what `createException` wrote. */
function toScope(
  row: Pick<Row, 'fieldId' | 'sensitivityClass' | 'fieldClass' | 'zendeskFieldId'>,
): ExceptionScope {
  return row.fieldId === null
    ? { sensitivityClass: row.sensitivityClass as SensitivityClass }
    : {
        fieldId: row.fieldId,
        fieldClass: row.fieldClass as SensitivityClass,
        zendeskFieldId: row.zendeskFieldId ?? 0,
      }
}

export type NewException = Pick<
  StoredException,
  'id' | 'personId' | 'scope' | 'effect' | 'why' | 'ownerId' | 'createdBy' | 'createdAt'
> &
  Pick<StoredException, 'expiresAt' | 'reopens'>

/** Stores an exception that waits for consent. */
export async function createException(
  tx: Queryable,
  account: string,
  { scope, ...exception }: NewException,
): Promise<void> {
  await tx.insert(exceptions).values({ ...exception, ...scope, account, state: 'waiting' })
}

const select = (db: Queryable, account: string, ...where: (SQL | undefined)[]) =>
  db
    .select()
    .from(exceptions)
    .where(and(eq(exceptions.account, account), ...where))

const holdsAt = (now: Date) => and(eq(exceptions.state, 'active'), gt(exceptions.expiresAt, now))

/** One exception of this account, or undefined. */
export async function findException(
  db: Queryable,
  account: string,
  id: string,
): Promise<StoredException | undefined> {
  const [row] = await select(db, account, eq(exceptions.id, id))
  return row === undefined ? undefined : toException(row)
}

/** The account's exceptions, newest first, at most 500. */
export async function findExceptions(db: Queryable, account: string): Promise<StoredException[]> {
  const rows = await select(db, account)
    .orderBy(desc(exceptions.createdAt), asc(exceptions.id))
    .limit(500)
  return rows.map(toException)
}

/** What holds for one person at `now`. */
export async function findActiveExceptions(
  db: Queryable,
  account: string,
  personId: number,
  now: Date,
): Promise<StoredException[]> {
  const rows = await select(db, account, eq(exceptions.personId, personId), holdsAt(now))
  return rows.map(toException)
}

/** Exceptions of the whole account that hold at `now`. */
export async function findAllActiveExceptions(
  db: Queryable,
  account: string,
  now: Date,
): Promise<StoredException[]> {
  return (await select(db, account, holdsAt(now))).map(toException)
}

/** Exceptions that still count as waiting or active, with their time over. */
export async function findOverdueExceptions(
  db: Queryable,
  account: string,
  now: Date,
): Promise<StoredException[]> {
  const isOpen = inArray(exceptions.state, ['waiting', 'active'])
  const rows = await select(db, account, isOpen, lte(exceptions.expiresAt, now))
    .orderBy(asc(exceptions.expiresAt), asc(exceptions.id))
    .limit(100)
  return rows.map(toException)
}

/** Waiting → active or rejected. False when somebody decided, or time ended it, before. */
export async function decideException(
  tx: Queryable,
  account: string,
  id: string,
  decision: { state: 'active' | 'rejected'; by: number; at: Date },
): Promise<boolean> {
  const rows = await tx
    .update(exceptions)
    .set({ state: decision.state, decidedBy: decision.by, decidedAt: decision.at })
    .where(
      and(
        eq(exceptions.account, account),
        eq(exceptions.id, id),
        eq(exceptions.state, 'waiting'),
        gt(exceptions.expiresAt, decision.at),
      ),
    )
    .returning({ id: exceptions.id })
  return rows.length === 1
}

/** One of `from` → `state`. `by` is null for what time does. False when it was in none of them any more. */
export async function endException(
  tx: Queryable,
  account: string,
  id: string,
  end: {
    from: readonly ExceptionState[]
    state: Extract<ExceptionState, 'expired' | 'revoked' | 'closed'>
    by: number | null
    at: Date
  },
): Promise<boolean> {
  const rows = await tx
    .update(exceptions)
    .set({ state: end.state, endedBy: end.by, endedAt: end.at })
    .where(
      and(
        eq(exceptions.account, account),
        eq(exceptions.id, id),
        inArray(exceptions.state, [...end.from]),
      ),
    )
    .returning({ id: exceptions.id })
  return rows.length === 1
}

/** Pending requests that the exception decided, by id. */
export async function findRequestsUnder(
  db: Queryable,
  account: string,
  exceptionId: string,
): Promise<string[]> {
  const rows = await db
    .select({ id: revealRequests.id })
    .from(revealRequests)
    .where(
      and(
        eq(revealRequests.account, account),
        eq(revealRequests.state, 'pending'),
        eq(revealRequests.exceptionId, exceptionId),
      ),
    )
    .orderBy(asc(revealRequests.id))
  return rows.map(({ id }) => id)
}

/** Active grants of requests that the exception decided, by id. */
export async function findGrantsUnder(
  db: Queryable,
  account: string,
  exceptionId: string,
): Promise<string[]> {
  const rows = await db
    .select({ id: grants.id })
    .from(grants)
    .innerJoin(revealRequests, eq(revealRequests.id, grants.requestId))
    .where(
      and(
        eq(grants.account, account),
        eq(grants.state, 'active'),
        eq(revealRequests.exceptionId, exceptionId),
      ),
    )
    .orderBy(asc(grants.id))
  return rows.map(({ id }) => id)
}

/** How many requests each of these exceptions decided; who decided none is not in the answer. */
export async function countRequestsBy(
  db: Queryable,
  account: string,
  listed: readonly Pick<StoredException, 'id' | 'personId'>[],
): Promise<Map<string, number>> {
  if (listed.length === 0) return new Map()
  const rows = await db
    .select({ id: revealRequests.exceptionId, count: count() })
    .from(revealRequests)
    .where(
      and(
        eq(revealRequests.account, account),
        // By person there is an index.
        inArray(revealRequests.requesterId, [...new Set(listed.map(({ personId }) => personId))]),
        inArray(
          revealRequests.exceptionId,
          listed.map(({ id }) => id),
        ),
      ),
    )
    .groupBy(revealRequests.exceptionId)
  return new Map(rows.flatMap((row) => (row.id === null ? [] : [[row.id, row.count] as const])))
}
