/** The host against the SDK as npm publishes it, in a real browser. Steps are those of PROTOCOL.md. */
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Browser, Frame, Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { buildProducts, productFolder } from '../../src/sandbox/build.ts'
import type { Traffic } from '../../src/sandbox/host/connection.ts'
import type { ZafHost } from '../../src/sandbox/host/zaf-host.ts'
import { openChromium } from '../support/chromium.ts'

/** What `host-page.ts` and the app's page put on their windows. */
type HostWindow = {
  host: ZafHost
  frame: (
    location: string,
    path: string,
    options?: { ticketId?: number },
  ) => { guid: string; detach: () => void }
  done: unknown[][]
  transcript: Traffic[]
  fields: { name: string; isVisible: boolean; isEnabled: boolean }[]
}
type Call = (...args: unknown[]) => Promise<unknown>
type Client = {
  get: Call
  set: Call
  invoke: Call
  request: Call
  metadata: Call
  context: Call
  on: (event: string, handler: (data: unknown) => unknown) => void
  off: (event: string, handler: unknown) => void
  trigger: (event: string, data?: unknown) => void
  instance: (guid: string) => Client
}
declare const window: Window & HostWindow & { client: Client; heard: unknown[][] }

const APP_PAGE = `<!doctype html><title>app</title><script src="/zaf_sdk.js"></script>
<script>window.client = ZAFClient.init(); window.heard = []</script>`

let browser: Browser
let servers: Server[]
let hostUrl: string
let appUrl: string
let page: Page
let app: Frame
let pageErrors: string[]

async function serveOn(host: string, answers: Record<string, [type: string, body: string]>) {
  const server = createServer((request, response) => {
    const [type, body] = answers[new URL(request.url ?? '/', 'http://x').pathname] ?? []
    if (type === undefined) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  servers.push(server)
  return `http://${host}:${(server.address() as AddressInfo).port}`
}

async function bundleHostPage(): Promise<string> {
  const output = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      lib: { entry: 'test/sandbox/host-page.ts', formats: ['iife'], name: 'HostPage' },
    },
  })
  const [first] = Array.isArray(output) ? output : []
  const [chunk] = first?.output ?? []
  if (chunk?.type !== 'chunk') throw new Error('the host page did not build')
  return chunk.code
}

async function openApp(location: string, ticketId?: number): Promise<Frame> {
  const guid = await page.evaluate(
    ([location, ticketId]) => window.frame(location, '/app.html', { ticketId }).guid,
    [location, ticketId] as const,
  )
  return waitForApp(guid)
}

async function waitForApp(guid: string): Promise<Frame> {
  const iframe = await page.waitForSelector(`iframe[name="${guid}"]`)
  const frame = await iframe.contentFrame()
  if (frame === null) throw new Error('the iframe is gone')
  await frame.waitForFunction(() => 'client' in window)
  await frame.evaluate(() => window.client.context())
  return frame
}

/** Waits until all that the app posted before has been heard by the host, and answered. */
async function settle(frame: Frame = app) {
  await frame.evaluate(() => window.client.get('currentUser'))
}

/** The outcome of a call in the app: its result, or the error's name and message. */
function call<Result>(
  act: (client: Client) => Promise<Result>,
  frame: Frame = app,
): Promise<Result | { name: string; message: string }> {
  return frame.evaluate(async (source) => {
    // The function's source travels into the iframe; it closes over nothing.
    const act = new Function(`return (${source})`)() as (client: Client) => Promise<Result>
    try {
      return await act(window.client)
    } catch (reason) {
      const { name, message } = reason as Error
      return { name, message }
    }
  }, act.toString())
}

const done = () => page.evaluate(() => window.done)
const transcript = () => page.evaluate(() => window.transcript)
const heard = (frame: Frame = app) => frame.evaluate(() => window.heard)

beforeAll(async () => {
  servers = []
  await buildProducts(['sdk'])
  const sdk = await readFile(join(productFolder('sdk'), 'zaf_sdk.js'), 'utf8')
  appUrl = await serveOn('127.0.0.1', {
    '/app.html': ['text/html', APP_PAGE],
    '/zaf_sdk.js': ['text/javascript', sdk],
  })
  hostUrl = await serveOn('localhost', {
    '/': ['text/html', '<!doctype html><title>host</title><script src="/host.js"></script>'],
    '/host.js': ['text/javascript', `addEventListener('load', () => {${await bundleHostPage()}})`],
  })
  browser = await openChromium()
})

afterAll(async () => {
  await browser.close()
  for (const server of servers) server.close()
})

beforeEach(async () => {
  page = await browser.newPage()
  pageErrors = []
  page.on('pageerror', (error) => pageErrors.push(error.message))
  await page.goto(`${hostUrl}/?app=${encodeURIComponent(appUrl)}`)
  await page.waitForFunction(() => 'host' in window)
  app = await openApp('ticket_sidebar', 4001)
})

afterEach(async () => {
  await page.close()
  if (pageErrors.length > 0) throw new Error(`a page threw: ${pageErrors.join('; ')}`)
})

describe('opening an instance', () => {
  test('an app that shakes hands learns its installation and its place', async () => {
    expect(await call((client) => client.metadata())).toMatchObject({
      appId: 1,
      installationId: 2,
      settings: { max_minutes: 15 },
    })
    expect(await call((client) => client.context())).toEqual({
      product: 'support',
      location: 'ticket_sidebar',
      instanceGuid: 'guid-1',
      account: { subdomain: 'sandbox' },
      ticketId: 4001,
    })
  })

  test('the transcript of an opening is the one PROTOCOL.md describes', async () => {
    await settle()
    const said = (await transcript()).map(({ from, message }) =>
      from === 'app' ? `app ${message.type}` : `host ${'key' in message ? message.key : 'result'}`,
    )
    expect(said).toEqual([
      'app handshake',
      'host zaf.app.registered',
      'app subscribe',
      'app get',
      'host result',
    ])
  })

  test('an app that reloads is registered again and its old subscriptions are forgotten', async () => {
    await app.evaluate(() => window.client.on('app.deactivated', () => {}))
    await settle()
    await Promise.all([
      app.waitForNavigation(),
      app.evaluate(() => setTimeout(() => window.location.reload())),
    ])
    app = await waitForApp('guid-1')
    await page.evaluate(() => window.host.emit('guid-1', 'app.deactivated'))
    const posted = (await transcript()).filter(
      ({ message }) => 'key' in message && message.key === 'zaf.app.deactivated',
    )
    expect(posted).toEqual([])
  })

  test('messages from another origin or another window are not heard', async () => {
    const before = (await transcript()).length
    await page.evaluate(() => {
      const forged = JSON.stringify({
        id: 1,
        request: 'invoke',
        params: { notify: ['forged'] },
        appGuid: 'guid-1',
        instanceGuid: 'guid-1',
      })
      window.postMessage(forged, '*')
    })
    const other = await openApp('background')
    await other.evaluate(() =>
      window.parent.postMessage(
        JSON.stringify({
          id: 1,
          request: 'invoke',
          params: { notify: ['forged'] },
          appGuid: 'guid-1',
          instanceGuid: 'guid-1',
        }),
        '*',
      ),
    )
    await settle(other)
    expect(await done()).toEqual([])
    const heardOfApp = (await transcript()).slice(before).filter(({ guid }) => guid === 'guid-1')
    expect(heardOfApp).toEqual([])
  })

  test('an iframe that went elsewhere is not heard any more', async () => {
    const elsewhere = await serveOn('127.0.0.1', {
      '/': ['text/html', '<!doctype html><title>elsewhere</title>'],
    })
    await Promise.all([
      app.waitForNavigation(),
      app.evaluate((url) => setTimeout(() => window.location.assign(url)), elsewhere),
    ])
    const before = (await transcript()).length
    await app.evaluate(() =>
      window.parent.postMessage(
        JSON.stringify({
          id: 1,
          request: 'get',
          params: ['currentUser'],
          appGuid: 'guid-1',
          instanceGuid: 'guid-1',
        }),
        '*',
      ),
    )
    const background = await openApp('background')
    await settle(background)
    const heardSince = (await transcript()).slice(before)
    expect(heardSince.filter(({ guid }) => guid === 'guid-1')).toEqual([])
  })

  test('messages that are not of the protocol are dropped without a trace', async () => {
    const before = (await transcript()).length
    await app.evaluate(() => {
      for (const data of [
        'no json',
        '[]',
        'null',
        '{"appGuid":"guid-1"}',
        '{"appGuid":"guid-1","id":1,"request":"eval","params":["x"]}',
        '{"appGuid":"guid-1","id":-1,"request":"get","params":["ticket"]}',
        '{"appGuid":"guid-1","id":1,"request":"get","params":[1]}',
        '{"appGuid":"guid-1","key":"request:0","message":"x"}',
        '{"appGuid":"guid-1","key":"request:1","message":{}}',
        7,
      ]) {
        window.parent.postMessage(data, '*')
      }
    })
    await settle()
    expect((await transcript()).slice(before).map(({ from }) => from)).toEqual(['app', 'host'])
  })
})

describe('reading', () => {
  test('a ticket app reads the ticket, its custom fields and the person', async () => {
    expect(
      await call((client) =>
        client.get([
          'ticket.id',
          'ticket.customField:custom_field_301',
          'currentUser',
          'currentUser.name',
          'currentAccount.subdomain',
          'colorScheme',
          'visible',
          'ticketFields:custom_field_301',
        ]),
      ),
    ).toMatchObject({
      errors: {},
      'ticket.id': 4001,
      'ticket.customField:custom_field_301': '•••• 4242',
      currentUser: { id: 101, groups: [{ id: 201 }] },
      'currentUser.name': 'Maya Rivera',
      'currentAccount.subdomain': 'sandbox',
      colorScheme: 'light',
      visible: true,
      'ticketFields:custom_field_301': { label: 'Card number', isVisible: true },
    })
  })

  test('a path that does not exist rejects alone and stands beside the others in bulk', async () => {
    expect(await call((client) => client.get('ticket.secret'))).toEqual({
      name: 'APINotFoundError',
      message: '"ticket.secret" is not available',
    })
    expect(await call((client) => client.get(['ticket.id', 'nothing']))).toMatchObject({
      'ticket.id': 4001,
      errors: { nothing: { name: 'APINotFoundError', path: 'nothing' } },
    })
    expect(await call((client) => client.get('currentUser.constructor'))).toMatchObject({
      name: 'APINotFoundError',
    })
  })

  test('a background app has no ticket of its own', async () => {
    const background = await openApp('background')
    expect(await call((client) => client.get('ticket'), background)).toMatchObject({
      message: '"ticket" is not available',
    })
  })
})

describe('writing and acting', () => {
  test('a ticket app changes the draft', async () => {
    await call((client) => client.set('ticket.subject', 'New subject'))
    await call((client) => client.set('ticket.customField:custom_field_301', 'x'))
    expect(
      await call((client) => client.get(['ticket.subject', 'ticket.customField:custom_field_301'])),
    ).toMatchObject({
      'ticket.subject': 'New subject',
      'ticket.customField:custom_field_301': 'x',
    })
    expect(await call((client) => client.set('ticket.id', 1))).toMatchObject({
      name: 'APINotFoundError',
    })
    expect(
      await call((client) => client.set('ticket.customField:custom_field_999', 'x')),
    ).toMatchObject({ name: 'APINotFoundError' })
  })

  test('a ticket app reads and changes the comment that is being written', async () => {
    expect(
      await call((client) => client.get(['comment.text', 'comment.type', 'ticket.comment'])),
    ).toMatchObject({
      'comment.text': 'Dear customer',
      'comment.type': 'publicReply',
      'ticket.comment': { text: 'Dear customer', type: 'publicReply', attachments: [] },
    })
    await call((client) => client.set('comment.text', 'Hello'))
    await call((client) => client.invoke('comment.appendText', ' there'))
    await call((client) => client.set('comment.type', 'internalNote'))
    expect(await call((client) => client.get('ticket.comment'))).toMatchObject({
      'ticket.comment': { text: 'Hello there', type: 'internalNote' },
    })
    expect(await call((client) => client.set('comment.type', 'pigeon'))).toMatchObject({
      name: 'APINotFoundError',
    })
    expect(await call((client) => client.get('comment.colour'))).toMatchObject({
      name: 'APINotFoundError',
    })
  })

  test('a ticket app hides, shows, disables and enables native fields', async () => {
    const field = () => page.evaluate(() => window.fields[1])
    await call((client) => client.invoke('ticketFields:custom_field_301.hide'))
    expect(await field()).toMatchObject({ isVisible: false })
    await call((client) => client.invoke('ticketFields:custom_field_301.toggle'))
    expect(await field()).toMatchObject({ isVisible: true })
    await call((client) => client.invoke('ticketFields:custom_field_301.disable'))
    expect(await field()).toMatchObject({ isEnabled: false })
    await call((client) => client.invoke('ticketFields:custom_field_301.enable'))
    expect(await field()).toMatchObject({ isEnabled: true })
    expect(
      await call((client) => client.invoke('ticketFields:custom_field_999.hide')),
    ).toMatchObject({ name: 'APINotFoundError' })
  })

  test('an app resizes, notifies and routes; sizes are lengths and nothing else', async () => {
    await call((client) =>
      client.invoke('resize', { width: '100%', height: '240px;position:fixed' }),
    )
    await call((client) => client.invoke('notify', 'Approved', 'alert', { sticky: true }))
    await call((client) => client.invoke('routeTo', 'ticket', 4002))
    await call((client) => client.invoke('track', { type: 'click' }))
    expect(await done()).toEqual([
      ['resize', 'guid-1', { width: '100%' }],
      ['notify', 'Approved', 'alert', { isSticky: true }],
      ['routeTo', 'ticket', [4002]],
    ])
    expect(await call((client) => client.invoke('routeTo', 'nowhere'))).toMatchObject({
      message: '"routeTo" is not available',
    })
    expect(await call((client) => client.invoke('launchRockets'))).toMatchObject({
      message: '"launchRockets" is not available',
    })
  })

  test('an app that hides itself reads that it is not visible', async () => {
    await call((client) => client.invoke('hide'))
    expect(await call((client) => client.get('visible'))).toMatchObject({ visible: false })
    await call((client) => client.invoke('show'))
    expect(await call((client) => client.get('visible'))).toMatchObject({ visible: true })
  })
})

describe('other instances', () => {
  test('a background app is told of a sidebar and hides its fields', async () => {
    const background = await openApp('background')
    await background.evaluate(() =>
      window.client.on('instance.created', (context) => window.heard.push(['created', context])),
    )
    await settle(background)
    await openApp('ticket_sidebar', 4001)
    await settle(background)
    expect(await heard(background)).toMatchObject([
      ['created', { instanceGuid: 'guid-3', location: 'ticket_sidebar', ticketId: 4001 }],
    ])
    await call(
      (client) => client.instance('guid-3').invoke('ticketFields:custom_field_301.hide'),
      background,
    )
    expect(await page.evaluate(() => window.fields[1])).toMatchObject({ isVisible: false })
    expect(await call((client) => client.get('instances'), background)).toMatchObject({
      instances: { 'guid-1': { location: 'ticket_sidebar' }, 'guid-2': { location: 'background' } },
    })
    expect(await call((client) => client.instance('guid-3').context(), background)).toMatchObject({
      ticketId: 4001,
    })
  })

  test('a background app marks the icon in the nav bar, whose page nobody has opened', async () => {
    const background = await openApp('background')
    expect(await call((client) => client.get('instances'), background)).toMatchObject({
      instances: { 'guid-of-nav-bar': { location: 'nav_bar' } },
    })
    await call(
      (client) => client.instance('guid-of-nav-bar').invoke('iconSymbol', 'waiting'),
      background,
    )
    await call((client) => client.invoke('iconSymbol', 'waiting'), background)
    const done = await page.evaluate(() => window.done)
    expect(done.filter(([what]) => what === 'setIcon')).toEqual([['setIcon', 'waiting']])
  })

  test('a call on an instance that is gone fails as a whole', async () => {
    expect(await call((client) => client.instance('guid-77').get('currentUser'))).toMatchObject({
      name: 'APINotFoundError',
    })
  })

  test('events of an instance reach those who listen on it and nobody else', async () => {
    const background = await openApp('background')
    await app.evaluate(() =>
      window.client.on('ticket.updated', (user) => window.heard.push(['own', user])),
    )
    await background.evaluate(() => {
      window.client.on('ticket.updated', () => window.heard.push(['wrong']))
      window.client
        .instance('guid-1')
        .on('ticket.updated', (user) => window.heard.push(['other', user]))
    })
    await settle()
    await settle(background)
    await page.evaluate(() => window.host.emit('guid-1', 'ticket.updated', { id: 102 }))
    await settle()
    await settle(background)
    expect(await heard()).toEqual([['own', { id: 102 }]])
    expect(await heard(background)).toEqual([['other', { id: 102 }]])
  })

  test('custom events pass between instances; the host’s own events cannot be forged', async () => {
    const background = await openApp('background')
    await app.evaluate(() => {
      window.client.on('scrim.changed', (data) => window.heard.push(['changed', data]))
      window.client.on('ticket.updated', () => window.heard.push(['forged']))
      window.client.on('api_notification.x', () => window.heard.push(['forged']))
    })
    await settle()
    await background.evaluate(() => {
      window.client.instance('guid-1').trigger('scrim.changed', { ticketId: 4001 })
      window.client.instance('guid-1').trigger('ticket.updated')
      window.client.instance('guid-1').trigger('api_notification.x')
    })
    await settle(background)
    await settle()
    expect(await heard()).toEqual([['changed', { ticketId: 4001 }]])
  })

  test('an app that stops listening hears nothing more', async () => {
    await app.evaluate(() => {
      const first = () => window.heard.push(['first'])
      const second = () => window.heard.push(['second'])
      window.client.on('app.deactivated', first)
      window.client.on('app.deactivated', second)
      window.client.off('app.deactivated', first)
    })
    await settle()
    await page.evaluate(() => window.host.emit('guid-1', 'app.deactivated'))
    await settle()
    expect(await heard()).toEqual([['second']])
  })

  test('coming to the front and leaving it is told once each, not at the opening', async () => {
    await app.evaluate(() => {
      window.client.on('app.activated', () => window.heard.push(['activated']))
      window.client.on('app.deactivated', () => window.heard.push(['deactivated']))
    })
    await settle()
    await page.evaluate(() => {
      for (const isActive of [true, true, false, false, true]) {
        window.host.setActive('guid-1', isActive)
      }
    })
    await settle()
    expect(await heard()).toEqual([['deactivated'], ['activated']])
  })

  test('a modal opens inside the app only, and its opener is told when it closes', async () => {
    expect(
      await call((client) =>
        client.invoke('instances.create', { location: 'modal', url: 'https://example.com/' }),
      ),
    ).toMatchObject({ message: '"instances.create" may only frame the app itself' })
    expect(
      await call((client) =>
        client.invoke('instances.create', {
          location: 'modal',
          url: 'app.html#m',
          size: { width: '400px', height: '200px' },
        }),
      ),
    ).toMatchObject({ 'instances.create': [{ instanceGuid: 'guid-2', location: 'modal' }] })
    const modal = await waitForApp('guid-2')
    expect(await call((client) => client.context(), modal)).toMatchObject({ location: 'modal' })
    await app.evaluate(() =>
      window.client.instance('guid-2').on('modal.close', () => window.heard.push(['closed'])),
    )
    await settle()
    await call((client) => client.invoke('destroy'), modal)
    expect(await done()).toContainEqual(['closeModal', 'guid-2'])
    await page.evaluate(() => window.host.closeModal('guid-2'))
    await settle()
    expect(await heard()).toEqual([['closed']])
  })
})

describe('requests through the host', () => {
  test('an address of the account is fetched as the person', async () => {
    expect(await call((client) => client.request('/api/v2/tickets/4001.json'))).toMatchObject({
      ticket: { id: 4001 },
    })
    expect(
      await call((client) =>
        client.request({
          url: '/api/v2/tickets/4001',
          type: 'PUT',
          contentType: 'application/json',
          data: '{"ticket":{}}',
        }),
      ),
    ).toMatchObject({ sent: '{"ticket":{}}' })
    expect(await done()).toEqual([
      ['fetch', '/api/v2/tickets/4001.json', 'GET'],
      ['fetch', '/api/v2/tickets/4001', 'PUT'],
    ])
  })

  test('failures, dead lines and foreign addresses reject with their status', async () => {
    const statusOf = (url: string) =>
      app.evaluate(
        (url) =>
          window.client.request(url).then(
            () => 'done',
            (response) => (response as { status: number }).status,
          ),
        url,
      )
    expect(await statusOf('/api/v2/tickets/9')).toBe(404)
    expect(await statusOf('/api/v2/broken')).toBe(0)
    expect(await statusOf('https://example.com/api/v2/tickets/4001')).toBe(403)
    expect(await statusOf('/sandbox/control')).toBe(403)
  })
})

describe('saving a ticket', () => {
  const save = () => page.evaluate(() => window.host.askBeforeSave(4001))

  test('a ticket nobody watches is saved', async () => {
    expect(await save()).toEqual({ isAllowed: true })
  })

  test('an app that agrees lets it pass, also after a while', async () => {
    await app.evaluate(() =>
      window.client.on('ticket.save', () => new Promise((resolve) => setTimeout(resolve, 20))),
    )
    await settle()
    expect(await save()).toEqual({ isAllowed: true })
  })

  test.each([
    ['a text', `() => 'Card number is missing'`, 'Card number is missing'],
    ['an error', `() => { throw new Error('Not yet') }`, 'Not yet'],
    ['a rejection', `() => Promise.reject('Later')`, 'Later'],
    ['false', '() => false', null],
  ])('an app that objects with %s stops it', async (_name, handler, message) => {
    await app.evaluate(
      (handler) => window.client.on('ticket.save', new Function(`return (${handler})()`) as never),
      handler,
    )
    await settle()
    expect(await save()).toEqual({ isAllowed: false, message })
  })

  test('a promise that resolves to a text agrees: only a rejection objects', async () => {
    await app.evaluate(() => window.client.on('ticket.save', () => Promise.resolve('No')))
    await settle()
    expect(await save()).toEqual({ isAllowed: true })
  })

  test('two askers share one question', async () => {
    await app.evaluate(() => window.client.on('ticket.save', () => 'No'))
    await settle()
    const answers = await page.evaluate(() =>
      Promise.all([window.host.askBeforeSave(4001), window.host.askBeforeSave(4001)]),
    )
    expect(answers).toEqual([
      { isAllowed: false, message: 'No' },
      { isAllowed: false, message: 'No' },
    ])
    const questions = (await transcript()).filter(({ message }) => 'needsReply' in message)
    expect(questions).toHaveLength(1)
  })

  test('an app that is closed while it thinks does not object', async () => {
    await app.evaluate(() => window.client.on('ticket.save', () => new Promise(() => {})))
    await settle()
    const answer = await page.evaluate(async () => {
      const saving = window.host.askBeforeSave(4001)
      window.host.destroy()
      return saving
    })
    expect(answer).toEqual({ isAllowed: true })
  })

  test('after destroy nothing an app says is heard', async () => {
    await page.evaluate(() => window.host.destroy())
    const before = (await transcript()).length
    await app.evaluate(() => window.client.trigger('anything'))
    await app.evaluate(() => new Promise((resolve) => setTimeout(resolve, 30)))
    expect(await transcript()).toHaveLength(before)
  })
})
