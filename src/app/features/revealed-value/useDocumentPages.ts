/** Opens a document for as long as it is on screen, and draws the page one is at. */
import { useEffect, useLayoutEffect, useState } from 'react'
import type { DocumentPages, PagePixels } from './document-pages.ts'
import { openDocument } from './open-document.ts'
import type { DocumentBytes } from './open-document.ts'

export type DrawnPage = { number: number; pixels: PagePixels }

export type PagesOnScreen = {
  /** null until the document is open. */
  count: number | null
  /** The last page that was drawn; another may be on its way. */
  drawn: DrawnPage | null
  /** Why there is no document, or not this page. */
  error: unknown
}

export function useDocumentPages(document: DocumentBytes, number: number): PagesOnScreen {
  const [pages, setPages] = useState<DocumentPages | null>(null)
  const [drawn, setDrawn] = useState<DrawnPage | null>(null)
  const [failed, setFailed] = useState<{ number: number | null; error: unknown } | null>(null)

  // In the same commit that takes it off the screen, not some time after.
  useLayoutEffect(() => {
    const controller = new AbortController()
    const { signal } = controller
    openDocument(document, signal).then(
      (opened) => (signal.aborted ? undefined : setPages(opened)),
      (error: unknown) => (signal.aborted ? undefined : setFailed({ number: null, error })),
    )
    return () => controller.abort()
  }, [document])

  useEffect(() => {
    if (pages === null) return undefined
    let isWanted = true
    pages.draw(number).then(
      (pixels) => (isWanted ? setDrawn({ number, pixels }) : pixels.release()),
      (error: unknown) => (isWanted ? setFailed({ number, error }) : undefined),
    )
    return () => {
      isWanted = false
    }
  }, [pages, number])

  useLayoutEffect(() => () => drawn?.pixels.release(), [drawn])

  const hasFailed = failed !== null && (failed.number === null || failed.number === number)
  return { count: pages?.count ?? null, drawn, error: hasFailed ? failed.error : null }
}
