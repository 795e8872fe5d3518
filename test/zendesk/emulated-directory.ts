/** A directory whose Zendesk is the emulator, on clocks that only the test moves (fake timers). */
import { randomUUID } from 'node:crypto'
import { vi } from 'vitest'
import { SANDBOX_ACCOUNT } from '../../src/sandbox/account.ts'
import { createRestEmulator } from '../../src/sandbox/rest/emulator.ts'
import type { RestState } from '../../src/sandbox/rest/state.ts'
import { createZendeskDirectory } from '../../src/zendesk/directory.ts'

export const START = Date.UTC(2026, 10, 23, 9, 0, 0)

export function emulatedDirectory(
  options: { requestsPerMinute?: number; state?: RestState; clientSecret?: string } = {},
) {
  const now = () => new Date()
  const oauth = { clientId: 'scrim', clientSecret: 'sandbox-client-secret' }
  const emulator = createRestEmulator({
    now,
    newId: randomUUID,
    oauth,
    delayMs: 0,
    ...(options.state ? { state: options.state } : {}),
  })
  const seen: Request[] = []
  const fetchEmulator: typeof fetch = (input, init) => {
    const request = new Request(input, init)
    seen.push(request)
    return emulator.fetch(request)
  }
  const directory = createZendeskDirectory({
    fetch: fetchEmulator,
    baseUrl: `https://${SANDBOX_ACCOUNT.subdomain}.zendesk.com`,
    oauth: { ...oauth, clientSecret: options.clientSecret ?? oauth.clientSecret },
    appId: SANDBOX_ACCOUNT.appId,
    installationId: SANDBOX_ACCOUNT.installationId,
    requestsPerMinute: options.requestsPerMinute ?? 1_000,
    now,
    elapsed: () => performance.now(),
  })
  return {
    emulator,
    directory,
    seen,
    /** Both clocks, forward. */
    pass(seconds: number) {
      vi.advanceTimersByTime(seconds * 1000)
    },
  }
}
