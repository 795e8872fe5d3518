/** The app as an AWS Lambda handler: API Gateway v2 and Function URL events, and the schedule. */
import type { Hono } from 'hono'
import { handle } from 'hono/aws-lambda'
import type { APIGatewayProxyResult, LambdaContext, LambdaEvent } from 'hono/aws-lambda'

/** What an EventBridge schedule sends. */
type ScheduledEvent = { source: 'aws.events' }

export type LambdaHandler = (
  event: LambdaEvent | ScheduledEvent,
  context?: LambdaContext,
) => Promise<APIGatewayProxyResult | { swept: true }>

/**
 * HTTP events go to the app; a scheduled one does what the Node server does every few seconds.
 * Anything else throws: it can only come from a wrong configuration.
 */
// Any Hono app will do, whatever its variables are.
export function createLambdaHandler(
  app: Pick<Hono, 'fetch'>,
  sweep: () => Promise<void>,
): LambdaHandler {
  // `handle` calls nothing of the app but `fetch`.
  const answer = handle(app as Hono)
  return async (event, context) => {
    if (isScheduled(event)) {
      await sweep()
      return { swept: true }
    }
    if (!isHttp(event)) throw new TypeError('not an HTTP event of version 2.0')
    return answer(event, context)
  }
}

function isScheduled(event: LambdaEvent | ScheduledEvent): event is ScheduledEvent {
  return 'source' in event && event.source === 'aws.events'
}

/** API Gateway's payload format 2.0, which Function URLs share. */
function isHttp(event: LambdaEvent | ScheduledEvent): event is LambdaEvent {
  return 'rawPath' in event && 'requestContext' in event
}
