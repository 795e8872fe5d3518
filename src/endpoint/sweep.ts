/**
 * What time does by itself: requests and grants end, values are erased or move to newer keys, counted
 * refusals become entries, follow-up work is done. Every step is conditional on the rows it changes,
 * so any number of instances may sweep; where doing a thing twice would cost calls, one at a time does.
 */
import { ScrimError } from '../core/errors.ts'
import { tighten } from '../core/policy.ts'
import type { AppSettings } from '../core/policy.ts'
import type { AuditData } from '../audit/entry.ts'
import { replaceSeenAppSettings } from '../storage/app-settings.ts'
import type { StoredGrant } from '../storage/grants.ts'
import { findActiveGrants, findExhaustedGrants } from '../storage/grants.ts'
import type { StoredRequest } from '../storage/reveal-requests.ts'
import { findOverdueRequests, findPendingRequests } from '../storage/reveal-requests.ts'
import { requestEnd } from '../core/reveal-request.ts'
import { grantStateAt } from '../core/grant.ts'
import { findPowersRevision } from '../storage/powers.ts'
import { deleteEndedSessions } from '../storage/sessions.ts'
import { deleteTries } from '../storage/value-checks.ts'
import { VIEW } from '../zendesk/directory.ts'
import { audit, systemActor } from './audit.ts'
import { reportCatalogue } from './catalogue.ts'
import type { EndpointDeps, OuterDeps } from './context.ts'
import { exemptionOf } from './exceptions/access.ts'
import { expireExceptions } from './exceptions/end.ts'
import { canAsk, endGrants, endWithoutGround, groundLost } from './grants/end.ts'
import { runEscalation } from './escalation/run.ts'
import { sweepTickets } from './ingestion/sweep-tickets.ts'
import { forgetWorkedInbox, workInbox } from './ingestion/work-inbox.ts'
import { runLeased } from './leased.ts'
import { drainChat, drainOutbox } from './outbox/drain.ts'
import { withPolicy } from './policy/source.ts'
import { expireIntakeLinks } from './intake/use.ts'
import { confirmedDirectory } from './powers/confirmed-directory.ts'
import { knownPowers } from './powers/known-powers.ts'
import { notePowers } from './powers/note-powers.ts'
import { flushRefusals } from './refusals.ts'
import { asDomain, endRequest } from './reveal-requests/decision.ts'
import { eraseDueValues } from './vault/retention.ts'
import { rewrapSome } from './vault/rewrap.ts'

const FORGET_AFTER_MS = 60 * 60 * 1000
/** No limit on checks and searches looks back longer than a day; instances' clocks differ. */
const FORGET_TRIES_AFTER_MS = 25 * 60 * 60 * 1000

/** One pass. A step that fails is logged by its code and does not keep the others from running. */
export async function sweep(outer: OuterDeps): Promise<void> {
  const deps = await withPolicy(outer)
    .then(withPowers)
    .catch(() => null)
  if (deps === null) {
    outer.log.error('sweep.step', { step: 'powers', code: 'storage_unavailable' })
    return
  }
  const steps = {
    settings: noteAppSettings,
    powers: notePowers,
    requests: expireRequests,
    escalation: runEscalation,
    grants: expireGrants,
    exceptions: expireExceptions,
    ground: byOne('ground', endWhatLostGround),
    refusals: flushRefusals,
    sessions: forgetSessions,
    catalogue: reportCatalogue,
    retention: eraseDueValues,
    intakeLinks: expireIntakeLinks,
    tries: forgetTries,
    keys: rewrapSome,
    missedEvents: byOne('missed_events', sweepTickets),
    inbox: workInbox,
    inboxMemory: forgetWorkedInbox,
    outbox: drainOutbox,
    chat: drainChat,
  }
  for (const [name, step] of Object.entries(steps)) {
    try {
      await step(deps)
    } catch (error) {
      const code = error instanceof ScrimError ? error.code : 'internal'
      deps.log.error('sweep.step', { step: name, code })
    }
  }
}

/** A step that asks Zendesk much: one instance at a time does it, or every instance would spend as much. */
function byOne(job: string, step: (deps: EndpointDeps) => Promise<void>) {
  return async (deps: EndpointDeps) => {
    await runLeased(deps, job, () => step(deps))
  }
}

/** The people as acts see them: with what of their power waits. Without that nothing is swept. */
async function withPowers(deps: EndpointDeps): Promise<EndpointDeps> {
  const revision = await findPowersRevision(deps.database.orm, deps.account.id)
  const known = await knownPowers(deps, revision)
  return { ...deps, zendesk: confirmedDirectory(deps.zendesk, deps.policy, known) }
}

/**
 * Deletes what ended an hour ago. Not at once: a page credential is still accepted for some seconds
 * after its end, and must be known as used until then; an expired session should be told so.
 */
async function forgetSessions(deps: EndpointDeps): Promise<void> {
  const before = new Date(deps.now().getTime() - FORGET_AFTER_MS)
  await deleteEndedSessions(deps.database.orm, deps.account.id, before)
}

async function forgetTries(deps: EndpointDeps): Promise<void> {
  const before = new Date(deps.now().getTime() - FORGET_TRIES_AFTER_MS)
  await deleteTries(deps.database.orm, deps.account.id, before)
}

async function expireRequests(deps: EndpointDeps): Promise<void> {
  const overdue = await findOverdueRequests(deps.database.orm, deps.account.id, deps.now())
  for (const request of overdue) {
    const end = { state: 'expired', code: 'request_expired' } as const
    await deps.database.transaction((tx) => endRequest(tx, deps, request, end))
  }
}

async function expireGrants(deps: EndpointDeps): Promise<void> {
  const { database, account } = deps
  const active = await findActiveGrants(database.orm, account.id)
  const now = deps.now()
  const expired = active.filter((grant) => grantStateAt(grant, now) === 'expired')
  await database.transaction((tx) =>
    endGrants(tx, deps, expired, { state: 'expired', actor: systemActor('clock') }),
  )
  const exhausted = await findExhaustedGrants(database.orm, account.id, now)
  await database.transaction((tx) =>
    endGrants(tx, deps, exhausted, { state: 'exhausted', actor: systemActor('clock') }),
  )
}

/**
 * Ends what lost its ground: the ticket solved or reassigned, the requester's role gone. It looks no
 * harder than a masked view does; acts and heartbeats look for themselves.
 */
export async function endWhatLostGround(deps: EndpointDeps): Promise<void> {
  const { database, account } = deps
  const pending = await findPendingRequests(database.orm, account.id)
  const active = await findActiveGrants(database.orm, account.id)
  if (pending.length === 0 && active.length === 0) return
  const policy = tighten(deps.policy, await deps.zendesk.appSettings())
  for (const request of pending) {
    const ground = await groundOf(deps, request)
    const { person, exemption } = ground
    const canRequesterAsk = canAsk(person, request.fields, policy, exemption)
    const found = { ticket: ground.ticket, canRequesterAsk }
    const end = requestEnd(asDomain(request), deps.now(), found, policy)
    if (end !== null) await database.transaction((tx) => endRequest(tx, deps, request, end))
  }
  for (const grant of active) {
    const code = groundLost(grant, grant.fields, await groundOf(deps, grant), policy)
    if (code !== null) await endWithoutGround(deps, grant, code)
  }
}

async function groundOf(deps: EndpointDeps, about: StoredRequest | StoredGrant) {
  const [person, ticket, exemption] = await Promise.all([
    deps.zendesk.person(about.requesterId, VIEW),
    deps.zendesk.ticket(about.ticketId, VIEW),
    exemptionOf(deps, about),
  ])
  return { person, ticket, exemption }
}

/** Logs a change of the installation's settings once, whoever sees it first. */
async function noteAppSettings(deps: EndpointDeps): Promise<void> {
  const settings = await deps.zendesk.appSettings()
  await deps.database.transaction(async (tx) => {
    const before = await replaceSeenAppSettings(tx, deps.account.id, settings, deps.now())
    if (before === undefined) return
    await audit(tx, deps, {
      action: 'app_settings.change',
      actor: systemActor('zendesk'),
      outcome: 'ok',
      policyVersion: deps.policy.version,
      data: settingsData(settings),
    })
  })
}

function settingsData(settings: AppSettings): AuditData {
  return {
    ...settings,
    extraProtectedFieldIds: settings.extraProtectedFieldIds.map(String),
  }
}
