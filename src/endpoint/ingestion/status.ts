/** What ingestion has to do and what it gave up, and whether it still hears of everything. */
import { ScrimError } from '../../core/errors.ts'
import { secondsUntil } from '../../core/grant.ts'
import { mayReadExposures, mayRetryIngestion } from '../../core/policy-decision.ts'
import { WEBHOOK_SLACK_SECONDS, webhookStanding } from '../../core/webhook-standing.ts'
import type { IngestionStatus } from '../../contract/ingestion.ts'
import { MOST_RETRIES } from '../../contract/ingestion.ts'
import {
  countSweptTickets,
  countWaitingWork,
  findGivenUpWork,
  findLastStep,
  findLastWebhook,
} from '../../storage/ingestion-status.ts'
import type { RequestContext } from '../context.ts'
import { SWEEP_WALK } from './sweep-tickets.ts'

/** Throws `role_not_permitted`. */
export async function getIngestionStatus(ctx: RequestContext): Promise<IngestionStatus> {
  const verdict = mayReadExposures(ctx.roles)
  if (!verdict.allowed) throw new ScrimError(verdict.code)
  const { orm } = ctx.database
  const account = ctx.account.id
  const now = ctx.now()
  const [waiting, givenUp, lastStep, webhook] = await Promise.all([
    countWaitingWork(orm, account),
    findGivenUpWork(orm, account, MOST_RETRIES),
    findLastStep(orm, account, SWEEP_WALK),
    webhookOf(ctx, now),
  ])
  return {
    waiting: waiting.map(({ oldestAt, nextTryAt, ...work }) => ({
      ...work,
      oldestAt: oldestAt.toISOString(),
      ageSeconds: secondsUntil(now, oldestAt),
      remainingSeconds: secondsUntil(nextTryAt, now),
    })),
    givenUp: {
      count: givenUp.count,
      newest: givenUp.newest.map(({ givenUpAt, ...work }) => ({
        ...work,
        at: givenUpAt.toISOString(),
        ageSeconds: secondsUntil(now, givenUpAt),
      })),
      mayRetry: mayRetryIngestion(ctx.roles).allowed,
    },
    webhook,
    sweep: { ...lastly(lastStep?.at ?? null, now), code: lastStep?.code ?? null },
  }
}

async function webhookOf(ctx: RequestContext, now: Date): Promise<IngestionStatus['webhook']> {
  const { orm } = ctx.database
  const lastAt = await findLastWebhook(orm, ctx.account.id)
  const since = lastAt === null ? null : new Date(lastAt.getTime() + WEBHOOK_SLACK_SECONDS * 1000)
  const unannounced = await countSweptTickets(orm, ctx.account.id, since)
  return {
    standing: webhookStanding({ lastAt, unannounced, now }),
    ...lastly(lastAt, now),
    unannounced,
  }
}

function lastly(at: Date | null, now: Date): { lastAt: string | null; ageSeconds: number | null } {
  return at === null
    ? { lastAt: null, ageSeconds: null }
    : { lastAt: at.toISOString(), ageSeconds: secondsUntil(now, at) }
}
