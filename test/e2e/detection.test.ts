import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import type { DetectOptions } from '../../src/detect/detector.ts'
import { detect } from '../../src/detect/detect.ts'
import type { Span } from '../../src/detect/span.ts'
import { DETECTED_KINDS } from '../../src/detect/span.ts'
import { corpusCases, everydayCases } from '../detect/corpus.ts'
import { openChromium } from '../support/chromium.ts'
import { bundleDetector } from '../support/detector-bundle.ts'

declare const scrimDetect: { detect(text: string, options?: DetectOptions): Span[] }

/** Bytes as they travel: what the save guard may add to a sidebar. */
const BUNDLE_LIMIT = 45_000

let bundle: string
let browser: Browser
let page: Page

beforeAll(async () => {
  bundle = await bundleDetector()
  browser = await openChromium()
  page = await browser.newPage()
  await page.addScriptTag({ content: bundle })
})

afterAll(async () => {
  await browser?.close()
})

describe('the detector in a browser', () => {
  test('finds in every line of the corpus exactly what it finds on the server', async () => {
    const texts = [...corpusCases(), ...everydayCases()].map(({ text }) => text)
    expect(texts.length).toBeGreaterThan(2_000)
    const levels = Object.fromEntries(
      DETECTED_KINDS.map((kind) => [kind, 'possible' as const]),
    ) as NonNullable<DetectOptions['levels']>
    for (const markup of ['text', 'html'] as const) {
      const options = { levels, markup }
      const inBrowser = await page.evaluate(
        ([lines, settings]) => lines.map((line) => scrimDetect.detect(line, settings)),
        [texts, options] as const,
      )
      const onServer = texts.map((text) => detect(text, options))
      const differing = texts.filter(
        (_, index) => JSON.stringify(inBrowser[index]) !== JSON.stringify(onServer[index]),
      )
      expect(differing).toEqual([])
    }
  })

  test('is small enough to load beside a ticket, as the save guard needs it by default', async () => {
    const guard = await bundleDetector('iife', 'detect-values.ts')
    const gzip = gzipSync(guard, { level: 9 }).length
    // At its best, which is node's default: what `src/endpoint/assets.ts` sends to the browsers of today.
    const brotli = brotliCompressSync(guard).length
    expect(brotli, `${String(brotli)} bytes, ${String(gzip)} as gzip`).toBeLessThanOrEqual(
      BUNDLE_LIMIT,
    )
  })
})
