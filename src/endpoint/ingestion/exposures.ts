/** Writing down what stays in Zendesk, in the transaction of the act that found it. */
import type { Queryable } from '../../storage/database.ts'
import type { Exposure } from '../../storage/residual-exposures.ts'
import { recordExposures } from '../../storage/residual-exposures.ts'
import { audit, systemActor } from '../audit.ts'
import type { EndpointDeps } from '../context.ts'
import { count, countNames } from './tally.ts'

/** One entry for each exposure that was not known; answers how many. */
export async function noteExposures(
  tx: Queryable,
  deps: Pick<EndpointDeps, 'account' | 'now' | 'policy' | 'tally'>,
  exposures: readonly Exposure[],
): Promise<number> {
  const fresh = await recordExposures(tx, deps.account.id, deps.now(), exposures)
  if (fresh.length === 0) return 0
  await audit(
    tx,
    deps,
    ...fresh.map(({ ticketId, category, place, kind }) => ({
      action: 'residual_exposure.record' as const,
      actor: systemActor('ingestion'),
      outcome: 'ok' as const,
      record: { type: 'ticket', id: ticketId } as const,
      policyVersion: deps.policy.version,
      data: { category, place, kind },
    })),
  )
  await count(
    tx,
    deps,
    countNames(fresh.map(({ category, kind }) => `residual.${category}.${kind}` as const)),
  )
  return fresh.length
}
