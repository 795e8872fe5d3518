import { act, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { useRef } from 'react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ClientProvider, useClient, useTicketId } from '../../src/zaf/ClientProvider.tsx'
import { useClientEvent } from '../../src/zaf/useClientEvent.ts'
import { useClientGet } from '../../src/zaf/useClientGet.ts'
import { useClientHeight } from '../../src/zaf/useClientHeight.ts'
import { useClientInvoke } from '../../src/zaf/useClientInvoke.ts'
import { useClientRequest } from '../../src/zaf/useClientRequest.ts'
import { openZafHost } from './zaf-host.ts'
import type { ZafHost } from './zaf-host.ts'

let host: ZafHost

beforeEach(() => {
  host = openZafHost({ currentUser: { locale: 'de' } })
})
afterEach(() => host.close())

function Ticket() {
  return <p>ticket {useTicketId() ?? 'unknown'}</p>
}

describe('the provider', () => {
  test('renders before the host has registered the app, and learns the ticket afterwards', async () => {
    render(
      <ClientProvider client={host.client}>
        <Ticket />
      </ClientProvider>,
    )
    expect(screen.getByText('ticket unknown')).toBeTruthy()
    act(() => host.register({ ticketId: 4001 }))
    expect(await screen.findByText('ticket 4001')).toBeTruthy()
    act(() => host.fire('context.updated', { ticketId: 4002 }))
    expect(await screen.findByText('ticket 4002')).toBeTruthy()
  })

  test('learns the ticket when the host registered the app before anything rendered', async () => {
    host.register({ ticketId: 4001 })
    render(
      <ClientProvider client={host.client}>
        <Ticket />
      </ClientProvider>,
    )
    expect(await screen.findByText('ticket 4001')).toBeTruthy()
  })

  test('a hook outside of it throws, naming itself', () => {
    function Lost() {
      useClient()
      return null
    }
    const quiet = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    expect(() => render(<Lost />)).toThrow('useClient must be used within ClientProvider')
    quiet.mockRestore()
  })
})

describe('the hooks', () => {
  test('useClientGet goes from processing to what the host answered', async () => {
    function Locale() {
      const answer = useClientGet('currentUser')
      return <p>{answer.status === 'success' ? JSON.stringify(answer.data) : answer.status}</p>
    }
    render(
      <ClientProvider client={host.client}>
        <Locale />
      </ClientProvider>,
    )
    expect(screen.getByText('processing')).toBeTruthy()
    act(() => host.register())
    expect(await screen.findByText('{"locale":"de"}')).toBeTruthy()
  })

  test('useClientInvoke calls one action of the host with all its arguments', () => {
    function Notifier() {
      const notify = useClientInvoke('notify')
      return <button onClick={() => void notify('Hello', 'notice', 8000)}>Notify</button>
    }
    render(
      <ClientProvider client={host.client}>
        <Notifier />
      </ClientProvider>,
    )
    act(() => host.register())
    fireEvent.click(screen.getByText('Notify'))
    expect(host.invoked()).toContainEqual(['notify', ['Hello', 'notice', 8000]])
  })

  test('useClientEvent hears an event while mounted and not after', async () => {
    const heard: unknown[] = []
    function Listener() {
      useClientEvent('api_notification.scrim_changed', (payload) => heard.push(payload))
      return null
    }
    const { unmount } = render(
      <ClientProvider client={host.client}>
        <Listener />
      </ClientProvider>,
    )
    host.register()
    host.fire('api_notification.scrim_changed', { body: { ticketId: 4001 } })
    expect(heard).toEqual([{ body: { ticketId: 4001 } }])
    unmount()
    host.fire('api_notification.scrim_changed', {})
    expect(heard).toHaveLength(1)
  })

  test('useClientRequest sends through the host', () => {
    function Requester() {
      const send = useClientRequest()
      return <button onClick={() => void send({ url: '/api/v2/users/me' })}>Send</button>
    }
    render(
      <ClientProvider client={host.client}>
        <Requester />
      </ClientProvider>,
    )
    act(() => host.register())
    fireEvent.click(screen.getByText('Send'))
    expect(host.heard.find(({ key }) => key?.startsWith('request:'))?.message).toEqual({
      url: '/api/v2/users/me',
    })
  })

  test('useClientHeight tells the host how high the content is, once a height', async () => {
    let measure: (() => void) | undefined
    vi.stubGlobal(
      'ResizeObserver',
      class {
        constructor(callback: () => void) {
          measure = callback
        }
        observe() {}
        disconnect() {}
      },
    )
    function Content() {
      const ref = useRef<HTMLDivElement>(null)
      useClientHeight(ref)
      return <div ref={ref} data-testid="content" />
    }
    render(
      <ClientProvider client={host.client}>
        <Content />
      </ClientProvider>,
    )
    host.register()
    const content = screen.getByTestId('content')
    content.getBoundingClientRect = () => ({ height: 241.4 }) as DOMRect
    measure?.()
    measure?.()
    await waitFor(() =>
      expect(host.invoked()).toEqual([['resize', [{ width: '100%', height: '242px' }]]]),
    )
    vi.unstubAllGlobals()
  })
})
