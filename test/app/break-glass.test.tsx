import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, test } from 'vitest'
import { TicketSidebar } from '../../src/app/locations/TicketSidebar.tsx'
import type { GrantView } from '../../src/contract/grants.ts'
import type { ProtectedFieldList } from '../../src/contract/protected-fields.ts'
import { json, openEndpointDouble, problem } from './endpoint-double.ts'
import {
  cardField,
  grantActive,
  listMasked,
  listPending,
  omar,
  phoneField,
  requestApproved,
  requestPending,
} from './fixtures.ts'
import { openApp, settle } from './open-app.tsx'

let close: (() => void) | undefined
afterEach(() => close?.())

const mayBreak = { mayInvoke: { allowed: true }, minutes: 10, uses: 1 } as const
const named: ProtectedFieldList = { ...listMasked, breakGlass: mayBreak }
const grant: GrantView = {
  ...grantActive,
  isBreakGlass: true,
  approvedBy: [],
  fields: [{ ...cardField, usesLeft: 1 }],
  remainingSeconds: 600,
}

async function openSidebar(list: ProtectedFieldList) {
  const endpoint = openEndpointDouble()
  let answer = list
  endpoint.on('GET', '/tickets/4001/protected-fields', () => json(answer))
  const app = await openApp(TicketSidebar, { endpoint })
  close = app.host.close
  await settle()
  return { ...app, endpoint, becomes: (next: ProtectedFieldList) => (answer = next) }
}

const row = (name: string) => screen.getByRole('listitem', { name })
const form = () => screen.getByRole('form', { name: 'Break glass' })
const button = (name: string | RegExp) => screen.getByRole('button', { name })

async function fillIn(): Promise<void> {
  const [reason] = within(form()).getAllByRole('radio')
  if (reason !== undefined) await userEvent.click(reason)
  await userEvent.type(
    within(form()).getByLabelText('Why can it not wait?'),
    'The customer is being defrauded right now',
  )
}

describe('breaking the glass in the sidebar', () => {
  test('is offered to whom policy names, and to nobody else', async () => {
    await openSidebar(listMasked)
    expect(screen.queryByRole('button', { name: 'Break glass' })).toBeNull()
    await userEvent.click(within(row('Card number')).getByRole('button', { name: 'Ask' }))
    await settle()
    expect(screen.queryByRole('button', { name: /Break glass/ })).toBeNull()
  })

  test('says what it sets off before it is done', async () => {
    await openSidebar(named)
    await userEvent.click(button('Break glass'))
    await settle()
    expect(form().textContent).toContain('without approval: for 10 min, shown once.')
    expect(form().textContent).toContain('Everyone you skip is told, and compliance reviews it.')
  })

  test('takes the place of the request form, for the field that was asked for', async () => {
    const { endpoint, becomes } = await openSidebar(named)
    endpoint.on('POST', '/break-glass', () => {
      becomes({ ...named, grants: [grant], requests: [requestApproved] })
      return json({ request: requestApproved, grant, skipped: [omar] })
    })
    await userEvent.click(within(row('Card number')).getByRole('button', { name: 'Ask' }))
    await settle()
    await userEvent.click(button('Cannot wait? Break glass'))
    await settle()
    expect(screen.queryByRole('form', { name: 'Ask to see a value' })).toBeNull()
    await fillIn()
    await userEvent.click(within(form()).getByRole('button', { name: 'Break glass' }))
    await settle()
    expect(endpoint.sentTo('POST', '/break-glass')[0]?.body).toEqual({
      ticketId: 4001,
      fieldIds: ['card_number'],
      reasonCode: listMasked.form.reasons[0]?.code,
      reasonText: 'The customer is being defrauded right now',
    })
    expect(screen.getByText(/^Emergency access to Card number\./)).toBeTruthy()
    expect(screen.getByText('Compliance reviews it when it is over.')).toBeTruthy()
    expect(within(row('Card number')).getByRole('button', { name: /^Show/ })).toBeTruthy()
    expect(screen.getByText(/Everyone you skipped is told/)).toBeTruthy()
  })

  test('goes on with a request that waits', async () => {
    const { endpoint } = await openSidebar({ ...listPending, breakGlass: mayBreak })
    endpoint.on('POST', '/break-glass', () => problem('request_not_pending', 409))
    const asked = requestPending.fields[0]
    await userEvent.click(button('Cannot wait? Break glass'))
    await settle()
    await fillIn()
    await userEvent.click(within(form()).getByRole('button', { name: 'Break glass' }))
    await settle()
    expect(endpoint.sentTo('POST', '/break-glass')[0]?.body).toMatchObject({
      requestId: requestPending.id,
      fieldIds: [asked?.fieldId],
    })
    expect(within(form()).getByRole('alert')).toBeTruthy()
  })

  test('does nothing without a field, a reason and a word on why', async () => {
    const { endpoint } = await openSidebar(named)
    await userEvent.click(button('Break glass'))
    await settle()
    await userEvent.click(within(form()).getByRole('button', { name: 'Break glass' }))
    expect(endpoint.sentTo('POST', '*')).toEqual([])
    for (const text of ['Choose at least one field.', 'Choose a reason.']) {
      expect(within(form()).getByText(text)).toBeTruthy()
    }
    await userEvent.click(within(form()).getByRole('checkbox', { name: phoneField.label }))
    expect(within(form()).queryByText('Choose at least one field.')).toBeNull()
  })

  test('is not sent by Enter in the text, and Escape gives the focus back', async () => {
    const { endpoint } = await openSidebar(named)
    await userEvent.click(button('Break glass'))
    await settle()
    await userEvent.type(within(form()).getByLabelText('Why can it not wait?'), 'Because{Enter}')
    expect(endpoint.sentTo('POST', '*')).toEqual([])
    await userEvent.keyboard('{Escape}')
    expect(screen.queryByRole('form', { name: 'Break glass' })).toBeNull()
    expect(document.activeElement).toBe(button('Break glass'))
  })

  test('waits for compliance after the last time, and says so', async () => {
    const mayInvoke = { allowed: false, code: 'break_glass_unreviewed' } as const
    await openSidebar({ ...named, breakGlass: { ...mayBreak, mayInvoke } })
    await userEvent.click(button('Break glass'))
    await settle()
    expect(within(form()).getByRole('alert').textContent).toContain(
      'Compliance has not reviewed your last emergency yet.',
    )
    expect(within(form()).queryByRole('button', { name: 'Break glass' })).toBeNull()
    await userEvent.keyboard('{Enter}')
    expect(screen.queryByRole('form', { name: 'Break glass' })).toBeNull()
  })
})
