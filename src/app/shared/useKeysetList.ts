/** A list that the endpoint answers page by page, each page naming what comes after it. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { useEndpoint } from './EndpointProvider.tsx'

export type KeysetList<Page> =
  /** `before` is what an older question was answered with. */
  | { status: 'processing'; before: Page | null }
  /** `page` holds all that came so far from `path`; `more` is the state of the next. */
  | {
      status: 'success'
      path: string
      page: Page
      more: 'idle' | 'processing' | { error: unknown }
    }
  | { status: 'error'; error: unknown }

type Loaded<Page> = Extract<KeysetList<Page>, { status: 'success' }>

/** A filter is typed letter by letter; one question for it is enough. */
const PATIENCE_MS = 250

/**
 * Asks for `path` whenever it changes. `pathAfter` is the address of what follows a page, null when
 * nothing does; `join` adds the answer to what came before. An answer to an older question is dropped.
 */
export function useKeysetList<Page>(
  path: string,
  {
    pathAfter,
    join,
  }: {
    pathAfter: (path: string, page: Page) => string | null
    join: (before: Page, next: Page) => Page
  },
): {
  list: KeysetList<Page>
  /** Null when there is no more. */
  loadMore: (() => Promise<void>) | null
  reload: () => Promise<void>
} {
  const { endpoint } = useEndpoint()
  const [list, setList] = useState<KeysetList<Page>>({ status: 'processing', before: null })
  const run = useRef(0)

  const load = useCallback(
    async (wanted: string) => {
      run.current += 1
      const own = run.current
      setList((last) => ({ status: 'processing', before: answerOf(last) }))
      try {
        const answer = await endpoint.get<Page>(wanted)
        if (own !== run.current || answer.isUnchanged) return
        setList({ status: 'success', path: wanted, page: answer.body, more: 'idle' })
      } catch (error) {
        if (own === run.current) setList({ status: 'error', error })
      }
    },
    [endpoint],
  )

  const isFirst = useRef(true)
  useEffect(() => {
    const timer = setTimeout(() => void load(path), isFirst.current ? 0 : PATIENCE_MS)
    isFirst.current = false
    return () => clearTimeout(timer)
  }, [path, load])

  const loadAfter = async (last: Loaded<Page>, wanted: string) => {
    const own = run.current
    setList({ ...last, more: 'processing' })
    try {
      const answer = await endpoint.get<Page>(wanted)
      if (own !== run.current || answer.isUnchanged) return
      setList({ ...last, page: join(last.page, answer.body), more: 'idle' })
    } catch (error) {
      if (own === run.current) setList({ ...last, more: { error } })
    }
  }

  const next = list.status === 'success' ? pathAfter(list.path, list.page) : null
  return {
    list,
    loadMore: list.status === 'success' && next !== null ? () => loadAfter(list, next) : null,
    reload: () => load(path),
  }
}

function answerOf<Page>(list: KeysetList<Page>): Page | null {
  if (list.status === 'error') return null
  return list.status === 'success' ? list.page : list.before
}

/** The address with one more parameter. */
export function withParameter(path: string, name: string, value: string | number): string {
  return `${path}${path.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(value)}`
}
