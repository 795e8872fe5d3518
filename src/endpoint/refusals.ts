/**
 * Counting what nobody can be named for: refused page credentials, sessions and webhooks. A flood of them
 * writes about one row a second and code, and one audit entry a minute and code, holding none of
 * what was sent.
 */
import type { AuditDraft } from '../storage/audit-log.ts'
import { appendAuditEntries } from '../storage/audit-log.ts'
import type { Database } from '../storage/database.ts'
import { addRefusals, takeRefusals } from '../storage/refusals.ts'
import type { RefusalCount } from '../storage/refusals.ts'
import type { ScrimErrorCode } from '../core/errors.ts'
import type { EndpointDeps } from './context.ts'
import { describeError } from './problem.ts'

type RefusalDeps = Pick<EndpointDeps, 'account' | 'database' | 'now' | 'log'>
type Pending = { counts: Map<ScrimErrorCode, number>; writtenAt: Map<ScrimErrorCode, number> }

const WRITE_INTERVAL_MS = 1000
const MINUTE_MS = 60_000
/** Minutes a sum stays open after its own: instances' clocks differ, late counts still find it. */
const GRACE_MINUTES = 1
/** Minutes and codes that one flush turns into entries. */
const FLUSH_LIMIT = 200

/** What this process counted and has not written yet, by database. */
const pendingByDatabase = new WeakMap<Database, Map<string, Pending>>()

function pendingOf({ database, account }: RefusalDeps): Pending {
  const byAccount = pendingByDatabase.get(database) ?? new Map<string, Pending>()
  pendingByDatabase.set(database, byAccount)
  const pending = byAccount.get(account.id) ?? { counts: new Map(), writtenAt: new Map() }
  byAccount.set(account.id, pending)
  return pending
}

/**
 * Counts one refusal. The first of a quiet second is written at once, the rest of that second with
 * the next write. Never throws: what cannot be written stays for later.
 */
export async function countRefusal(deps: RefusalDeps, code: ScrimErrorCode): Promise<void> {
  const { counts } = pendingOf(deps)
  counts.set(code, (counts.get(code) ?? 0) + 1)
  await writeRefusals(deps)
}

/** Writes what is counted and due. Cheap when nothing is. */
export async function writeRefusals(
  deps: RefusalDeps,
  options: { evenIfRecent?: boolean } = {},
): Promise<void> {
  const { counts, writtenAt } = pendingOf(deps)
  if (counts.size === 0) return
  const now = deps.now().getTime()
  const due = [...counts].filter(
    ([code]) =>
      options.evenIfRecent === true ||
      Math.abs(now - (writtenAt.get(code) ?? -Infinity)) >= WRITE_INTERVAL_MS,
  )
  if (due.length === 0) return
  for (const [code] of due) {
    counts.delete(code)
    writtenAt.set(code, now)
  }
  const minute = new Date(now - (now % MINUTE_MS))
  try {
    await addRefusals(
      deps.database.orm,
      deps.account.id,
      minute,
      due.map(([code, count]) => ({ code, count })),
    )
  } catch (error) {
    for (const [code, count] of due) counts.set(code, (counts.get(code) ?? 0) + count)
    deps.log.error('refusals_not_written', describeError(error))
  }
}

/**
 * Turns the sums of finished minutes into audit entries, each exactly once however many instances
 * try: the sums leave their table in the transaction that appends. Answers the number of entries.
 */
export async function flushRefusals(deps: RefusalDeps): Promise<number> {
  await writeRefusals(deps)
  const now = deps.now()
  const open = now.getTime() - (now.getTime() % MINUTE_MS) - GRACE_MINUTES * MINUTE_MS
  return deps.database.transaction(async (tx) => {
    const taken = await takeRefusals(tx, deps.account.id, new Date(open), FLUSH_LIMIT)
    if (taken.length > 0) {
      await appendAuditEntries(tx, deps.account.id, now, taken.map(toDraft))
    }
    return taken.length
  })
}

function toDraft({ code, minute, count }: RefusalCount): AuditDraft {
  return {
    action: actionOf(code),
    actor: { type: 'system', name: 'endpoint' },
    outcome: 'refused',
    code,
    data: { count, minute: minute.toISOString() },
  }
}

function actionOf(code: ScrimErrorCode): AuditDraft['action'] {
  if (code.startsWith('page_credential_')) return 'page.refuse'
  if (code.startsWith('intake_link_')) return 'intake_link.refuse'
  return code.startsWith('webhook_') ? 'webhook.refuse' : 'session.refuse'
}
