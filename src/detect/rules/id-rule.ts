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
  const isWhole = WHOLE.test(groups.layout)
  // As in G123456(A).
  const isInParentheses = groups.layout.includes('(') && groups.text[end] === ')'
  if (isInParentheses && /[\dA-Za-z]/.test(groups.text.charAt(end + 1))) return undefined
  const isChecked = number.check?.passes(compact)
  const named = groups.near(own, start, end) ?? groups.before(close, start, CLOSE)
  const context = named ?? (isChecked === true ? groups.near(shared, start, end) : undefined)
  const confidence = confidenceOf()
  if (confidence === undefined) return undefined
  return {
    start,
    end: isInParentheses ? end + 1 : end,
    confidence,
    ...(number.check === undefined || isChecked === false ? {} : { check: number.check.name }),
    ...(context === undefined ? {} : { context: context.concept.name }),
  }

  function confidenceOf(): Confidence | undefined {
    if (named !== undefined) {
      if (isChecked === true) return 'certain'
      if (!isWhole && !isLaidOut) return undefined
      return isChecked === false ? 'possible' : (number.inContext ?? 'certain')
    }
    if (isChecked === false) return undefined
    if (context !== undefined) return isWhole || isLaidOut ? 'likely' : 'possible'
    if (groups.isReference(start) || number.notAlone?.test(compact) === true) return undefined
    if (isLaidOut) return isWritten(groups) ? number.laidOut : undefined
    return isWhole && isWritten(groups) ? number.alone : undefined
  }
}

/** Letters of such a number are capitals: what has small ones is part of a word or of hexadecimal. */
function isWritten({ text, start, end }: Groups): boolean {
  return !/[a-z]/.test(text.slice(start, end))
}

/** The context as a rule's answer shows it. */
export function contextOf(context: Context | undefined): { context?: string } {
  return context === undefined ? {} : { context: context.concept.name }
}
