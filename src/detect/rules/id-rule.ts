/**
 * Builds the rules for numbers that a state, a bank or a health service hands out: each is a form, what
 * it is called, how it is written and its check digits.
 */
import type { Concept } from '../lexicon.ts'
import { concept } from '../lexicon.ts'
import type { Context, Found, Groups, GroupsRule } from '../rule.ts'
import type { Confidence, DetectedKind } from '../span.ts'

export type IdNumber = {
  id: string
  /** What people call it, in its own language and English. */
  words: string
  /** What also means something else (`run`, `pan`): counts right before the number only. */
  closeWords?: string
  /** Of the compact form, and the compact form's lengths. */
  form: RegExp
  lengths: readonly number[]
  /** Where the form has letters but not in every number. */
  hasLetters?: 'maybe'
  /** Its own ways to be written in groups, where that says something. */
  layouts?: readonly string[]
  maxGroups?: number
  /** The check digits. With a word they make it certain, in whatever groups it is written. */
  check?: { name: string; passes: (compact: string) => boolean }
  /** Without check digits: with a word, in one group or its own layout. `certain` unless told. */
  inContext?: Confidence
  /** Whether fewer than one in a hundred numbers of its length pass: any word for an id is enough. */
  isRare?: boolean
  /** Without a word, in its own layout. Nothing unless told. */
  laidOut?: Confidence
  /** Without a word, in one group. Nothing unless told. */
  alone?: Confidence
  /** What needs a word although the form fits: a pattern, as a rule. */
  notAlone?: { test(compact: string): boolean }
}

/** Characters between a close word and its number: `: `, ` is `, ` number: `. */
const CLOSE = 14
const WHOLE = /^\d+$/

/**
 * `shared` are words for numbers of this sort in general. They count where there are check digits: any
 * country's number may follow them.
 */
export function idRule(
  kind: DetectedKind,
  number: IdNumber,
  shared: readonly Concept[] = [],
): GroupsRule {
  const { id, lengths, maxGroups = 5 } = number
  const own = [called(id, number.words)]
  const close = number.closeWords === undefined ? [] : [called(id, number.closeWords)]
  return {
    id,
    kind,
    on: 'groups',
    lengths,
    ...(/[A-Z]/.test(number.form.source) ? { hasLetters: number.hasLetters ?? 'always' } : {}),
    maxGroups,
    contexts: [...own, ...close, ...shared],
    needsContext: number.laidOut === undefined && number.alone === undefined,
    layouts: number.layouts ?? [],
    judge: (groups) => judge(groups, number, own, close, shared),
  }
}

/** Its words, also as in `nhsNumber`. */
function called(id: string, words: string): Concept {
  const { phrases, ...rest } = concept(id, words)
  const single = phrases.filter((phrase) => /^[a-z]+$/.test(phrase))
  return { ...rest, phrases: [...phrases, ...single.map((word) => `${word}number`)] }
}

function judge(
  groups: Groups,
  number: IdNumber,
  own: readonly Concept[],
  close: readonly Concept[],
  shared: readonly Concept[],
): Found | undefined {
  const { compact, start, end } = groups
  if (groups.isOpen || groups.crossesLines || !number.form.test(compact)) return undefined
  const isLaidOut = number.layouts?.includes(groups.layout) === true
  if (!isLaidOut && groups.isCrowded) return undefined
  // As in G123456(A).
  const isInParentheses = groups.layout.includes('(') && groups.text[end] === ')'
  if (isInParentheses && /[\dA-Za-z]/.test(groups.text.charAt(end + 1))) return undefined
  const isWritten = isLaidOut || WHOLE.test(groups.layout)
  const named = groups.near(own, start, end) ?? groups.before(close, start, CLOSE)
  const context = named ?? (number.check && groups.near(shared, start, end))
  const unchecked = named ? inContext() : context ? isWritten && 'likely' : withoutWord()
  // Check digits come last: most numbers that have the form have no word.
  if (unchecked === false || unchecked === undefined) return undefined
  const isChecked = number.check?.passes(compact)
  if (isChecked === false && (named === undefined || !isWritten)) return undefined
  return {
    start,
    end: isInParentheses ? end + 1 : end,
    confidence: isChecked === false ? 'possible' : unchecked,
    ...(number.check && isChecked === true ? { check: number.check.name } : {}),
    ...contextOf(context),
  }

  function inContext(): Confidence | undefined {
    if (number.check !== undefined) return 'certain'
    return isWritten ? (number.inContext ?? 'certain') : undefined
  }

  function withoutWord(): Confidence | undefined {
    const confidence = isLaidOut ? number.laidOut : isWritten ? number.alone : undefined
    if (confidence === undefined || number.notAlone?.test(compact) === true) return undefined
    return groups.isReference(start) || !isInCapitals(groups) ? undefined : confidence
  }
}

/** Letters of such a number are capitals: what has small ones is part of a word or of hexadecimal. */
function isInCapitals({ text, start, end }: Groups): boolean {
  return !/[a-z]/.test(text.slice(start, end))
}

/** The context as a rule's answer shows it. */
export function contextOf(context: Context | undefined): { context?: string } {
  return context === undefined ? {} : { context: context.concept.name }
}
