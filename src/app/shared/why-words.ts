/** What `core/why.ts` decides, in words: one sentence of reason, one of next step. */
import type { ApprovalGate, WhyMasked } from '../../contract/protected-fields.ts'
import type { PersonRef } from '../../contract/primitives.ts'
import type { ScrimErrorCode } from '../../core/errors.ts'
import type { SensitivityClass } from '../../core/protected-field.ts'
import type { AccessLevel, Role } from '../../core/role.ts'
import { namesInShort } from './people.ts'
import type { Translation } from './translation.ts'

export type WhyWords = { reason: string; next: string }

/** Whom and what the sentences are about. */
export type WhySubject = {
  sensitivityClass: SensitivityClass
  access: AccessLevel
  /** Why asking is refused; null where it is not. */
  code: ScrimErrorCode | null
  isNote: boolean
  roles: readonly Role[]
  waitingRoles: readonly Role[]
  askers: readonly Role[]
  levels: readonly (ApprovalGate & { people?: readonly PersonRef[] })[]
  onDutyAt: string | null
}

export function whyWords(why: WhyMasked, about: WhySubject, translation: Translation): WhyWords {
  return { reason: reasonOf(why, about, translation), next: nextOf(why, about, translation) }
}

function reasonOf(why: WhyMasked, about: WhySubject, translation: Translation): string {
  const { t, find, instant } = translation
  const words = {
    roles: roleNames(about.roles, translation),
    class: t(`sidebar.class.${about.sensitivityClass}`),
    levels: levelWords(about.levels, translation),
    rule: why.label ?? '',
    name: why.exception?.owner.name ?? '',
    time: why.exception === undefined ? '' : instant(why.exception.expiresAt),
    count: why.cap?.limit ?? 0,
  }
  switch (why.rule) {
    case 'protection':
      return t('why.hidden_only')
    case 'matrix':
      if (about.roles.length === 0) return t('why.rule.no_role')
      return t(about.access === 'reveal' ? 'why.rule.matrix_reveal' : matrixKey(about), words)
    case 'power':
      return t('why.rule.power', { roles: roleNames(about.waitingRoles, translation) })
    case 'exception':
    case 'rule':
    case 'nobody':
      return t(`why.rule.${why.rule}`, words)
    case 'hard_cap':
    case 'soft_cap':
      return t(`why.rule.${why.rule}.${why.cap?.per ?? 'day'}`, words)
    case 'levels':
      if (why.exception !== undefined) return t('why.rule.exception_asks', words)
      return t(about.isNote ? 'why.rule.note' : `why.rule.levels.${about.sensitivityClass}`, words)
    case 'value':
    case 'pause':
    case 'breaker':
    case 'ticket':
      return find(`errors.${codeOf(why.rule, about)}.reason`) ?? ''
  }
}

function matrixKey({ access }: WhySubject) {
  return access === 'none' ? 'why.rule.matrix_none' : 'why.rule.matrix_masked'
}

/** The refusal that a rule is; of a value and of a ticket there are several. */
function codeOf(rule: WhyMasked['rule'], { code }: WhySubject): ScrimErrorCode {
  if (rule === 'breaker') return 'circuit_open'
  if (rule === 'value') return code ?? 'field_empty'
  return rule === 'ticket' ? (code ?? 'ticket_solved') : 'reveals_paused'
}

function nextOf(why: WhyMasked, about: WhySubject, translation: Translation): string {
  const { t, find, instant, duration } = translation
  switch (why.next) {
    case 'ask': {
      const people = about.levels[0]?.people ?? []
      if (people.length === 0) return t('why.ask_next')
      return t('why.next.ask', { names: namesInShort(people, translation) })
    }
    case 'ask_and_wait':
      return about.onDutyAt === null
        ? t('why.ask_next')
        : t('why.next.ask_and_wait', { time: instant(about.onDutyAt) })
    case 'give_reason':
      return t('why.next.give_reason')
    case 'ask_colleague':
      return about.askers.length === 0
        ? t('why.next.nobody_asks')
        : t('why.next.ask_colleague', { roles: roleNames(about.askers, translation) })
    case 'ask_administrator':
      return t(why.rule === 'protection' ? 'why.hidden_only_next' : 'why.next.ask_administrator')
    case 'have_confirmed':
      return find('errors.power_waits.next') ?? ''
    case 'wait':
      if (why.cap !== undefined) {
        return t('why.next.wait_for', { time: duration(why.cap.remainingSeconds) })
      }
      return find(`errors.${codeOf(why.rule, about)}.next`) ?? ''
    case 'ask_customer':
    case 'reopen_ticket':
      return find(`errors.${codeOf(why.rule, about)}.next`) ?? ''
  }
}

export function roleNames(roles: readonly Role[], { t, enumeration }: Translation): string {
  return enumeration(roles.map((role) => t(`role.${role}`)))
}

/** "1 approval (lead) and 2 approvals (compliance, Fraud group)". */
export function levelWords(levels: readonly ApprovalGate[], translation: Translation): string {
  const { t, list, enumeration } = translation
  return list(
    levels.map(({ count, roles, groups }) =>
      t('why.level', {
        count,
        who: enumeration([...roles.map((role) => t(`role.${role}`)), ...groups]),
      }),
    ),
  )
}
