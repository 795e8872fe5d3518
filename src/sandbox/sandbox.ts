/**
 * Composes a whole sandbox: the real endpoint on a database, and an emulated Zendesk that frames it.
 * `npm start`, tests and benchmarks use this one; nothing in production does.
 */
import { createApp } from '../endpoint/app.ts'
import { openAssets } from '../endpoint/assets.ts'
import type { AppAssets, EndpointDeps, EndpointParts, Logger } from '../endpoint/context.ts'
import { createLogger } from '../endpoint/logger.ts'
import { createChatWebhook } from '../endpoint/outbox/chat-webhook.ts'
import { storedPolicies } from '../endpoint/policy/source.ts'
import { describeError } from '../endpoint/problem.ts'
import { writeRefusals } from '../endpoint/refusals.ts'
import { sweep } from '../endpoint/sweep.ts'
import { ScrimError } from '../core/errors.ts'
import { DEFAULT_CHAT_TEXT } from '../core/notification.ts'
import type { Policy } from '../core/policy.ts'
import { environmentKeys, generateKey, parseKeys } from '../keys/key-provider.ts'
import type { Database } from '../storage/database.ts'
import { openDatabase } from '../storage/database.ts'
import { migrateDatabase } from '../storage/migrate.ts'
import { createZendeskDirectory } from '../zendesk/directory.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { SANDBOX_ACCOUNT, sandboxPolicy } from './account.ts'
import { productFolder } from './build.ts'
import type { ChatMessage } from './chat-receiver.ts'
import { createChatReceiver } from './chat-receiver.ts'
import { createClock } from './clock.ts'
import type { ControlChange, ControlView } from './control-state.ts'
import { createControls } from './controls.ts'
import type { DataFolder } from './data-folder.ts'
import { openDataFolder } from './data-folder.ts'
import { openLocalServer } from './local-server.ts'
import { createOpenPages } from './open-pages.ts'
import type { PageToSign } from './page-signer.ts'
import { createPageSigner, PAGE_AUDIENCE, PAGE_ISSUER } from './page-signer.ts'
import type { RestEmulator } from './rest/emulator.ts'
import { createRestEmulator } from './rest/emulator.ts'
import { createWebhookSender } from './rest/webhook-sender.ts'
import { createSandboxServer } from './server.ts'
import { agreeOnPolicy, customerWrites, plantStory } from './story.ts'

const SWEEP_INTERVAL_MS = 5_000
/** Changes of the emulated Zendesk are kept this soon; a kill loses no more. */
const KEEP_DELAY_MS = 50
const COUNTS_INTERVAL_MS = 1_000
const DEFAULT_DELAY_MS = 80
/** A tenth of what an Enterprise account may call a minute would be 70; the sandbox is roomier. */
const DEFAULT_REQUESTS_PER_MINUTE = 400

export type SandboxOptions = {
  /** The sandbox's port; the endpoint takes the next one. 0 takes two free ones. */
  port: number
  /** Where everything is kept; absent means in memory. */
  dataFolder?: string
  /** Forgets what the data folder holds. */
  isFresh?: boolean
  /** A Postgres server instead of the embedded database. */
  databaseUrl?: string
  /** An open database instead; the caller migrated it and closes it. */
  database?: Database
  /** Real time. */
  now: () => Date
  newId: () => string
  /** How long the REST API takes; 80 ms unless told. */
  delayMs?: number
  requestsPerMinute?: number
  policy?: Policy
  /** Path or address of another build of the ZAF SDK. */
  sdk?: string
  /** One line an event of the endpoint; nowhere unless told. */
  log?: (line: string) => void
  /** Whether a new sandbox gets its values and requests; true unless told. */
  hasStory?: boolean
  /** Whether Zendesk tells the endpoint of changed tickets; true unless told. */
  hasWebhook?: boolean
}

export type Sandbox = {
  /** `http://localhost:PORT`: open this in a browser. */
  hostUrl: string
  /** `http://127.0.0.1:PORT+1`: where the app's pages come from. */
  endpointUrl: string
  /** Whether this start found nothing and began anew. */
  isNew: boolean
  emulator: RestEmulator
  /** The endpoint's own parts, to look into or to call without a socket. */
  endpoint: EndpointDeps
  now: () => Date
  /** What the chat tool was told, where policy wants it told. */
  chatMessages(): readonly ChatMessage[]
  control(change: ControlChange): ControlView
  controlView(): ControlView
  /** A page credential of the sandbox's key. */
  signPage(page: PageToSign): Promise<string>
  /** Does the endpoint's timed work now. */
  sweep(): Promise<void>
  /** Serves the app's latest build to pages opened from now on. */
  reloadApp(): Promise<void>
  close(): Promise<void>
}

/** The database with a switch: while it is down, everything fails as if the server were gone. */
function switchable(database: Database, isDown: () => boolean): Database {
  const demandUp = () => {
    if (isDown()) throw new ScrimError('storage_unavailable')
  }
  return {
    engine: database.engine,
    get orm() {
      demandUp()
      return database.orm
    },
    transaction: async (work) => {
      demandUp()
      return database.transaction(work)
    },
    close: () => database.close(),
  }
}

function isAddress(sdk: string): boolean {
  return /^https?:\/\//.test(sdk)
}

async function openStorage(options: SandboxOptions, isNew: boolean): Promise<Database> {
  if (options.database !== undefined) return options.database
  if (options.databaseUrl !== undefined) return openDatabase({ url: options.databaseUrl })
  if (options.dataFolder !== undefined) {
    return openDatabase({ folder: options.dataFolder, isFresh: isNew })
  }
  return openDatabase({ memory: true })
}

/** Keeps what the emulated Zendesk stores, shortly after it changes. */
function createKeeper(folder: DataFolder | null, emulator: RestEmulator, log: Logger) {
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()
  const write = async () => {
    try {
      await folder?.writeZendesk(emulator.exportState())
    } catch (error) {
      log.error('sandbox.not_kept', describeError(error))
    }
  }
  const keepNow = () => {
    clearTimeout(timer)
    timer = undefined
    return (writing = writing.then(write))
  }
  return {
    keepNow,
    keepSoon() {
      if (folder !== null) timer ??= setTimeout(() => void keepNow(), KEEP_DELAY_MS)
    },
  }
}

/**
 * @throws PortTakenError, FolderLockedError: their messages are one line for a person. Whatever was
 *   opened before is closed again.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const undo: (() => Promise<unknown> | unknown)[] = []
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    return await open(options, undo, close)
  } catch (error) {
    await close()
    throw error
  }
}

async function open(
  options: SandboxOptions,
  undo: (() => Promise<unknown> | unknown)[],
  close: () => Promise<void>,
): Promise<Sandbox> {
  const { port, newId, delayMs = DEFAULT_DELAY_MS } = options
  const clock = createClock({ now: options.now, elapsed: () => performance.now() })
  const now = clock.now
  const log = createLogger(options.log ?? (() => {}), now)

  const hostServer = await openLocalServer(port)
  undo.push(() => hostServer.close())
  const endpointServer = await openLocalServer(port === 0 ? 0 : port + 1)
  undo.push(() => endpointServer.close())
  const hostUrl = `http://localhost:${hostServer.port}`
  const endpointUrl = `http://127.0.0.1:${endpointServer.port}`

  const controls = createControls(clock, delayMs)
  const folder = options.dataFolder === undefined ? null : await openDataFolder(options.dataFolder)
  const kept = options.isFresh === true ? null : ((await folder?.readZendesk()) ?? null)
  const isNew = kept === null
  const opened = await openStorage(options, isNew)
  if (options.database === undefined) undo.push(() => opened.close())
  // Only now is the folder ours: its lock is the database's.
  if (isNew) await folder?.beginOpening()
  if (options.database === undefined) await migrateDatabase(opened)
  const database = switchable(opened, () => controls.state().isDatabaseDown)
  const makeKeys = () => generateKey('sandbox-1')
  const readKeys = async (purpose: 'values' | 'fingerprints') =>
    environmentKeys(parseKeys((await folder?.readKeys(purpose, makeKeys)) ?? makeKeys()))

  const oauth = { clientId: 'scrim', clientSecret: newId() }
  const webhookSecret = newId()
  const emulator = createRestEmulator({
    now,
    newId,
    oauth,
    origin: hostUrl,
    delayMs: 0,
    ...(kept === null ? {} : { state: kept }),
  })
  const keeper = createKeeper(folder, emulator, log)
  const pages = createOpenPages()
  const signer = await createPageSigner({ now, newId })
  const chat = createChatReceiver(btoa(newId()))

  const sdk = options.sdk ?? `${productFolder('sdk')}/zaf_sdk.js`
  let assets: AppAssets = await openAssets(productFolder('app'))
  const parts: EndpointParts = {
    account: {
      id: SANDBOX_ACCOUNT.subdomain,
      zendeskOrigin: hostUrl,
      issuer: PAGE_ISSUER,
      audience: PAGE_AUDIENCE,
      publicKeyPem: signer.publicKeyPem,
      appId: SANDBOX_ACCOUNT.appId,
      installationId: SANDBOX_ACCOUNT.installationId,
      sdkUrl: isAddress(sdk) ? sdk : `${hostUrl}/sdk/zaf_sdk.js`,
    },
    founders: SANDBOX_ACCOUNT.founders,
    database,
    zendesk: createZendeskDirectory({
      fetch,
      baseUrl: hostUrl,
      oauth,
      appId: SANDBOX_ACCOUNT.appId,
      installationId: SANDBOX_ACCOUNT.installationId,
      requestsPerMinute: options.requestsPerMinute ?? DEFAULT_REQUESTS_PER_MINUTE,
      now,
      elapsed: clock.elapsed,
    }),
    keys: await readKeys('values'),
    fingerprintKeys: await readKeys('fingerprints'),
    webhookSecrets: [webhookSecret],
    chat: {
      webhook: createChatWebhook({
        fetch,
        url: `${hostUrl}/sandbox/chat`,
        secrets: [chat.secret],
        now,
      }),
      text: DEFAULT_CHAT_TEXT,
    },
    now,
    newId,
    log,
    assets: {
      scriptsFor: (location) => assets.scriptsFor(location),
      read: (path) => assets.read(path),
    },
  }
  const policy = options.policy ?? sandboxPolicy
  const endpoint: EndpointDeps = { ...parts, policy }
  const doors = { ...parts, policies: storedPolicies(parts, policy) }
  const endpointApp = createApp(doors)
  const hostApp = createSandboxServer({
    hostUrl,
    endpointUrl,
    pageFolder: productFolder('sandbox'),
    sdkFile: sdk,
    appVersion: packageJson.version,
    emulator,
    signer,
    controls,
    pages,
    chat,
  })
  endpointServer.serve((request) => endpointApp.fetch(request))
  hostServer.serve((request) => hostApp.fetch(request))

  // One pass at a time; whoever asks meanwhile gets one more after it.
  let pass = Promise.resolve()
  const sweepOnce = () =>
    (pass = pass.then(() =>
      sweep(doors).catch((error: unknown) => log.error('sweep_failed', describeError(error))),
    ))

  await agreeOnPolicy(endpointUrl, signer)
  if (isNew && options.hasStory !== false) {
    const dates = new Map(emulator.state.tickets.map(({ id, updated_at }) => [id, updated_at]))
    await plantStory(endpointUrl, signer)
    // The sweep drains the outbox: masks and tokens reach the tickets before anyone looks.
    await sweepOnce()
    // The values were "taken down" when the tickets say so, not all in this second.
    for (const ticket of emulator.state.tickets) {
      ticket.updated_at = dates.get(ticket.id) ?? ticket.updated_at
    }
  }
  await keeper.keepNow()
  await folder?.finishOpening()
  undo.push(() => keeper.keepNow())
  emulator.counts.reset()
  controls.resetRestCalls()
  emulator.controls.setDelay(delayMs)

  emulator.onTicketChange(({ id }) => {
    keeper.keepSoon()
    const audit = emulator.state.audits[id]?.at(-1)
    pages.tell({ type: 'ticket_changed', ticketId: id, byUserId: audit?.author_id ?? null })
  })
  emulator.onNotify(({ event, body, agentId, senderId }) => {
    pages.tell({ type: 'notification', event, body, senderId }, agentId)
  })
  const webhook = createWebhookSender({
    emulator,
    secret: webhookSecret,
    now,
    newId,
    send: (request) =>
      fetch(new URL('/webhooks/zendesk', endpointUrl), { method: 'POST', ...request }),
  })
  undo.push(() => webhook.stop())
  if (options.hasWebhook === false) webhook.setDelivery('lost')
  else if (isNew && options.hasStory !== false) await customerWrites(emulator)
  controls.onChange((state) => {
    endpointServer.setDown(state.isEndpointDown)
    emulator.controls.setDelay(state.delayMs)
    pages.tell({ type: 'control', control: controls.view() })
    // What a moved clock makes due.
    void sweepOnce()
  })

  const sweeping = setInterval(() => void sweepOnce(), SWEEP_INTERVAL_MS)
  let shownCalls = 0
  const counting = setInterval(() => {
    const control = controls.view()
    if (control.restCalls.total === shownCalls) return
    shownCalls = control.restCalls.total
    pages.tell({ type: 'control', control })
  }, COUNTS_INTERVAL_MS)
  undo.push(
    () => writeRefusals(endpoint, { evenIfRecent: true }),
    () => pass,
    () => {
      clearInterval(sweeping)
      clearInterval(counting)
      pages.close()
      return Promise.all([hostServer.close(), endpointServer.close()])
    },
  )

  return {
    hostUrl,
    endpointUrl,
    isNew,
    emulator,
    endpoint,
    now,
    chatMessages: chat.messages,
    control: controls.change,
    controlView: controls.view,
    signPage: signer.sign,
    sweep: sweepOnce,
    async reloadApp() {
      assets = await openAssets(productFolder('app'))
    },
    close,
  }
}
