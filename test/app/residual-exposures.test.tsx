import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NavBar } from '../../src/app/locations/NavBar.tsx'
import type { ResidualExposureList, ResidualExposureView } from '../../src/contract/ingestion.ts'
import { json, noNetwork, openEndpointDouble, problem } from './endpoint-double.ts'
import { meCompliance } from './fixtures.ts'
import { openApp, settle } from './open-app.tsx'

let close: (() => void) | undefined
afterEach(() => close?.())

const exposure = (change: Partial<ResidualExposureView> = {}): ResidualExposureView => ({
  ticketId: 4001,
  category: 'sent_email',
  place: 'comment_9001',
  label: null,
  kind: 'payment_card',
  foundAt: '2026-11-23T10:00:00.000Z',
  ...change,
})

const page: ResidualExposureList = {
  exposures: [
    exposure(),
    exposure({ category: 'field_history', place: 'card_number', label: 'Card number' }),
    exposure({ ticketId: 4002, category: 'unread_attachment', place: 'attachment_7' }),
    exposure({ ticketId: 4003, category: 'field_history', place: 'old_iban' }),
  ],
  nextAfter: '4003:field_history:old_iban:payment_card',
  counts: [
    { category: 'field_history', kind: 'payment_card', count: 1 },
    { category: 'sent_email', kind: 'phone', count: 2 },
    { category: 'sent_email', kind: 'payment_card', count: 1200 },
  ],
}
const nothing: ResidualExposureList = { exposures: [], nextAfter: null, counts: [] }

async function openExposures(
  list: ResidualExposureList | (() => Promise<Response>) = page,
  hash = '',
) {
  const endpoint = openEndpointDouble()
  endpoint.on('GET', '/me', () => json(meCompliance))
  endpoint.on('GET', '/residual-exposures*', typeof list === 'function' ? list : () => json(list))
  const app = await openApp(NavBar, { endpoint, ticketId: null, hash: `exposures${hash}` })
  close = app.host.close
  await waitFor(() => expect(endpoint.sentTo('GET', '/residual-exposures*')).not.toEqual([]))
  await settle()
  return { ...app, endpoint }
}

describe('residual exposures', () => {
  test('each category says what it is, what one can do, and how many there are', async () => {
    await openExposures()
    const [categories] = screen.getAllByRole('table')
    const rows = within(categories as HTMLElement).getAllByRole<HTMLTableRowElement>('row')
    expect(rows.map(({ cells }) => cells[2]?.textContent)).toEqual(['Places', '1', '1,202'])
    expect(within(rows[2] as HTMLElement).getByText('E-mail that was sent')).toBeTruthy()
    expect(within(rows[2] as HTMLElement).getByText(/^Shorten how long/)).toBeTruthy()
    // The most of a kind first.
    expect(
      within(rows[2] as HTMLElement)
        .getAllByRole('button')
        .map(({ textContent }) => textContent),
    ).toEqual(['Payment card number: 1,200', 'Phone number: 2'])
  })

  test('each place is said in words', async () => {
    await openExposures()
    const [, places] = screen.getAllByRole('table')
    const rows = within(places as HTMLElement).getAllByRole<HTMLTableRowElement>('row')
    expect(rows.map(({ cells }) => cells[1]?.textContent)).toEqual([
      'Where',
      'A comment',
      'Field “Card number”',
      'An attachment',
      'Field “old_iban”, no longer in policy',
    ])
  })

  test('a ticket opens in Zendesk', async () => {
    const { host } = await openExposures()
    await userEvent.click(screen.getByRole('button', { name: 'Open #4002' }))
    await settle()
    expect(host.invoked()).toContainEqual(['routeTo', ['ticket', 4002]])
  })

  test('keeps its filter in the address and asks the endpoint for it', async () => {
    const { endpoint } = await openExposures()
    await userEvent.selectOptions(screen.getByLabelText('Category'), 'sent_email')
    await userEvent.selectOptions(screen.getByLabelText('Kind'), 'phone')
    await userEvent.type(screen.getByLabelText('Ticket number'), '#4001')
    expect(window.location.hash).toBe('#exposures?category=sent_email&kind=phone&ticket=4001')
    await waitFor(() =>
      expect(endpoint.sent.at(-1)?.path).toBe(
        '/residual-exposures?category=sent_email&kind=phone&ticketId=4001',
      ),
    )
    await settle()
    await userEvent.click(screen.getByRole('button', { name: 'Clear' }))
    expect(window.location.hash).toBe('#exposures')
  })

  test('opens narrowed as its address says, and takes no nonsense from it', async () => {
    const { endpoint } = await openExposures(page, '?category=sent_email&kind=nonsense&ticket=x')
    expect(endpoint.sent.at(-1)?.path).toBe('/residual-exposures?category=sent_email')
    expect(window.location.hash).toBe('#exposures?category=sent_email')
  })

  test('a count narrows the list to what it counts', async () => {
    await openExposures()
    await userEvent.click(screen.getByRole('button', { name: 'Phone number: 2' }))
    expect(window.location.hash).toBe('#exposures?category=sent_email&kind=phone')
    // What was counted stays in sight meanwhile.
    expect(screen.getByText('1,202')).toBeTruthy()
    await settle()
  })

  test('goes on from where the page ended', async () => {
    const { endpoint } = await openExposures()
    const after = encodeURIComponent(page.nextAfter ?? '')
    endpoint.on('GET', `/residual-exposures?after=${after}`, () =>
      json({ ...nothing, exposures: [exposure({ ticketId: 3999 })] }),
    )
    await userEvent.click(screen.getByRole('button', { name: 'More places' }))
    await settle()
    expect(screen.getByRole('button', { name: 'Open #3999' })).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Open #4003' })).toBeTruthy()
    expect(screen.getByText('1,202')).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'More places' })).toBeNull()
  })

  test('a next page that does not come leaves what is there', async () => {
    const { endpoint } = await openExposures()
    endpoint.on('GET', '/residual-exposures*', noNetwork)
    await userEvent.click(screen.getByRole('button', { name: 'More places' }))
    await settle()
    expect(screen.getByRole('alert')).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Open #4003' })).toBeTruthy()
    expect(screen.getByRole('button', { name: 'More places' })).toBeTruthy()
  })

  test('nothing at all is a calm sentence, nothing that matches is another', async () => {
    await openExposures(nothing)
    expect(screen.getByText('Nothing is left in Zendesk that Scrim could not remove.')).toBeTruthy()
    close?.()
    document.body.replaceChildren()
    await openExposures({ ...nothing, counts: page.counts }, '?ticket=4009')
    expect(screen.getByText('No place matches.')).toBeTruthy()
  })

  test('an unreachable server is said as such and asked again', async () => {
    const { endpoint } = await openExposures(noNetwork)
    expect(screen.getByText('Scrim cannot reach its server. Values stay masked.')).toBeTruthy()
    endpoint.on('GET', '/residual-exposures*', () => json(page))
    await userEvent.click(screen.getByRole('button', { name: 'Try now' }))
    await settle()
    expect(screen.getByRole('button', { name: 'Open #4002' })).toBeTruthy()
  })

  test('a person without the role is refused with a next step', async () => {
    await openExposures(() => Promise.resolve(problem('role_not_permitted', 403)))
    expect(screen.getByText('Your role does not include this.')).toBeTruthy()
  })
})

describe('the export', () => {
  const saved: { name: string; text: Promise<string> }[] = []
  const kept = { create: URL.createObjectURL, revoke: URL.revokeObjectURL }
  beforeEach(() => {
    saved.length = 0
    let blob: Blob | undefined
    // The browser's own saving, which jsdom does not have.
    URL.createObjectURL = (object) => {
      blob = object as Blob
      return 'blob:saved'
    }
    URL.revokeObjectURL = () => undefined
    const onClick = (event: MouseEvent) => {
      const { target } = event
      if (!(target instanceof HTMLAnchorElement) || blob === undefined) return
      saved.push({ name: target.download, text: blob.text() })
      event.preventDefault()
    }
    const { click } = HTMLAnchorElement.prototype
    HTMLAnchorElement.prototype.click = function () {
      this.addEventListener('click', onClick, { once: true })
      click.call(this)
    }
    return () => {
      HTMLAnchorElement.prototype.click = click
      URL.createObjectURL = kept.create
      URL.revokeObjectURL = kept.revoke
    }
  })

  test('saves what the list is narrowed to, and says how much it was', async () => {
    const { endpoint } = await openExposures(page, '?category=sent_email&ticket=4001')
    endpoint.on('POST', '/residual-exposures/exports', () =>
      json({ csv: 'ticket,category\r\n4001,sent_email\r\n', rows: 1, isComplete: true }),
    )
    await userEvent.click(screen.getByRole('button', { name: 'Export CSV' }))
    await settle()
    expect(endpoint.sentTo('POST', '*').map(({ body }) => body)).toEqual([
      { category: 'sent_email', ticketId: 4001 },
    ])
    expect(saved.map(({ name }) => name)).toEqual(['residual-exposures.csv'])
    expect(await saved[0]?.text).toContain('4001,sent_email')
    expect(screen.getByText(/^1 row exported\. The log has it\./)).toBeTruthy()
  })

  test('says when there was more than it holds', async () => {
    const { endpoint } = await openExposures()
    endpoint.on('POST', '/residual-exposures/exports', () =>
      json({ csv: 'ticket\r\n', rows: 30_000, isComplete: false }),
    )
    await userEvent.click(screen.getByRole('button', { name: 'Export CSV' }))
    await settle()
    expect(screen.getByText(/Narrow the filter for the rest\./)).toBeTruthy()
  })

  test('that is refused saves nothing', async () => {
    const { endpoint } = await openExposures()
    endpoint.on('POST', '/residual-exposures/exports', () => problem('role_not_permitted', 403))
    await userEvent.click(screen.getByRole('button', { name: 'Export CSV' }))
    await settle()
    expect(screen.getByRole('alert').textContent).toContain('Your role does not include this.')
    expect(saved).toEqual([])
  })
})
