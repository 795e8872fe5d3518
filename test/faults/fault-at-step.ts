/**
 * A fault at one numbered step of a process's work: a statement or commit that it sends to the
 * database, or a call to Zendesk. Both are watched from outside; nothing in `src` knows of it.
 */
import { afterAll, afterEach, beforeAll } from 'vitest'
import { directoryThrough } from '../support/endpoint-zendesk.ts'
import type { TestEndpoint } from '../support/endpoint.ts'
import type { DatabaseStep } from '../support/statements.ts'
import { watchPglite } from '../support/statements.ts'

export type Step = DatabaseStep | 'zendesk'
export const DATABASE: readonly Step[] = ['statement', 'commit']
export const ZENDESK: readonly Step[] = ['zendesk']
export const EFFECTS: readonly Step[] = [...DATABASE, ...ZENDESK]

export type StoryOfFault = { endpoint: TestEndpoint; isDead: boolean }

export type Fault<Story> = {
  name: string
  at: readonly Step[]
  /** Before the step's effect, which it does not have when this throws. */
  before?: (story: Story) => Promise<void> | void
  /** What Zendesk answers, doing nothing. */
  instead?: () => Response
  /** After the step's effect; what it answers takes the place of Zendesk's answer. */
  after?: (story: Story) => Response | undefined
}

class Killed extends Error {}

/** The process reaches nothing any more. */
export const kill = (story: StoryOfFault): never => {
  story.isDead = true
  throw new Killed()
}

/** A fault that is due, with its story. */
type Due = {
  before?: () => Promise<void> | void
  instead?: () => Response
  after?: () => Response | undefined
}
type Take = (step: Step) => Due | null

/** What stands between the process and its database, while there is a story to watch. */
let watched: Take | null = null

/** To be called once at the top of a test file. */
export function watchStories(): void {
  let stopWatching: () => void
  beforeAll(() => {
    let due: Due | null = null
    stopWatching = watchPglite({
      before: async (step) => {
        due = watched?.(step) ?? null
        await due?.before?.()
      },
      after: () => {
        const { after } = due ?? {}
        due = null
        after?.()
      },
    })
  })
  afterAll(() => stopWatching())
  afterEach(() => {
    watched = null
  })
}

/** Does something that is no step of the story. */
export async function unwatched<T>(work: () => Promise<T>): Promise<T> {
  const during = watched
  watched = null
  try {
    return await work()
  } finally {
    watched = during
  }
}

/**
 * One process of its own on the endpoint's database that does each part whatever became of the others,
 * with a fault at one of its steps; 0 for none. Answers its steps.
 */
export async function liveWithFault<Story extends StoryOfFault>(
  story: Story,
  parts: readonly ((deps: TestEndpoint['deps']) => Promise<unknown>)[],
  faultStep: number,
  fault: Fault<Story> | null,
): Promise<Step[]> {
  const { deps, zendesk, clock } = story.endpoint
  const steps: Step[] = []
  const take: Take = (step) => {
    if (story.isDead) throw new Killed()
    steps.push(step)
    if (steps.length !== faultStep || fault === null) return null
    const { before, instead, after } = fault
    return {
      ...(before && { before: () => before(story) }),
      ...(instead && { instead }),
      ...(after && { after: () => after(story) }),
    }
  }
  const fetchWithFault: typeof fetch = async (input, init) => {
    const due = take('zendesk')
    await unwatched(async () => due?.before?.())
    if (due?.instead !== undefined) return due.instead()
    const answer = await zendesk.emulator.fetch(new Request(input, init))
    return due?.after?.() ?? answer
  }
  const directory = directoryThrough(fetchWithFault, clock.now)
  for (const part of parts) {
    watched = take
    try {
      await part({ ...deps, zendesk: directory })
    } catch {
      // A process that lives logs it and goes on.
    } finally {
      watched = null
    }
  }
  return steps
}
