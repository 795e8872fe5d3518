/**
 * One page as pixels, to look at: whole, or larger than its place and moved about in it. The area
 * scrolls as any does, by wheel, finger, keyboard or its bars; what one sees is one canvas that stays
 * in place and is painted anew.
 */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { KeyboardEvent, PointerEvent, RefObject, SyntheticEvent } from 'react'
import { focusStyles } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import type { PagePixels } from './document-pages.ts'
import type { Size } from './image-size.ts'
import { clampZoom, layOutPage, scrollKeeping, stepZoom } from './page-layout.ts'
import type { PageLayout, Point } from './page-layout.ts'
import { clearPage, paintPage } from './paint-page.ts'

/** How much larger the page becomes by one unit of a wheel that zooms. */
const WHEEL_ZOOM = 0.005

const Area = styled.section`
  flex: 1;
  min-height: 0;
  overflow: auto;
  scrollbar-width: thin;
  ${({ theme }) => focusStyles({ theme, inset: true })}
`

const Spread = styled.div`
  /* Has its size at once, to be scrolled in: what reduces motion gives everything else a millisecond. */
  transition-property: none;
  position: relative;
  min-width: 100%;
  min-height: 100%;
`

const Canvas = styled.canvas<{ $isMovable: boolean }>`
  display: block;
  transition-property: none;
  position: sticky;
  top: 0;
  left: 0;
  cursor: ${({ $isMovable }) => ($isMovable ? 'grab' : 'default')};
  user-select: none;
  -webkit-user-select: none;
  -webkit-touch-callout: none;
  &:active {
    cursor: ${({ $isMovable }) => ($isMovable ? 'grabbing' : 'default')};
  }
`

/** `around` stays where it is in the area, which otherwise keeps its middle. */
export type Zoom = { factor: number; around: Point | null }
export const WHOLE_PAGE: Zoom = { factor: 1, around: null }

export type PageViewProps = {
  page: PagePixels
  zoom: Zoom
  onZoom: (change: (last: Zoom) => Zoom) => void
  /** By so many pages; absent where there is one. */
  onTurn: ((by: 1 | -1) => void) | undefined
  /** The viewer's name and the time of the reveal. */
  watermark: string
  /** What the area is called. */
  label: string
  /** What it shows: a picture, whose words nobody can read out. */
  alternative: string
  hintId: string
}

export function PageView(props: PageViewProps) {
  const { page, zoom, onZoom, onTurn, watermark } = props
  const area = useRef<HTMLElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const size = useInnerSize(area)
  const layout = useMemo(() => layOutPage(page, size, zoom.factor), [page, size, zoom.factor])
  const drag = usePointerDrag(area)
  const isMovable = layout.width > size.width || layout.height > size.height
  const last = useRef<{ page: PagePixels; layout: PageLayout } | null>(null)

  useLayoutEffect(() => {
    const [scroller, drawing] = [area.current, canvas.current]
    if (scroller === null || drawing === null || size.width === 0) return undefined
    const paint = () => {
      const scroll = { x: scroller.scrollLeft, y: scroller.scrollTop }
      const pixelRatio = window.devicePixelRatio
      paintPage(drawing, page, { layout, scroll, area: size, pixelRatio }, watermark)
    }
    const before = last.current
    last.current = { page, layout }
    if (before !== null && before.page !== page) scroller.scrollTo(0, 0)
    else if (before !== null && before.layout !== layout) {
      const middle = { x: size.width / 2, y: size.height / 2 }
      const scroll = { x: scroller.scrollLeft, y: scroller.scrollTop }
      const from = { layout: before.layout, scroll }
      const to = scrollKeeping(zoom.around ?? middle, from, layout)
      scroller.scrollTo(to.x, to.y)
    }
    paint()
    scroller.addEventListener('scroll', paint, { passive: true })
    return () => scroller.removeEventListener('scroll', paint)
  }, [page, layout, size, watermark, zoom])

  useLayoutEffect(() => {
    const drawing = canvas.current
    return () => {
      if (drawing !== null) clearPage(drawing)
    }
  }, [])

  useEffect(() => {
    const scroller = area.current
    if (scroller === null) return undefined
    const onWheel = (event: WheelEvent) => {
      // A pinch on a touchpad arrives as this, too.
      if (!event.ctrlKey && !event.metaKey) return
      event.preventDefault()
      const { left, top } = scroller.getBoundingClientRect()
      const around = { x: event.clientX - left, y: event.clientY - top }
      const by = Math.exp(-event.deltaY * WHEEL_ZOOM)
      onZoom(({ factor }) => ({ factor: clampZoom(factor * by), around }))
    }
    // React's own listener may not keep the browser from zooming its page.
    scroller.addEventListener('wheel', onWheel, { passive: false })
    return () => scroller.removeEventListener('wheel', onWheel)
  }, [onZoom])

  const acts: Readonly<Record<string, () => void>> = {
    '+': () => onZoom(({ factor }) => ({ factor: stepZoom(factor, 'in'), around: null })),
    '-': () => onZoom(({ factor }) => ({ factor: stepZoom(factor, 'out'), around: null })),
    '0': () => onZoom(() => WHOLE_PAGE),
    ...(onTurn === undefined ? {} : { PageDown: () => onTurn(1), PageUp: () => onTurn(-1) }),
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    // The same key on keyboards where plus needs Shift.
    const act = acts[event.key === '=' ? '+' : event.key]
    if (act === undefined) return
    event.preventDefault()
    act()
  }

  return (
    <Area
      ref={area}
      // What scrolls must be reachable by keyboard.
      tabIndex={0}
      aria-label={props.label}
      aria-describedby={props.hintId}
      // A page has a left side in every language.
      dir="ltr"
      onKeyDown={onKeyDown}
      onContextMenu={keepHere}
      onCopy={keepHere}
      onCut={keepHere}
      onDragStart={keepHere}
    >
      <Spread style={{ width: Math.floor(layout.width), height: Math.floor(layout.height) }}>
        <Canvas
          ref={canvas}
          // An img would need an address of the bytes.
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
          role="img"
          aria-label={props.alternative}
          draggable={false}
          $isMovable={isMovable}
          style={{ width: size.width, height: size.height }}
          {...drag}
          data-revealed
        />
      </Spread>
    </Area>
  )
}

function keepHere(event: SyntheticEvent) {
  event.preventDefault()
}

/** The room inside an element's scroll bars. Nothing until it is known. */
function useInnerSize(element: RefObject<HTMLElement>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 })
  useLayoutEffect(() => {
    const node = element.current
    if (node === null) return undefined
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = node
      setSize((last) => (last.width === width && last.height === height ? last : { width, height }))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(node)
    return () => observer.disconnect()
  }, [element])
  return size
}

/** Moves the page with a mouse or a pen, as a finger moves what scrolls. */
function usePointerDrag(area: RefObject<HTMLElement>) {
  const held = useRef<{ pointerId: number; x: number; y: number } | null>(null)
  const letGo = () => {
    held.current = null
  }
  return {
    onPointerDown(event: PointerEvent) {
      if (event.pointerType === 'touch' || event.button !== 0) return
      held.current = { pointerId: event.pointerId, x: event.clientX, y: event.clientY }
      event.currentTarget.setPointerCapture(event.pointerId)
    },
    onPointerMove(event: PointerEvent) {
      const from = held.current
      if (from === null || from.pointerId !== event.pointerId) return
      area.current?.scrollBy(from.x - event.clientX, from.y - event.clientY)
      held.current = { pointerId: from.pointerId, x: event.clientX, y: event.clientY }
    },
    onPointerUp: letGo,
    onPointerCancel: letGo,
  }
}
