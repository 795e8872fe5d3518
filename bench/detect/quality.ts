/** Recall, precision and silence on the corpus. */
import { corpusCases, everydayCases } from '../../test/detect/corpus.ts'
import type { CorpusCase } from '../../test/detect/corpus.ts'
import type { Fault, Finding, Score } from '../../test/detect/score.ts'
import { precision, recall, score } from '../../test/detect/score.ts'
import type { Table } from '../table.ts'
import type { Detector } from './detectors.ts'

export type Quality = { tables: Table[]; faults: Fault[] }

export async function measureQuality(all: readonly Detector[]): Promise<Quality> {
  const corpus = corpusCases()
  const everyday = everydayCases()
  const ours: Fault[] = []
  const overall: Table['rows'] = []
  let kinds: Table['rows'] = []
  for (const [index, detector] of all.entries()) {
    const result = await scoreOf(detector, corpus)
    const ordinary = await scoreOf(detector, everyday)
    const found = recall(result.overall)
    const right = precision(result.overall)
    overall.push({
      detector: detector.name,
      'recall %': round(found),
      'precision %': round(right),
      F1: round(found + right === 0 ? 0 : (2 * found * right) / (found + right)),
      'look-alikes clean %': round((100 * result.cleanLines) / result.negativeLines),
      'false alarms on ordinary talk': ordinary.overall.found,
    })
    if (index === 0) {
      kinds = kindRows(result)
      ours.push(...result.faults, ...ordinary.faults)
    }
  }
  const values = corpus.flatMap((one) => one.spans).filter((span) => !span.isOptional).length
  const title = `Whole values on ${corpus.length} lines with ${values} values; ${everyday.length} lines of ordinary talk`
  return {
    tables: [
      { title, rows: overall },
      { title: 'Scrim by kind', rows: kinds },
    ],
    faults: ours,
  }
}

async function scoreOf(detector: Detector, cases: readonly CorpusCase[]): Promise<Score> {
  const findings = new Map<CorpusCase, Finding[]>()
  for (const one of cases) findings.set(one, await detector.find(one.text))
  return score(cases, (one) => findings.get(one) ?? [])
}

function kindRows({ byKind }: Score): Table['rows'] {
  return [...byKind].map(([kind, tally]) => ({
    kind,
    values: tally.expected,
    'recall %': round(recall(tally)),
    findings: tally.found,
    'precision %': round(precision(tally)),
  }))
}

function round(percent: number): number {
  return Math.round(percent * 10) / 10
}
