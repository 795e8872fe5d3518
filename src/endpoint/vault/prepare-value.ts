/**
 * Everything about a new value that is made before its transaction: sealing and fingerprint may ask a
 * key service, and no network call is made under a database lock.
 */
import { randomBytes } from 'node:crypto'
import { maskValue } from '../../core/mask.ts'
import { retainUntil } from '../../core/policy.ts'
import type { ProtectedField, RecordRef } from '../../core/protected-field.ts'
import { tokenFrom } from '../../core/token.ts'
import { fingerprintOf } from '../../keys/fingerprint.ts'
import { sealValue, sealedUnder } from '../../keys/seal.ts'
import type { NewValue, ValueSource } from '../../storage/vault.ts'
import type { EndpointDeps } from '../context.ts'

export type ValueToVault = {
  record: RecordRef
  field: Pick<ProtectedField, 'id' | 'kind' | 'sensitivityClass'>
  version: number
  value: string
  source: ValueSource
  /** The comment or attachment it was found in. */
  sourceId?: number
  /** A document's media type; absent for text. */
  contentType?: string
  /** Whose value it is: the ticket's customer. */
  customerId: number | null
  /** Who or what took it in: a Zendesk user. */
  createdBy: number
}

/** The row of a new value, for `appendValue`. Throws `keys_unavailable`. */
export async function prepareValue(
  deps: Pick<EndpointDeps, 'account' | 'policy' | 'keys' | 'fingerprintKeys' | 'now'>,
  input: ValueToVault,
): Promise<NewValue> {
  const { record, field, version, value, contentType = null } = input
  const binding = {
    account: deps.account.id,
    recordType: record.type,
    recordId: record.id,
    fieldId: field.id,
    version,
  }
  const toCompare = { account: deps.account.id, kind: field.kind, value }
  const [jwe, made] = await Promise.all([
    sealValue(deps.keys, binding, value),
    contentType === null ? fingerprintOf(deps.fingerprintKeys, toCompare) : null,
  ])
  const at = deps.now()
  return {
    fieldId: field.id,
    version,
    masked: maskValue(contentType === null ? value : '', field.kind, field.sensitivityClass),
    token: tokenFrom(randomBytes(16)),
    kind: field.kind,
    sensitivityClass: field.sensitivityClass,
    contentType,
    jwe,
    keyId: sealedUnder(jwe),
    fingerprint: made?.fingerprint ?? null,
    fingerprintKeyId: made?.keyId ?? null,
    source: input.source,
    sourceId: input.sourceId ?? null,
    customerId: input.customerId,
    retainUntil: retainUntil(deps.policy, field.kind, at),
    createdAt: at,
    createdBy: input.createdBy,
  }
}
