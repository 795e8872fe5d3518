import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, test } from 'vitest'
import { TicketSidebar } from '../../src/app/locations/TicketSidebar.tsx'
import type { ProtectedFieldList } from '../../src/contract/protected-fields.ts'
import { json, openEndpointDouble } from './endpoint-double.ts'
import {
  grantActive,
  lena,
  listMasked,
  omar,
  passportField,
  phoneField,
  requestPending,
} from './fixtures.ts'
import { openApp, settle } from './open-app.tsx'

let close: (() => void) | undefined
afterEach(() => close?.())

async function openSidebar(list: ProtectedFieldList) {
  const endpoint = openEndpointDouble()
  let now = list
  endpoint.on('GET', '/tickets/4001/protected-fields', () => json(now))
  const app = await openApp(TicketSidebar, { endpoint })
  close = app.host.close
  return { ...app, endpoint, become: (next: ProtectedFieldList) => (now = next) }
}

const row = (label: string) =>
  within(screen.getByText(label, { selector: 'h2' }).closest('li') as HTMLElement)

const openForm = async (label = 'Card number') => {
  await userEvent.click(row(label).getByRole('button', { name: 'Ask' }))
  await settle()
  return within(screen.getByRole('form', { name: 'Ask to see a value' }))
}

describe('the form says who decides', () => {
  test('now', async () => {
    await openSidebar(listMasked)
    const form = await openForm()
    expect(form.getByText('Omar Haddad and Lena Fischer can approve right now.')).toBeTruthy()
    expect(form.getByRole('button', { name: 'Ask Omar and Lena' })).toBeTruthy()
  })

  test('not before somebody is on duty', async () => {
    const at = '2026-11-23T08:00:00.000Z'
    await openSidebar({ ...listMasked, form: { ...listMasked.form, onDutyAt: at } })
    const form = await openForm()
    expect(form.getByText(/^Nobody is on duty until Nov 23.*You can ask now;/)).toBeTruthy()
  })

  test('on several levels', async () => {
    const levels = [
      { count: 1, roles: ['lead' as const], groups: [], people: [omar] },
      { count: 1, roles: ['compliance' as const], groups: [], people: [lena] },
    ]
    await openSidebar({
      ...listMasked,
      classes: listMasked.classes.map((each) => ({ ...each, levels })),
    })
    const form = await openForm()
    expect(
      form.getByText(
        'Omar Haddad can approve right now. It takes 1 approval (lead) and 1 approval (compliance).',
      ),
    ).toBeTruthy()
  })

  test('by the most sensitive of the ticked fields', async () => {
    await openSidebar({
      ...listMasked,
      classes: listMasked.classes.map((each) =>
        each.sensitivityClass === 'secret'
          ? { ...each, levels: [{ count: 1, roles: ['lead'], groups: [], people: [lena] }] }
          : each,
      ),
    })
    const form = await openForm()
    await userEvent.click(form.getByRole('checkbox', { name: 'Passport' }))
    expect(form.getByText('Lena Fischer can approve right now.')).toBeTruthy()
  })

  test('nobody, where policy approves by itself', async () => {
    await openSidebar({
      ...listMasked,
      fields: [{ ...phoneField, why: { rule: 'rule', next: 'give_reason', label: 'Phones' } }],
    })
    const form = await openForm('Phone')
    expect(form.getByText(/^Nobody has to decide/)).toBeTruthy()
    expect(form.getByRole('button', { name: 'Ask' })).toBeTruthy()
  })

  test('nobody, where no one could', async () => {
    await openSidebar({
      ...listMasked,
      classes: listMasked.classes.map((each) => ({
        ...each,
        levels: [{ count: 1, roles: ['lead'], groups: [], people: [] }],
      })),
    })
    const form = await openForm()
    expect(form.getByText(/^Nobody who could approve it can see this ticket\./)).toBeTruthy()
  })
})

describe('more time', () => {
  const granted: ProtectedFieldList = {
    ...listMasked,
    grants: [{ ...grantActive, fields: [{ ...phoneField, usesLeft: 3 }] }],
  }
  const extension = {
    ...requestPending,
    fields: [phoneField],
    extendsGrantId: grantActive.id,
  }

  test('is asked for by keyboard from the row that is open, names the grant, and then waits', async () => {
    const { endpoint, become } = await openSidebar(granted)
    const user = userEvent.setup()
    endpoint.on('POST', '/reveal-requests', () => {
      become({ ...granted, requests: [extension] })
      return json(extension)
    })
    row('Phone')
      .getByRole('button', { name: /^More time/ })
      .focus()
    await user.keyboard('{Enter}')
    await settle()
    const form = within(screen.getByRole('form', { name: 'Ask for more time' }))
    expect(form.getByText(/^More time for Phone\./)).toBeTruthy()
    expect(form.queryByRole('checkbox')).toBeNull()
    await user.keyboard(' ')
    await user.click(form.getByRole('textbox'))
    await user.keyboard('The customer is still on the line{Enter}')
    await settle()
    expect(endpoint.sentTo('POST', '/reveal-requests').map(({ body }) => body)).toEqual([
      {
        ticketId: 4001,
        fieldIds: ['phone'],
        reasonCode: 'identity_check',
        reasonText: 'The customer is still on the line',
        minutes: 15,
        prompt: { version: 1, locale: 'en' },
        extendsGrantId: grantActive.id,
      },
    ])
    // What one has goes on meanwhile.
    expect(row('Phone').getByRole('button', { name: /^Show/ })).toBeTruthy()
    expect(row('Phone').getByText(/^Asked Omar and Lena for more time\./)).toBeTruthy()
    expect(row('Phone').queryByRole('button', { name: /^More time/ })).toBeNull()
  })

  test('is taken back', async () => {
    const { endpoint, become } = await openSidebar({ ...granted, requests: [extension] })
    endpoint.on('POST', `/reveal-requests/${extension.id}/withdraw`, () => {
      become(granted)
      return json({ ...extension, state: 'withdrawn' })
    })
    await settle()
    await userEvent.click(row('Phone').getByRole('button', { name: 'Withdraw' }))
    await settle()
    expect(row('Phone').getByRole('button', { name: /^More time/ })).toBeTruthy()
  })

  test('Escape closes the form and goes back to its button', async () => {
    await openSidebar(granted)
    await settle()
    const button = row('Phone').getByRole('button', { name: /^More time/ })
    await userEvent.click(button)
    await settle()
    await userEvent.keyboard('{Escape}')
    expect(screen.queryByRole('form')).toBeNull()
    expect(document.activeElement).toBe(button)
  })

  test('an emergency is not prolonged', async () => {
    await openSidebar({
      ...granted,
      fields: [passportField, phoneField],
      grants: [{ ...grantActive, isBreakGlass: true }],
    })
    await settle()
    expect(row('Phone').queryByRole('button', { name: /^More time/ })).toBeNull()
  })
})
