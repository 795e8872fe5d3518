/** What a lead should know before deciding, the facts that make one pause first. */
import type { PersonRef } from '../../../contract/primitives.ts'
import type { DecisionContext } from '../../../contract/decision-context.ts'
import type { RevealRequestView } from '../../../contract/reveal-requests.ts'
import type { Translation } from '../../shared/translation.ts'

export type Fact = { kind: 'pause' | 'ok' | 'plain'; text: string }

/** From the fourth reveal of a day on, the number alone is a reason to pause. */
const MANY_REVEALS = 3
const LONG_MINUTES = 30
/** So many times what half of the peers reach, and no fewer than so many, is out of the ordinary. */
const FAR_MORE = 3
const FEW_IN_THIRTY_DAYS = 10
/** The third request with one and the same reason is no longer a coincidence. */
const REPEATED_REASON = 2

type Asked = Pick<RevealRequestView, 'fields' | 'minutes' | 'requester'>

/** `elapsedSeconds` have passed since the context's seconds were counted. */
export function factsOf(
  request: Asked,
  context: DecisionContext,
  translation: Translation,
  elapsedSeconds = 0,
): Fact[] {
  const facts = [
    ...emergencyFacts(context, translation),
    ...askingFacts(request, context, translation),
    ...countFacts(context, translation),
    ...groundFacts(context, translation, elapsedSeconds),
    ...noteFacts(request, translation),
  ]
  const order = { pause: 0, ok: 1, plain: 2 }
  return facts.sort((a, b) => order[a.kind] - order[b.kind])
}

function emergencyFacts(context: DecisionContext, { t }: Translation): Fact[] {
  return [
    context.isBreakGlass && pause(t('decide.fact.break_glass')),
    context.hasOpenBreakGlass && pause(t('decide.fact.break_glass_open')),
    context.isPowerWaiting && pause(t('decide.fact.power_waiting')),
  ].filter(isFact)
}

function askingFacts(request: Asked, context: DecisionContext, { t }: Translation): Fact[] {
  const isSolved = context.ticketStatus === 'solved' || context.ticketStatus === 'closed'
  const isSecret = request.fields.some((field) => field.sensitivityClass === 'secret')
  return [
    context.isAssignee ? ok(t('decide.fact.assignee')) : pause(t('decide.fact.not_assignee')),
    context.isWithinHours === true && ok(t('decide.fact.within_hours')),
    context.isWithinHours === false && pause(t('decide.fact.off_hours')),
    isSolved && pause(t('decide.fact.solved')),
    isSecret && pause(t('decide.fact.secret')),
    request.minutes >= LONG_MINUTES && pause(t('decide.fact.long', { count: request.minutes })),
  ].filter(isFact)
}

/** How often, beside the people who do the same work, and with which words. */
function countFacts(context: DecisionContext, { t, number }: Translation): Fact[] {
  const { revealsToday, revealsThirtyDays, peers, similarReasons, softCap } = context
  const today = { count: revealsToday, peers: number(peers?.medianToday ?? 0) }
  const month = { count: revealsThirtyDays, peers: number(peers?.medianThirtyDays ?? 0) }
  const isFarMore =
    peers !== null &&
    revealsThirtyDays >= Math.max(FEW_IN_THIRTY_DAYS, FAR_MORE * peers.medianThirtyDays)
  return [
    softCap !== null && pause(t(`decide.fact.soft_cap.${softCap.per}`, { count: softCap.limit })),
    // Of nothing in thirty days, nothing today is said already.
    revealsThirtyDays > 0 &&
      (revealsToday >= MANY_REVEALS
        ? pause(t('decide.fact.many_today', today))
        : plain(t(peers === null ? 'decide.fact.today' : 'decide.fact.today_beside', today))),
    isFarMore
      ? pause(t('decide.fact.more_than_peers', month))
      : plain(
          t(peers === null ? 'decide.fact.thirty_days' : 'decide.fact.thirty_days_beside', month),
        ),
    similarReasons.own >= REPEATED_REASON
      ? pause(t('decide.fact.similar_own', { count: similarReasons.own }))
      : similarReasons.own > 0 &&
        plain(t('decide.fact.similar_own', { count: similarReasons.own })),
    similarReasons.otherPeople > 0 &&
      pause(t('decide.fact.similar_others', { count: similarReasons.otherPeople })),
    plain(
      t(
        context.isFirstForCustomer
          ? 'decide.fact.first_for_customer'
          : 'decide.fact.not_first_for_customer',
      ),
    ),
  ].filter(isFact)
}

/** What let them ask, and what an approval replaces. */
function groundFacts(
  { exception, automaticRule, extension }: DecisionContext,
  { t, list, instant, duration }: Translation,
  elapsedSeconds: number,
): Fact[] {
  const facts: Fact[] = []
  if (extension !== null) {
    const left = Math.max(0, extension.remainingSeconds - elapsedSeconds)
    const names = list(extension.approvedBy.map((person) => person.name))
    facts.push(
      plain(t('decide.fact.extension', { names })),
      plain(
        left === 0
          ? t('decide.fact.extension_over')
          : t('decide.fact.extension_left', { time: duration(left) }),
      ),
    )
  }
  if (exception !== null) {
    const words = {
      name: exception.owner.name,
      time: instant(exception.expiresAt),
      why: exception.why,
    }
    const key = exception.why === '' ? 'decide.fact.exception_unseen' : 'decide.fact.exception'
    facts.push(plain(t(key, words)))
  }
  if (automaticRule !== null) facts.push(plain(t('decide.fact.automatic', { rule: automaticRule })))
  return facts
}

function noteFacts(request: Asked, { t }: Translation): Fact[] {
  return authorsOf(request).flatMap((by) => [
    plain(t('decide.fact.note', { name: by.name })),
    ...(by.id === request.requester.id ? [plain(t('decide.fact.own_note'))] : []),
  ])
}

const pause = (text: string): Fact => ({ kind: 'pause', text })
const ok = (text: string): Fact => ({ kind: 'ok', text })
const plain = (text: string): Fact => ({ kind: 'plain', text })
const isFact = (fact: Fact | false): fact is Fact => fact !== false

/** Who wrote the restricted notes that are asked for, each once. */
function authorsOf({ fields }: Pick<RevealRequestView, 'fields'>): PersonRef[] {
  const authors = fields.flatMap(({ written }) => (written === undefined ? [] : [written.by]))
  return [...new Map(authors.map((author) => [author.id, author])).values()]
}

/** What may be approved: as asked, or one of the usual shorter durations. */
export function approvableMinutes(asked: number, maxMinutes: number): number[] {
  const most = Math.min(asked, maxMinutes)
  return [...new Set([most, 30, 15, 5])].filter((minutes) => minutes <= most).sort((a, b) => a - b)
}
