/** Zendesk's app framework client, typed once. Names and shapes are the SDK's own. */

/** `context()` and the context part of `app.registered`. */
export type ClientContext = {
  instanceGuid: string
  product: string
  location: string
  account?: { subdomain: string }
  ticketId?: number
}

/** `metadata()`. `settings` never holds a secure parameter. */
export type ClientMetadata = {
  appId: number
  installationId: number
  name?: string
  version?: string
  settings?: Record<string, unknown>
}

/** Options of `client.request`, as far as Scrim could ever need them. */
export type ClientRequestOptions = {
  url: string
  type?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  contentType?: string
  data?: string
}

export type ClientEventHandler = (payload: unknown) => unknown

export type Client = {
  /** Resolves once the host has registered the app. */
  context(): Promise<ClientContext>
  metadata(): Promise<ClientMetadata>
  on(event: string, handler: ClientEventHandler): void
  off(event: string, handler: ClientEventHandler): void
  get(path: string): Promise<Record<string, unknown>>
  set(path: string, value: unknown): Promise<Record<string, unknown>>
  invoke(path: string, ...args: unknown[]): Promise<Record<string, unknown>>
  request(options: ClientRequestOptions): Promise<unknown>
  /** The client of another instance of this app, such as a ticket's sidebar. */
  instance(guid: string): Client
}

declare global {
  interface Window {
    /** Defined by Zendesk's SDK script. `init` answers false outside a Zendesk frame. */
    ZAFClient?: { init(): Client | false }
  }
}
