/** Holds what a detector found against what the corpus says, whole values only. */
import type { DetectedKind } from '../../src/detect/span.ts'
import type { CorpusCase, ExpectedSpan } from './corpus.ts'

/** What a detector found. Without a kind, as of packages with other names, any kind is right. */
export type Finding = { kind?: DetectedKind; start: number; end: number; rule?: string }

export type Tally = { expected: number; recalled: number; found: number; right: number }

export type Fault = {
  /** `miss`: not found whole. `wrong`: found where nothing is, in part, too wide or as another kind. */
  what: 'miss' | 'wrong'
  file: string
  line: number
  kind: DetectedKind | 'any'
  rule: string
  value: string
  text: string
}

export type Score = {
  overall: Tally
  byKind: Map<DetectedKind, Tally>
  /** Lines on which nothing is marked, and how many of them stayed without a finding. */
  negativeLines: number
  cleanLines: number
  faults: Fault[]
}

export function score(cases: readonly CorpusCase[], find: (one: CorpusCase) => Finding[]): Score {
  const overall = emptyTally()
  const byKind = new Map<DetectedKind, Tally>()
  const faults: Fault[] = []
  let negativeLines = 0
  let cleanLines = 0
  for (const one of cases) {
    const findings = find(one)
    const faultOf = (
      what: Fault['what'],
      kind: Fault['kind'],
      rule: string,
      range: Range,
    ): Fault => ({
      what,
      file: one.file,
      line: one.line,
      kind,
      rule,
      value: one.text.slice(range.start, range.end),
      text: one.text,
    })
    if (one.spans.length === 0) {
      negativeLines++
      if (findings.length === 0) cleanLines++
    }
    for (const span of one.spans) {
      if (span.isOptional) continue
      const isRecalled = findings.some(
        (finding) => isKindOf(finding, span) && covers(finding, span),
      )
      for (const tally of [overall, tallyOf(byKind, span.kind)]) {
        tally.expected++
        if (isRecalled) tally.recalled++
      }
      if (!isRecalled) faults.push(faultOf('miss', span.kind, '', span))
    }
    for (const finding of findings) {
      const touched = one.spans.filter(
        (span) => finding.start < span.end && span.start < finding.end,
      )
      const isNeutral = touched.length > 0 && touched.every((span) => span.isOptional)
      if (isNeutral) continue
      const isRight = touched.some(
        (span) =>
          isKindOf(finding, span) && covers(finding, span) && isWithin(one.text, finding, span),
      )
      const tallies =
        finding.kind === undefined ? [overall] : [overall, tallyOf(byKind, finding.kind)]
      for (const tally of tallies) {
        tally.found++
        if (isRight) tally.right++
      }
      if (!isRight)
        faults.push(faultOf('wrong', finding.kind ?? 'any', finding.rule ?? '', finding))
    }
  }
  return { overall, byKind, negativeLines, cleanLines, faults }
}

/** Percent of what is there that was found whole; 100 where nothing is there. */
export function recall({ expected, recalled }: Tally): number {
  return expected === 0 ? 100 : (100 * recalled) / expected
}

/** Percent of what was found that is there; 100 where nothing was found. */
export function precision({ found, right }: Tally): number {
  return found === 0 ? 100 : (100 * right) / found
}

type Range = { start: number; end: number }

function emptyTally(): Tally {
  return { expected: 0, recalled: 0, found: 0, right: 0 }
}

function tallyOf(tallies: Map<DetectedKind, Tally>, kind: DetectedKind): Tally {
  const tally = tallies.get(kind) ?? emptyTally()
  tallies.set(kind, tally)
  return tally
}

function isKindOf(finding: Finding, span: ExpectedSpan): boolean {
  const { kind } = finding
  return kind === undefined || kind === span.kind || span.otherKinds.includes(kind)
}

function covers(finding: Range, span: ExpectedSpan): boolean {
  return finding.start <= span.coreStart && finding.end >= span.coreEnd
}

/** Whether the finding exceeds the value by punctuation and spaces at most. */
function isWithin(text: string, finding: Range, span: Range): boolean {
  const before = text.slice(finding.start, Math.max(finding.start, span.start))
  const after = text.slice(Math.min(finding.end, span.end), finding.end)
  return !/[\p{L}\p{N}]/u.test(before + after)
}
