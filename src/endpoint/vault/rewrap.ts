/**
 * Moving values to newer keys. A compact JWE authenticates its header, the key's id with it, so a value
 * is opened and sealed again; its fingerprint is made anew on the way. What is left to do stands in the
 * rows themselves: whoever is interrupted, or runs beside others, goes on with what is outdated.
 */
import { FIELD_KINDS } from '../../core/protected-field.ts'
import type { FieldKind } from '../../core/protected-field.ts'
import { fingerprintOf } from '../../keys/fingerprint.ts'
import type { KeyProvider } from '../../keys/key-provider.ts'
import { environmentKeys } from '../../keys/key-provider.ts'
import { resealDocument } from '../../keys/seal-document.ts'
import type { RecordBinding } from '../../keys/seal.ts'
import { openValue, sealValue, sealedUnder } from '../../keys/seal.ts'
import type { Database, Queryable } from '../../storage/database.ts'
import type { CurrentKeys, NewValue, SealedValue, ValueKey } from '../../storage/vault.ts'
import { hasOutdatedValues, lockOutdatedValues, replaceSealing } from '../../storage/vault.ts'
import type { EndpointDeps } from '../context.ts'

export type RewrapDeps = { account: string } & Pick<
  EndpointDeps,
  'database' | 'keys' | 'fingerprintKeys'
>

/** What one batch did. `last` is where the next one goes on; null when it found nothing. */
export type RewrapBatch = { rewrapped: number; failed: number; last: ValueKey | null }

/** Sealing costs about a tenth of a millisecond: others wait no longer than a moment for a row. */
const BATCH = 50

export async function currentKeys({
  keys,
  fingerprintKeys,
}: Pick<RewrapDeps, 'keys' | 'fingerprintKeys'>): Promise<CurrentKeys> {
  const [keyId, fingerprintKeyId] = await Promise.all([
    keys.currentKeyId(),
    fingerprintKeys.currentKeyId(),
  ])
  return { keyId, fingerprintKeyId }
}

/**
 * One batch in one transaction, behind `after`. Rows that somebody else holds are skipped; one that
 * does not open stays as it is and is counted. Throws `keys_unavailable` when the current keys cannot
 * be had.
 */
export async function rewrapBatch(
  deps: RewrapDeps,
  current: CurrentKeys,
  after: ValueKey | null,
): Promise<RewrapBatch> {
  const held = {
    ...deps,
    keys: await snapshotOf(deps.keys, current.keyId),
    fingerprintKeys: await snapshotOf(deps.fingerprintKeys, current.fingerprintKeyId),
  }
  return deps.database.transaction(async (tx) => {
    const values = await lockOutdatedValues(tx, deps.account, current, after, BATCH)
    let failed = 0
    for (const value of values) {
      if (!(await rewrapOne(tx, held, current, value))) failed += 1
    }
    return { rewrapped: values.length - failed, failed, last: values.at(-1) ?? null }
  })
}

/**
 * The keys as they are now, in memory: under row locks nobody is asked, neither a key service nor the
 * database for what it wrapped. A key that is gone fails its own values, and no others.
 */
async function snapshotOf(keys: KeyProvider, currentKeyId: string): Promise<KeyProvider> {
  const known = new Map([[currentKeyId, await keys.wrappingKey(currentKeyId)]])
  for (const keyId of await keys.keyIds()) {
    const key = await keys.wrappingKey(keyId).catch(() => undefined)
    if (key !== undefined) known.set(keyId, key)
  }
  return environmentKeys({ currentKeyId, keys: known })
}

async function rewrapOne(
  tx: Queryable,
  deps: RewrapDeps,
  current: CurrentKeys,
  stored: SealedValue,
): Promise<boolean> {
  const binding = {
    account: deps.account,
    recordType: stored.record.type,
    recordId: stored.record.id,
    fieldId: stored.fieldId,
    version: stored.version,
  }
  let sealing: Sealing
  try {
    sealing =
      stored.contentType === null
        ? await textAnew(deps, current, binding, stored)
        : await documentAnew(deps, current, binding, stored)
  } catch {
    return false
  }
  await replaceSealing(tx, deps.account, stored, sealing)
  return true
}

type Sealing = Partial<Pick<NewValue, 'jwe' | 'keyId' | 'fingerprint' | 'fingerprintKeyId'>>

async function textAnew(
  deps: RewrapDeps,
  current: CurrentKeys,
  binding: RecordBinding,
  stored: SealedValue,
): Promise<Sealing> {
  const value = await openValue(deps.keys, binding, stored.jwe)
  // A row from before keys had ids may be under the current key: then only its id is missing.
  const isCurrent = sealedUnder(stored.jwe) === current.keyId
  const jwe = isCurrent ? stored.jwe : await sealValue(deps.keys, binding, value)
  const fingerprint = await fingerprintedAnew(deps, current, stored, value)
  return { jwe, keyId: sealedUnder(jwe), ...fingerprint }
}

/** Its manifest only: the parts are under the document's own key, whatever that one is under. */
async function documentAnew(
  deps: RewrapDeps,
  current: CurrentKeys,
  binding: RecordBinding,
  { jwe: sealed }: SealedValue,
): Promise<Sealing> {
  const isCurrent = sealedUnder(sealed) === current.keyId
  const jwe = isCurrent ? sealed : await resealDocument(deps.keys, binding, sealed)
  return { jwe, keyId: sealedUnder(jwe) }
}

async function fingerprintedAnew(
  deps: RewrapDeps,
  current: CurrentKeys,
  { kind, fingerprintKeyId }: SealedValue,
  value: string,
): Promise<Sealing> {
  const known: FieldKind | undefined = FIELD_KINDS.find((each) => each === kind)
  if (known === undefined) return {}
  if (fingerprintKeyId === current.fingerprintKeyId) return {}
  const toCompare = { account: deps.account, kind: known, value }
  const made = await fingerprintOf(deps.fingerprintKeys, toCompare)
  return { fingerprint: made.fingerprint, fingerprintKeyId: made.keyId }
}

/** Where this process's background work stands, by database and account. */
const cursors = new WeakMap<Database, Map<string, ValueKey | null>>()

/** At about a hundred values a second a sweep stays shorter than the pause between two. */
const BATCHES_A_SWEEP = 10

/**
 * The endpoint's share: some batches a sweep, while anything is outdated. Goes round, so that values
 * which cannot be opened hold up no others.
 */
export async function rewrapSome(deps: EndpointDeps): Promise<void> {
  const own = { ...deps, account: deps.account.id }
  const byAccount = cursors.get(deps.database) ?? new Map<string, ValueKey | null>()
  cursors.set(deps.database, byAccount)
  const current = await currentKeys(deps)
  for (let turn = 0; turn < BATCHES_A_SWEEP; turn += 1) {
    if (!(await hasOutdatedValues(deps.database.orm, own.account, current))) return
    const batch = await rewrapBatch(own, current, byAccount.get(own.account) ?? null)
    byAccount.set(own.account, batch.last)
    if (batch.rewrapped > 0) deps.log.info('keys.rewrap', { values: batch.rewrapped })
    if (batch.failed > 0) deps.log.error('keys.rewrap_failed', { values: batch.failed })
    if (batch.last === null) return
  }
}
