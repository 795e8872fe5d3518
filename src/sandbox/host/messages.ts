/** Every message of the protocol as a discriminated union. Numbers refer to `../PROTOCOL.md`. */

/** `sender` is the `appGuid` of the iframe, `target` the instance that the message is about. */
type FromInstance = { sender: string; target: string }

/** What an app says, after the guard (R3). */
export type AppMessage =
  /** Step 3. */
  | ({ type: 'handshake'; version: string } & FromInstance)
  /** Steps 6 and 7. */
  | ({ type: 'subscribe'; event: string } & FromInstance)
  | ({ type: 'unsubscribe'; event: string; isLast: boolean } & FromInstance)
  /** Step 9. */
  | ({ type: 'trigger'; event: string; data: unknown } & FromInstance)
  | AppCall
  /** Step 18. */
  | ({ type: 'request'; number: number; options: RequestOptions } & FromInstance)
  /** Step 22. `objection` is null when the app agrees. */
  | ({ type: 'reply'; event: string; objection: { message: string | null } | null } & FromInstance)
  /** Step 24. */
  | ({ type: 'noise' } & FromInstance)

/** Step 11. `id` numbers the sender's calls. */
export type AppCall =
  | ({ type: 'get'; id: number; paths: readonly string[] } & FromInstance)
  | ({ type: 'set'; id: number; values: Readonly<Record<string, unknown>> } & FromInstance)
  | ({
      type: 'invoke'
      id: number
      calls: Readonly<Record<string, readonly unknown[]>>
    } & FromInstance)

/** Step 18, the part the sandbox understands. */
export type RequestOptions = {
  url: string
  method: string
  headers: Readonly<Record<string, string>>
  contentType: string | null
  data: unknown
}

/** Step 4. */
export type AppMetadata = {
  appId: number
  installationId: number
  name: string
  version: string
  plan: { name: string | null }
  settings: Readonly<Record<string, unknown>>
}

/** Step 4. */
export type InstanceContext = {
  product: 'support'
  location: string
  instanceGuid: string
  account: { subdomain: string }
  ticketId?: number
}

/** Why a path failed (step 12). */
export type PathFault = { name: string; message: string; path: string }

/** Step 20: what jQuery's `jqXHR` shows of a response. */
export type ResponseView = {
  status: number
  statusText: string
  responseText: string
  responseJSON?: unknown
}

export type CallResult = { errors: Readonly<Record<string, PathFault>>; [path: string]: unknown }

/** What the host says, as it stands on the wire. */
export type HostMessage =
  | {
      key: 'zaf.app.registered'
      message: { metadata: AppMetadata; context: InstanceContext }
      instanceGuid: string
    }
  | { key: `zaf.${string}`; message?: unknown; instanceGuid: string }
  | { key: `zaf.${string}`; needsReply: true; instanceGuid: string }
  | { id: number; result: CallResult }
  | { id: number; error: { name: string; message: string } }
