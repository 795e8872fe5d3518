/** Asks the detector about one text, for the tests of the rules. */
import { detect } from '../../../src/detect/detect.ts'
import type { Confidence, DetectedKind } from '../../../src/detect/span.ts'
import type { Mutation } from '../mutations.ts'
import { mutations } from '../mutations.ts'

export type FoundBy = { rule: string; value: string; confidence: Confidence }

/** What is acted on by default: `likely` and `certain`. */
export function found(text: string, kind: DetectedKind): FoundBy[] {
  return detect(text)
    .filter((span) => span.kind === kind)
    .map(({ start, end, confidence, why }) => ({
      rule: why.rule,
      value: text.slice(start, end),
      confidence,
    }))
}

/** A number of a rule as it is written, and a word that stands for it. */
export type Published = {
  rule: string
  word: string
  value: string
  /** The almost-right forms that have right check digits, too: what the check is known not to see. */
  blind?: readonly string[]
}

/** The almost-right forms of a number that its rule finds all the same, beside a word and without. */
export function mistaken(kind: DetectedKind, published: Published): Mutation[] {
  const { rule, word, value, blind = [] } = published
  return mutations(value).filter(
    ({ text }) =>
      !blind.includes(text) &&
      [`${word} ${text}`, `${word}: ${text}.`, text].some((whole) =>
        found(whole, kind).some((one) => one.rule === rule),
      ),
  )
}
