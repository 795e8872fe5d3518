/** What a rule is. One file under `rules/` holds the rules of one sort of value. */
import type { Concept } from './lexicon.ts'
import type { Confidence, DetectedKind, Why } from './span.ts'

/** What a rule answers: a place in the text it was shown, how sure, and why. */
export type Found = {
  start: number
  end: number
  confidence: Confidence
  check?: string
  context?: string
}

/** A span before overlaps are settled. */
export type Candidate = {
  kind: DetectedKind
  start: number
  end: number
  confidence: Confidence
  why: Why
  /** How far its context word is; the nearer one wins a tie. */
  distance: number
}

/** A word near a value. `distance` counts the characters between them. */
export type Context = { concept: Concept; distance: number }

/**
 * The text around a candidate, folded to plain letters, digits and signs (`fold.ts`): places are those
 * of the folded text.
 */
export type Surroundings = {
  readonly text: string
  /**
   * The nearest of `concepts` that ends before `at`: in the same line, or a label in the line above.
   * Undefined when a word that says "reference" stands nearer. `reach` is in characters, 48 unless
   * told.
   */
  before(concepts: readonly Concept[], at: number, reach?: number): Context | undefined
  /** One of `concepts` right behind a value: `536-90-4399 (SSN)`, `… is my passport`. */
  after(concepts: readonly Concept[], at: number): Context | undefined
  /** `before` or else `after`. */
  near(
    concepts: readonly Concept[],
    start: number,
    end: number,
    reach?: number,
  ): Context | undefined
  /** Whether the nearest word before `at` says that it is an order, a version, a reference. */
  isReference(at: number): boolean
}

/**
 * One to twenty groups of letters and digits that a person may have meant as one value: the first
 * group holds a digit or is short and in capitals.
 */
export type Groups = Surroundings & {
  readonly start: number
  readonly end: number
  /** Letters and digits alone, upper case. */
  readonly compact: string
  /** Of `compact`, which is made only when asked for. At most 34. */
  readonly length: number
  /** Lengths of the groups and what stands between them: `4 4 4 4`, `3-2-4`, `(3) 3-4`, `9`. */
  readonly layout: string
  /** Whether a line break stands between two groups. */
  readonly crossesLines: boolean
  /** Whether one more group of digits stands beside it as if it belonged to it. */
  readonly isCrowded: boolean
  /** Whether letters or digits go on behind a sign: `…-12`, `…/27`. Most rules refuse that. */
  readonly isOpen: boolean
}

type RuleBase = {
  /** `[a-z0-9_]`, distinct: the name that `why.rule` shows. */
  id: string
  kind: DetectedKind
}

/** A checksum over the compact form. */
export type Check = { name: string; passes(compact: string): boolean }

/** The confidence for each way a value may stand; `null` is not reported. */
export type ConfidenceBy = {
  /** One of the rule's context words stands near. */
  inContext: Confidence | null
  /** No context, but written in one of the rule's own layouts with separators. */
  inLayout?: Confidence | null
  /** Neither. */
  alone?: Confidence | null
}

/** A number that people write in groups: most ids, account and card numbers. */
export type GroupsRule = RuleBase & {
  on: 'groups'
  /** Which lengths of the compact form to be asked for. */
  lengths: readonly number[]
  /** Whether it may hold letters, or always does. Digits alone unless told. */
  hasLetters?: 'maybe' | 'always'
  /**
   * Its own ways to be written with separators: any other way needs context, and in any other way it
   * does not stand beside other numbers. Where a rule with `judge` gives none, it decides that itself.
   */
  layouts?: readonly string[]
  /** Not asked for fewer groups than this, nor for more: 1 and 5 unless told. */
  minGroups?: number
  maxGroups?: number
} & (
    | {
        /** Of the whole compact form, which is upper case: `/^…$/`. */
        form: RegExp
        check?: Check
        context: readonly Concept[]
        confidence: ConfidenceBy
        reach?: number
      }
    | {
        /** For what the table above cannot say. */
        judge(groups: Groups): Found | undefined
        /** The concepts that `judge` asks for. */
        contexts?: readonly Concept[]
        /** Whether it answers nothing where no word is near: then it is not even asked. */
        needsContext?: boolean
      }
  )

/** A credential that begins with its vendor's published prefix. */
export type PrefixRule = RuleBase & {
  on: 'prefix'
  /** At least two characters each, in their own case. */
  prefixes: readonly string[]
  /** Sticky, begins with the prefix, deterministic and bounded. */
  form: RegExp
  check?: Check
  /** Refuses what has the form and is no credential: an example's filler, a header that is no JSON. */
  accepts?(value: string): boolean
  confidence: Confidence
  /** Where the prefix alone is not enough. */
  context?: readonly Concept[]
}

/** Something that is announced by a word: a password, a date of birth, an address. */
export type WordRule = RuleBase & {
  on: 'word'
  concepts: readonly Concept[]
  /** Further concepts that `find` asks for. */
  contexts?: readonly Concept[]
  /** `at` is where the word ends, `wordStart` where it begins. */
  find(surroundings: Surroundings, at: number, wordStart: number): Found | undefined
}

/** Something that has a sign of its own in it, such as `@`. `at` is the place of the sign. */
export type SignRule = RuleBase & {
  on: 'sign'
  sign: '@' | ':' | '<' | '-'
  /** The concepts that `find` asks for. */
  contexts?: readonly Concept[]
  find(surroundings: Surroundings, at: number): Found | undefined
}

export type Rule = GroupsRule | PrefixRule | WordRule | SignRule
