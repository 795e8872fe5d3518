/** Throughput, every detector on the same texts, by turns. */
import { corpusCases, everydayCases } from '../../test/detect/corpus.ts'
import { median } from '../median.ts'
import type { Table } from '../table.ts'
import type { Detector } from './detectors.ts'

const ROUNDS = 7
const MESSAGE_BYTES = 2_000
const TRANSCRIPT_BYTES = 200_000
const MESSAGES = 100

// Short measurements say more about the clock than about the detector.
const SHORTEST_MS = 100

/** One turn each goes first and does not count: compilers and caches are warm then. */
export async function measureSpeed(all: readonly Detector[]): Promise<Table[]> {
  const ordinary = everydayCases().map((one) => one.text)
  const english = ordinary.filter((text) => /^[\0-\x7f]*$/.test(text))
  const sensitive = corpusCases()
    .filter((one) => one.spans.length > 0 && one.text.length < 200)
    .map((one) => one.text)
  const withValues = ordinary.flatMap((line, index) =>
    index % 10 === 9 ? [line, sensitive[(index * 7) % sensitive.length] ?? ''] : [line],
  )
  return [
    await measureTexts(
      '2 KB messages without findings, ASCII',
      textsOf(english, MESSAGE_BYTES, MESSAGES),
      all,
    ),
    await measureTexts(
      '2 KB messages without findings, several languages',
      textsOf(ordinary, MESSAGE_BYTES, MESSAGES),
      all,
    ),
    await measureTexts(
      '2 KB messages, a value in every tenth line',
      textsOf(withValues, MESSAGE_BYTES, MESSAGES),
      all,
    ),
    await measureTexts(
      '200 KB transcript without findings, ASCII',
      textsOf(english, TRANSCRIPT_BYTES, 1),
      all,
    ),
    await measureTexts(
      '200 KB transcript without findings, several languages',
      textsOf(ordinary, TRANSCRIPT_BYTES, 1),
      all,
    ),
  ]
}

async function measureTexts(
  title: string,
  texts: readonly string[],
  all: readonly Detector[],
): Promise<Table> {
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  const rates = new Map(all.map((detector) => [detector.name, [] as number[]]))
  for (let round = 0; round <= ROUNDS; round++) {
    for (const detector of all) {
      const rate = await rateOf(detector, texts, bytes)
      if (round > 0) rates.get(detector.name)?.push(rate)
    }
  }
  const medianOf = (detector: Detector | undefined): number =>
    median(rates.get(detector?.name ?? '') ?? [])
  const ours = medianOf(all[0])
  return {
    title: `Throughput: ${title}, ${ROUNDS} rounds by turns`,
    rows: all.map((detector) => {
      const measured = rates.get(detector.name) ?? []
      return {
        detector: detector.name,
        'MB/s': figure(medianOf(detector)),
        min: figure(Math.min(...measured)),
        max: figure(Math.max(...measured)),
        'Scrim is faster by': figure(ours / medianOf(detector)),
      }
    }),
  }
}

/** Megabytes (UTF-8, 10^6) a second. */
async function rateOf(
  detector: Detector,
  texts: readonly string[],
  bytes: number,
): Promise<number> {
  const start = performance.now()
  let passes = 0
  let elapsed = 0
  do {
    for (const text of texts) {
      const answer = detector.run(text)
      // Awaiting what is no promise would cost the synchronous ones a turn of the event loop.
      if (answer instanceof Promise) await answer
    }
    passes++
    elapsed = performance.now() - start
  } while (elapsed < SHORTEST_MS)
  return (bytes * passes) / 1000 / elapsed
}

/** Lines after each other, from the first again when they end, cut to the size. */
function textsOf(lines: readonly string[], bytes: number, count: number): string[] {
  let next = 0
  return Array.from({ length: count }, () => {
    const taken: string[] = []
    let size = 0
    while (size < bytes) {
      const line = lines[next++ % lines.length] ?? ''
      taken.push(line)
      size += Buffer.byteLength(line) + 1
    }
    return taken.join('\n')
  })
}

function figure(value: number): number {
  return Number(value.toPrecision(3))
}
