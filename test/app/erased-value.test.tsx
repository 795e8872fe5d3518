import { screen, within } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { TicketSidebar } from '../../src/app/locations/TicketSidebar.tsx'
import { json, openEndpointDouble } from './endpoint-double.ts'
import { cardField, listMasked } from './fixtures.ts'
import { openApp } from './open-app.tsx'

let close: (() => void) | undefined
afterEach(() => close?.())

const row = (label: string) => {
  const found = screen.getByText(label, { selector: 'h2' }).closest('li')
  if (found === null) throw new Error(`no row ${label}`)
  return within(found)
}

test('an erased value says so, and cannot be asked for', async () => {
  const erased = {
    ...cardField,
    masked: null,
    hasValue: false,
    erasedAt: '2026-11-22T10:00:00.000Z',
    mayAsk: { allowed: false, code: 'value_erased' } as const,
  }
  const endpoint = openEndpointDouble()
  endpoint.on('GET', '/tickets/4001/protected-fields', () =>
    json({ ...listMasked, fields: [erased] }),
  )
  close = (await openApp(TicketSidebar, { endpoint })).host.close
  expect(row('Card number').getByText('Erased')).toBeTruthy()
  expect(row('Card number').queryByText('Ask')).toBeNull()
})

test('a value found in a comment is named by its kind and place', async () => {
  const found = {
    ...cardField,
    fieldId: 'comment_9001_1',
    label: 'comment_9001_1',
    place: { in: 'comment', id: 9001, number: 1 } as const,
  }
  const endpoint = openEndpointDouble()
  endpoint.on('GET', '/tickets/4001/protected-fields', () =>
    json({ ...listMasked, fields: [found] }),
  )
  close = (await openApp(TicketSidebar, { endpoint })).host.close
  expect(screen.getByText(/in a comment \(1\)$/, { selector: 'h2' })).toBeTruthy()
  expect(screen.queryByText(/comment_9001/)).toBeNull()
})
