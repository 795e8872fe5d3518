/** Where a page stands in the area that shows it. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  clampZoom,
  layOutPage,
  MAX_ZOOM,
  MIN_ZOOM,
  scrollKeeping,
  stepZoom,
} from '../../src/app/features/revealed-value/page-layout.ts'

const PORTRAIT = { width: 1972, height: 2789 }
const CARD = { width: 1280, height: 860 }
const AREA = { width: 294, height: 386 }

const side = fc.integer({ min: 1, max: 10_000 })
const size = fc.record({ width: side, height: side })

describe('a whole page', () => {
  test('in portrait is as high as its area, and stands in its middle', () => {
    const layout = layOutPage(PORTRAIT, AREA, 1)
    expect(layout.height).toBeCloseTo(AREA.height)
    expect(layout.left).toBeCloseTo((AREA.width - layout.width) / 2)
    expect(layout.top).toBeCloseTo(0)
  })

  test('in landscape is as wide as its area', () => {
    const layout = layOutPage(CARD, AREA, 1)
    expect(layout.width).toBeCloseTo(AREA.width)
    expect(layout.top).toBeGreaterThan(0)
  })

  test('never reaches beyond its area, and keeps its shape', () => {
    fc.assert(
      fc.property(size, size, (page, area) => {
        const { width, height } = layOutPage(page, area, 1)
        expect(width).toBeLessThanOrEqual(area.width * 1.000_001)
        expect(height).toBeLessThanOrEqual(area.height * 1.000_001)
        expect(width * page.height).toBeCloseTo(height * page.width, 3)
      }),
    )
  })
})

describe('zooming', () => {
  test('goes in steps from the whole page to its small print and back', () => {
    const steps = [MIN_ZOOM]
    while (steps.at(-1) !== MAX_ZOOM) steps.push(stepZoom(steps.at(-1) ?? MAX_ZOOM, 'in'))
    expect(stepZoom(MAX_ZOOM, 'in')).toBe(MAX_ZOOM)
    const back = [MAX_ZOOM]
    while (back.at(-1) !== MIN_ZOOM) back.push(stepZoom(back.at(-1) ?? MIN_ZOOM, 'out'))
    expect(stepZoom(MIN_ZOOM, 'out')).toBe(MIN_ZOOM)
    expect(back.toReversed()).toEqual(steps)
  })

  test('from between two steps goes to the next one', () => {
    expect(stepZoom(1.7, 'in')).toBe(2)
    expect(stepZoom(1.7, 'out')).toBe(1.5)
  })

  test('never leaves its limits', () => {
    expect([clampZoom(0.2), clampZoom(3), clampZoom(90)]).toEqual([MIN_ZOOM, 3, MAX_ZOOM])
  })

  test('keeps under the pointer what was there, while there is page all around it', () => {
    const zoom = fc.double({ min: 2, max: MAX_ZOOM, noNaN: true })
    fc.assert(
      fc.property(zoom, zoom, fc.double({ min: 0.2, max: 0.8, noNaN: true }), (from, to, share) => {
        const before = layOutPage(PORTRAIT, AREA, from)
        const after = layOutPage(PORTRAIT, AREA, to)
        const point = { x: AREA.width * share, y: AREA.height * (1 - share) }
        // Both ways the pointer is at the middle of the page.
        const scroll = { x: before.width / 2 - point.x, y: before.height / 2 - point.y }
        const next = scrollKeeping(point, { layout: before, scroll }, after)
        expect(next.x + point.x).toBeCloseTo(after.width / 2, 6)
        expect(next.y + point.y).toBeCloseTo(after.height / 2, 6)
      }),
    )
  })

  test('back to the whole page scrolls to its beginning', () => {
    const before = layOutPage(CARD, AREA, 4)
    const whole = layOutPage(CARD, AREA, 1)
    const from = { layout: before, scroll: { x: 500, y: 300 } }
    expect(scrollKeeping({ x: 140, y: 190 }, from, whole).x).toBeLessThanOrEqual(AREA.width)
  })
})
