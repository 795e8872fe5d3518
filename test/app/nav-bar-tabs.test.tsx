import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, test } from 'vitest'
import { NavBar } from '../../src/app/locations/NavBar.tsx'
import type { Me } from '../../src/contract/session.ts'
import { json, openEndpointDouble, problem } from './endpoint-double.ts'
import { logPage, meAdministrator, meCompliance, meFrontline, meLead } from './fixtures.ts'
import { openApp, settle } from './open-app.tsx'

let close: (() => void) | undefined
afterEach(() => close?.())

async function openNavBar(me: Me, hash = '') {
  const endpoint = openEndpointDouble()
  endpoint.on('GET', '*', () => problem('role_not_permitted', 403))
  endpoint.on('GET', '/audit-entries*', () => json(logPage))
  endpoint.on('GET', '/me', () => json(me))
  const app = await openApp(NavBar, { endpoint, ticketId: null, hash })
  close = app.host.close
  await settle()
  return { ...app, endpoint }
}

const tabNames = () => screen.queryAllByRole('tab').map(({ textContent }) => textContent)
const openTab = () => screen.getByRole('tab', { selected: true }).textContent

describe('the tabs of the nav bar', () => {
  test.each([
    ['a frontline agent', meFrontline, []],
    ['a lead', meLead, ['Requests', 'Active grants', 'Find', 'Access']],
    [
      'an administrator',
      meAdministrator,
      ['Ingestion', 'Residual exposures', 'Access', 'Reviews', 'Policy', 'Detection'],
    ],
    [
      'a compliance officer',
      meCompliance,
      [
        'Requests',
        'Active grants',
        'Log',
        'Find',
        'Ingestion',
        'Residual exposures',
        'Erasure',
        'Access',
        'Reviews',
        'Policy',
        'Detection',
      ],
    ],
  ])('%s has the screens of their role', async (_, me, names) => {
    await openNavBar(me)
    expect(tabNames()).toEqual(names)
  })

  test('the address opens a tab, and follows it', async () => {
    await openNavBar(meCompliance, 'erasure')
    expect(openTab()).toBe('Erasure')
    await userEvent.click(screen.getByRole('tab', { name: 'Ingestion' }))
    expect(window.location.hash).toBe('#ingestion')
    await settle()
  })

  test('an address of a screen that one may not see opens the first that one may', async () => {
    const { endpoint } = await openNavBar(meAdministrator, 'erasure')
    expect(openTab()).toBe('Ingestion')
    expect(endpoint.sentTo('GET', '/erasure-preview*')).toEqual([])
  })

  test('the log is narrowed as it was left, after a look elsewhere', async () => {
    await openNavBar(meCompliance, 'log?action=grant.reveal')
    fireEvent.change(await screen.findByLabelText('Ticket number'), { target: { value: '4001' } })
    await waitFor(() => expect(window.location.hash).toBe('#log?action=grant.reveal&ticket=4001'))
    await userEvent.click(screen.getByRole('tab', { name: 'Erasure' }))
    await settle()
    expect(window.location.hash).toBe('#erasure')
    await userEvent.click(screen.getByRole('tab', { name: 'Log' }))
    await settle()
    expect(window.location.hash).toBe('#log?action=grant.reveal&ticket=4001')
    expect(screen.getByLabelText<HTMLInputElement>('Ticket number').value).toBe('4001')
  })

  test('arrow keys go from tab to tab', async () => {
    await openNavBar(meCompliance, 'erasure')
    act(() => screen.getByRole('tab', { selected: true }).focus())
    await userEvent.keyboard('{ArrowLeft}{Enter}')
    expect(openTab()).toBe('Residual exposures')
    await settle()
  })
})
