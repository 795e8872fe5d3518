/**
 * Keys that a key service wraps: the database holds them wrapped, the service alone can unwrap them,
 * and the plain key stays in memory for minutes. Taking the service's permission away closes the vault.
 */
import { ScrimError } from '../core/errors.ts'
import type { KeyProvider } from './key-provider.ts'
import { KEY_BYTES } from './key-provider.ts'

export const KEY_PURPOSES = ['values', 'fingerprints'] as const
export type KeyPurpose = (typeof KEY_PURPOSES)[number]

/** What a wrapped key is bound to: the service unwraps it for the same three and for nothing else. */
export type KeyContext = { account: string; keyId: string; purpose: KeyPurpose }

/** Both methods throw `keys_unavailable` whatever went wrong, refusals included. */
export type KeyService = {
  /** Which service and which of its keys, for whoever reads the table: `aws-kms:alias/scrim`. */
  readonly name: string
  /** A new key of 32 bytes. */
  generate(context: KeyContext): Promise<{ key: Uint8Array; wrapped: string }>
  unwrap(wrapped: string, context: KeyContext): Promise<Uint8Array>
}

export type WrappedKey = { keyId: string; wrapped: string }

/** Where the wrapped keys of one account are. */
export type WrappedKeyStore = {
  /** The keys of this purpose, newest first. */
  list(purpose: KeyPurpose): Promise<readonly WrappedKey[]>
  /** Durable when it resolves. False when the id is taken: nothing was written. */
  append(purpose: KeyPurpose, key: WrappedKey & { provider: string }): Promise<boolean>
}

export type ServiceKeyProvider = KeyProvider & {
  /** Makes a new key, which is the current one from then on, for every instance. Answers its id. */
  createKey(): Promise<string>
}

/** A plain key is forgotten this long after the service unwrapped it. */
export const MAX_PLAIN_KEY_AGE_MS = 5 * 60 * 1000

export type ServiceKeysOptions = {
  account: string
  purpose: KeyPurpose
  service: KeyService
  store: WrappedKeyStore
  /** Monotonic milliseconds. */
  elapsed: () => number
}

/**
 * The keys of one purpose. The first one is made when it is first needed; of several instances that
 * do so at once, one makes the key that all use.
 */
export function serviceKeys(options: ServiceKeysOptions): ServiceKeyProvider {
  const { account, purpose, service, store, elapsed } = options
  const plain = new Map<string, { key: Promise<Uint8Array>; at: number }>()

  const keep = (keyId: string, key: Promise<Uint8Array>): Promise<Uint8Array> => {
    const kept = { key, at: elapsed() }
    plain.set(keyId, kept)
    const forget = () => {
      if (plain.get(keyId) === kept) plain.delete(keyId)
    }
    // An idle process forgets, too; the timer keeps none running.
    setTimeout(forget, MAX_PLAIN_KEY_AGE_MS).unref()
    key.catch(forget)
    return key
  }

  /** `values-1`, `values-2`, …: of two instances that make one number, the second takes the first's. */
  const createKey = async (): Promise<string> => {
    const [newest] = await store.list(purpose)
    const keyId = `${purpose}-${numberOf(newest?.keyId) + 1}`
    const { key, wrapped } = await service.generate({ account, keyId, purpose })
    if (key.length !== KEY_BYTES) throw new ScrimError('keys_unavailable')
    const isOurs = await store.append(purpose, { keyId, wrapped, provider: service.name })
    if (isOurs) void keep(keyId, Promise.resolve(key))
    return keyId
  }

  const unwrap = async (keyId: string): Promise<Uint8Array> => {
    const found = (await store.list(purpose)).find((candidate) => candidate.keyId === keyId)
    if (found === undefined) throw new ScrimError('keys_unavailable')
    const key = await service.unwrap(found.wrapped, { account, keyId, purpose })
    if (key.length !== KEY_BYTES) throw new ScrimError('keys_unavailable')
    return key
  }

  return {
    currentKeyId: async () => (await store.list(purpose))[0]?.keyId ?? createKey(),
    keyIds: async () => (await store.list(purpose)).map(({ keyId }) => keyId),
    wrappingKey: (keyId) => {
      const kept = plain.get(keyId)
      if (kept !== undefined && elapsed() - kept.at < MAX_PLAIN_KEY_AGE_MS) return kept.key
      return keep(keyId, unwrap(keyId))
    },
    createKey,
  }
}

/** Ids that keys of a service take; configured keys must not. */
export const SERVICE_KEY_ID = new RegExp(`^(?:${KEY_PURPOSES.join('|')})-\\d+$`)

function numberOf(keyId: string | undefined): number {
  return Number(keyId?.split('-').at(-1) ?? 0)
}

/**
 * Keys of `newer`, and those of `older` by their ids: what configuration held before a key service was
 * there still opens what it sealed.
 */
export function withOlderKeys(newer: KeyProvider, older: KeyProvider | null): KeyProvider {
  if (older === null) return newer
  return {
    currentKeyId: () => newer.currentKeyId(),
    keyIds: async () => [...new Set([...(await newer.keyIds()), ...(await older.keyIds())])],
    wrappingKey: async (keyId) => {
      const isOlder = (await older.keyIds()).includes(keyId)
      return (isOlder ? older : newer).wrappingKey(keyId)
    },
  }
}
