/**
 * Paints what is in sight of a page, and across it the viewer's name and the time, into the same
 * pixels: a screenshot, a photograph and a copy of the canvas all carry them.
 */
import type { Size } from './image-size.ts'
import type { PagePixels } from './document-pages.ts'
import type { PageLayout, Point } from './page-layout.ts'

export type InSight = {
  layout: PageLayout
  scroll: Point
  /** What the canvas covers, in CSS pixels, and how many of its own pixels each of them has. */
  area: Size
  pixelRatio: number
}

const ANGLE = -Math.PI / 8
const FONT_SIZE = 13
/** Between two lines and between two names of a line. Closer, and small print drowns. */
const LINE_HEIGHT = 64
const GAP = 48
/**
 * Dark letters with a bright rim: one of the two stands out on any ground, and neither hides what is
 * beneath.
 */
const LETTERS = 'rgb(0 0 0 / 0.3)'
const RIM = 'rgb(255 255 255 / 0.45)'
const RIM_WIDTH = 2

/** Paints page and watermark in one go: nothing is ever on screen without it. */
export function paintPage(
  canvas: HTMLCanvasElement,
  page: PagePixels,
  { layout, scroll, area, pixelRatio }: InSight,
  watermark: string,
): void {
  resize(canvas, Math.round(area.width * pixelRatio), Math.round(area.height * pixelRatio))
  const context = canvas.getContext('2d')
  if (context === null) return
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.clearRect(0, 0, canvas.width, canvas.height)
  context.scale(pixelRatio, pixelRatio)

  const x = layout.left - scroll.x
  const y = layout.top - scroll.y
  // Paper: what is transparent was drawn to be seen on white.
  context.fillStyle = 'white'
  context.fillRect(x, y, layout.width, layout.height)
  context.imageSmoothingQuality = 'high'
  context.drawImage(page.source, x, y, layout.width, layout.height)
  paintWatermark(context, area, watermark)
}

/** Leaves nothing in the canvas: its memory is given back, not painted over. */
export function clearPage(canvas: HTMLCanvasElement): void {
  canvas.width = 0
  canvas.height = 0
}

function resize(canvas: HTMLCanvasElement, width: number, height: number): void {
  // Setting either, even to what it is, makes the browser begin with new memory.
  if (canvas.width !== width) canvas.width = width
  if (canvas.height !== height) canvas.height = height
}

function paintWatermark(context: CanvasRenderingContext2D, area: Size, text: string): void {
  context.save()
  context.translate(area.width / 2, area.height / 2)
  context.rotate(ANGLE)
  context.font = `500 ${FONT_SIZE}px system-ui, sans-serif`
  context.textAlign = 'left'
  context.textBaseline = 'middle'
  context.fillStyle = LETTERS
  context.strokeStyle = RIM
  context.lineWidth = RIM_WIDTH
  context.lineJoin = 'round'
  const step = context.measureText(text).width + GAP
  // A circle around the area: however it is turned, its corners are inside.
  const reach = Math.hypot(area.width, area.height) / 2
  for (let line = -Math.ceil(reach / LINE_HEIGHT); line * LINE_HEIGHT <= reach; line += 1) {
    // Every other line begins half a name later, so that no column of the page stays free of it.
    const shift = line % 2 === 0 ? 0 : step / 2
    for (let x = -reach - shift; x < reach; x += step) {
      context.strokeText(text, x, line * LINE_HEIGHT)
      context.fillText(text, x, line * LINE_HEIGHT)
    }
  }
  context.restore()
}
