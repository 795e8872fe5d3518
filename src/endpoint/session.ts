/**
 * The session that follows a signed page: a random credential of which only the hash is kept, bound
 * to account, user and location. It proves who opened the page and nothing else: what a person may
 * do is looked up with every request.
 */
import { createHash, randomBytes } from 'node:crypto'
import type { Location } from '../contract/session.ts'
import { ScrimError } from '../core/errors.ts'
import type { ScrimErrorCode } from '../core/errors.ts'
import { tighten } from '../core/policy.ts'
import { appendAuditEntries } from '../storage/audit-log.ts'
import {
  consumePageCredential,
  deleteSession,
  findSession,
  insertSession,
  renewSession,
} from '../storage/sessions.ts'
import type { FoundSession, SessionRow } from '../storage/sessions.ts'
import { VIEW } from '../zendesk/directory.ts'
import type { EndpointParts, OuterDeps, RequestContext, Session } from './context.ts'
import { withPolicy } from './policy/source.ts'
import { confirmedDirectory } from './powers/confirmed-directory.ts'
import { knownPowers, unseenPowers } from './powers/known-powers.ts'
import { noteNewPowers } from './powers/note-powers.ts'
import { barred, rolesIn } from './standing.ts'

/** A session ends this long after its last use … */
export const SESSION_SECONDS = 15 * 60
/** … and this long after its page was served, whatever happens. */
export const SESSION_MAX_SECONDS = 12 * 60 * 60
/** Using a session moves its expiry at most this often. */
const RENEWAL_SECONDS = 60

const CREDENTIAL_BYTES = 32
/** `Bearer` and 256 bits in base64url. The scheme's case is free (RFC 9110, 11.1). */
const BEARER = /^bearer ([A-Za-z0-9_-]{43})$/i

const later = (from: Date, seconds: number) => new Date(from.getTime() + seconds * 1000)

/**
 * Uses a verified page credential up and opens a session for its user, with its audit entry, in one
 * transaction. Throws `page_credential_replayed` when the page credential was used before.
 */
export async function startSession(
  deps: EndpointParts,
  page: { userId: number; location: Location; hash: string; expiresAt: Date },
): Promise<{ credential: string; expiresInSeconds: number }> {
  const credential = randomBytes(CREDENTIAL_BYTES).toString('base64url')
  const now = deps.now()
  const account = deps.account.id
  const session: SessionRow = {
    id: hashCredential(credential),
    account,
    userId: page.userId,
    location: page.location,
    createdAt: now,
    renewedAt: now,
    expiresAt: later(now, SESSION_SECONDS),
    endsAt: later(now, SESSION_MAX_SECONDS),
  }
  await deps.database.transaction(async (tx) => {
    const isFirstUse = await consumePageCredential(tx, account, {
      hash: page.hash,
      expiresAt: page.expiresAt,
    })
    if (!isFirstUse) throw new ScrimError('page_credential_replayed')
    await insertSession(tx, session)
    await appendAuditEntries(tx, account, now, [
      {
        action: 'session.start',
        // Roles are looked up when they are used, not when a page is served.
        actor: { type: 'person', id: page.userId, roles: [] },
        outcome: 'ok',
        data: { location: page.location, sessionId: session.id },
      },
    ])
  })
  return { credential, expiresInSeconds: SESSION_SECONDS }
}

/**
 * Who asks: from the `Authorization` header to the context that a verb is given. The person is as
 * Zendesk knows them (at most five minutes old), the policy as the installation's settings tighten
 * it. The session's expiry moves only after the person's standing was looked up; a person who lost
 * their standing loses the session.
 */
export async function enterRequest(
  outer: OuterDeps,
  authorization: string | undefined,
): Promise<RequestContext> {
  const row = await findOpenSession(outer, authorization)
  const deps = await withPolicy(outer, row.policyVersion)
  const known = await knownPowers(deps, row.powersRevision)
  const zendesk = confirmedDirectory(deps.zendesk, deps.policy, known)
  const [person, settings] = await Promise.all([
    zendesk.person(row.userId, VIEW),
    deps.zendesk.appSettings(),
  ])
  const code = barred(person)
  if (person === null || code !== null) {
    await endSession(deps, row, code ?? 'person_unknown')
    throw new ScrimError(code ?? 'person_unknown')
  }
  await noteNewPowers(deps, unseenPowers(person, known))
  const policy = tighten(deps.policy, settings)
  const session: Session = {
    id: row.id,
    userId: row.userId,
    // Only `startSession` writes locations.
    location: row.location as Location,
    expiresAt: await renew(deps, row),
  }
  return { ...deps, zendesk, session, person, ...rolesIn(person, policy), policy }
}

/**
 * A header that is absent, malformed or names no session is `session_invalid`, all alike; only a
 * session that was there and ran out is `session_expired`.
 */
async function findOpenSession(
  deps: EndpointParts,
  authorization: string | undefined,
): Promise<FoundSession> {
  const credential = authorization?.match(BEARER)?.[1]
  if (credential === undefined) throw new ScrimError('session_invalid')
  const row = await findSession(deps.database.orm, deps.account.id, hashCredential(credential))
  if (row === undefined) throw new ScrimError('session_invalid')
  const now = deps.now()
  if (row.expiresAt <= now || row.endsAt <= now) throw new ScrimError('session_expired')
  return row
}

async function renew(deps: EndpointParts, row: SessionRow): Promise<Date> {
  const now = deps.now()
  if (now < later(row.renewedAt, RENEWAL_SECONDS)) return row.expiresAt
  const sliding = later(now, SESSION_SECONDS)
  const expiresAt = sliding < row.endsAt ? sliding : row.endsAt
  await renewSession(deps.database.orm, row, { renewedAt: now, expiresAt })
  return expiresAt
}

/** One entry however many requests are on their way: only who deletes the session appends it. */
async function endSession(
  deps: EndpointParts,
  session: SessionRow,
  code: ScrimErrorCode,
): Promise<void> {
  await deps.database.transaction(async (tx) => {
    if (!(await deleteSession(tx, deps.account.id, session.id))) return
    await appendAuditEntries(tx, deps.account.id, deps.now(), [
      {
        action: 'session.refuse',
        actor: { type: 'person', id: session.userId, roles: [] },
        outcome: 'refused',
        code,
        data: { location: session.location, sessionId: session.id },
      },
    ])
  })
}

function hashCredential(credential: string): string {
  return createHash('sha256').update(credential, 'utf8').digest('hex')
}
