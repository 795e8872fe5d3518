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
import type { RecordBinding } from '../../keys/seal.ts'
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
  /** Whose value it is: the ticket's customer. */
  customerId: number | null
  /** Who or what took it in: a Zendesk user. */
  createdBy: number
}

type PrepareDeps = Pick<EndpointDeps, 'account' | 'policy' | 'keys' | 'fingerprintKeys' | 'now'>

/** The row of a new value, for `appendValue`. Throws `keys_unavailable`. */
export async function prepareValue(deps: PrepareDeps, input: ValueToVault): Promise<NewValue> {
  const { field, value } = input
  const toCompare = { account: deps.account.id, kind: field.kind, value }
  const [jwe, made] = await Promise.all([
    sealValue(deps.keys, bindingOf(deps, input), value),
    fingerprintOf(deps.fingerprintKeys, toCompare),
  ])
  return {
    ...rowOf(deps, input, jwe),
    masked: maskValue(value, field.kind, field.sensitivityClass),
    contentType: null,
    fingerprint: made.fingerprint,
    fingerprintKeyId: made.keyId,
  }
}

/** The record that a new value is sealed for. */
export function bindingOf(
  deps: Pick<EndpointDeps, 'account'>,
  { record, field, version }: { record: RecordRef; field: { id: string }; version: number },
): RecordBinding {
  return {
    account: deps.account.id,
    recordType: record.type,
    recordId: record.id,
    fieldId: field.id,
    version,
  }
}

/** What text and document have alike. */
export function rowOf(
  deps: Pick<EndpointDeps, 'policy' | 'now'>,
  input: Omit<ValueToVault, 'value'>,
  jwe: string,
): Omit<NewValue, 'masked' | 'contentType' | 'fingerprint' | 'fingerprintKeyId'> {
  const { field } = input
  const at = deps.now()
  return {
    fieldId: field.id,
    version: input.version,
    token: tokenFrom(randomBytes(16)),
    kind: field.kind,
    sensitivityClass: field.sensitivityClass,
    jwe,
    keyId: sealedUnder(jwe),
    source: input.source,
    sourceId: input.sourceId ?? null,
    customerId: input.customerId,
    retainUntil: retainUntil(deps.policy, field.kind, at),
    createdAt: at,
    createdBy: input.createdBy,
  }
}
