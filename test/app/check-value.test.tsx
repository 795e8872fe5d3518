/** Checking what a customer says from the sidebar, and finding tickets by a value from the bar. */
import { fireEvent, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, test } from 'vitest'
import { NavBar } from '../../src/app/locations/NavBar.tsx'
import { TicketSidebar } from '../../src/app/locations/TicketSidebar.tsx'
import type { ValueSearch } from '../../src/contract/value-checks.ts'
import { json, noNetwork, openEndpointDouble, problem } from './endpoint-double.ts'
import { listMasked, listNothing, listSolved, meFrontline, meLead, queueEmpty } from './fixtures.ts'
import { openApp, settle } from './open-app.tsx'

const CHECKS = '/tickets/4001/protected-fields/card_number/checks'
let close: (() => void) | undefined
afterEach(() => close?.())

async function openSidebar(list = listMasked) {
  const endpoint = openEndpointDouble()
  endpoint.on('GET', '/tickets/4001/protected-fields', () => json(list))
  const app = await openApp(TicketSidebar, { endpoint })
  close = app.host.close
  return { ...app, endpoint, user: userEvent.setup() }
}

const opener = () => screen.getByRole('button', { name: 'Check what the customer says' })
const form = () => within(screen.getByRole('form', { name: 'Check what the customer says' }))
const input = () => form().getByLabelText<HTMLInputElement>('What the customer says')

async function openForm(list = listMasked) {
  const app = await openSidebar(list)
  await app.user.click(opener())
  await settle()
  return app
}

describe('checking what the customer says', () => {
  test('by keyboard alone: a match is said, and the value leaves the screen', async () => {
    const { endpoint, user } = await openSidebar()
    endpoint.on('POST', CHECKS, () => json({ isMatch: true, triesLeft: 5, lockedSeconds: null }))
    opener().focus()
    await user.keyboard('{Enter}')
    await settle()
    expect(document.activeElement).toBe(form().getByLabelText('Field'))
    await user.keyboard('{Tab}4242 4242 4242 4242{Enter}')
    await settle()
    expect(endpoint.sentTo('POST', CHECKS).map(({ body }) => body)).toEqual([
      { value: '4242 4242 4242 4242' },
    ])
    expect(form().getByRole('status').textContent).toBe('Matches')
    expect(input().value).toBe('')
    expect(document.activeElement).toBe(input())
    await user.keyboard('{Escape}')
    expect(screen.queryByRole('form')).toBeNull()
    expect(document.activeElement).toBe(opener())
  })

  test('a miss says how many tries are left, until one types on', async () => {
    const { endpoint, user } = await openForm()
    endpoint.on('POST', CHECKS, () => json({ isMatch: false, triesLeft: 4, lockedSeconds: null }))
    await user.type(input(), '4111 1111{Enter}')
    await settle()
    expect(form().getByRole('status').textContent).toBe('Does not match · 4 tries left')
    expect(input().value).toBe('4111 1111')
    await user.type(input(), ' 1')
    expect(form().getByRole('status').textContent).toBe('')
  })

  test('the miss that locks says for how long, and so does a check under the lock', async () => {
    const { endpoint, user } = await openForm()
    endpoint.on('POST', CHECKS, () => json({ isMatch: false, triesLeft: 0, lockedSeconds: 900 }))
    await user.type(input(), '4111{Enter}')
    await settle()
    expect(form().getByRole('status').textContent).toBe('Does not match. Locked for 15 min.')
    endpoint.on('POST', CHECKS, () =>
      problem('value_check_locked', 429, { retryAfterSeconds: 840 }),
    )
    await user.type(input(), '1{Enter}')
    await settle()
    expect(form().getByRole('status').textContent).toBe(
      'Too many misses. This value can be checked again in 14 min.',
    )
  })

  test('each field keeps its own answer, and what was typed for one is not sent for another', async () => {
    const { endpoint, user } = await openForm()
    endpoint.on('POST', CHECKS, () => json({ isMatch: false, triesLeft: 0, lockedSeconds: 900 }))
    await user.type(input(), '4111{Enter}')
    await settle()
    fireEvent.change(form().getByLabelText('Field'), { target: { value: 'phone' } })
    expect(form().getByRole('status').textContent).toBe('')
    expect(input().value).toBe('')
    fireEvent.change(form().getByLabelText('Field'), { target: { value: 'card_number' } })
    expect(form().getByRole('status').textContent).toContain('Locked for 15 min')
  })

  test('nothing typed is no try', async () => {
    const { endpoint, user } = await openForm()
    await user.type(input(), '  {Enter}')
    await settle()
    expect(form().getByText('Type what the customer says.')).toBeTruthy()
    expect(endpoint.sentTo('POST', CHECKS)).toEqual([])
  })

  test('a refusal and no answer are said as such, never as a miss', async () => {
    const { endpoint, user } = await openForm()
    endpoint.on('POST', CHECKS, () => problem('ticket_access_denied', 403))
    await user.type(input(), '4242{Enter}')
    await settle()
    expect(form().getByRole('alert').textContent).toMatch(/outside your groups/)
    endpoint.on('POST', CHECKS, noNetwork)
    await user.type(input(), '1{Enter}')
    await settle()
    expect(form().getByRole('alert').textContent).toMatch(/No answer from the server/)
    expect(form().getByRole('status').textContent).toBe('')
  })

  test('neither browser nor spelling service is to remember or read what is typed', async () => {
    await openForm()
    expect(input().getAttribute('autocomplete')).toBe('off')
    expect(input().getAttribute('spellcheck')).toBe('false')
  })

  test.each([
    ['without a stored value', listNothing],
    ['on a solved ticket', listSolved],
  ])('is not offered %s', async (_, list) => {
    await openSidebar(list)
    expect(screen.queryByRole('button', { name: 'Check what the customer says' })).toBeNull()
  })

  test('opening one form closes the other', async () => {
    const { user } = await openForm()
    await user.click(screen.getByRole('button', { name: 'Take a value down' }))
    await settle()
    expect(screen.getAllByRole('form')).toHaveLength(1)
    expect(screen.getByRole('form', { name: 'Take a value down' })).toBeTruthy()
  })
})

describe('finding by value', () => {
  const found: ValueSearch = {
    tickets: [
      {
        ticketId: 4012,
        subject: 'Refund not arrived',
        fields: [
          {
            fieldId: 'card_number',
            label: 'Card number',
            kind: 'payment_card',
            sensitivityClass: 'restricted',
          },
        ],
      },
    ],
    isComplete: true,
  }

  async function openFind(answer: () => Response) {
    const endpoint = openEndpointDouble()
    endpoint.on('GET', '/me', () => json(meLead))
    endpoint.on('GET', '/reveal-requests*', () => json(queueEmpty))
    endpoint.on('POST', '/value-searches', answer)
    const app = await openApp(NavBar, { endpoint })
    close = app.host.close
    const user = userEvent.setup()
    await user.click(screen.getByRole('tab', { name: 'Find' }))
    await settle()
    return { ...app, endpoint, user }
  }
  const search = () => within(screen.getByRole('form', { name: 'Find tickets by a value' }))

  test('lists the tickets that hold the value, and opens one', async () => {
    const { endpoint, user, host } = await openFind(() => json(found))
    await user.type(search().getByLabelText('Exact value'), '4242424242424242{Enter}')
    await settle()
    expect(endpoint.sentTo('POST', '/value-searches').map(({ body }) => body)).toEqual([
      { kind: 'payment_card', value: '4242424242424242' },
    ])
    expect(screen.getByText('1 ticket holds this value.')).toBeTruthy()
    expect(screen.getByText('Refund not arrived')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Open #4012' }))
    await settle()
    expect(host.invoked()).toContainEqual(['routeTo', ['ticket', 4012]])
  })

  test('says when no ticket holds it', async () => {
    const { user } = await openFind(() => json({ tickets: [], isComplete: true }))
    await user.type(search().getByLabelText('Exact value'), '4242{Enter}')
    await settle()
    expect(screen.getByText('No ticket that you may open holds this value.')).toBeTruthy()
  })

  test('says a refusal', async () => {
    const { user } = await openFind(() => problem('rate_limited', 429, { retryAfterSeconds: 60 }))
    await user.type(search().getByLabelText('Exact value'), '4242{Enter}')
    await settle()
    expect(screen.getByRole('alert').textContent).toMatch(/That was a lot in a short time/)
  })

  test('is not there for an agent', async () => {
    const endpoint = openEndpointDouble()
    endpoint.on('GET', '/me', () => json(meFrontline))
    close = (await openApp(NavBar, { endpoint })).host.close
    expect(screen.queryByRole('tab', { name: 'Find' })).toBeNull()
  })
})
