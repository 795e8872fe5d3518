import { act, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { NavBar } from '../../src/app/locations/NavBar.tsx'
import type { QueuedRevealRequest, RevealRequestList } from '../../src/contract/reveal-requests.ts'
import { json, openEndpointDouble } from './endpoint-double.ts'
import {
  cardField,
  lena,
  maya,
  meLead,
  passportField,
  queuedMaya,
  queuedTomas,
  requestApproved,
} from './fixtures.ts'
import { openApp, settle } from './open-app.tsx'

let close: (() => void) | undefined
afterEach(() => {
  vi.useRealTimers()
  close?.()
  window.location.hash = ''
})

const idOf = (number: number) =>
  `00000000-0000-4000-8000-0000000002${String(number).padStart(2, '0')}`

/** One request a ticket, each a minute older than the next. */
function queued(number: number, change: Partial<QueuedRevealRequest['request']> = {}) {
  return {
    ...queuedMaya,
    request: {
      ...queuedMaya.request,
      id: idOf(number),
      ticketId: 4100 + number,
      ageSeconds: 6000 - number * 60,
      ...change,
    },
    context: { ...queuedMaya.context, ticketSubject: `Case ${number}` },
  }
}

const FIFTY = Array.from({ length: 50 }, (_, number) => queued(number))

function listOf(requests: QueuedRevealRequest[], queue: RevealRequestList['queue'] = 'needs_me') {
  return { queue, counts: { needsMe: requests.length, pending: requests.length }, requests }
}

async function openQueue(requests: QueuedRevealRequest[], hash = '#requests') {
  const endpoint = openEndpointDouble()
  let current = requests
  endpoint.on('GET', '/me', () => json(meLead))
  endpoint.on('GET', '/reveal-requests?queue=needs_me', () => json(listOf(current)))
  endpoint.on('GET', '/reveal-requests?queue=pending', () => json(listOf(current, 'pending')))
  endpoint.on('GET', '/reveal-requests?queue=decided', () => json(listOf(current, 'decided')))
  const app = await openApp(NavBar, { endpoint, ticketId: null, hash })
  close = app.host.close
  return {
    ...app,
    endpoint,
    user: userEvent.setup(),
    /** What the next poll answers, and that poll. */
    async become(next: QueuedRevealRequest[]) {
      current = next
      act(() => app.host.fire('api_notification.scrim_changed'))
      await settle()
    },
  }
}

const rows = () =>
  within(screen.getByRole('list', { name: 'Requests' }))
    .getAllByRole('button')
    .map(({ textContent }) => /#(\d+)/.exec(textContent ?? '')?.[1])
const selectedRow = () =>
  within(screen.getByRole('list', { name: 'Requests' }))
    .getAllByRole('button')
    .filter((row) => row.getAttribute('aria-current') === 'true')
    .map(({ textContent }) => /#(\d+)/.exec(textContent ?? '')?.[1])

describe('a queue that others work on, too', () => {
  test('the selected request stays selected, and no row moves, when others come and go', async () => {
    const { user, become } = await openQueue(FIFTY)
    await user.keyboard('jjj')
    expect(selectedRow()).toEqual(['4103'])
    await become([...FIFTY.slice(2), queued(50)])
    expect(selectedRow()).toEqual(['4103'])
    expect(rows()).toEqual([...FIFTY, queued(50)].map(({ request }) => String(request.ticketId)))
    expect(screen.getAllByText('No longer waits')).toHaveLength(2)
  })

  test('what no longer waits leaves the list at one’s own next step', async () => {
    const { user, become } = await openQueue(FIFTY)
    await user.keyboard('jjj')
    await become(FIFTY.slice(2))
    await user.keyboard('j')
    expect(rows()).toEqual(FIFTY.slice(2).map(({ request }) => String(request.ticketId)))
    expect(selectedRow()).toEqual(['4104'])
  })

  test('a request that somebody else decided stays in view, and the keys do not decide on another', async () => {
    const { user, become, endpoint } = await openQueue(FIFTY)
    await become(FIFTY.slice(1))
    expect(selectedRow()).toEqual(['4100'])
    expect(screen.getByText('This request was decided already.')).toBeTruthy()
    await user.keyboard('ad')
    expect(endpoint.sentTo('POST', '*')).toEqual([])
  })

  test('a key held down decides once', async () => {
    const { user, endpoint } = await openQueue(FIFTY)
    endpoint.on('POST', '/reveal-requests/*', () => json(requestApproved))
    await user.keyboard('{a>5/}')
    await settle()
    expect(endpoint.sentTo('POST', '/reveal-requests/*')).toHaveLength(1)
  })

  test('a key pressed twice does not decide on the request that moves up', async () => {
    const { user, endpoint } = await openQueue(FIFTY)
    endpoint.on('POST', '/reveal-requests/*', () => json(requestApproved))
    vi.useFakeTimers({ toFake: ['performance'] })
    await user.keyboard('a')
    await settle()
    await user.keyboard('a')
    await settle()
    expect(endpoint.sentTo('POST', '/reveal-requests/*').map(({ path }) => path)).toEqual([
      `/reveal-requests/${idOf(0)}/approve`,
    ])
  })
})

describe('whoever is called by a request finds it', () => {
  test('the request that came within the last minute is selected on opening', async () => {
    await openQueue([...FIFTY, queued(50, { ageSeconds: 4 })])
    expect(selectedRow()).toEqual(['4150'])
  })

  test('without news the oldest request is selected', async () => {
    await openQueue(FIFTY)
    expect(selectedRow()).toEqual(['4100'])
  })

  test('a request that comes while one looks changes nothing but the list', async () => {
    const { become } = await openQueue(FIFTY)
    await become([...FIFTY, queued(50, { ageSeconds: 1 })])
    expect(selectedRow()).toEqual(['4100'])
  })

  test('n goes to the newest', async () => {
    const { user } = await openQueue(FIFTY)
    await user.keyboard('n')
    expect(selectedRow()).toEqual(['4149'])
  })
})

describe('narrowing', () => {
  const mixed = [
    queued(0),
    queued(1, { requester: lena, fields: [passportField] }),
    { ...queuedTomas, request: { ...queuedTomas.request, ticketId: 4102 } },
  ]

  test.each([
    ['maya', ['4100']],
    ['#4101', ['4101']],
    ['passport', ['4101', '4102']],
    ['tomas secret', ['4102']],
    ['disputes 4101', ['4101']],
    ['nobody asked for this', []],
  ])('%j finds %j', async (words, tickets) => {
    const { user } = await openQueue(mixed)
    await user.keyboard('/')
    await user.keyboard(words)
    expect(screen.queryByRole('list', { name: 'Requests' }) === null ? [] : rows()).toEqual(tickets)
  })

  test('stands in the address, and an address narrows', async () => {
    const { user } = await openQueue(mixed)
    await user.click(screen.getByText('Filter'))
    await user.selectOptions(screen.getByLabelText('Asked by'), 'Lena Fischer')
    expect(window.location.hash).toBe(`#requests?person=105&request=${idOf(1)}`)
    close?.()
    document.body.replaceChildren()
    await openQueue(mixed, '#requests?field=card_number&class=restricted')
    expect(rows()).toEqual(['4100'])
    expect(screen.getByLabelText<HTMLSelectElement>('Field').value).toBe('card_number')
  })

  test('by person, field, class and what to look twice at', async () => {
    const { user } = await openQueue(mixed)
    await user.click(screen.getByText('Filter'))
    const choose = (label: string, option: string) =>
      user.selectOptions(screen.getByLabelText(label), option)
    await choose('Class', 'secret')
    expect(rows()).toEqual(['4101', '4102'])
    await choose('Asked by', maya.name)
    expect(screen.getByText(/^0 of 3 fit/)).toBeTruthy()
    await user.click(screen.getAllByText('Clear')[0] ?? document.body)
    await choose('Field', cardField.label)
    expect(rows()).toEqual(['4100'])
    await choose('Field', 'Every field')
    await choose('Show', 'Look twice')
    expect(rows()).toEqual(['4101', '4102'])
  })

  test('Escape gives the keys back to the list', async () => {
    const { user } = await openQueue(mixed)
    await user.keyboard('/passport{Enter}')
    await user.keyboard('j')
    expect(selectedRow()).toEqual(['4102'])
    await user.keyboard('/{Escape}')
    expect(rows()).toHaveLength(3)
  })

  test('a request by its address is open', async () => {
    await openQueue(mixed, `#requests?queue=pending&request=${idOf(1)}`)
    expect(selectedRow()).toEqual(['4101'])
  })
})
