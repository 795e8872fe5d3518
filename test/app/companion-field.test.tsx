import { fireEvent, screen } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { TicketSidebar } from '../../src/app/locations/TicketSidebar.tsx'
import { json, openEndpointDouble, problem } from './endpoint-double.ts'
import { listMasked } from './fixtures.ts'
import { openApp, settle } from './open-app.tsx'

let close: (() => void) | undefined
afterEach(() => close?.())

test('a field that cannot hold a mask is refused with the name of the field to add', async () => {
  const endpoint = openEndpointDouble()
  endpoint.on('GET', '/tickets/4001/protected-fields', () => json(listMasked))
  endpoint.on('PUT', '/tickets/4001/protected-fields/*', () =>
    problem('field_type_unsupported', 409, {
      companion: { title: 'Card number (protected)', type: 'text' },
    }),
  )
  close = (await openApp(TicketSidebar, { endpoint })).host.close
  fireEvent.click(screen.getByText('Take a value down'))
  await settle()
  fireEvent.change(screen.getByLabelText('Value'), { target: { value: '4242 4242 4242 4242' } })
  fireEvent.click(screen.getByText('Save to vault'))
  await settle()
  expect(screen.getByRole('alert').textContent).toBe(
    'This kind of ticket field cannot hold a mask. Ask an administrator to add a text field beside it. Name it “Card number (protected)”.',
  )
})
