/**
 * Whether Zendesk still tells of changes. Its circuit breaker stops a webhook that failed, and nobody
 * is told; that tickets change of which no webhook spoke is how it shows.
 */

/** `quiet`: nothing says that a webhook is missing, and none came lately. */
export type WebhookStanding = 'arriving' | 'quiet' | 'missing'

/** A change that the sweep finds this long after the last webhook is one that no webhook told of. */
export const WEBHOOK_SLACK_SECONDS = 600

/**
 * Some changes fire no trigger, such as an automation that closes a ticket: a few unannounced ones
 * are no sign.
 */
const MOST_UNANNOUNCED = 2

/** `unannounced` counts the tickets that changed `WEBHOOK_SLACK_SECONDS` or more after `lastAt`. */
export function webhookStanding(seen: {
  lastAt: Date | null
  unannounced: number
  now: Date
}): WebhookStanding {
  const { lastAt, unannounced, now } = seen
  if (unannounced > MOST_UNANNOUNCED) return 'missing'
  const isLate = lastAt === null || now.getTime() - lastAt.getTime() > WEBHOOK_SLACK_SECONDS * 1000
  return isLate ? 'quiet' : 'arriving'
}
