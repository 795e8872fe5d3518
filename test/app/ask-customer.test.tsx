/** Asking the customer through a one-time link, from the sidebar. */
import { fireEvent, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, test } from 'vitest'
import { TicketSidebar } from '../../src/app/locations/TicketSidebar.tsx'
import type { IntakeLinkList } from '../../src/contract/intake-links.ts'
import { UNAVAILABLE } from '../zaf/zaf-host.ts'
import { json, openEndpointDouble, problem } from './endpoint-double.ts'
import { cardField, listMasked, maya } from './fixtures.ts'
import { openApp, settle } from './open-app.tsx'

const LINKS = '/tickets/4001/intake-links'
const ID = 'a'.repeat(64)
const PATH = '/intake/AbCdEfGhIjKlMnOpQrStUvWxYz012345'
let close: (() => void) | undefined
afterEach(() => close?.())

const none: IntakeLinkList = { links: [], defaultMinutes: 1440, maxMinutes: 4320 }
const { fieldId, label, kind, sensitivityClass } = cardField
const one: IntakeLinkList = {
  ...none,
  links: [
    {
      linkId: ID,
      field: { fieldId, label, kind, sensitivityClass },
      createdBy: maya,
      expiresInSeconds: 7200,
    },
  ],
}

async function openForm(first: IntakeLinkList = none, host: Record<string, unknown> = {}) {
  const endpoint = openEndpointDouble()
  let links = first
  endpoint.on('GET', '/tickets/4001/protected-fields', () => json(listMasked))
  endpoint.on('GET', LINKS, () => json(links))
  endpoint.on('POST', LINKS, () => {
    links = one
    return json({ linkId: ID, fieldId, path: PATH, expiresInSeconds: 86_400 })
  })
  endpoint.on('POST', `${LINKS}/${ID}/revoke`, () => {
    links = none
    return json({ linkId: ID })
  })
  const app = await openApp(TicketSidebar, { endpoint, host })
  close = app.host.close
  const user = userEvent.setup()
  await user.click(screen.getByRole('button', { name: 'Ask the customer' }))
  await settle()
  return { ...app, endpoint, user }
}

const form = () => within(screen.getByRole('form', { name: 'Ask the customer' }))
const address = () => new URL(PATH, window.location.origin).href

describe('asking the customer', () => {
  test('makes a link for the chosen field and time, and puts it into the reply', async () => {
    const { endpoint, user, host } = await openForm()
    fireEvent.change(form().getByLabelText('Field'), { target: { value: 'card_number' } })
    fireEvent.change(form().getByLabelText('The link works for'), { target: { value: '60' } })
    await user.click(form().getByRole('button', { name: 'Make the link' }))
    await settle()
    expect(endpoint.sentTo('POST', LINKS).map(({ body }) => body)).toEqual([
      { fieldId: 'card_number', minutes: 60 },
    ])
    expect(form().getByLabelText<HTMLInputElement>('Link for the customer').value).toBe(address())
    const insert = form().getByRole('button', { name: 'Put it into the reply' })
    expect(document.activeElement).toBe(insert)
    await user.click(insert)
    await settle()
    expect(host.invoked()).toContainEqual(['comment.appendText', [address()]])
    expect(form().getByRole('button', { name: 'In the reply' })).toBeTruthy()
  })

  test('offers no longer time than policy allows, and its own at first', async () => {
    await openForm()
    const select = form().getByLabelText<HTMLSelectElement>('The link works for')
    expect(select.value).toBe('1440')
    expect([...select.options].map(({ value }) => value)).toEqual(['60', '240', '1440', '4320'])
  })

  test('copies the link', async () => {
    const { user } = await openForm()
    await user.click(form().getByRole('button', { name: 'Make the link' }))
    await settle()
    await user.click(form().getByRole('button', { name: 'Copy' }))
    await settle()
    expect(await navigator.clipboard.readText()).toBe(address())
    expect(form().getByRole('button', { name: 'Copied' })).toBeTruthy()
  })

  test('says when the host has no reply to put it into', async () => {
    const { user } = await openForm(none, { 'comment.appendText': UNAVAILABLE })
    await user.click(form().getByRole('button', { name: 'Make the link' }))
    await settle()
    await user.click(form().getByRole('button', { name: 'Put it into the reply' }))
    await settle()
    expect(form().getByRole('alert').textContent).toMatch(/did not get into the reply/)
  })

  test('lists open links without their address, and revokes one', async () => {
    const { endpoint, user, container } = await openForm(one)
    expect(form().getByText('Card number, asked by Maya Rivera, open for 2 hr')).toBeTruthy()
    expect(container.innerHTML).not.toContain('/intake/')
    await user.click(form().getByRole('button', { name: 'Revoke the link for Card number' }))
    await settle()
    expect(endpoint.sentTo('POST', `${LINKS}/${ID}/revoke`)).toHaveLength(1)
    expect(form().queryByText(/asked by/)).toBeNull()
  })

  test('a link that is revoked at once leaves the screen', async () => {
    const { user } = await openForm()
    await user.click(form().getByRole('button', { name: 'Make the link' }))
    await settle()
    await user.click(form().getByRole('button', { name: 'Revoke the link for Card number' }))
    await settle()
    expect(form().queryByLabelText('Link for the customer')).toBeNull()
    expect(form().getByRole('button', { name: 'Make the link' })).toBeTruthy()
  })

  test('says a refusal next to what was tried', async () => {
    const { endpoint, user } = await openForm()
    endpoint.on('POST', LINKS, () => problem('ticket_solved', 409))
    await user.click(form().getByRole('button', { name: 'Make the link' }))
    await settle()
    expect(form().getByRole('alert').textContent).toMatch(/solved/)
  })

  test('Escape closes it and the focus returns', async () => {
    const { user } = await openForm()
    await user.keyboard('{Escape}')
    expect(screen.queryByRole('form')).toBeNull()
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Ask the customer' }))
  })
})
