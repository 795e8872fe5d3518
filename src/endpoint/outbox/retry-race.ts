/** Work that lost a race is no lost work: whoever reads again finds what won. */
import { ScrimError } from '../../core/errors.ts'

/** Has the outbox try again where `act` throws `conflict`, which otherwise ends an order for good. */
export async function retryRace<T>(act: Promise<T>): Promise<T> {
  try {
    return await act
  } catch (error) {
    if (error instanceof ScrimError && error.code === 'conflict') {
      throw new ScrimError('zendesk_unavailable')
    }
    throw error
  }
}
