/**
 * Keeps one of the endpoint's lists fresh by asking again with its ETag. Slows down when the endpoint
 * cannot be reached and says when it will try next.
 */
import { useCallback, useEffect, useRef, useState } from 'react'
import { ScrimError } from '../../core/errors.ts'
import { useEndpoint } from './EndpointProvider.tsx'
import { isPassing, isSessionEnding } from './endpoint-client.ts'

/** Something is down; `retryAt` is on the scale of `performance.now()`. */
export type Trouble = { error: unknown; retryAt: number }

export type Polled<Data> =
  | { status: 'processing' }
  /** `receivedAt` (`performance.now()`) is when the remaining seconds in `data` began to run. */
  | { status: 'success'; data: Data; receivedAt: number; trouble: Trouble | null }
  | { status: 'error'; error: unknown; trouble: Trouble | null }

const FIRST_RETRY_MS = 2_000
const LONGEST_RETRY_MS = 30_000
const REFUSED_RETRY_MS = 30_000

/** Doubles per failure up to half a minute, plus or minus a fifth so that frames do not march in step. */
export function backOffMs(failures: number, random: () => number = Math.random): number {
  const base = Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS)
  return Math.round(base * (0.8 + 0.4 * random()))
}

/**
 * `path` null means there is nothing to ask yet. `secondsUntilNext` decides the pace from what came.
 * Pauses while `isActive` is false and asks at once when it turns true. The returned `refresh` asks
 * now and resolves when that answer, and none older, is on screen.
 */
export function usePolled<Data>(
  path: string | null,
  options: { isActive: boolean; secondsUntilNext: (data: Data) => number },
): [Polled<Data>, () => Promise<void>] {
  const { endpoint } = useEndpoint()
  const [first] = useState(() => {
    const arrived = path === null ? null : endpoint.arrived<Data>(path)
    return path === null || arrived === null || arrived.isUnchanged ? null : { path, ...arrived }
  })
  const [polled, setPolled] = useState<Polled<Data>>(
    first === null
      ? { status: 'processing' }
      : { status: 'success', data: first.body, receivedAt: first.receivedAt, trouble: null },
  )
  const { isActive } = options
  const pace = useRef(options.secondsUntilNext)
  const refreshNow = useRef<() => Promise<void>>(async () => undefined)
  const known = useRef<{ path: string; etag: string | null; data: Data } | null>(
    first === null ? null : { path: first.path, etag: first.etag, data: first.body },
  )
  useEffect(() => {
    pace.current = options.secondsUntilNext
  })

  useEffect(() => {
    if (path === null || known.current?.path !== path) {
      known.current = null
      setPolled({ status: 'processing' })
    }
  }, [path])

  useEffect(() => {
    if (path === null || !isActive) return undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    let controller: AbortController | null = null
    let failures = 0

    const ask = async (): Promise<void> => {
      clearTimeout(timer)
      controller?.abort()
      const own = new AbortController()
      controller = own
      try {
        const answer = await endpoint.get<Data>(path, {
          etag: known.current?.etag ?? null,
          signal: own.signal,
        })
        if (own.signal.aborted) return
        failures = 0
        if (!answer.isUnchanged) {
          known.current = { path, etag: answer.etag, data: answer.body }
          setPolled({
            status: 'success',
            data: answer.body,
            receivedAt: answer.receivedAt,
            trouble: null,
          })
        } else {
          setPolled((last) =>
            last.status === 'success' && last.trouble !== null ? { ...last, trouble: null } : last,
          )
        }
        const data = known.current?.data
        timer = setTimeout(ask, (data === undefined ? 15 : pace.current(data)) * 1000)
      } catch (error) {
        if (own.signal.aborted) return
        onFailure(error)
      }
    }

    const onFailure = (error: unknown) => {
      if (isSessionEnding(error)) {
        known.current = null
        setPolled({ status: 'error', error, trouble: null })
        return
      }
      if (!isPassing(error)) {
        known.current = null
        setPolled({ status: 'error', error, trouble: null })
        timer = setTimeout(ask, REFUSED_RETRY_MS)
        return
      }
      failures += 1
      const asked = error instanceof ScrimError ? (error.details.retryAfterSeconds ?? 0) * 1000 : 0
      const waitMs = Math.max(asked, backOffMs(failures))
      const trouble = { error, retryAt: performance.now() + waitMs }
      setPolled((last) =>
        last.status === 'success' ? { ...last, trouble } : { status: 'error', error, trouble },
      )
      timer = setTimeout(ask, waitMs)
    }

    refreshNow.current = ask
    void ask()
    return () => {
      clearTimeout(timer)
      controller?.abort()
      refreshNow.current = async () => undefined
    }
  }, [endpoint, path, isActive])

  const refresh = useCallback(() => refreshNow.current(), [])
  return [polled, refresh]
}
