/**
 * Writes down everything that a browser window sends, receives, keeps and shows, for the canary test
 * to search. Nothing is filtered out here: what may hold a value is the test's to say.
 */
import type { Frame, Page, Request } from 'playwright-core'

/** Something a value could stand in. */
export type Evidence = {
  /** Names it for the report. */
  where: string
  haystack: Uint8Array | string
  /** The canaries that may stand here. */
  mayHold?: readonly string[]
}

/** What one request's own body and its answer's body may hold. */
export type Licence = (request: { method: string; path: string; body: string }) => {
  sent?: readonly string[]
  answered?: readonly string[]
}

/** What a frame's script did with the browser's memory, and what is in it. */
export type Storage = { where: string; touched: string[]; holds: unknown }

export type WindowRecorder = {
  /** Goes to `openWindow`: sees the page before it loads anything. */
  prepare: (page: Page) => Promise<void>
  /** Every request and answer until now. Waits for answers under way, streams excepted. */
  traffic(): Promise<Evidence[]>
  /** Answers whose body could not be read; a complete record has none. */
  unread: string[]
  /** The console, and errors nobody caught. */
  console: Evidence[]
}

type Ears = { canaryHeard: string[]; canaryTouched: string[] }

/**
 * In every frame, before its own scripts: writes down what `postMessage`, its ports and channels, and
 * event streams bring, and each time a script reaches for storage. A browser may deny a frame its
 * storage, which would make an empty one prove nothing.
 */
function listen() {
  const heard: string[] = []
  const touched: string[] = []
  const note = (how: string, data: unknown) => {
    let text = String(data)
    try {
      text += ` ${JSON.stringify(data)}`
    } catch {
      // What cannot be written as JSON was written as text.
    }
    heard.push(`${how} at ${window.origin}: ${text}`)
  }
  Object.assign(window, { canaryHeard: heard, canaryTouched: touched })
  window.addEventListener('message', (event) => note(`from ${event.origin}`, event.data), true)
  for (const { prototype } of [MessagePort, BroadcastChannel]) {
    const post = prototype.postMessage
    prototype.postMessage = function (this: MessagePort & BroadcastChannel, ...sent: unknown[]) {
      note('through a channel', sent[0])
      Reflect.apply(post, this, sent)
    }
  }
  const Source = window.EventSource
  window.EventSource = class extends Source {
    constructor(...given: ConstructorParameters<typeof EventSource>) {
      super(...given)
      this.addEventListener('message', (event) => note('streamed', event.data))
    }
  }
  for (const [owner, name] of [
    [window, 'localStorage'],
    [window, 'sessionStorage'],
    [window, 'indexedDB'],
    [window, 'caches'],
    [Document.prototype, 'cookie'],
  ] as const) {
    const { get, set } = Object.getOwnPropertyDescriptor(owner, name) ?? {}
    Object.defineProperty(owner, name, {
      configurable: true,
      get() {
        touched.push(name)
        return get?.call(this)
      },
      set(value) {
        touched.push(name)
        set?.call(this, value)
      },
    })
  }
}

const NO_BODY = [204, 301, 302, 303, 304, 307, 308]

/** Records one person's window. */
export function recordWindow(who: string, licence: Licence): WindowRecorder {
  const taking = new Set<Promise<Evidence[]>>()
  const unread: string[] = []
  const lines: Evidence[] = []

  const take = async (request: Request): Promise<Evidence[]> => {
    const { pathname: path } = new URL(request.url())
    const method = request.method()
    const name = `${who}: ${method} ${path}`
    const body = request.postDataBuffer() ?? Buffer.alloc(0)
    const { sent, answered } = licence({ method, path, body: body.toString() })
    const evidence: Evidence[] = [
      { where: `${name}, address`, haystack: request.url() },
      { where: `${name}, headers`, haystack: JSON.stringify(await request.allHeaders()) },
      { where: `${name}, body`, haystack: body, ...(sent === undefined ? {} : { mayHold: sent }) },
    ]
    const response = await request.response()
    if (response === null) return evidence
    const head = { status: response.statusText(), ...(await response.allHeaders()) }
    evidence.push({ where: `answer to ${name}, headers`, haystack: JSON.stringify(head) })
    if (NO_BODY.includes(response.status())) return evidence
    try {
      evidence.push({
        where: `answer to ${name}, body`,
        haystack: await response.body(),
        ...(answered === undefined ? {} : { mayHold: answered }),
      })
    } catch {
      if (request.failure() === null) unread.push(name)
    }
    return evidence
  }

  return {
    unread,
    console: lines,
    async prepare(page) {
      page.on('console', (message) => {
        lines.push({ where: `${who}: console.${message.type()}`, haystack: message.text() })
      })
      page.on('pageerror', (error) => {
        lines.push({ where: `${who}: error`, haystack: `${error.message}\n${error.stack}` })
      })
      const onEnd = (request: Request) => void taking.add(take(request))
      page.on('requestfinished', onEnd)
      page.on('requestfailed', onEnd)
      await page.addInitScript(listen)
    },
    traffic: async () => (await Promise.all(taking)).flat(),
  }
}

const nameOf = (frame: Frame) => {
  const { host, pathname } = new URL(frame.url())
  return `${host}${pathname}`
}

/** The frames that have a document of somebody's. */
export function framesOf(page: Page): Frame[] {
  return page.frames().filter((frame) => frame.url().startsWith('http'))
}

/** What every frame heard. */
export function messagesIn(who: string, page: Page): Promise<Evidence[]> {
  return Promise.all(
    framesOf(page).map(async (frame) => ({
      where: `${who}: messages in ${nameOf(frame)}`,
      haystack: await frame.evaluate(() => (window as unknown as Ears).canaryHeard.join('\n')),
    })),
  )
}

/** Every frame as it stands: elements, shadow trees, what is typed and selected, addresses, titles. */
export function documentsIn(who: string, page: Page): Promise<Evidence[]> {
  return Promise.all(
    framesOf(page).map(async (frame) => ({
      where: `${who}: document of ${nameOf(frame)}`,
      haystack: await frame.evaluate(() => {
        const parts = [
          String(getSelection()),
          document.title,
          window.name,
          window.location.href,
          JSON.stringify(window.history.state),
          ...performance.getEntries().map((entry) => entry.name),
        ]
        const walk = (root: Document | ShadowRoot) => {
          for (const child of root.children) parts.push(child.outerHTML)
          for (const element of root.querySelectorAll('*')) {
            if ('value' in element) parts.push(String(element.value))
            if (element.shadowRoot !== null) walk(element.shadowRoot)
          }
        }
        walk(document)
        return parts.join('\n')
      }),
    })),
  )
}

/** What every frame keeps in the browser; call it once, for looking counts as touching. */
export async function storagesIn(who: string, page: Page): Promise<Storage[]> {
  const cookies = await page.context().cookies()
  const frames = await Promise.all(
    framesOf(page).map(async (frame) => ({
      where: `${who}: storage of ${nameOf(frame)}`,
      ...(await frame.evaluate(async () => {
        const touched = [...(window as unknown as Ears).canaryTouched]
        try {
          const { localStorage: local, sessionStorage: session } = window
          const keys = [local, session].flatMap((storage) => Object.keys(storage))
          const databases = (await indexedDB.databases()).map(({ name }) => name)
          return { touched, holds: [...keys, ...databases, ...(await caches.keys())] }
        } catch (error) {
          return { touched, holds: error instanceof DOMException ? error.name : String(error) }
        }
      })),
    })),
  )
  return [{ where: `${who}: cookies`, touched: [], holds: cookies }, ...frames]
}
