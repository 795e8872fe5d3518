/**
 * The text layer of a PDF, read by pdf.js in a thread of its own: what somebody attached to a ticket
 * may be made to break its reader. This module is both ends, the one that is imported and the one that
 * the thread runs, so that a bundle needs no second entry.
 */
import { Worker, parentPort, workerData } from 'node:worker_threads'
import type { MessagePort, WorkerOptions } from 'node:worker_threads'

export type PdfLimits = {
  timeoutMs: number
  pages: number
  /** Characters of text. */
  characters: number
  /** By how much the process may grow meanwhile: what inflates does so outside the thread's heap. */
  growthBytes: number
}

const MIB = 1024 * 1024

export const PDF_LIMITS: PdfLimits = {
  timeoutMs: 10_000,
  pages: 300,
  characters: 4_000_000,
  growthBytes: 256 * MIB,
}

const THREAD = 'scrim.read-pdf'
const HEAP_MIB = 192
const STACK_MIB = 4
const WATCH_MS = 50

type Task = { thread: typeof THREAD; bytes: Uint8Array; limits: PdfLimits }
/** The text of one page after the other; at last whether these were all, and all of them whole. */
type Message = { text: string } | { isComplete: boolean }

/** One at a time in a process: their memory adds up. */
let queue: Promise<unknown> = Promise.resolve()

/**
 * The pages' text and what is typed into form fields and notes, in order. null when no page could be
 * read: encrypted, broken, or at a limit before the first page ended. `isComplete` is false when a page
 * could not be read or a limit was met; the text before it counts. Never rejects.
 */
export function readPdf(
  bytes: Uint8Array,
  limits: PdfLimits = PDF_LIMITS,
): Promise<{ text: string; isComplete: boolean } | null> {
  const reading = queue.then(() => readInThread(bytes, limits))
  queue = reading
  return reading
}

function readInThread(
  bytes: Uint8Array,
  limits: PdfLimits,
): Promise<{ text: string; isComplete: boolean } | null> {
  return new Promise((resolve) => {
    const pages: string[] = []
    // A copy: the thread's end is the end of its memory, and the caller still needs the bytes.
    const task: Task = { thread: THREAD, bytes: bytes.slice(), limits }
    const thread = startThread({
      workerData: task,
      transferList: [task.bytes.buffer as ArrayBuffer],
      // Neither the endpoint's secrets nor its flags are in there with the document.
      env: {},
      execArgv: [],
      // pdf.js talks to the console.
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB, stackSizeMb: STACK_MIB },
    })
    const end = (isComplete: boolean): void => {
      clearInterval(watch)
      resolve(pages.length === 0 ? null : { text: pages.join('\n'), isComplete })
      void thread.terminate()
    }
    const before = process.memoryUsage.rss()
    // Counted, not measured: while a serverless instance is frozen, no time passes for the thread.
    let workedMs = 0
    const watch = setInterval(() => {
      workedMs += WATCH_MS
      const grownBytes = process.memoryUsage.rss() - before
      if (workedMs > limits.timeoutMs || grownBytes > limits.growthBytes) end(false)
    }, WATCH_MS)
    thread.on('message', (message: Message) => {
      if ('text' in message) pages.push(message.text)
      else end(message.isComplete)
    })
    thread.on('error', () => end(false))
    thread.on('exit', () => end(false))
    thread.stdout.resume()
    thread.stderr.resume()
  })
}

/** From source there is TypeScript to load, which a thread does not inherit from its process. */
const IS_SOURCE = import.meta.url.endsWith('.ts')
const FROM_SOURCE = `import('tsx/esm/api').then(async ({ register }) => {
  const unregister = register()
  const { serve } = await import(${JSON.stringify(import.meta.url)})
  await unregister()
  await serve()
})`

function startThread(options: WorkerOptions): Worker {
  return IS_SOURCE
    ? new Worker(FROM_SOURCE, { ...options, eval: true })
    : new Worker(new URL(import.meta.url), options)
}

/** The thread's end. */
export async function serve(): Promise<void> {
  if (parentPort !== null && isTask(workerData)) await read(parentPort, workerData)
}

async function read(port: MessagePort, { bytes, limits }: Task): Promise<void> {
  const say = (message: Message): void => port.postMessage(message)
  const { getDocument } = await loadPdfJs()
  const pdf = await getDocument({
    data: bytes,
    isEvalSupported: false,
    enableXfa: false,
    useWasm: false,
    useWorkerFetch: false,
    useSystemFonts: false,
    disableFontFace: true,
    isOffscreenCanvasSupported: false,
    isImageDecoderSupported: false,
    verbosity: 0,
  }).promise
  let left = limits.characters
  let isComplete = pdf.numPages <= limits.pages
  for (let number = 1; number <= Math.min(pdf.numPages, limits.pages) && left > 0; number += 1) {
    try {
      const text = await textOf(await pdf.getPage(number))
      say({ text: text.slice(0, left) })
      if (text.length > left) isComplete = false
      left -= text.length
    } catch {
      isComplete = false
    }
  }
  say({ isComplete: isComplete && left > 0 })
}

/** pdf.js without its own thread, without a canvas, and without a way to files and modules. */
async function loadPdfJs() {
  Object.defineProperty(process, 'getBuiltinModule', { value: undefined })
  // Named when pdf.js is loaded, used when it draws.
  Object.assign(globalThis, { DOMMatrix: Object, ImageData: Object, Path2D: Object })
  // Leaves itself where pdf.js looks before it would start a thread from a file.
  await import('pdfjs-dist/legacy/build/pdf.worker.mjs')
  return await import('pdfjs-dist/legacy/build/pdf.mjs')
}

type Page = Awaited<
  ReturnType<
    Awaited<ReturnType<Awaited<ReturnType<typeof loadPdfJs>>['getDocument']>['promise']>['getPage']
  >
>

async function textOf(page: Page): Promise<string> {
  const { items } = await page.getTextContent()
  const written = items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : ''))
  // Untyped in pdf.js: what is typed into a form is no part of the page's text.
  const annotations = (await page.getAnnotations()) as {
    fieldValue?: unknown
    contentsObj?: { str?: unknown }
  }[]
  const typed = annotations.flatMap(({ fieldValue, contentsObj }) =>
    [fieldValue, contentsObj?.str].flat().filter((value) => typeof value === 'string'),
  )
  page.cleanup()
  return [written.join(''), ...typed].join('\n')
}

function isTask(data: unknown): data is Task {
  return typeof data === 'object' && data !== null && 'thread' in data && data.thread === THREAD
}

if (!IS_SOURCE) await serve()
