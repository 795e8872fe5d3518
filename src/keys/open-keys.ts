/** The keys that configuration names, whoever holds them. */
import type { KeyProvider, KeyRing } from './key-provider.ts'
import { environmentKeys } from './key-provider.ts'
import type { KeyPurpose, KeyService, ServiceKeyProvider, WrappedKeyStore } from './key-service.ts'
import { serviceKeys, withOlderKeys } from './key-service.ts'

export type KeyConfig = {
  /** From `SCRIM_KEYS` or its file; null when a key service holds them. */
  values: KeyRing | null
  /** From `SCRIM_FINGERPRINT_KEY` or its file; null when a key service holds them. */
  fingerprints: KeyRing | null
  kms: { kmsKeyId: string; region: string; endpoint: string | undefined } | null
}

export type OpenedKeys = {
  keys: KeyProvider
  fingerprintKeys: KeyProvider
  /** Makes a new current key, where a service can; null where configuration has to bring it. */
  createKey: ((purpose: KeyPurpose) => Promise<string>) | null
}

/** With a key service its keys are the current ones; configured ones still open what they sealed. */
export async function openKeys(
  config: KeyConfig,
  deps: { account: string; store: WrappedKeyStore; elapsed: () => number },
): Promise<OpenedKeys> {
  const values = config.values === null ? null : environmentKeys(config.values)
  const fingerprints = config.fingerprints === null ? null : environmentKeys(config.fingerprints)
  if (config.kms !== null) {
    const { awsKms } = await import('./aws-kms.ts')
    return openServiceKeys(awsKms(config.kms), { values, fingerprints }, deps)
  }
  if (values === null || fingerprints === null) throw new TypeError('no keys are configured')
  return { keys: values, fingerprintKeys: fingerprints, createKey: null }
}

/** The same over any key service. */
export function openServiceKeys(
  service: KeyService,
  older: { values: KeyProvider | null; fingerprints: KeyProvider | null },
  deps: { account: string; store: WrappedKeyStore; elapsed: () => number },
): OpenedKeys {
  const byPurpose: Record<KeyPurpose, ServiceKeyProvider> = {
    values: serviceKeys({ ...deps, service, purpose: 'values' }),
    fingerprints: serviceKeys({ ...deps, service, purpose: 'fingerprints' }),
  }
  return {
    keys: withOlderKeys(byPurpose.values, older.values),
    fingerprintKeys: withOlderKeys(byPurpose.fingerprints, older.fingerprints),
    createKey: (purpose) => byPurpose[purpose].createKey(),
  }
}
