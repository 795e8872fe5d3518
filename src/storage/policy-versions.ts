/**
 * The versions of an account's policy. Every step is conditional on the state it leaves, and two
 * unique indexes let one version be active and one wait: the loser of a race learns it.
 */
import { and, desc, eq, getTableColumns, inArray, lt, sql } from 'drizzle-orm'
import type { PolicyAuthor, PolicyState, PolicyVersion } from '../core/policy-version.ts'
import type { Queryable } from './database.ts'
import { policyVersions } from './schema.ts'
import { prepared } from './transaction.ts'

export type StoredPolicyVersion = PolicyVersion & {
  /** As it was submitted; parse it before use. */
  document: unknown
  /** `{ cases: [] }`. */
  cases: unknown
  comment: string
  createdAt: Date
  submittedAt: Date | null
  /** Who consented or rejected. */
  decidedBy: number | null
  decidedAt: Date | null
  decisionComment: string | null
  activatedAt: Date | null
  /** When it was superseded, rejected or withdrawn. */
  closedAt: Date | null
}

export type NewPolicyVersion = Pick<
  StoredPolicyVersion,
  'document' | 'cases' | 'comment' | 'basedOn' | 'author' | 'createdAt'
>

const OPERATOR = /^operator:/
const BOOTSTRAP = 'system:bootstrap'

type Row = typeof policyVersions.$inferSelect

function storedOf({ account: _account, authorId, authorName, ...row }: Row): StoredPolicyVersion {
  return {
    ...row,
    // Only `PolicyState`s are ever written to this column.
    state: row.state as PolicyState,
    author: authorOf(authorId, authorName),
  }
}

function authorOf(id: number | null, name: string | null): PolicyAuthor {
  if (id !== null) return { type: 'person', id }
  return name === null || name === BOOTSTRAP
    ? { type: 'system' }
    : { type: 'operator', name: name.replace(OPERATOR, '') }
}

function authorColumns(author: PolicyAuthor): Pick<Row, 'authorId' | 'authorName'> {
  switch (author.type) {
    case 'person':
      return { authorId: author.id, authorName: null }
    case 'operator':
      return { authorId: null, authorName: `operator:${author.name}` }
    case 'system':
      return { authorId: null, authorName: BOOTSTRAP }
  }
}

/** Spelled out, not a parameter: a partial index serves it. */
const isActive = sql`${policyVersions.state} = 'active'`
const inAccount = (account: string) => eq(policyVersions.account, account)
const named = (account: string, version: number) =>
  and(inAccount(account), eq(policyVersions.version, version))

/** The number of the active version; null before the first. */
export async function findActivePolicyVersion(
  db: Queryable,
  account: string,
): Promise<number | null> {
  const query = prepared(db, 'scrim_active_policy', (name) =>
    db
      .select({ version: policyVersions.version })
      .from(policyVersions)
      .where(and(eq(policyVersions.account, sql.placeholder('account')), isActive))
      .prepare(name),
  )
  const [row] = await query.execute({ account })
  return row?.version ?? null
}

/** One version of the account, or undefined. */
export async function findPolicyVersion(
  db: Queryable,
  account: string,
  version: number,
): Promise<StoredPolicyVersion | undefined> {
  const [row] = await db.select().from(policyVersions).where(named(account, version))
  return row === undefined ? undefined : storedOf(row)
}

export type PolicyVersionSummary = Omit<StoredPolicyVersion, 'document' | 'cases'>

/** Without documents, newest first; with `before`, those with a smaller number. */
export async function listPolicyVersions(
  db: Queryable,
  account: string,
  { before, limit }: { before?: number; limit: number },
): Promise<PolicyVersionSummary[]> {
  const rows = await db
    .select({
      ...getTableColumns(policyVersions),
      // Documents are long, and a list shows none of them.
      document: sql<unknown>`null`,
      cases: sql<unknown>`null`,
    })
    .from(policyVersions)
    .where(
      and(
        inAccount(account),
        before === undefined ? undefined : lt(policyVersions.version, before),
      ),
    )
    .orderBy(desc(policyVersions.version))
    .limit(limit)
  return rows.map((row) => {
    const { document: _document, cases: _cases, ...summary } = storedOf(row)
    return summary
  })
}

/**
 * Keeps a new version under the next number; `documentOf` gets it. Two at once: one of them has to try
 * again, and does.
 */
export async function insertPolicyVersion(
  tx: Queryable,
  account: string,
  version: Omit<NewPolicyVersion, 'document'> & { documentOf: (version: number) => unknown },
  state: Extract<PolicyState, 'draft' | 'waiting'> = 'draft',
): Promise<number> {
  const { documentOf, author, ...rest } = version
  for (;;) {
    const [newest] = await tx
      .select({ version: policyVersions.version })
      .from(policyVersions)
      .where(inAccount(account))
      .orderBy(desc(policyVersions.version))
      .limit(1)
    const next = (newest?.version ?? 0) + 1
    const inserted = await tx
      .insert(policyVersions)
      .values({
        ...rest,
        ...authorColumns(author),
        account,
        version: next,
        state,
        document: documentOf(next),
      })
      .onConflictDoNothing({ target: [policyVersions.account, policyVersions.version] })
      .returning({ version: policyVersions.version })
    if (inserted.length === 1) return next
  }
}

/** The first version, which nobody proposed. False when there is one already. */
export async function insertFirstPolicyVersion(
  tx: Queryable,
  account: string,
  version: Pick<NewPolicyVersion, 'document' | 'cases' | 'comment' | 'createdAt'>,
): Promise<boolean> {
  const inserted = await tx
    .insert(policyVersions)
    .values({
      ...version,
      ...authorColumns({ type: 'system' }),
      account,
      version: 1,
      state: 'waiting',
      submittedAt: version.createdAt,
    })
    .onConflictDoNothing()
    .returning({ version: policyVersions.version })
  return inserted.length === 1
}

/** Changes a draft that is still one, and still this author's. */
export async function replaceDraft(
  tx: Queryable,
  account: string,
  version: number,
  authorId: number,
  next: Pick<NewPolicyVersion, 'document' | 'cases' | 'comment' | 'basedOn'>,
): Promise<boolean> {
  const rows = await tx
    .update(policyVersions)
    .set(next)
    .where(
      and(
        named(account, version),
        eq(policyVersions.state, 'draft'),
        eq(policyVersions.authorId, authorId),
      ),
    )
    .returning({ version: policyVersions.version })
  return rows.length === 1
}

/**
 * Draft → waiting. False when it was no draft any more; throws a `StatementError` of
 * `one_waiting_policy` when another one waits.
 */
export async function submitPolicyVersion(
  tx: Queryable,
  account: string,
  version: number,
  submitted: { by: number; at: Date },
): Promise<boolean> {
  const rows = await tx
    .update(policyVersions)
    .set({ state: 'waiting', submittedBy: submitted.by, submittedAt: submitted.at })
    .where(and(named(account, version), eq(policyVersions.state, 'draft')))
    .returning({ version: policyVersions.version })
  return rows.length === 1
}

/** Draft or waiting → rejected or withdrawn. False when somebody was first. */
export async function closePolicyVersion(
  tx: Queryable,
  account: string,
  version: number,
  from: readonly PolicyState[],
  to: {
    state: Extract<PolicyState, 'rejected' | 'withdrawn'>
    at: Date
    /** Who rejected it. */
    by?: number
    comment?: string
  },
): Promise<boolean> {
  const { state, at, by, comment } = to
  const rows = await tx
    .update(policyVersions)
    .set({
      state,
      closedAt: at,
      ...(by === undefined ? {} : { decidedBy: by, decidedAt: at }),
      ...(comment === undefined ? {} : { decisionComment: comment }),
    })
    .where(and(named(account, version), inArray(policyVersions.state, [...from])))
    .returning({ version: policyVersions.version })
  return rows.length === 1
}

export type Activation = {
  version: number
  /** What it takes the place of; null for the first one. */
  basedOn: number | null
  /** The state it comes from: a narrowing draft, or what waited for a second person. */
  from: Extract<PolicyState, 'draft' | 'waiting'>
  at: Date
  submittedBy: number
  /** Null where nobody had to consent. */
  consent: { by: number; comment: string } | null
}

/**
 * Makes a version the active one in place of the one it was begun from. False, with nothing done that
 * outlives the caller's rollback, when either of them has moved on.
 */
export async function activatePolicyVersion(
  tx: Queryable,
  account: string,
  { version, basedOn, from, at, submittedBy, consent }: Activation,
): Promise<boolean> {
  // First the old one: whoever comes second waits for its row here, and finds it superseded.
  if (basedOn !== null) {
    const superseded = await tx
      .update(policyVersions)
      .set({ state: 'superseded', closedAt: at })
      .where(and(named(account, basedOn), isActive))
      .returning({ version: policyVersions.version })
    if (superseded.length === 0) return false
  }
  const activated = await tx
    .update(policyVersions)
    .set({
      state: 'active',
      activatedAt: at,
      submittedBy,
      ...(from === 'draft' ? { submittedAt: at } : {}),
      ...(consent === null
        ? {}
        : { decidedBy: consent.by, decidedAt: at, decisionComment: consent.comment }),
    })
    .where(and(named(account, version), eq(policyVersions.state, from)))
    .returning({ version: policyVersions.version })
  return activated.length === 1
}
