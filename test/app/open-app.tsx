/** Opens the app as its entry does, on a host and an endpoint at their protocols. */
import type { ComponentType } from 'react'
import { act, render } from '@testing-library/react'
import { vi } from 'vitest'
import { App } from '../../src/app/App.tsx'
import { createEndpointClient } from '../../src/app/shared/endpoint-client.ts'
import { loadLocale } from '../../src/app/shared/translation.ts'
import type { ScrimErrorCode } from '../../src/core/errors.ts'
import { openZafHost } from '../zaf/zaf-host.ts'
import { openEndpointDouble } from './endpoint-double.ts'
import type { EndpointDouble } from './endpoint-double.ts'

export async function openApp(
  Location: ComponentType,
  options: {
    endpoint?: EndpointDouble
    search?: string
    /** What stands behind the `#` of the frame's address. */
    hash?: string
    ticketId?: number | null
    refusal?: ScrimErrorCode
    host?: Record<string, unknown>
  } = {},
) {
  const endpoint = options.endpoint ?? openEndpointDouble()
  const host = openZafHost(options.host)
  if (options.hash !== undefined) window.location.hash = options.hash
  let ids = 0
  const newId = () => {
    ids += 1
    return `00000000-0000-4000-8000-0000000001${String(ids).padStart(2, '0')}`
  }
  await loadLocale('en')
  const view = render(
    <App
      client={host.client}
      deps={{
        endpoint: createEndpointClient({
          fetch: endpoint.fetch,
          credential: options.refusal === undefined ? 'credential-of-this-test' : null,
          refusal: options.refusal ?? null,
        }),
        newId,
      }}
      Location={Location}
      needsAllWords
      search={options.search ?? '?locale=en'}
    />,
  )
  host.register(options.ticketId === null ? {} : { ticketId: options.ticketId ?? 4001 })
  await settle()
  return { ...view, host, endpoint }
}

/** Lets answers arrive and lazy chunks load, on real or fake timers alike. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) {
    await act(async () => {
      await vi.dynamicImportSettled()
      await Promise.resolve()
    })
  }
}

/** Moves the fake clock in small steps, so that React keeps up as it does in a browser. */
export async function pass(milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= 500) {
    await act(async () => {
      await vi.advanceTimersByTimeAsync(Math.min(left, 500))
    })
  }
  await settle()
}
