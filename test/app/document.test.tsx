/**
 * A document in the sidebar, as far as it goes without a screen: jsdom draws nothing, decodes nothing
 * and has no workers. What is drawn is looked at in `test/e2e/document.test.ts`.
 */
import { act, fireEvent, screen, within } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { DocumentView } from '../../src/app/features/revealed-value/DocumentView.tsx'
import { RevealedField } from '../../src/app/features/revealed-value/RevealedField.tsx'
import { DocumentName } from '../../src/app/shared/DocumentName.tsx'
import { TicketSidebar } from '../../src/app/locations/TicketSidebar.tsx'
import { PART_BYTES } from '../../src/core/document.ts'
import type { RevealInput } from '../../src/contract/grants.ts'
import type { ProtectedFieldList } from '../../src/contract/protected-fields.ts'
import { json, noNetwork, openEndpointDouble, problem, silence } from './endpoint-double.ts'
import type { Sent } from './endpoint-double.ts'
import { documentAnswer, grantOnScan, listMasked, requestPending, scanField } from './fixtures.ts'
import { openApp, pass, settle } from './open-app.tsx'

// Loaded ahead, so that no test waits for a chunk on a clock that stands still.
void [RevealedField, DocumentView, DocumentName]

const LIST = '/tickets/4001/protected-fields'
const REVEAL = `/grants/${grantOnScan.id}/reveal`
const HEARTBEAT = `/grants/${grantOnScan.id}/heartbeat`

/** A PNG's first bytes, and nothing behind them. */
function pngOf(width: number, height: number): Uint8Array {
  const bytes = new Uint8Array(40)
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52])
  const view = new DataView(bytes.buffer)
  view.setUint32(16, width)
  view.setUint32(20, height)
  return bytes
}
const LONG = new Uint8Array(PART_BYTES * 2 + 1)

let close: (() => void) | undefined
beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  close?.()
  vi.restoreAllMocks()
  vi.useRealTimers()
})

async function open(list: Partial<ProtectedFieldList>, locale = 'en') {
  const endpoint = openEndpointDouble()
  endpoint.on('GET', LIST, () => json({ ...listMasked, ...list }))
  endpoint.on('POST', HEARTBEAT, () => json({ displayRemainingSeconds: 600 }))
  const app = await openApp(TicketSidebar, { endpoint, search: `?locale=${locale}` })
  close = app.host.close
  await settle()
  return app
}

const inputOf = ({ body }: Sent) => body as RevealInput

async function openGranted(
  bytes: Uint8Array,
  of: { contentType: string; isDownloadAllowed?: boolean },
) {
  const app = await open({ fields: [scanField(of.contentType)], grants: [grantOnScan] })
  app.endpoint.on('POST', REVEAL, (sent) => {
    const { attemptId, part } = inputOf(sent)
    return json({ ...documentAnswer(bytes, { ...of, part }), attemptId })
  })
  return app
}

function row(label = 'Passport') {
  const item = screen.getByText(label, { selector: 'h2' }).closest('li')
  if (item === null) throw new Error('no row')
  return within(item)
}

async function show(name = 'Show') {
  fireEvent.click(row().getByText(name))
  await settle()
}

describe('the row of a document', () => {
  test.each([
    ['application/pdf', 'PDF document'],
    ['image/jpeg', 'Photo'],
    ['image/png', 'Photo'],
    ['text/plain', 'Text file'],
    ['application/zip', 'File that cannot be shown'],
    ['image/svg+xml', 'File that cannot be shown'],
  ])('of %s says %s instead of a mask, and can be asked for', async (contentType, word) => {
    await open({ fields: [scanField(contentType)] })
    expect(row().getByText(word)).toBeTruthy()
    expect(row().queryByText('••••••••')).toBeNull()
    expect(row().getByRole('button', { name: 'Ask' })).toBeTruthy()
  })

  test('says it while somebody is asked and once it may be shown, too', async () => {
    await open({ fields: [scanField('application/pdf')], requests: [requestPending] })
    expect(row().getByText(/^Waiting/)).toBeTruthy()
    expect(row().getByText('PDF document')).toBeTruthy()
    close?.()
    document.body.replaceChildren()
    await open({ fields: [scanField('image/webp')], grants: [grantOnScan] })
    expect(row().getByText('Show')).toBeTruthy()
    expect(row().getByText('Photo')).toBeTruthy()
  })

  test.each([
    ['de', 'PDF-Dokument'],
    ['ar', 'مستند PDF'],
  ])('speaks %s', async (locale, word) => {
    await open({ fields: [scanField('application/pdf')] }, locale)
    expect(row().getByText(word)).toBeTruthy()
  })
})

test('nobody is asked to say a document aloud', async () => {
  await open({ fields: [scanField('image/jpeg')] })
  expect(screen.queryByRole('button', { name: 'Check what the customer says' })).toBeNull()
})

describe('a document on its way', () => {
  test('comes part by part under one attempt', async () => {
    const { endpoint } = await openGranted(LONG, { contentType: 'image/png' })
    await show()
    const inputs = endpoint.sentTo('POST', REVEAL).map(inputOf)
    expect(inputs.map(({ part }) => part).toSorted()).toEqual([0, 1, 2])
    expect(new Set(inputs.map(({ attemptId }) => attemptId)).size).toBe(1)
  })

  test('holds its place and says that it loads, not before 300 ms', async () => {
    const { endpoint } = await openGranted(LONG, { contentType: 'image/png' })
    endpoint.on('POST', REVEAL, silence)
    await show()
    expect(row().queryByText('Loading the document')).toBeNull()
    await pass(500)
    expect(row().getByText('Loading the document')).toBeTruthy()
  })

  test('whose part is lost can be shown again under the same attempt, at no cost', async () => {
    const { endpoint } = await openGranted(LONG, { contentType: 'image/png' })
    endpoint.on('POST', REVEAL, (sent) => {
      const { attemptId, part } = inputOf(sent)
      if (part === 2) return noNetwork()
      return json({ ...documentAnswer(LONG, { contentType: 'image/png', part }), attemptId })
    })
    await show()
    expect(row().getByText(/No answer from the server/)).toBeTruthy()
    await show('Show again')
    const attempts = endpoint.sentTo('POST', REVEAL).map((sent) => inputOf(sent).attemptId)
    expect(new Set(attempts).size).toBe(1)
  })

  test('stops coming when another ticket is opened', async () => {
    const { endpoint, host } = await openGranted(LONG, { contentType: 'image/png' })
    let answer: (() => void) | undefined
    endpoint.on('POST', REVEAL, (sent) => {
      const { attemptId, part } = inputOf(sent)
      const response = json({ ...documentAnswer(LONG, { part }), attemptId })
      return part === 0 ? new Promise((resolve) => (answer = () => resolve(response))) : response
    })
    await show()
    await act(async () => host.fire('context.updated', { ticketId: 4002 }))
    await settle()
    answer?.()
    await settle()
    expect(endpoint.sentTo('POST', REVEAL)).toHaveLength(1)
  })

  test('that is refused in the middle is not shown, and the refusal is said', async () => {
    const { endpoint } = await openGranted(LONG, { contentType: 'image/png' })
    endpoint.on('POST', REVEAL, (sent) => {
      const { attemptId, part } = inputOf(sent)
      if (part > 0) return problem('grant_revoked', 410)
      return json({ ...documentAnswer(LONG, { part }), attemptId })
    })
    await show()
    expect(row().getByRole('alert').textContent).toMatch(/revoked/)
  })
})

describe('a document that cannot be shown says why, what to do, and that a use is spent', () => {
  const MB = 1024 * 1024
  test.each([
    [
      'of another type',
      new Uint8Array([80, 75, 3, 4]),
      'application/zip',
      /of this type.*a PDF or a photo/,
    ],
    ['of active content', new Uint8Array(9), 'image/svg+xml', /of this type/],
    ['damaged', new Uint8Array(64), 'image/jpeg', /damaged.*send it again/],
    ['cut off behind its head', pngOf(900, 600), 'image/png', /damaged/],
    ['with pixels for a whole memory', pngOf(MB, MB), 'image/png', /more pixels.*smaller/],
  ])('%s', async (_, bytes, contentType, words) => {
    await openGranted(bytes, { contentType })
    await show()
    expect(row().getByRole('alert').textContent).toMatch(words)
    expect(row().getByRole('alert').textContent).toContain('Opening it took a use: 2 uses left.')
    expect(document.querySelector('canvas')).toBeNull()
  })
})

describe('a text file', () => {
  const text = 'Passport\nL898902C3'
  const bytes = new Uint8Array(Buffer.from(text))

  test('is shown as its lines under the watermark, and leaves as any value does', async () => {
    await openGranted(bytes, { contentType: 'text/plain' })
    await show()
    const value = document.querySelector('[data-revealed]')
    expect(value?.textContent).toBe(text)
    expect(value?.closest('[data-watermark]')?.getAttribute('data-watermark')).toMatch(/^Maya/)
    fireEvent.keyDown(window, { key: 'Escape' })
    expect(document.documentElement.outerHTML).not.toContain('L898902C3')
    expect(row().getByText('Text file')).toBeTruthy()
  })
})

describe('masked again', () => {
  test('a document keeps its place while showing it again is free, and no longer', async () => {
    await openGranted(new Uint8Array(64), { contentType: 'image/jpeg' })
    await show()
    fireEvent.keyDown(window, { key: 'Escape' })
    await pass(500)
    expect(row().queryByRole('alert')).toBeNull()
    expect(row().getByText('Masked again.')).toBeTruthy()
    expect(row().getByText(/^Free to show again/)).toBeTruthy()
    await pass(30_000)
    expect(row().queryByText('Masked again.')).toBeNull()
  })

  test('within 5 seconds of a revocation', async () => {
    const { endpoint } = await openGranted(new Uint8Array(64), { contentType: 'image/jpeg' })
    await show()
    endpoint.on('POST', HEARTBEAT, () => problem('grant_revoked', 410))
    await pass(5_000)
    expect(row().queryByRole('alert')).toBeNull()
    expect(row().queryByText('Masked again.')).toBeNull()
  })

  test('leaves who was in the document at its row', async () => {
    await openGranted(new Uint8Array(64), { contentType: 'image/jpeg', isDownloadAllowed: true })
    await show()
    row().getByRole('button', { name: 'Download' }).focus()
    fireEvent.keyDown(window, { key: 'Escape' })
    expect(document.activeElement).toBe(
      screen.getByText('Passport', { selector: 'h2' }).closest('li'),
    )
  })
})

describe('saving a document as a file', () => {
  test('is offered to nobody unless policy allows it', async () => {
    await openGranted(new Uint8Array(64), { contentType: 'image/jpeg' })
    await show()
    expect(row().queryByRole('button', { name: 'Download' })).toBeNull()
    expect(document.querySelector('[download]')).toBeNull()
  })

  test('gives the file the name of its field, and an address for no longer than that takes', async () => {
    const bytes = pngOf(3, 2)
    await openGranted(bytes, { contentType: 'image/png', isDownloadAllowed: true })
    await show()
    const saved: { name: string; blob: Blob }[] = []
    const alive = new Map<string, Blob>()
    URL.createObjectURL = (object) => {
      const address = `blob:${alive.size}`
      if (object instanceof Blob) alive.set(address, object)
      return address
    }
    URL.revokeObjectURL = (address) => void alive.delete(address)
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function click(
      this: HTMLAnchorElement,
    ) {
      const blob = alive.get(this.href)
      if (blob !== undefined) saved.push({ name: this.download, blob })
    })
    fireEvent.click(row().getByRole('button', { name: 'Download' }))
    expect(saved.map(({ name }) => name)).toEqual(['Passport.png'])
    expect(saved[0]?.blob.type).toBe('application/octet-stream')
    await pass(10)
    expect(alive.size).toBe(0)
  })
})
