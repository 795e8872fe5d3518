/**
 * The sidebar's first question, put as soon as the host says which ticket it stands beside. The
 * screen asks the same a moment later and finds the answer on its way.
 */
import type { Answer, EndpointClient } from './shared/endpoint-client.ts'

/** A screen that has not asked this long after the answer asks anew. */
const KEPT_MS = 2_000

/**
 * The same endpoint, asked for `path` once ahead of everybody. The first `get` of that path takes
 * that answer, or its failure; all others go out themselves.
 */
export function askAhead(endpoint: EndpointClient, path: Promise<string | null>): EndpointClient {
  let ahead: { path: string; answer: Promise<Answer<unknown>> } | null = null
  const forget = () => {
    ahead = null
  }
  const ask = async () => {
    const asked = await path
    if (asked === null) return
    const answer = endpoint.get(asked)
    ahead = { path: asked, answer }
    await answer.catch(() => undefined)
    setTimeout(forget, KEPT_MS)
  }
  // Without a host nothing is asked, here or by the screen.
  ask().catch(() => undefined)
  return {
    ...endpoint,
    get<Body>(asked: string, options?: Parameters<EndpointClient['get']>[1]) {
      if (ahead?.path !== asked) return endpoint.get<Body>(asked, options)
      const { answer } = ahead
      forget()
      // The same path, whose body the caller knows.
      return answer as Promise<Answer<Body>>
    },
  }
}
