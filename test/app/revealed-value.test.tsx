import { act, fireEvent, screen, within } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { RevealedField } from '../../src/app/features/revealed-value/RevealedField.tsx'
import { TicketSidebar } from '../../src/app/locations/TicketSidebar.tsx'
import type { RevealedText } from '../../src/contract/grants.ts'
import type { ProtectedFieldList } from '../../src/contract/protected-fields.ts'
import { json, noNetwork, openEndpointDouble, problem, silence } from './endpoint-double.ts'
import type { Sent } from './endpoint-double.ts'
import {
  grantActive,
  listExhausted,
  listGranted,
  listRevoked,
  PHONE,
  revealedPhone,
} from './fixtures.ts'
import { openApp, pass, settle } from './open-app.tsx'

const LIST = '/tickets/4001/protected-fields'
const REVEAL = `/grants/${grantActive.id}/reveal`
const HEARTBEAT = `/grants/${grantActive.id}/heartbeat`
const RELEASE = `/grants/${grantActive.id}/release`

// Loaded ahead, so that no test waits for a chunk on a clock that stands still.
void RevealedField

let close: (() => void) | undefined
beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  close?.()
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const attemptOf = ({ body }: Sent) => (body as { attemptId: string }).attemptId

async function openGranted(
  value: Partial<RevealedText> = {},
  list: ProtectedFieldList = listGranted,
) {
  const endpoint = openEndpointDouble()
  let current = list
  endpoint.on('GET', LIST, () => json(current))
  endpoint.on('POST', REVEAL, (sent) =>
    json({ ...revealedPhone, ...value, attemptId: attemptOf(sent) }),
  )
  endpoint.on('POST', HEARTBEAT, () => json({ displayRemainingSeconds: 600 }))
  endpoint.on('POST', RELEASE, () => json({ ...grantActive, state: 'released' }))
  const app = await openApp(TicketSidebar, { endpoint })
  close = app.host.close
  return {
    ...app,
    endpoint,
    become: (next: ProtectedFieldList) => {
      current = next
    },
  }
}

async function show(name = 'Show') {
  fireEvent.click(phoneRow().getByText(name))
  await settle()
}

function phoneRow() {
  const row = screen.getByText('Phone', { selector: 'h2' }).closest('li')
  if (row === null) throw new Error('no row')
  return within(row)
}

const isShown = () => document.documentElement.outerHTML.includes(PHONE)

describe('showing a value', () => {
  test('puts it under the name of who looks and the time, with the reason and the approver', async () => {
    await openGranted()
    expect(phoneRow().getByText('14 min left · 3 uses left')).toBeTruthy()
    await show()
    const value = phoneRow().getByText(PHONE)
    const watermark = value.closest('[data-watermark]')?.getAttribute('data-watermark')
    expect(watermark).toMatch(/^Maya Rivera \d{1,2}:\d{2}/)
    expect(phoneRow().getByText('To call back about the outage')).toBeTruthy()
    expect(phoneRow().getByText('· approved by Omar')).toBeTruthy()
    expect(phoneRow().getByText('2:00')).toBeTruthy()
    expect(phoneRow().getByText('Done')).toBeTruthy()
  })

  test('a reason that may be cut opens in full under its row', async () => {
    await openGranted()
    await show()
    const reason = phoneRow().getByRole('button', { name: 'To call back about the outage' })
    expect(reason.getAttribute('aria-expanded')).toBe('false')
    fireEvent.click(reason)
    expect(reason.getAttribute('aria-expanded')).toBe('true')
    expect(phoneRow().getAllByText('To call back about the outage')).toHaveLength(2)
  })

  test('cannot be selected or copied unless copying is allowed', async () => {
    await openGranted()
    await show()
    const value = phoneRow().getByText(PHONE)
    expect(getComputedStyle(value).userSelect).toBe('none')
    expect(fireEvent.copy(value)).toBe(false)
  })

  test('can be selected and copied where policy allows it', async () => {
    await openGranted({ isCopyAllowed: true })
    await show()
    const value = phoneRow().getByText(PHONE)
    expect(getComputedStyle(value).userSelect).toBe('text')
    expect(fireEvent.copy(value)).toBe(true)
  })

  test('tells the host and the browser nothing of it', async () => {
    const { host } = await openGranted()
    await show()
    expect(isShown()).toBe(true)
    expect(JSON.stringify(host.heard)).not.toContain(PHONE)
    expect(localStorage.length + sessionStorage.length).toBe(0)
    expect(document.cookie + window.location.href + document.title).not.toContain(PHONE)
  })

  test('counts down on what the server sent', async () => {
    await openGranted({ displayRemainingSeconds: 30, displaySeconds: 30 })
    await show()
    expect(phoneRow().getByText('0:30')).toBeTruthy()
    await pass(10_000)
    expect(phoneRow().getByText('0:20')).toBeTruthy()
  })

  test('an answer that arrives after the page was hidden never shows', async () => {
    const { endpoint } = await openGranted()
    let answer: ((response: Response) => void) | undefined
    endpoint.on('POST', REVEAL, () => new Promise((resolve) => (answer = resolve)))
    await show()
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
    answer?.(json(revealedPhone))
    await settle()
    expect(isShown()).toBe(false)
  })
})

describe('a value leaves the document', () => {
  test('on time', async () => {
    await openGranted({ displayRemainingSeconds: 30, displaySeconds: 30 })
    await show()
    await pass(29_000)
    expect(isShown()).toBe(true)
    await pass(1_100)
    expect(isShown()).toBe(false)
    expect(phoneRow().getByText('••••••••58')).toBeTruthy()
  })

  test('when the page is hidden', async () => {
    await openGranted()
    await show()
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
    act(() => void document.dispatchEvent(new Event('visibilitychange')))
    expect(isShown()).toBe(false)
  })

  test('when Zendesk puts the app away', async () => {
    const { host } = await openGranted()
    await show()
    act(() => host.fire('app.deactivated'))
    expect(isShown()).toBe(false)
  })

  test('when another ticket is opened', async () => {
    const { host } = await openGranted()
    await show()
    await act(async () => host.fire('context.updated', { ticketId: 4002 }))
    expect(isShown()).toBe(false)
  })

  test('after a minute without a hand on it, and not while there is one', async () => {
    await openGranted()
    await show()
    await pass(50_000)
    act(() => void window.dispatchEvent(new Event('pointermove')))
    await pass(50_000)
    expect(isShown()).toBe(true)
    await pass(11_000)
    expect(isShown()).toBe(false)
  })

  test('by Escape, without ending the grant', async () => {
    const { endpoint } = await openGranted()
    await show()
    fireEvent.keyDown(window, { key: 'Escape' })
    expect(isShown()).toBe(false)
    expect(endpoint.sentTo('POST', RELEASE)).toEqual([])
  })

  test('within 5 seconds of a revocation, by the heartbeat', async () => {
    const { endpoint } = await openGranted()
    await show()
    await pass(3_500)
    expect(isShown()).toBe(true)
    endpoint.on('POST', HEARTBEAT, () => problem('grant_revoked', 410))
    await pass(5_000)
    expect(isShown()).toBe(false)
  })

  test('within 5 seconds when heartbeats go unanswered', async () => {
    const { endpoint } = await openGranted()
    await show()
    await pass(3_500)
    endpoint.on('POST', HEARTBEAT, silence)
    await pass(5_000)
    expect(isShown()).toBe(false)
    expect(phoneRow().getByText(/Masked: no connection/)).toBeTruthy()
  })

  test('within 5 seconds when the network is gone', async () => {
    const { endpoint } = await openGranted()
    await show()
    endpoint.on('POST', HEARTBEAT, noNetwork)
    await pass(5_000)
    expect(isShown()).toBe(false)
  })

  test('as soon as the list says that the grant was revoked', async () => {
    const { host, become } = await openGranted()
    await show()
    become(listRevoked)
    host.fire('api_notification.scrim_changed', { body: { ticketId: 4001 } })
    await settle()
    expect(isShown()).toBe(false)
    await pass(10)
    expect(phoneRow().getByText('Access was revoked.')).toBeTruthy()
  })

  test('as soon as the server says that less time is left', async () => {
    const { endpoint } = await openGranted()
    endpoint.on('POST', HEARTBEAT, () => json({ displayRemainingSeconds: 4 }))
    await show()
    await pass(7_100)
    expect(isShown()).toBe(false)
  })

  test('stays while the reply is being written, unless it is secret', async () => {
    await openGranted()
    await show()
    act(() => void window.dispatchEvent(new Event('blur')))
    await pass(20_000)
    expect(isShown()).toBe(true)
  })

  test('5 seconds after one clicked away from a secret value', async () => {
    const [field] = listGranted.fields.filter(({ fieldId }) => fieldId === 'phone')
    if (field === undefined) throw new Error('no field')
    await openGranted({}, { ...listGranted, fields: [{ ...field, sensitivityClass: 'secret' }] })
    await show()
    act(() => void window.dispatchEvent(new Event('blur')))
    await pass(4_000)
    act(() => void window.dispatchEvent(new Event('focus')))
    await pass(10_000)
    expect(isShown()).toBe(true)
    act(() => void window.dispatchEvent(new Event('blur')))
    await pass(5_100)
    expect(isShown()).toBe(false)
  })
})

describe('showing again', () => {
  test('within the display window repeats the same attempt', async () => {
    const { endpoint } = await openGranted()
    await show()
    fireEvent.keyDown(window, { key: 'Escape' })
    expect(phoneRow().getByText(/Free to show again for/)).toBeTruthy()
    await show('Show again')
    expect(isShown()).toBe(true)
    const [first, second] = endpoint.sentTo('POST', REVEAL).map(attemptOf)
    expect(second).toBe(first)
  })

  test('after the window is another attempt', async () => {
    const { endpoint } = await openGranted({ displayRemainingSeconds: 30, displaySeconds: 30 })
    await show()
    await pass(31_000)
    await show()
    const [first, second] = endpoint.sentTo('POST', REVEAL).map(attemptOf)
    expect(second).not.toBe(first)
  })

  test('after a lost answer repeats the same attempt, so that it costs no second use', async () => {
    const { endpoint } = await openGranted()
    endpoint.on('POST', REVEAL, noNetwork)
    await show()
    expect(phoneRow().getByText(/No answer from the server/)).toBeTruthy()
    endpoint.on('POST', REVEAL, (sent) => json({ ...revealedPhone, attemptId: attemptOf(sent) }))
    await show()
    expect(isShown()).toBe(true)
    const [first, second] = endpoint.sentTo('POST', REVEAL).map(attemptOf)
    expect(second).toBe(first)
  })

  test('after a refusal is another attempt, and the refusal is said', async () => {
    const { endpoint } = await openGranted()
    endpoint.on('POST', REVEAL, () => problem('reveal_failed', 500))
    await show()
    expect(phoneRow().getByText(/could not be opened/)).toBeTruthy()
    await show()
    const [first, second] = endpoint.sentTo('POST', REVEAL).map(attemptOf)
    expect(second).not.toBe(first)
  })

  test('is still offered after the last use was taken, until its window ends', async () => {
    const { host, become } = await openGranted({ displayRemainingSeconds: 60, usesLeft: 0 })
    await show()
    become(listExhausted)
    host.fire('api_notification.scrim_changed', { body: { ticketId: 4001 } })
    await settle()
    expect(isShown()).toBe(true)
    fireEvent.keyDown(window, { key: 'Escape' })
    await show('Show again')
    expect(isShown()).toBe(true)
    await pass(61_000)
    expect(isShown()).toBe(false)
    expect(phoneRow().getByText('All uses are spent.')).toBeTruthy()
  })
})

describe('Done', () => {
  test('masks at once, then ends the grant', async () => {
    const { endpoint } = await openGranted()
    await show()
    endpoint.on('POST', RELEASE, silence)
    fireEvent.click(phoneRow().getByText('Done'))
    expect(isShown()).toBe(false)
    expect(endpoint.sentTo('POST', RELEASE)).toHaveLength(1)
  })

  test('is there before a value was shown, too', async () => {
    const { endpoint } = await openGranted()
    fireEvent.click(phoneRow().getByText('Done'))
    await settle()
    expect(endpoint.sentTo('POST', RELEASE)).toHaveLength(1)
  })
})

describe('the heartbeat', () => {
  test('goes out every 3 seconds while a value is shown and stops with it', async () => {
    const { endpoint } = await openGranted()
    await show()
    await pass(9_500)
    expect(endpoint.sentTo('POST', HEARTBEAT)).toHaveLength(3)
    fireEvent.keyDown(window, { key: 'Escape' })
    await pass(9_500)
    expect(endpoint.sentTo('POST', HEARTBEAT)).toHaveLength(3)
  })
})
