/**
 * No input may make detection slow: recheck proves every regular expression in it, and every hostile
 * shape must come through. What the watchdog stops has hung.
 */
import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { checkSync } from 'recheck'
import { afterAll, describe, expect, test } from 'vitest'
import { detect } from '../../src/detect/detect.ts'
import type { Span } from '../../src/detect/span.ts'
import { corpusCases } from './corpus.ts'
import { HOSTILE_SHAPES } from './hostile.ts'
import type { HostileQuestion } from './hostile-process.ts'
import { literalPatterns, patternRunsOf, patternsUsedBy } from './used-patterns.ts'

const SOURCES = new URL('../../src/detect/', import.meta.url)
const LENGTH = 100_000

// Generous on a busy machine: a scan of this length takes milliseconds, one that backtracks minutes.
const WATCHDOG_MS = 10_000

const written = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .sort()
  .flatMap((file) =>
    literalPatterns(readFileSync(new URL(file, SOURCES), 'utf8')).map(({ line, ...pattern }) => ({
      ...pattern,
      place: `${file}:${line}`,
    })),
  )
const used = patternsUsedBy(() => {
  for (const { text } of corpusCases()) detect(text)
}).map((pattern) => ({ ...pattern, place: 'built or of a library' }))
// What is written says where: the first of the same patterns is named.
const patterns = [
  ...new Map(
    [...used, ...written.toReversed()].map((one) => [`/${one.pattern}/${one.flags}`, one]),
  ).values(),
]

describe('regular expressions', () => {
  test('are found, written in the sources and at work', () => {
    expect(written.length).toBeGreaterThan(0)
    expect(used.length).toBeGreaterThan(0)
  })

  test('the usual pattern of mail addresses would be refused', () => {
    expect(checkSync(String.raw`^(\w+[.-]?)+@\w+$`, '').status).toBe('vulnerable')
  })

  test.each(patterns)('$place $pattern cannot be made to backtrack', ({ pattern, flags }) => {
    const { status } = checkSync(pattern, flags, { timeout: 30_000 })
    expect(status).toBe('safe')
  })
})

describe('work', () => {
  test.each(HOSTILE_SHAPES.map((shape) => [shape.name, shape] as const))(
    'a text of "%s" that is twice as long tries patterns about twice as often',
    (_name, shape) => {
      const runsAt = (length: number): number => {
        const text = shape.make(length)
        return patternRunsOf(() => void detect(text))
      }
      // The slack is for what happens once a text, however long.
      expect(runsAt(20_000)).toBeLessThanOrEqual(2.2 * runsAt(10_000) + 100)
    },
  )
})

describe('hostile inputs of 100 KB', () => {
  afterAll(() => {
    running?.kill()
  })

  test('have at least 35 shapes, each of the length asked for', () => {
    expect(new Set(HOSTILE_SHAPES.map((shape) => shape.name)).size).toBe(HOSTILE_SHAPES.length)
    expect(HOSTILE_SHAPES.length).toBeGreaterThanOrEqual(35)
    for (const shape of HOSTILE_SHAPES) expect(shape.make(1001)).toHaveLength(1001)
  })

  test.each(HOSTILE_SHAPES.map((shape) => shape.name))('%s comes through', async (name) => {
    for (const markup of ['text', 'html'] as const) {
      const spans = await detectWatched({ name, length: LENGTH, markup })
      const misplaced = spans.filter(({ start, end }, index) => {
        return start >= end || end > LENGTH || start < (spans[index - 1]?.end ?? 0)
      })
      expect(misplaced).toEqual([])
    }
  })
})

let running: ChildProcess | undefined

/** Rejects when the process ends, or has no answer within the watchdog's time and is ended. */
async function detectWatched(question: HostileQuestion): Promise<Span[]> {
  running ??= await startProcess()
  const child = running
  const watchdog = setTimeout(() => child.kill('SIGKILL'), WATCHDOG_MS)
  try {
    const answer = nextMessage(child)
    child.send(question)
    return (await answer) as Span[]
  } catch (cause) {
    running = undefined
    throw new Error(`${question.name}: no answer within ${WATCHDOG_MS} ms`, { cause })
  } finally {
    clearTimeout(watchdog)
  }
}

async function startProcess(): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL('hostile-process.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
  })
  await nextMessage(child)
  return child
}

async function nextMessage(child: ChildProcess): Promise<unknown> {
  const settled = new AbortController()
  const { signal } = settled
  const ended = once(child, 'exit', { signal }).then(() => {
    throw new Error('the process ended')
  })
  try {
    const [message] = (await Promise.race([once(child, 'message', { signal }), ended])) as unknown[]
    return message
  } finally {
    // The loser of the race: listens no more, and its rejection is nobody's concern.
    ended.catch(() => undefined)
    settled.abort()
  }
}
