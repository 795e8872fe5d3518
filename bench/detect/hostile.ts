/** How long the worst inputs take: 100 KB of each hostile shape. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { HOSTILE_SHAPES } from '../../test/detect/hostile.ts'
import { median } from '../median.ts'
import type { Table } from '../table.ts'
import type { Detector } from './detectors.ts'
import type { Detect } from './shipped-detector.ts'

const LENGTH = 100_000
const SLOWEST = 5
const WARM_RUNS = 5

// Shapes that are known to be hard on one detector or another.
const PEER_SHAPES = ['mail words', 'digits', 'spaces', 'one enormous word', 'keywords', 'slashes']
const PEER_TIMEOUT_MS = 20_000

export async function measureHostile(detect: Detect, all: readonly Detector[]): Promise<Table[]> {
  const millisecondsOf = (text: string): number => {
    const start = performance.now()
    detect(text)
    return performance.now() - start
  }
  const timesOf = (text: string): number[] =>
    Array.from({ length: WARM_RUNS }, () => millisecondsOf(text))
  const measured = HOSTILE_SHAPES.map(({ name, make }) => {
    const first = millisecondsOf(make(LENGTH))
    const warm = median(timesOf(make(LENGTH)))
    // The quickest of each: a pause that hits one of them would look like a steep curve.
    const quickest = (length: number): number => Math.min(...timesOf(make(length)))
    const ratio = (shorter: number): number =>
      Math.round((quickest(shorter * 2) / quickest(shorter)) * 100) / 100
    return { name, first, warm, 'to 100 KB': ratio(LENGTH / 2), 'to 200 KB': ratio(LENGTH) }
  })
  const slowest = measured.toSorted((a, b) => b.warm - a.warm).slice(0, SLOWEST)
  const slowestFirst = measured.toSorted((a, b) => b.first - a.first).slice(0, SLOWEST)
  const steepest = measured.toSorted((a, b) => b['to 200 KB'] - a['to 200 KB']).slice(0, SLOWEST)
  const named = [...new Set([...slowest, ...slowestFirst])]
  return [
    {
      title: `Slowest of ${measured.length} hostile shapes of 100 KB, in ms (cold: the first text of a process)`,
      rows: named.map(({ name, warm, first }) => ({
        shape: name,
        warm: tenth(warm),
        'first of its shape': tenth(first),
        cold: inOwnProcess('Scrim', name),
      })),
    },
    {
      title: 'Steepest when the text doubles (2 is linear)',
      rows: steepest.map(({ name, warm, ...ratios }) => ({
        shape: name,
        'ms at 100 KB': tenth(warm),
        'to 100 KB': ratios['to 100 KB'],
        'to 200 KB': ratios['to 200 KB'],
      })),
    },
    {
      title: `The others, cold, in ms, stopped after ${PEER_TIMEOUT_MS / 1000} s`,
      rows: PEER_SHAPES.map((shape) => ({
        shape,
        ...Object.fromEntries(all.map(({ name }) => [name, inOwnProcess(name, shape)])),
      })),
    },
  ]
}

/** In a process that has run nothing before. */
function inOwnProcess(detector: string, shape: string): string | number {
  const script = fileURLToPath(new URL('one-text.ts', import.meta.url))
  const { stdout } = spawnSync(
    process.execPath,
    ['--import', 'tsx', script, detector, shape, String(LENGTH)],
    { encoding: 'utf8', timeout: PEER_TIMEOUT_MS, killSignal: 'SIGKILL' },
  )
  return stdout === '' ? 'stopped' : tenth(Number(stdout))
}

function tenth(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10
}
