/**
 * Which custom detectors are safe: those whose pattern is matched in a bounded number of steps
 * wherever it is tried, so that a text is scanned in time linear in its length. Holds a parser, and
 * so has no place in a browser's bundle.
 */
import type { AST } from '@eslint-community/regexpp'
import { RegExpParser } from '@eslint-community/regexpp'
import type { CustomDetector } from './custom.ts'
import { compileCustomDetector, foldedPattern } from './custom.ts'
import { fold } from './fold.ts'

export const CUSTOM_DETECTOR_CODES = [
  /** No pattern of JavaScript with the flag `u`. */
  'pattern_syntax',
  /** More than the safe syntax has, too long a match, or too many ways to match the same text. */
  'pattern_unsafe',
  /** A match may be shorter than four characters, or white space alone. */
  'pattern_empty',
  /** The pattern does not match the example from its first character to its last. */
  'example_not_matched',
] as const
export type CustomDetectorCode = (typeof CUSTOM_DETECTOR_CODES)[number]

export type CustomDetectorCheck = { ok: true } | { ok: false; code: CustomDetectorCode }

const MAX_PATTERN_LENGTH = 200
const MIN_MATCH_LENGTH = 4
const MAX_MATCH_LENGTH = 128
/** In how many ways the beginning of one text may be matched. More would multiply the steps. */
const MAX_WAYS = 4

/**
 * Whether a detector may stand in a policy. The safe syntax: characters, `.`, `\d \w \s` and their
 * opposites, classes, `(…|…)` of plain texts; behind one of these `?`, `{n}` or `{n,m}` (behind a
 * group `?` only); `\b` as the first or the last. No `*`, `+`, `{n,}`, look-around, reference or
 * group in a group. What may repeat a varying number of times is not followed by what may begin with
 * the same character, but for a few steps: then no text makes the matcher try again and again.
 */
export function checkCustomDetector(detector: CustomDetector): CustomDetectorCheck {
  // What was folded is judged, because that runs: a full-width star is a star.
  const parsed = parsePattern(foldedPattern(detector))
  if (!parsed.ok) return parsed
  const { items } = parsed
  if (maxLength(items) > MAX_MATCH_LENGTH || waysToMatch(items) > MAX_WAYS) {
    return refuse('pattern_unsafe')
  }
  if (minLength(items) < MIN_MATCH_LENGTH || !items.some(isAlwaysVisible)) {
    return refuse('pattern_empty')
  }
  const { text } = fold(detector.example, 'text')
  const [match] = compileCustomDetector(detector).find(text)
  return match?.start === 0 && match.end === text.length
    ? { ok: true }
    : refuse('example_not_matched')
}

function refuse(code: CustomDetectorCode): { ok: false; code: CustomDetectorCode } {
  return { ok: false, code }
}

/** Code points as `[first, last]`, in any order. */
type Ranges = readonly (readonly [number, number])[]

/** One part of a pattern: a character of `first`, or one of `texts`, `min` to `max` times. */
type Item = {
  first: Ranges
  texts: readonly (readonly number[])[] | null
  min: number
  max: number
}

const LAST_CODE_POINT = 0x10ffff
const DIGIT: Ranges = [[0x30, 0x39]]
const WORD: Ranges = [...DIGIT, [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]]
/** ECMA-262, WhiteSpace and LineTerminator. */
const SPACE: Ranges = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
]
const LINE_END: Ranges = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
]
const SETS = { digit: DIGIT, word: WORD, space: SPACE } as const

function parsePattern(
  pattern: string,
): { ok: true; items: Item[] } | { ok: false; code: CustomDetectorCode } {
  if (pattern.length > MAX_PATTERN_LENGTH) return refuse('pattern_unsafe')
  const tree = syntaxTree(pattern)
  if (tree === null) return refuse('pattern_syntax')
  const [only, ...others] = tree.alternatives
  const elements = others.length === 0 && only !== undefined ? only.elements : [tree]
  const items = elements
    .filter((element, at) => !isEdgeOfWord(element, at, elements.length))
    .map(itemOf)
  return items.every((item) => item !== null) ? { ok: true, items } : refuse('pattern_unsafe')
}

/** null: no pattern to this engine, which will run it, or none to the parser. */
function syntaxTree(pattern: string): AST.Pattern | null {
  try {
    const { unicode } = new RegExp(pattern, 'u')
    return new RegExpParser().parsePattern(pattern, 0, pattern.length, { unicode })
  } catch {
    return null
  }
}

function isEdgeOfWord(element: AST.Element | AST.Pattern, at: number, length: number): boolean {
  const isAtEdge = at === 0 || at === length - 1
  return isAtEdge && element.type === 'Assertion' && element.kind === 'word' && !element.negate
}

/** null: more than the safe syntax has. */
function itemOf(element: AST.Element | AST.Pattern): Item | null {
  if (element.type !== 'Quantifier') return onceOf(element)
  const once = onceOf(element.element)
  const { min, max, greedy } = element
  if (once === null || !greedy || !Number.isFinite(max)) return null
  return once.texts !== null && max > 1 ? null : { ...once, min, max }
}

function onceOf(element: AST.Element | AST.Pattern): Item | null {
  switch (element.type) {
    case 'Pattern':
    case 'CapturingGroup':
    case 'Group': {
      if (element.type === 'CapturingGroup' && element.name !== null) return null
      if (element.type === 'Group' && element.modifiers !== null) return null
      const texts = element.alternatives.map((alternative) => plainText(alternative.elements))
      if (!texts.every((text) => text !== null)) return null
      const first = texts.flatMap(([unit]): Ranges => (unit === undefined ? [] : [[unit, unit]]))
      return first.length < texts.length ? null : { first, texts, min: 1, max: 1 }
    }
    default: {
      const first = rangesOf(element)
      return first === null ? null : { first, texts: null, min: 1, max: 1 }
    }
  }
}

function plainText(elements: readonly AST.Element[]): number[] | null {
  const text = elements.flatMap((element) => (element.type === 'Character' ? [element.value] : []))
  return text.length === elements.length && !text.some(isSurrogate) ? text : null
}

/** The characters that one element stands for; null when it is no character. */
function rangesOf(element: AST.Element | AST.CharacterClassElement): Ranges | null {
  switch (element.type) {
    case 'Character':
      return isSurrogate(element.value) ? null : [[element.value, element.value]]
    case 'CharacterClassRange':
      return [[element.min.value, element.max.value]]
    case 'CharacterSet': {
      if (element.kind === 'any') return complement(LINE_END)
      if (element.kind === 'property') return null
      return element.negate ? complement(SETS[element.kind]) : SETS[element.kind]
    }
    case 'CharacterClass': {
      const parts: (Ranges | null)[] = element.elements.map((part) =>
        part.type === 'Character' ||
        part.type === 'CharacterClassRange' ||
        part.type === 'CharacterSet'
          ? rangesOf(part)
          : null,
      )
      if (!parts.every((part) => part !== null)) return null
      return element.negate ? complement(parts.flat()) : parts.flat()
    }
    default:
      return null
  }
}

function isSurrogate(codePoint: number): boolean {
  return codePoint >= 0xd800 && codePoint <= 0xdfff
}

function complement(ranges: Ranges): Ranges {
  const inverse: [number, number][] = []
  let next = 0
  for (const [first, last] of ranges.toSorted(([a], [b]) => a - b)) {
    if (first > next) inverse.push([next, first - 1])
    next = Math.max(next, last + 1)
  }
  if (next <= LAST_CODE_POINT) inverse.push([next, LAST_CODE_POINT])
  return inverse
}

function intersect(left: Ranges, right: Ranges): boolean {
  return left.some(([first, last]) => right.some(([from, to]) => first <= to && from <= last))
}

function minLength(items: readonly Item[]): number {
  return sum(items.map((item) => item.min * Math.min(...lengthsOf(item))))
}

function maxLength(items: readonly Item[]): number {
  return sum(items.map((item) => item.max * Math.max(...lengthsOf(item))))
}

function lengthsOf({ texts }: Item): number[] {
  return texts === null ? [1] : texts.map((text) => text.length)
}

function sum(lengths: readonly number[]): number {
  return lengths.reduce((total, length) => total + length, 0)
}

/** Whether a match always holds something of this item that one can see. */
function isAlwaysVisible({ first, texts, min }: Item): boolean {
  if (min === 0) return false
  if (texts === null) return !intersect(first, SPACE)
  return texts.every((text) => text.some((unit) => !intersect([[unit, unit]], SPACE)))
}

/**
 * An upper bound of the ways in which one text can be matched from one place: the product of the
 * choices that the next character does not settle. Each way takes at most as many steps as a match
 * is long.
 */
function waysToMatch(items: readonly Item[]): number {
  return items.reduce((ways, item, at) => ways * choices(item, firstOf(items.slice(at + 1))), 1)
}

/** What may stand first in `items`. */
function firstOf(items: readonly Item[]): Ranges {
  const end = items.findIndex((item) => item.min > 0)
  return items.slice(0, end === -1 ? undefined : end + 1).flatMap((item) => item.first)
}

function choices(item: Item, following: Ranges): number {
  const lengths = intersect(item.first, following) ? item.max - item.min : 0
  return textsAtOnce(item) + lengths
}

/** How many of a group's texts can stand at one place: each that another one begins with. */
function textsAtOnce({ texts }: Item): number {
  if (texts === null) return 1
  return Math.max(...texts.map((text) => texts.filter((other) => isPrefix(other, text)).length))
}

function isPrefix(prefix: readonly number[], text: readonly number[]): boolean {
  return prefix.every((unit, at) => text[at] === unit)
}
