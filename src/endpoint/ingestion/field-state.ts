/** What the vault knows of one field of a record, and whether a text is one of its values. */
import type { ProtectedField } from '../../core/protected-field.ts'
import { fingerprintsOf } from '../../keys/fingerprint.ts'
import type { KnownValue } from '../../storage/found-values.ts'
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

/** The number of the newest version with this very value, or null. */
export async function versionOfValue(
  deps: Pick<EndpointDeps, 'account' | 'fingerprintKeys'>,
  { field, versions }: FieldState,
  value: string,
): Promise<number | null> {
  const toCompare = { account: deps.account.id, kind: field.kind, value }
  const made = await fingerprintsOf(deps.fingerprintKeys, toCompare)
  const equal = versions.findLast(({ fingerprint }) =>
    made.some((candidate) => candidate.fingerprint === fingerprint),
  )
  return equal?.version ?? null
}
