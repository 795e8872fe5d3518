/** A whole sandbox: the real endpoint on embedded storage, and the emulated Zendesk around it. */
import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { protectedFieldList } from '../../src/contract/protected-fields.ts'
import { revealRequestList } from '../../src/contract/reveal-requests.ts'
import { buildProducts } from '../../src/sandbox/build.ts'
import { ForeignFolderError } from '../../src/sandbox/data-folder.ts'
import { PortTakenError } from '../../src/sandbox/local-server.ts'
import type { Sandbox, SandboxOptions } from '../../src/sandbox/sandbox.ts'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { openSession } from '../../src/sandbox/story.ts'
import { SANDBOX_VALUES } from '../../src/sandbox/tickets.ts'
import { FolderLockedError } from '../../src/storage/lock.ts'

const MINUTE_MS = 60_000

function start(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  return startSandbox({
    port: 0,
    delayMs: 0,
    now: () => new Date(),
    newId: randomUUID,
    ...options,
  })
}

const as = (
  sandbox: Sandbox,
  personId: number,
  location: 'ticket_sidebar' | 'nav_bar' = 'nav_bar',
) => openSession(sandbox.endpointUrl, { sign: sandbox.signPage }, personId, location)

async function requestStates(sandbox: Sandbox): Promise<Record<number, string>> {
  const omar = await as(sandbox, 104)
  const lists = await Promise.all(
    ['pending', 'decided'].map(async (queue) =>
      revealRequestList.parse(await omar('GET', `reveal-requests?queue=${queue}`)),
    ),
  )
  const requests = lists.flatMap((list) => list.requests.map(({ request }) => request))
  return Object.fromEntries(requests.map(({ ticketId, state }) => [ticketId, state]))
}

async function fieldsOf(sandbox: Sandbox, personId: number, ticketId: number) {
  const session = await as(sandbox, personId, 'ticket_sidebar')
  return protectedFieldList.parse(await session('GET', `tickets/${ticketId}/protected-fields`))
}

/** A request with any Host header; `fetch` would correct it. */
function statusWithHost(url: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const { hostname, port, pathname } = new URL(url)
    httpRequest({ hostname, port, path: pathname, headers: { host } }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })
}

let folders: string[]
let sandbox: Sandbox

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'scrim-sandbox-'))
  folders.push(folder)
  return folder
}

beforeAll(async () => {
  folders = []
  await buildProducts(['sdk', 'app', 'sandbox'])
  sandbox = await start()
})

afterAll(async () => {
  await sandbox.close()
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})

describe('a new sandbox', () => {
  test('opens with one pending request, one active grant and one denied request', async () => {
    expect(await requestStates(sandbox)).toEqual({
      4002: 'approved',
      4003: 'pending',
      4006: 'denied',
    })
    const { grants } = await fieldsOf(sandbox, 102, 4002)
    expect(grants).toMatchObject([{ state: 'active', requester: { id: 102 } }])
  })

  test('shows a restricted note as an internal note without its text', async () => {
    const { fields } = await fieldsOf(sandbox, 101, 4006)
    expect(fields.find(({ fieldId }) => fieldId === 'note_1')).toMatchObject({
      written: { by: { name: 'Omar Haddad' } },
      masked: '••••••••',
    })
    const comments = () => sandbox.emulator.state.comments[4006] ?? []
    await expect
      .poll(() =>
        comments()
          .filter((comment) => !comment.public)
          .map(({ body }) => body),
      )
      .toEqual([expect.stringMatching(/^Restricted note by Omar Haddad \(restricted\)/)])
    expect(sandbox.emulator.exportState()).not.toContain('finance')
  })

  test('has its values in the vault: tickets hold masks and tokens only', async () => {
    const zendesk = sandbox.emulator.exportState()
    for (const { ticketId, value } of SANDBOX_VALUES) {
      expect(zendesk).not.toContain(value)
      expect(zendesk).not.toContain(value.replaceAll(' ', ''))
      const ticket = sandbox.emulator.state.tickets.find(({ id }) => id === ticketId)
      expect(ticket?.custom_fields.some((field) => field.id !== 308 && field.value !== null)).toBe(
        true,
      )
    }
    const { fields } = await fieldsOf(sandbox, 101, 4001)
    expect(fields.find(({ fieldId }) => fieldId === 'card_number')?.masked).toContain('4242')
  })

  test('starts counting REST calls at zero, and counts the endpoint’s only', async () => {
    const before = sandbox.controlView().restCalls.total
    await fetch(`${sandbox.hostUrl}/api/v2/tickets`, { headers: { 'x-sandbox-person': '101' } })
    expect(sandbox.controlView().restCalls.total).toBe(before)
    await fetch(`${sandbox.hostUrl}/api/v2/tickets`)
    expect(sandbox.controlView().restCalls.total).toBe(before + 1)
  })
})

describe('the control panel', { timeout: 60_000 }, () => {
  async function change(body: unknown): Promise<{ status: number; answer: unknown }> {
    const response = await fetch(`${sandbox.hostUrl}/sandbox/control`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return { status: response.status, answer: await response.json() }
  }

  test('takes the database down and up again', async () => {
    const maya = await as(sandbox, 101, 'ticket_sidebar')
    await change({ isDatabaseDown: true })
    await expect(maya('GET', 'tickets/4001/protected-fields')).rejects.toThrow(
      'storage_unavailable',
    )
    await change({ isDatabaseDown: false })
    await expect(maya('GET', 'tickets/4001/protected-fields')).resolves.toBeDefined()
  })

  test('takes Zendesk down for the endpoint while the page goes on', async () => {
    const maya = await as(sandbox, 101, 'ticket_sidebar')
    await change({ isZendeskDown: true })
    const ask = maya('POST', 'reveal-requests', {
      ticketId: 4004,
      fieldIds: ['card_number'],
      reasonCode: 'refund',
      reasonText: 'Give back what was charged twice',
      minutes: 5,
    })
    await expect(ask).rejects.toThrow('zendesk_unavailable')
    const page = await fetch(`${sandbox.hostUrl}/api/v2/tickets/4004`, {
      headers: { 'x-sandbox-person': '101' },
    })
    expect(page.status).toBe(200)
    await change({ isZendeskDown: false })
  })

  test('makes Zendesk say 429 with Retry-After', async () => {
    await change({ isZendeskBusy: true })
    const limited = await fetch(`${sandbox.hostUrl}/api/v2/users/me`)
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '5'])
    await change({ isZendeskBusy: false })
  })

  test('closes every connection to the endpoint', async () => {
    const health = () => fetch(`${sandbox.endpointUrl}/healthz`)
    await change({ isEndpointDown: true })
    await expect(health()).rejects.toThrow('fetch failed')
    await change({ isEndpointDown: false })
    expect((await health()).status).toBe(200)
  })

  test('refuses what it does not know, and what is not JSON', async () => {
    expect((await change({ isMoonDown: true })).status).toBe(400)
    expect((await change({ delayMs: -1 })).status).toBe(400)
    const form = await fetch(`${sandbox.hostUrl}/sandbox/control`, {
      method: 'PATCH',
      body: new URLSearchParams({ isZendeskDown: 'true' }),
    })
    expect(form.status).toBe(415)
    expect(sandbox.controlView()).toMatchObject({ isZendeskDown: false, delayMs: 0 })
  })

  test('moves the clock for the endpoint, page credentials and Zendesk alike', async () => {
    const moved = await start()
    moved.control({ moveClockMs: 16 * MINUTE_MS })
    await moved.sweep()
    const { grants } = await fieldsOf(moved, 102, 4002)
    expect(grants).toMatchObject([{ state: 'expired' }])
    const aheadMs = moved.now().getTime() - Date.now()
    expect(Math.round(aheadMs / MINUTE_MS)).toBe(16)
    moved.control({ clockOffsetMs: 0 })
    await expect(as(moved, 104)).resolves.toBeDefined()
    await moved.close()
  })
})

describe('a customer who writes', () => {
  test('is read by Scrim: the card number is vaulted and redacted', async () => {
    const said = () => sandbox.emulator.state.comments[4004]?.at(-1)
    expect(said()?.author_id).toBe(505)
    await vi.waitFor(
      () => {
        expect(said()?.body).toMatch(/^It was my card ▇{19}, security code ▇{3}\.$/)
      },
      { timeout: 20_000 },
    )
    expect(sandbox.emulator.exportState()).not.toContain('5566')
    const { fields } = await fieldsOf(sandbox, 104, 4004)
    const found = fields.find(({ fieldId }) => fieldId === `comment_${said()?.id}_1`)
    expect(found).toMatchObject({ kind: 'payment_card', hasValue: true })
    expect(found?.masked).toContain('5556')
  })
})

describe('who may speak to the sandbox', () => {
  test('only its own name is answered', async () => {
    const { host } = new URL(sandbox.hostUrl)
    const control = `${sandbox.hostUrl}/sandbox/control`
    expect(await statusWithHost(control, host)).toBe(200)
    expect(await statusWithHost(control, 'evil.example.com')).toBe(421)
    expect(await statusWithHost(control, host.replace('localhost', '127.0.0.1'))).toBe(421)
  })

  test('a page credential is signed for people with a seat and known locations', async () => {
    const sign = async (body: unknown) =>
      (
        await fetch(`${sandbox.hostUrl}/sandbox/page-credential`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
      ).status
    expect(await sign({ personId: 101, location: 'nav_bar', query: '' })).toBe(200)
    expect(await sign({ personId: 501, location: 'nav_bar', query: '' })).toBe(400)
    expect(await sign({ personId: 101, location: 'top_bar', query: '' })).toBe(400)
  })

  test('files outside the page’s own folder stay where they are', async () => {
    for (const path of ['..%2Fpackage.json', '%2e%2e/package.json', 'x', '.sources']) {
      expect((await fetch(`${sandbox.hostUrl}/assets/${path}`)).status).toBe(404)
    }
  })

  test('a taken port is said in one line', async () => {
    const port = Number(new URL(sandbox.hostUrl).port)
    await expect(start({ port })).rejects.toThrow(PortTakenError)
  })
})

describe('a data folder', { timeout: 120_000 }, () => {
  test('keeps tickets, values and requests between runs, and forgets them when told', async () => {
    const dataFolder = await newFolder()
    const first = await start({ dataFolder })
    expect(first.isNew).toBe(true)
    await fetch(`${first.hostUrl}/api/v2/tickets/4009`, {
      method: 'PUT',
      headers: { 'x-sandbox-person': '101', 'content-type': 'application/json' },
      body: JSON.stringify({ ticket: { status: 'pending' } }),
    })
    await first.close()

    const second = await start({ dataFolder })
    expect(second.isNew).toBe(false)
    const statusOf4009 = ({ emulator }: Sandbox) =>
      emulator.state.tickets.find(({ id }) => id === 4009)?.status
    expect(statusOf4009(second)).toBe('pending')
    expect(await requestStates(second)).toMatchObject({ 4003: 'pending', 4006: 'denied' })
    const { fields } = await fieldsOf(second, 101, 4001)
    expect(fields.find(({ fieldId }) => fieldId === 'card_number')?.hasValue).toBe(true)
    await expect(start({ dataFolder })).rejects.toThrow(FolderLockedError)
    await second.close()

    const third = await start({ dataFolder, isFresh: true })
    expect(third.isNew).toBe(true)
    expect(statusOf4009(third)).toBe('open')
    await third.close()
  })

  test('that an interrupted start left behind begins anew', async () => {
    const dataFolder = await newFolder()
    await mkdir(join(dataFolder, 'database'))
    await writeFile(join(dataFolder, 'opening'), '')
    const opened = await start({ dataFolder })
    expect(opened.isNew).toBe(true)
    await opened.close()
    await expect(readFile(join(dataFolder, 'opening'))).rejects.toThrow('ENOENT')
  })

  test('with a database that no sandbox made is left alone', async () => {
    const dataFolder = await newFolder()
    await mkdir(join(dataFolder, 'database'))
    await writeFile(join(dataFolder, 'database', 'theirs'), 'kept')
    await expect(start({ dataFolder })).rejects.toThrow(ForeignFolderError)
    expect(await readFile(join(dataFolder, 'database', 'theirs'), 'utf8')).toBe('kept')
  })
})
