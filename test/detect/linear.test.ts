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
  .flatMap((file) => literalPatterns(readFileSync(new URL(file, SOURCES), 'utf8')))
const used = patternsUsedBy(() => {
  for (const { text } of corpusCases()) detect(text)
})
const patterns = [
  ...new Map(
    [...written, ...used].map(({ pattern, flags }) => [`/${pattern}/${flags}`, { pattern, flags }]),
  ),
].map(([source, pattern]) => ({ source, ...pattern }))

describe('regular expressions', () => {
  test('are found, written in the sources and at work', () => {
    expect(written.length).toBeGreaterThan(0)
    expect(used.length).toBeGreaterThan(0)
  })

  test('the usual pattern of mail addresses would be refused', () => {
    expect(checkSync(String.raw`^(\w+[.-]?)+@\w+$`, '').status).toBe('vulnerable')
  })

  test.each(patterns)('$source cannot be made to backtrack', ({ pattern, flags }) => {
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

/** Rejects, and ends the process, when there is no answer within the watchdog's time. */
async function detectWatched(question: HostileQuestion): Promise<Span[]> {
  running ??= await startProcess()
  const child = running
  return new Promise((resolve, reject) => {
    const watchdog = setTimeout(() => {
      running = undefined
      child.kill('SIGKILL')
      reject(new Error(`${question.name}: stopped after ${WATCHDOG_MS} ms`))
    }, WATCHDOG_MS)
    child.once('message', (spans) => {
      clearTimeout(watchdog)
      resolve(spans as Span[])
    })
    child.send(question)
  })
}

async function startProcess(): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL('hostile-process.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
  })
  await once(child, 'message')
  return child
}
