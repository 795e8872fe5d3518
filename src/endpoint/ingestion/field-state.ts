/** What the vault knows of one field of a record, and whether a text is one of its values. */
import { isBareValue, saysTheSame } from '../../core/fingerprint.ts'
import type { ProtectedField, RecordRef } from '../../core/protected-field.ts'
import { fingerprintsOf } from '../../keys/fingerprint.ts'
import { openValue } from '../../keys/seal.ts'
import type { KnownValue } from '../../storage/found-values.ts'
import { findSealed } from '../../storage/found-values.ts'
import type { EndpointDeps } from '../context.ts'

export type FieldState = {
  field: ProtectedField
  /** Every version, oldest first. */
  versions: readonly KnownValue[]
  /** The newest, unless it was erased. */
  current: KnownValue | null
}

export function fieldStateOf(field: ProtectedField, known: readonly KnownValue[]): FieldState {
  const versions = known.filter(({ fieldId }) => fieldId === field.id)
  const newest = versions.at(-1) ?? null
  return { field, versions, current: newest?.erasedAt === null ? newest : null }
}

/**
 * The newest version that holds all that a text says, or null. Equal fingerprints are not enough where
 * the text has words around the value: then the stored texts are opened and compared. Throws
 * `keys_unavailable`.
 */
export async function versionHolding(
  deps: Pick<EndpointDeps, 'account' | 'database' | 'keys' | 'fingerprintKeys'>,
  record: RecordRef,
  { field, versions }: FieldState,
  text: string,
): Promise<number | null> {
  const toCompare = { account: deps.account.id, kind: field.kind, value: text }
  const made = await fingerprintsOf(deps.fingerprintKeys, toCompare)
  const equal = versions
    .filter(({ fingerprint }) => made.some((candidate) => candidate.fingerprint === fingerprint))
    .toReversed()
  if (isBareValue(text, field.kind)) return equal[0]?.version ?? null
  for (const { version } of equal) {
    const stored = await openVersion(deps, record, field.id, version)
    if (stored !== null && saysTheSame(stored, text)) return version
  }
  return null
}

/** The text of a version, or null when there is none any more. Throws `keys_unavailable`. */
export async function openVersion(
  deps: Pick<EndpointDeps, 'account' | 'database' | 'keys'>,
  record: RecordRef,
  fieldId: string,
  version: number,
): Promise<string | null> {
  const account = deps.account.id
  const jwe = await findSealed(deps.database.orm, account, { record, fieldId, version })
  if (jwe === undefined) return null
  const binding = { account, recordType: record.type, recordId: record.id, fieldId, version }
  return await openValue(deps.keys, binding, jwe)
}
