/** Zendesk's two ways to page a list: by cursor (`page[size]`) and by offset (`page`, `per_page`). */

const MAX_PAGE_SIZE = 100

/**
 * One page of `items` under `key`. A list asked for without any paging comes whole when it fits.
 * Cursors are opaque to callers, as in Zendesk.
 */
export function pageOf<T>(url: URL, key: string, items: readonly T[]): Record<string, unknown> {
  const cursorSize = url.searchParams.get('page[size]')
  return cursorSize === null
    ? pageByOffset(url, key, items)
    : pageByCursor(url, key, items, clampSize(cursorSize))
}

function pageByCursor<T>(url: URL, key: string, items: readonly T[], size: number) {
  const after = url.searchParams.get('page[after]')
  const start = after === null ? 0 : decodeCursor(after)
  const page = items.slice(start, start + size)
  const hasMore = start + size < items.length
  const link = (offset: number) =>
    withParams(url, { 'page[size]': String(size), 'page[after]': encodeCursor(offset) })
  return {
    [key]: page,
    meta: {
      has_more: hasMore,
      after_cursor: hasMore ? encodeCursor(start + size) : null,
      before_cursor: start > 0 ? encodeCursor(Math.max(0, start - size)) : null,
    },
    links: {
      next: hasMore ? link(start + size) : null,
      prev: start > 0 ? link(Math.max(0, start - size)) : null,
    },
  }
}

function pageByOffset<T>(url: URL, key: string, items: readonly T[]) {
  const size = clampSize(url.searchParams.get('per_page'))
  const number = Math.max(1, Number(url.searchParams.get('page')) || 1)
  const start = (number - 1) * size
  const link = (page: number) => withParams(url, { page: String(page), per_page: String(size) })
  return {
    [key]: items.slice(start, start + size),
    next_page: start + size < items.length ? link(number + 1) : null,
    previous_page: number > 1 ? link(number - 1) : null,
    count: items.length,
  }
}

function clampSize(text: string | null): number {
  const size = Number(text)
  return Number.isInteger(size) && size >= 1 ? Math.min(size, MAX_PAGE_SIZE) : MAX_PAGE_SIZE
}

function withParams(url: URL, params: Record<string, string>): string {
  const next = new URL(url)
  for (const [name, value] of Object.entries(params)) next.searchParams.set(name, value)
  return next.href
}

function encodeCursor(offset: number): string {
  return btoa(`o:${offset}`)
}

function decodeCursor(cursor: string): number {
  const offset = Number(atob(cursor).slice(2))
  return Number.isInteger(offset) && offset >= 0 ? offset : 0
}
