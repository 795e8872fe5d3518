/** The rules, arranged by what makes the scanner ask them. */
import type { Concept } from './lexicon.ts'
import { Lexicon, REFERENCE } from './lexicon.ts'
import type {
  Context,
  Found,
  Groups,
  GroupsRule,
  PrefixRule,
  Rule,
  SignRule,
  WordRule,
} from './rule.ts'

export const MAX_COMPACT = 34
/** Digits may stand one by one. */
export const MAX_GROUPS = 20

export class RuleIndex {
  readonly lexicon: Lexicon
  readonly places: ReadonlyMap<Concept, number>
  readonly reference: number
  readonly groups: GroupsRules
  readonly prefixes: ReadonlyMap<number, readonly { prefix: string; rule: PrefixRule }[]>
  readonly words: readonly (readonly WordRule[])[]
  readonly signs: ReadonlyMap<number, readonly SignRule[]>

  constructor(rules: readonly Rule[]) {
    const concepts = [...new Set([REFERENCE, ...rules.flatMap(conceptsOf)])]
    this.lexicon = new Lexicon(concepts)
    this.places = new Map(concepts.map((concept, place) => [concept, place]))
    this.reference = 0
    const groups = rules.filter((rule) => rule.on === 'groups')
    this.groups = byLength(groups, this.places)
    const prefixes = new Map<number, { prefix: string; rule: PrefixRule }[]>()
    for (const rule of rules) {
      if (rule.on !== 'prefix') continue
      for (const prefix of rule.prefixes) {
        const key = prefixKey(prefix, 0)
        prefixes.set(key, [...(prefixes.get(key) ?? []), { prefix, rule }])
      }
    }
    this.prefixes = prefixes
    const words = rules.filter((rule) => rule.on === 'word')
    this.words = concepts.map((concept) => words.filter((rule) => rule.concepts.includes(concept)))
    const signs = new Map<number, SignRule[]>()
    for (const rule of rules) {
      if (rule.on !== 'sign') continue
      const code = rule.sign.charCodeAt(0)
      signs.set(code, [...(signs.get(code) ?? []), rule])
    }
    this.signs = signs
  }
}

/** A groups rule as the scan calls it: all of one shape, which is what makes calling many of them quick. */
export type Asked = {
  rule: GroupsRule
  judge: (groups: Groups) => Found | undefined
  /** The places of the concepts one of which must be near; none where it may stand alone. */
  needs: readonly number[]
  /** Its own layouts; undefined where it judges layouts itself. */
  layouts: ReadonlySet<string> | undefined
}

/** The rules for one length and number of groups. */
type Choice = {
  all: readonly Asked[]
  /** Those that a number beside other numbers may concern. */
  crowded: readonly Asked[]
  /** Those of either that need no word near. */
  alone: readonly Asked[]
  aloneCrowded: readonly Asked[]
}

/** At `length * (MAX_GROUPS + 1) + count`: for digits alone, and with letters among them. */
type GroupsRules = { digits: readonly Choice[]; mixed: readonly Choice[] }

export const NOTHING: Choice = { all: [], crowded: [], alone: [], aloneCrowded: [] }

function byLength(rules: readonly GroupsRule[], places: ReadonlyMap<Concept, number>): GroupsRules {
  const asked = rules.map((rule) => askedOf(rule, places))
  const table = (wanted: readonly Asked[]) =>
    Array.from({ length: (MAX_COMPACT + 1) * (MAX_GROUPS + 1) }, (_, place) =>
      choiceOf(wanted, Math.floor(place / (MAX_GROUPS + 1)), place % (MAX_GROUPS + 1)),
    )
  return {
    digits: table(asked.filter(({ rule }) => rule.hasLetters !== 'always')),
    mixed: table(asked.filter(({ rule }) => rule.hasLetters !== undefined)),
  }
}

function choiceOf(asked: readonly Asked[], length: number, count: number): Choice {
  const all = asked.filter(
    ({ rule }) =>
      rule.lengths.includes(length) &&
      count >= (rule.minGroups ?? 1) &&
      count <= (rule.maxGroups ?? 5),
  )
  if (all.length === 0) return NOTHING
  const crowded = all.filter(
    ({ layouts }) =>
      layouts === undefined || [...layouts].some((layout) => groupsIn(layout) === count),
  )
  const isFree = ({ needs }: Asked) => needs.length === 0
  return { all, crowded, alone: all.filter(isFree), aloneCrowded: crowded.filter(isFree) }
}

function askedOf(rule: GroupsRule, places: ReadonlyMap<Concept, number>): Asked {
  return {
    rule,
    judge:
      'judge' in rule ? (groups) => rule.judge(groups) : (groups) => judgeByTable(rule, groups),
    needs: needsContext(rule)
      ? conceptsOf(rule).flatMap((concept) => places.get(concept) ?? [])
      : [],
    layouts:
      'judge' in rule && rule.layouts === undefined ? undefined : new Set(rule.layouts ?? []),
  }
}

function groupsIn(layout: string): number {
  return layout.match(/\d+/g)?.length ?? 0
}

function needsContext(rule: GroupsRule): boolean {
  if ('judge' in rule) return rule.needsContext === true
  const { inLayout = null, alone = null } = rule.confidence
  return inLayout === null && alone === null
}

export function conceptsOf(rule: Rule): readonly Concept[] {
  switch (rule.on) {
    case 'groups':
      return 'judge' in rule ? (rule.contexts ?? []) : rule.context
    case 'prefix':
      return rule.context ?? []
    case 'word':
      return [...rule.concepts, ...(rule.contexts ?? [])]
    case 'sign':
      return rule.contexts ?? []
  }
}

function prefixKey(text: string, at: number): number {
  return text.charCodeAt(at) * 128 + text.charCodeAt(at + 1)
}

function judgeByTable(
  rule: Extract<GroupsRule, { form: RegExp }>,
  groups: Groups,
): Found | undefined {
  if (groups.crossesLines || groups.isOpen || !rule.form.test(groups.compact)) return undefined
  const { start, end } = groups
  const isOwnLayout = rule.layouts?.includes(groups.layout) === true
  if (!isOwnLayout && groups.isCrowded) return undefined
  const context = groups.near(rule.context, start, end, rule.reach)
  const confidence = confidenceOf(rule, groups, context, isOwnLayout)
  if (confidence === null || confidence === undefined) return undefined
  if (rule.check !== undefined && !rule.check.passes(groups.compact)) return undefined
  return {
    start,
    end,
    confidence,
    ...(rule.check === undefined ? {} : { check: rule.check.name }),
    ...(context === undefined ? {} : { context: context.concept.name }),
  }
}

function confidenceOf(
  { confidence }: Extract<GroupsRule, { form: RegExp }>,
  groups: Groups,
  context: Context | undefined,
  isOwnLayout: boolean,
) {
  if (context !== undefined) return confidence.inContext
  if (groups.isReference(groups.start)) return null
  if (isOwnLayout && !isOneGroup(groups)) return confidence.inLayout
  return isOneGroup(groups) ? confidence.alone : null
}

function isOneGroup({ compact, start, end }: Groups): boolean {
  return compact.length === end - start
}
