/**
 * Restricted notes: internal notes that only some may read. The text lives in the vault; in its place
 * the ticket receives a private note that says whose it is, how sensitive, and which token it has.
 */
import type { ScrimErrorCode, Verdict } from './errors.ts'
import { accessTo, mayTakeIn } from './policy-decision.ts'
import type { Policy } from './policy.ts'
import type { SensitivityClass } from './protected-field.ts'
import { SENSITIVITY_CLASSES } from './protected-field.ts'
import type { Role } from './role.ts'
import { ROLES } from './role.ts'
import type { Token } from './token.ts'
import { formatToken } from './token.ts'
import { placeOf } from './vaulted-field.ts'

/** Whether the roles may write a note of a class: whoever may ask to read it again. */
export function mayWriteNote(
  sensitivityClass: SensitivityClass,
  roles: readonly Role[],
  policy: Policy,
): Verdict<ScrimErrorCode> {
  return mayTakeIn({ protection: 'vaulted', sensitivityClass }, roles, policy)
}

/** What a class means for a note: who may read it, after whose decision, and how long at a time. */
export type NoteClass = {
  sensitivityClass: SensitivityClass
  /** These ask, and somebody decides. */
  askers: Role[]
  /** These give a reason, and policy itself approves. */
  readers: Role[]
  /** Who decides on a request, on any level. */
  approvers: Role[]
  displaySeconds: number
}

/** The classes that somebody with these roles may write a note in, from least to most sensitive. */
export function noteClasses(roles: readonly Role[], policy: Policy): NoteClass[] {
  return SENSITIVITY_CLASSES.filter((each) => mayWriteNote(each, roles, policy).allowed).map(
    (sensitivityClass) => {
      const having = (access: string) =>
        ROLES.filter((role) => accessTo(sensitivityClass, [role], policy) === access)
      const levels = policy.approval[sensitivityClass]
      return {
        sensitivityClass,
        askers: having('request'),
        readers: having('reveal'),
        approvers: ROLES.filter((role) => levels.some((level) => level.roles.includes(role))),
        displaySeconds: policy.limits.displaySeconds[sensitivityClass],
      }
    },
  )
}

/** A note has something in it besides spaces and invisible characters. Masks and tokens may be quoted. */
export function checkNoteText(text: string): Verdict<'value_invalid'> {
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(text)
    ? { allowed: true }
    : { allowed: false, code: 'value_invalid' }
}

/** The number of a ticket's next note. An erased note keeps its own. */
export function nextNoteNumber(fieldIds: readonly string[]): number {
  const numbers = fieldIds.map((fieldId) => {
    const place = placeOf(fieldId)
    return place?.in === 'note' ? place.number : 0
  })
  return Math.max(0, ...numbers) + 1
}

/**
 * The private note in the ticket, as HTML. It outlives settings and languages of whoever reads it, so
 * it is English like Zendesk's own events. Nothing of the text is in it, nor anything made of it.
 */
export function standInFor(note: {
  author: string
  sensitivityClass: SensitivityClass
  token: Token
}): string {
  const author = escaped(note.author.replace(/\s+/gu, ' ').trim())
  return (
    `<p>Restricted note by ${author} (${note.sensitivityClass}). Its text is not in this ticket. ` +
    `Ask to read it in Scrim, under “Protected on this ticket”. ${formatToken(note.token)}</p>`
  )
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
