/** New power as tests meet it: the first activation, and people who are put into groups after it. */
import { recordPowersAtActivation } from '../../src/endpoint/powers/activation.ts'
import type { Activation } from '../../src/endpoint/powers/activation.ts'
import type { TestEndpoint } from './endpoint.ts'

/** A policy becomes active; the first time, everybody who is there is confirmed. */
export async function activate(
  endpoint: TestEndpoint,
  change: Partial<Activation> = {},
): Promise<void> {
  const { deps } = endpoint
  const people = await deps.zendesk.people()
  await deps.database.transaction((tx) =>
    recordPowersAtActivation(tx, deps, {
      policy: deps.policy,
      previous: null,
      people,
      isConsented: true,
      ...change,
    }),
  )
}

/** Longer than the list of people may be old. */
export const NEWS_SECONDS = 301

/** Zendesk's administrator puts a person into groups, and the endpoint has had time to hear of it. */
export async function putIntoGroups(
  endpoint: TestEndpoint,
  personId: number,
  groupIds: readonly number[],
): Promise<void> {
  endpoint.clock.advance(NEWS_SECONDS)
  endpoint.zendesk.changePerson(personId, { groupIds })
  await endpoint.sweep()
}
