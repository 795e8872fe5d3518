/** What the endpoint is made of, and what a verb is given with each request. */
import type { Person } from '../core/person.ts'
import type { EffectivePolicy, Policy } from '../core/policy.ts'
import type { Role } from '../core/role.ts'
import type { Location } from '../contract/session.ts'
import type { KeyProvider } from '../keys/key-provider.ts'
import type { Database } from '../storage/database.ts'
import type { ZendeskDirectory } from '../zendesk/directory.ts'
import type { Tally } from './ingestion/tally.ts'
import type { ChatWebhook } from './outbox/chat-webhook.ts'
import type { PolicySource } from './policy/source.ts'

/** The one Zendesk account that an endpoint serves. */
export type AccountConfig = {
  /** The subdomain; every row and every entry carries it. */
  id: string
  /** `https://{subdomain}.zendesk.com`: who may frame the app. */
  zendeskOrigin: string
  /** `iss` of a page credential: `{subdomain}.zendesk.com`. */
  issuer: string
  /** `aud` of a page credential: the installation's URL. */
  audience: string
  /** Pinned at install; never fetched at run time. */
  publicKeyPem: string
  appId: number
  installationId: number
  /** The exact address of the ZAF SDK that pages load. */
  sdkUrl: string
}

/** Structured, one line an event: codes and ids only. */
export type Logger = {
  info(event: string, fields?: Record<string, string | number | boolean | null>): void
  error(event: string, fields?: Record<string, string | number | boolean | null>): void
}

/** The built app: which scripts a location needs, and the bytes behind each address. */
export type AppAssets = {
  /** Entry script first, then what to preload; addresses relative to `/assets/`. */
  scriptsFor(location: Location): readonly string[]
  read(path: string): Promise<Asset | null>
}

/** One built file, and the same bytes compressed where that makes them fewer. */
export type Asset = {
  bytes: Uint8Array<ArrayBuffer>
  contentType: string
  /** What its answer says besides. */
  headers?: Readonly<Record<string, string>>
  encoded?: { br?: Uint8Array<ArrayBuffer>; gzip?: Uint8Array<ArrayBuffer> }
}

/** Everything but the policy, which may change while the endpoint runs. */
export type EndpointParts = {
  account: AccountConfig
  database: Database
  zendesk: ZendeskDirectory
  keys: KeyProvider
  /** What equal values are recognised by; these keys seal nothing. */
  fingerprintKeys: KeyProvider
  /** Signing secrets of Zendesk's webhook: one, or two while one replaces the other. */
  webhookSecrets: readonly string[]
  now: () => Date
  /** A new UUID. */
  newId: () => string
  log: Logger
  /** Counts what ingestion does, for whoever has to report it. */
  tally?: Tally
  /** The chat tool and the text it is sent; absent when none is configured. */
  chat?: { webhook: ChatWebhook; text: string }
  assets: AppAssets
  /**
   * The two who propose and consent to the first policy, in this order; absent when nobody was named,
   * and then nobody can. They mean nothing once a policy is active.
   */
  founders?: readonly [number, number]
}

/** What everything inside reads: the parts, and the policy that holds as it begins. */
export type EndpointDeps = EndpointParts & { policy: Policy }

/** What the outer doors are given: where to look the policy up, or one that stays. */
export type OuterDeps = EndpointParts &
  ({ policies: PolicySource; policy?: Policy } | { policies?: undefined; policy: Policy })

/** What an act needs to be written and logged, wherever it is done: by the endpoint or a command. */
export type ActDeps = { account: Pick<AccountConfig, 'id'> } & Pick<EndpointDeps, 'now' | 'newId'>

/** An open session, as stored. `id` is the hash of its credential. */
export type Session = {
  id: string
  userId: number
  location: Location
  expiresAt: Date
}

/** A request by a known person. `person` is at most five minutes old: acts look it up again. */
export type RequestContext = EndpointDeps & {
  session: Session
  person: Person
  roles: readonly Role[]
  /** With those that wait for a confirmation: these show masks and give nothing else. */
  seenRoles: readonly Role[]
  policy: EffectivePolicy
}
