/** Which of the values found in one text of a ticket are not in the vault yet, as rows for it. */
import type { DetectedKind } from '../../detect/span.ts'
import { classOfFinding, handlingOf } from '../../core/ingestion.ts'
import type { Place } from '../../core/place.ts'
import { fieldIdAt } from '../../core/vaulted-field.ts'
import { fingerprintsOf } from '../../keys/fingerprint.ts'
import { findKnownValues } from '../../storage/found-values.ts'
import type { NewValue, ValueSource } from '../../storage/vault.ts'
import type { EndpointDeps } from '../context.ts'
import { prepareValue } from '../vault/prepare-value.ts'

/** One text of a ticket, as the vault tells its values from those of others. */
export type TextInTicket = {
  source: ValueSource
  /** The comment or ticket field; null where a ticket has just one. */
  sourceId: number | null
  /** Where its values stand, by their number from 1 on. */
  placeOf: (number: number) => Place
  /** Who wrote it: a Zendesk user. */
  createdBy: number
}

export type NewValues = {
  values: NewValue[]
  /** Something of this text was in the vault before. */
  isKnown: boolean
  /** Of the distinct values, of those that are new, and of those that are kept nowhere. */
  kinds: Record<'all' | 'vaulted' | 'destroyed', DetectedKind[]>
}

/** The same value twice in a text is one. Throws `keys_unavailable`. */
export async function newValues(
  deps: EndpointDeps,
  ticket: { id: number; requesterId: number },
  findings: readonly { kind: DetectedKind; value: string }[],
  { source, sourceId, placeOf, createdBy }: TextInTicket,
): Promise<NewValues> {
  const record = { type: 'ticket', id: ticket.id } as const
  const all = await findKnownValues(deps.database.orm, deps.account.id, record)
  const known = all.filter((row) => row.source === source && row.sourceId === sourceId)
  const inVault = new Set(known.map(({ fingerprint }) => fingerprint))
  const seen = new Set<string>()
  const values: NewValue[] = []
  const kinds: NewValues['kinds'] = { all: [], vaulted: [], destroyed: [] }
  for (const { kind, value } of findings) {
    const toCompare = { account: deps.account.id, kind, value }
    const made = await fingerprintsOf(deps.fingerprintKeys, toCompare)
    if (made.some(({ fingerprint }) => seen.has(fingerprint))) continue
    for (const { fingerprint } of made) seen.add(fingerprint)
    kinds.all.push(kind)
    if (handlingOf(deps.policy, kind) === 'destroyed') kinds.destroyed.push(kind)
    if (handlingOf(deps.policy, kind) !== 'vaulted') continue
    if (made.some(({ fingerprint }) => inVault.has(fingerprint))) continue
    kinds.vaulted.push(kind)
    values.push(
      await prepareValue(deps, {
        record,
        field: {
          id: fieldIdAt(placeOf(known.length + values.length + 1)),
          kind,
          sensitivityClass: classOfFinding(deps.policy, kind),
        },
        version: 1,
        value,
        source,
        ...(sourceId === null ? {} : { sourceId }),
        customerId: ticket.requesterId,
        createdBy,
      }),
    )
  }
  return { values, isKnown: known.length > 0, kinds }
}
