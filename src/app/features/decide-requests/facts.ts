/** What a lead should know before deciding, the facts that make one pause first. */
import type { PersonRef } from '../../../contract/primitives.ts'
import type { DecisionContext } from '../../../contract/decision-context.ts'
import type { RevealRequestView } from '../../../contract/reveal-requests.ts'
import type { Translation } from '../../shared/translation.ts'

export type Fact = { kind: 'pause' | 'ok' | 'plain'; text: string }

/** From the fourth reveal of a day on, the number alone is a reason to pause. */
const MANY_REVEALS = 3
const LONG_MINUTES = 30

export function factsOf(
  request: Pick<RevealRequestView, 'fields' | 'minutes' | 'requester'>,
  context: DecisionContext,
  { t }: Translation,
): Fact[] {
  const facts: Fact[] = [
    context.isAssignee
      ? { kind: 'ok', text: t('decide.fact.assignee') }
      : { kind: 'pause', text: t('decide.fact.not_assignee') },
    context.revealsToday >= MANY_REVEALS
      ? { kind: 'pause', text: t('decide.fact.many_today', { count: context.revealsToday }) }
      : { kind: 'plain', text: t('decide.fact.today', { count: context.revealsToday }) },
    {
      kind: 'plain',
      text: context.isFirstForCustomer
        ? t('decide.fact.first_for_customer')
        : t('decide.fact.not_first_for_customer'),
    },
  ]
  if (context.isWithinHours !== null) {
    facts.push(
      context.isWithinHours
        ? { kind: 'ok', text: t('decide.fact.within_hours') }
        : { kind: 'pause', text: t('decide.fact.off_hours') },
    )
  }
  if (context.ticketStatus === 'solved' || context.ticketStatus === 'closed') {
    facts.push({ kind: 'pause', text: t('decide.fact.solved') })
  }
  if (request.fields.some((field) => field.sensitivityClass === 'secret')) {
    facts.push({ kind: 'pause', text: t('decide.fact.secret') })
  }
  for (const by of authorsOf(request)) {
    facts.push({ kind: 'plain', text: t('decide.fact.note', { name: by.name }) })
    if (by.id === request.requester.id) {
      facts.push({ kind: 'plain', text: t('decide.fact.own_note') })
    }
  }
  if (request.minutes >= LONG_MINUTES) {
    facts.push({ kind: 'pause', text: t('decide.fact.long', { count: request.minutes }) })
  }
  const order = { pause: 0, ok: 1, plain: 2 }
  return facts.sort((a, b) => order[a.kind] - order[b.kind])
}

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
