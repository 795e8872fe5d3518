/**
 * Where a page stands in the area that shows it. Zoom 1 is the whole page; beyond that the area
 * scrolls. All lengths are CSS pixels.
 */
import type { Size } from './image-size.ts'

export type Point = { x: number; y: number }
/** The page on screen. `left` and `top` are the room beside a page that is smaller than its area. */
export type PageLayout = Size & { left: number; top: number }

export const MIN_ZOOM = 1
/** A page of ours has about as many pixels as an area shows at this zoom. */
export const MAX_ZOOM = 8
const STEPS = [1, 1.5, 2, 3, 4, 6, 8]

export function clampZoom(zoom: number): number {
  return Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, zoom))
}

/** The next step in or out; the last one stays. */
export function stepZoom(zoom: number, direction: 'in' | 'out'): number {
  return direction === 'in'
    ? (STEPS.find((step) => step > zoom) ?? MAX_ZOOM)
    : (STEPS.findLast((step) => step < zoom) ?? MIN_ZOOM)
}

export function layOutPage(page: Size, area: Size, zoom: number): PageLayout {
  const scale = Math.min(area.width / page.width, area.height / page.height) * zoom
  const width = page.width * scale
  const height = page.height * scale
  return {
    width,
    height,
    left: Math.max(0, (area.width - width) / 2),
    top: Math.max(0, (area.height - height) / 2),
  }
}

/** Where to scroll so that what is under `point` of the area stays under it while the layout changes. */
export function scrollKeeping(
  point: Point,
  from: { layout: PageLayout; scroll: Point },
  to: PageLayout,
): Point {
  const across = (from.scroll.x + point.x - from.layout.left) / from.layout.width
  const down = (from.scroll.y + point.y - from.layout.top) / from.layout.height
  return {
    x: Math.max(0, across * to.width + to.left - point.x),
    y: Math.max(0, down * to.height + to.top - point.y),
  }
}
