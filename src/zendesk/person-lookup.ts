/** People with an age: one snapshot for all views, batches for heartbeats, single and fresh for acts. */
import { z } from 'zod'
import { ScrimError } from '../core/errors.ts'
import type { Person } from '../core/person.ts'
import { shareAnswer } from './answer-age.ts'
import type { AnswerAges, Stamp } from './answer-age.ts'
import type { Freshness } from './directory.ts'
import { createLookupBatch } from './lookup-batch.ts'
import { membershipResource, personOf, userResource } from './resources.ts'
import type { RestClient, Turn } from './rest-client.ts'

const MAX_SNAPSHOT_AGE_SECONDS = 300
const MAX_BUSY_WATCH_AGE_SECONDS = 60
/** Someone who is nobody yet may be hired any minute. */
const MAX_ABSENCE_AGE_SECONDS = 60
const MAX_HELD = 5_000

type Held = { person: Person | null; stamp: Stamp }

export type PersonLookup = {
  find(id: number, freshness: Freshness): Promise<Person | null>
  /** All agents and administrators. */
  all(): Promise<readonly Person[]>
}

const oneUser = z.object({ user: userResource })
const manyUsers = z.object({ users: z.array(userResource) })

export function createPersonLookup(rest: RestClient, ages: AnswerAges): PersonLookup {
  const held = new Map<number, Held>()
  const fresh = new Map<string, Promise<Person | null>>()

  const keep = (id: number, person: Person | null, stamp: Stamp): void => {
    const before = held.get(id)
    if (before !== undefined && ages.seconds(before.stamp) < ages.seconds(stamp)) return
    held.delete(id)
    held.set(id, { person, stamp })
    const oldest = held.keys().next()
    if (held.size > MAX_HELD && !oldest.done) held.delete(oldest.value)
  }

  const memberships = async (path: string, turn: Turn): Promise<Map<number, number[]>> => {
    const answer = await rest.readAll(path, 'group_memberships', membershipResource, turn)
    if (answer.status !== 'ok') throw new ScrimError('zendesk_unavailable')
    const groupIdsOf = new Map<number, number[]>()
    for (const { user_id: userId, group_id: groupId } of answer.body) {
      groupIdsOf.set(userId, [...(groupIdsOf.get(userId) ?? []), groupId])
    }
    return groupIdsOf
  }

  const snapshot = shareAnswer(
    async () => {
      const stamp = ages.stamp()
      const path = '/api/v2/users?role[]=agent&role[]=admin'
      const [users, groupIdsOf] = await Promise.all([
        rest.readAll(path, 'users', userResource, 'background'),
        memberships('/api/v2/group_memberships', 'background'),
      ])
      if (users.status !== 'ok') throw new ScrimError('zendesk_unavailable')
      const people = users.body.map((user) => personOf(user, groupIdsOf.get(user.id) ?? []))
      for (const person of people) keep(person.id, person, stamp)
      return people
    },
    ages,
    MAX_SNAPSHOT_AGE_SECONDS,
  )

  const readNow = async (id: number, priority: 'view' | 'act'): Promise<Person | null> => {
    const stamp = ages.stamp()
    const [user, groupIdsOf] = await Promise.all([
      rest.read(`/api/v2/users/${id}`, oneUser, priority),
      membershipsOf(id, priority),
    ])
    if (user.status === 'absent') {
      keep(id, null, stamp)
      return null
    }
    if (user.status !== 'ok' || user.body.user.id !== id) {
      throw new ScrimError('zendesk_unavailable')
    }
    const person = personOf(user.body.user, groupIdsOf)
    keep(id, person, stamp)
    return person
  }

  const membershipsOf = async (id: number, turn: Turn): Promise<number[]> => {
    const path = `/api/v2/users/${id}/group_memberships`
    const answer = await rest.readAll(path, 'group_memberships', membershipResource, turn)
    // People who are no agents have no memberships to list.
    if (answer.status === 'absent') return []
    if (answer.status !== 'ok') throw new ScrimError('zendesk_unavailable')
    return answer.body.filter((row) => row.user_id === id).map((row) => row.group_id)
  }

  const watched = createLookupBatch<Person>({
    admit: () => rest.admit('watch'),
    load: async (ids) => {
      const stamp = ages.stamp()
      const path = `/api/v2/users/show_many?ids=${ids.join(',')}`
      const users = await rest.read(path, manyUsers, 'admitted')
      if (users.status !== 'ok') throw new ScrimError('zendesk_unavailable')
      const groupIdsOf = await watchedMemberships(ids)
      const found = new Map(
        users.body.users.map((user) => [user.id, personOf(user, groupIdsOf.get(user.id) ?? [])]),
      )
      for (const id of ids) keep(id, found.get(id) ?? null, stamp)
      return found
    },
    companions: () => [],
  })

  /** One call a person for a few, the whole list for many. */
  const watchedMemberships = async (ids: readonly number[]): Promise<Map<number, number[]>> => {
    if (ids.length > 2) return memberships('/api/v2/group_memberships', 'watch')
    const lists = await Promise.all(ids.map((id) => membershipsOf(id, 'watch')))
    return new Map(ids.map((id, index) => [id, lists[index] ?? []]))
  }

  const once = (id: number, priority: 'view' | 'act'): Promise<Person | null> => {
    const key = `${priority}:${id}`
    const asked = fresh.get(key)
    if (asked !== undefined) return asked
    const answer = readNow(id, priority).finally(() => fresh.delete(key))
    fresh.set(key, answer)
    return answer
  }

  const heldSince = (id: number, maxAgeSeconds: number): Held | null => {
    const entry = held.get(id)
    if (entry === undefined) return null
    const limit =
      entry.person === null ? Math.min(maxAgeSeconds, MAX_ABSENCE_AGE_SECONDS) : maxAgeSeconds
    return ages.seconds(entry.stamp) <= limit ? entry : null
  }

  return {
    async find(id, freshness) {
      const maxAge = Math.min(freshness.maxAgeSeconds, MAX_SNAPSHOT_AGE_SECONDS)
      // Asking for the snapshot renews it ahead of time, so that views never wait for it.
      if (freshness.priority === 'view') await snapshot()
      const known = heldSince(id, maxAge)
      if (known !== null) return known.person
      if (freshness.priority !== 'watch') return once(id, freshness.priority)
      try {
        return await watched(id)
      } catch (error) {
        const isBusy = error instanceof ScrimError && error.code === 'zendesk_busy'
        const last = isBusy ? heldSince(id, MAX_BUSY_WATCH_AGE_SECONDS) : null
        if (last === null) throw error
        return last.person
      }
    },
    all: snapshot,
  }
}
