import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test } from 'vitest'
import { TicketSidebar } from '../../src/app/locations/TicketSidebar.tsx'
import { json, openEndpointDouble } from './endpoint-double.ts'
import { listMasked, listNothing } from './fixtures.ts'
import { openApp } from './open-app.tsx'

let close: (() => void) | undefined
afterEach(() => close?.())

test.each([
  ['beside values of its own', listMasked],
  ['without any', listNothing],
])('a ticket %s points to the merged tickets whose values stand there', async (_, list) => {
  const endpoint = openEndpointDouble()
  const mergedTickets = [{ ticketId: 123 }, { ticketId: 124 }]
  endpoint.on('GET', '/tickets/4001/protected-fields', () => json({ ...list, mergedTickets }))
  const { host } = await openApp(TicketSidebar, { endpoint })
  close = host.close
  expect(screen.getByText('Values of merged ticket #123 stand there.')).toBeTruthy()
  await userEvent.click(screen.getByRole('button', { name: 'Open #124' }))
  expect(host.invoked()).toContainEqual(['routeTo', ['ticket', 124]])
})

test('a ticket that nothing was merged into says nothing of it', async () => {
  const endpoint = openEndpointDouble()
  endpoint.on('GET', '/tickets/4001/protected-fields', () => json(listMasked))
  const { host } = await openApp(TicketSidebar, { endpoint })
  close = host.close
  expect(screen.queryByText(/merged ticket/)).toBeNull()
})
