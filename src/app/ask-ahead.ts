/**
 * The sidebar's first question, put as soon as the host says which ticket it stands beside. The
 * screen asks the same a moment later and finds the answer on its way.
 */
import type { Answer, EndpointClient } from './shared/endpoint-client.ts'

/** A screen that has not asked this long after the answer asks anew. */
const KEPT_MS = 2_000

/**
 * The same endpoint, asked for `path` once ahead of everybody. The first `get` of that path takes
 * that answer, or its failure; all others go out themselves. Once it is here it can be drawn at once.
 */
export function askAhead(endpoint: EndpointClient, path: Promise<string | null>): EndpointClient {
  let ahead: {
    path: string
    answer: Promise<Answer<unknown>>
    arrived: Answer<unknown> | null
  } | null = null
  const forget = () => {
    ahead = null
  }
  const ask = async () => {
    const asked = await path
    if (asked === null) return
    const answer = endpoint.get(asked)
    const own = { path: asked, answer, arrived: null as Answer<unknown> | null }
    ahead = own
    own.arrived = await answer.catch(() => null)
    setTimeout(forget, KEPT_MS)
  }
  // Without a host nothing is asked, here or by the screen.
  ask().catch(() => undefined)
  return {
    ...endpoint,
    arrived: <Body>(asked: string) =>
      // The same path, whose body the caller knows.
      ahead?.path === asked ? (ahead.arrived as Answer<Body> | null) : null,
    get<Body>(asked: string, options?: Parameters<EndpointClient['get']>[1]) {
      if (ahead?.path !== asked) return endpoint.get<Body>(asked, options)
      const { answer } = ahead
      forget()
      return answer as Promise<Answer<Body>>
    },
  }
}
