/** Fetch-or-throw for requests of this account. */
import { ScrimError } from '../../core/errors.ts'
import type { StoredRequest } from '../../storage/reveal-requests.ts'
import { findRequest } from '../../storage/reveal-requests.ts'
import type { RevealRequestView } from '../../contract/reveal-requests.ts'
import type { EndpointDeps, RequestContext } from '../context.ts'
import { requestViews } from './view.ts'

/** The request, or `request_not_found`: another account's looks like none. */
export async function getRequest(
  deps: Pick<EndpointDeps, 'account' | 'database'>,
  id: string,
): Promise<StoredRequest> {
  const request = await findRequest(deps.database.orm, deps.account.id, id)
  if (request === undefined) throw new ScrimError('request_not_found')
  return request
}

/** The same as the contract shows it. */
export async function getRequestView(ctx: RequestContext, id: string): Promise<RevealRequestView> {
  const [view] = await requestViews(ctx, [await getRequest(ctx, id)])
  if (view === undefined) throw new ScrimError('request_not_found')
  return view
}
