/** Tickets with an age: batched for views and heartbeats, one by one and fresh for acts. */
import { z } from 'zod'
import { ScrimError } from '../core/errors.ts'
import type { Ticket } from '../core/person.ts'
import type { AnswerAges, Stamp } from './answer-age.ts'
import type { Freshness } from './directory.ts'
import { createLookupBatch } from './lookup-batch.ts'
import { ticketOf, ticketResource } from './resources.ts'
import type { RestClient } from './rest-client.ts'

/** A view of a ticket is not older, whatever the caller tolerates. */
const MAX_VIEW_AGE_SECONDS = 60
/** When the budget is spent, masks and heartbeats may live on answers this old. An act never may. */
const MAX_BUSY_AGE_SECONDS = { view: 300, watch: 60, act: 0 } as const
/** A ticket nobody asked for this long is not kept fresh on other tickets' trips. */
const INTEREST_SECONDS = 75
const MAX_HELD = 5_000

type Held = { ticket: Ticket | null; stamp: Stamp; wantedAt: Stamp; wantedMaxAge: number }

export type TicketLookup = {
  find(id: number, freshness: Freshness): Promise<Ticket | null>
  forget(id: number): void
}

const oneTicket = z.object({ ticket: ticketResource })
const manyTickets = z.object({ tickets: z.array(ticketResource) })

export function createTicketLookup(rest: RestClient, ages: AnswerAges): TicketLookup {
  const held = new Map<number, Held>()
  const fresh = new Map<number, Promise<Ticket | null>>()
  /** Counts up when a ticket is forgotten: answers to older questions are not kept. */
  const forgotten = new Map<number, number>()

  const keep = (id: number, ticket: Ticket | null, stamp: Stamp, epoch: number): void => {
    if ((forgotten.get(id) ?? 0) !== epoch) return
    const before = held.get(id)
    if (before !== undefined && ages.seconds(before.stamp) <= ages.seconds(stamp)) return
    held.delete(id)
    held.set(id, {
      ticket,
      stamp,
      wantedAt: before?.wantedAt ?? stamp,
      wantedMaxAge: before?.wantedMaxAge ?? MAX_VIEW_AGE_SECONDS,
    })
    const oldest = held.keys().next()
    if (held.size > MAX_HELD && !oldest.done) held.delete(oldest.value)
  }

  const batch = (priority: 'view' | 'watch') =>
    createLookupBatch<Ticket | null>({
      admit: () => rest.admit(priority),
      load: async (ids) => {
        const stamp = ages.stamp()
        const epochs = new Map(ids.map((id) => [id, forgotten.get(id) ?? 0]))
        const path = `/api/v2/tickets/show_many?ids=${ids.join(',')}`
        const answer = await rest.read(path, manyTickets, 'admitted')
        if (answer.status !== 'ok') throw new ScrimError('zendesk_unavailable')
        const found = new Map(answer.body.tickets.map((ticket) => [ticket.id, ticketOf(ticket)]))
        for (const id of ids) keep(id, found.get(id) ?? null, stamp, epochs.get(id) ?? 0)
        return found
      },
      companions: () =>
        [...held]
          .filter(
            ([, entry]) =>
              ages.seconds(entry.wantedAt) <= INTEREST_SECONDS &&
              ages.seconds(entry.stamp) >= entry.wantedMaxAge / 2,
          )
          .toSorted(([, a], [, b]) => ages.seconds(b.stamp) - ages.seconds(a.stamp))
          .map(([id]) => id),
    })
  const batches = { view: batch('view'), watch: batch('watch') }

  const readNow = async (id: number): Promise<Ticket | null> => {
    const stamp = ages.stamp()
    const epoch = forgotten.get(id) ?? 0
    const answer = await rest.read(`/api/v2/tickets/${id}`, oneTicket, 'act')
    if (answer.status === 'forbidden' || answer.status === 'invalid') {
      throw new ScrimError('zendesk_unavailable')
    }
    const ticket = answer.status === 'ok' ? ticketOf(answer.body.ticket) : null
    keep(id, ticket, stamp, epoch)
    return ticket
  }

  const lookUp = (id: number, { priority }: Freshness): Promise<Ticket | null> => {
    if (priority !== 'act') return batches[priority](id)
    const asked = fresh.get(id)
    if (asked !== undefined) return asked
    const answer = readNow(id).finally(() => {
      if (fresh.get(id) === answer) fresh.delete(id)
    })
    fresh.set(id, answer)
    return answer
  }

  return {
    async find(id, freshness) {
      const maxAge =
        freshness.priority === 'view'
          ? Math.min(freshness.maxAgeSeconds, MAX_VIEW_AGE_SECONDS)
          : freshness.maxAgeSeconds
      const entry = held.get(id)
      if (entry !== undefined) {
        entry.wantedAt = ages.stamp()
        if (freshness.priority !== 'act') entry.wantedMaxAge = maxAge
        if (ages.seconds(entry.stamp) <= maxAge) return entry.ticket
      }
      try {
        return await lookUp(id, freshness)
      } catch (error) {
        const isBusy = error instanceof ScrimError && error.code === 'zendesk_busy'
        const last = isBusy ? held.get(id) : undefined
        const limit = MAX_BUSY_AGE_SECONDS[freshness.priority]
        if (last !== undefined && ages.seconds(last.stamp) <= limit) return last.ticket
        throw error
      }
    },
    forget(id) {
      held.delete(id)
      fresh.delete(id)
      forgotten.set(id, (forgotten.get(id) ?? 0) + 1)
    },
  }
}
