/** Who a text is from that somebody typed into a field: Zendesk says so in the ticket's audits only. */
import { ScrimError } from '../../core/errors.ts'
import type { EndpointDeps } from '../context.ts'

/** Zendesk has no user 0. */
export const NOBODY = 0

/**
 * A Zendesk user, or `NOBODY` where the audits do not say or cannot be asked now: a value is not left
 * in a ticket for want of its author's name. Costs a look at all audits.
 */
export async function whoTyped(
  { zendesk }: Pick<EndpointDeps, 'zendesk'>,
  at: { ticketId: number; zendeskFieldId: number | null; text: string },
): Promise<number> {
  try {
    const author = await zendesk.content.authorOf(at)
    return author !== null && author > 0 ? author : NOBODY
  } catch (error) {
    if (error instanceof ScrimError) return NOBODY
    throw error
  }
}
