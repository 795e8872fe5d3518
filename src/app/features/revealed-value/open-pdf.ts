/**
 * Draws the pages of a PDF, through pdf.js. Its own worker reads the file; the page gets drawing
 * operations. A PDF is a program somebody sent us: scripts, forms, links, attachments, its fonts as
 * fonts of the page and whatever it asks to be fetched stay out.
 */
import { AnnotationMode, getDocument, PDFWorker, VerbosityLevel } from 'pdfjs-dist'
import type { PDFDocumentProxy } from 'pdfjs-dist'
import openJpegUrl from 'pdfjs-dist/wasm/openjpeg.wasm?url'
// Vite's default export, the address of the file, which the linter looks for in the file itself.
// oxlint-disable-next-line import/default
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url'
import { DocumentFault } from './document-pages.ts'
import type { DocumentPages, PagePixels } from './document-pages.ts'

/** A page has this many pixels: A4 at 240 dots an inch, enough for its small print. */
const PAGE_PIXELS = 5_500_000
/** Browsers refuse to draw on what is longer. */
const MAX_SIDE = 8_192
/** Of an image inside it. */
const MAX_IMAGE_PIXELS = 64_000_000
/** How long pdf.js may take to put its things away before its worker is ended anyway. */
const FAREWELL_MS = 500

/** Brings the worker's code into the browser's cache, where it waits until a PDF is shown. */
export async function fetchWorker(): Promise<void> {
  const response = await fetch(workerUrl)
  await response.arrayBuffer()
}

/** @throws DocumentFault */
export async function openPdf(
  bytes: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
): Promise<DocumentPages> {
  const port = new Worker(workerUrl, { type: 'module' })
  const worker = PDFWorker.create({ port, verbosity: VerbosityLevel.ERRORS })
  const task = getDocument({
    // A copy: what is sent to a worker is no longer here.
    data: bytes.slice(),
    worker,
    verbosity: VerbosityLevel.ERRORS,
    isEvalSupported: false,
    enableXfa: false,
    // Letters are drawn as shapes. No font of the file reaches the browser's own font machinery.
    disableFontFace: true,
    maxImageSize: MAX_IMAGE_PIXELS,
    // What scans are packed in, besides JPEG, and the only thing that is ever fetched.
    WasmFactory: OpenJpeg,
    useWorkerFetch: false,
  })
  const close = () => {
    const farewell = Promise.race([task.destroy(), pause(FAREWELL_MS)])
    void farewell.finally(() => {
      worker.destroy()
      port.terminate()
    })
  }
  signal.addEventListener('abort', close, { once: true })
  const isUnable = new Promise<never>((_, reject) => {
    port.addEventListener('error', () => reject(new Error('the worker of pdf.js does not work')))
  })
  const pdf = await Promise.race([task.promise.catch(throwFault), isUnable])
  signal.throwIfAborted()
  return {
    count: pdf.numPages,
    draw: (number) => Promise.race([drawPage(pdf, number), isUnable]),
  }
}

async function drawPage(pdf: PDFDocumentProxy, number: number): Promise<PagePixels> {
  const page = await pdf.getPage(number).catch(throwFault)
  const { width, height } = page.getViewport({ scale: 1 })
  const scale = Math.min(
    Math.sqrt(PAGE_PIXELS / (width * height)),
    MAX_SIDE / Math.max(width, height),
  )
  const viewport = page.getViewport({ scale })
  // In no document: it is somewhere to draw, and goes when the page is turned.
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.floor(viewport.width))
  canvas.height = Math.max(1, Math.floor(viewport.height))
  const release = () => {
    canvas.width = 0
    canvas.height = 0
  }
  try {
    await page.render({ canvas, viewport, annotationMode: AnnotationMode.DISABLE }).promise
  } catch (error) {
    release()
    throwFault(error)
  } finally {
    page.cleanup()
  }
  return { source: canvas, width: canvas.width, height: canvas.height, release }
}

function throwFault(error: unknown): never {
  const isLocked = error instanceof Error && error.name === 'PasswordException'
  throw new DocumentFault(isLocked ? 'locked' : 'broken')
}

/** Hands the decoder of JPEG 2000 to the worker, which itself may fetch nothing. */
class OpenJpeg {
  async fetch({ filename }: { filename: string }): Promise<Uint8Array> {
    if (filename !== 'openjpeg.wasm') throw new Error(`pdf.js asks for ${filename}`)
    const response = await fetch(openJpegUrl)
    if (!response.ok) throw new Error('the decoder of JPEG 2000 cannot be had')
    return new Uint8Array(await response.arrayBuffer())
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
  })
}
