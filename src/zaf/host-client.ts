/**
 * Starts the SDK as soon as the module loads, so that its handshake runs while the app renders.
 * The only mention of `window.ZAFClient`.
 */
import type { Client } from './client.ts'

/** null where no host is around: the SDK did not load, or the page was opened by itself. */
export const hostClient: Client | null = window.ZAFClient?.init() || null
