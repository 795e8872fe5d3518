/** Tells a lead, through the host, that somebody waits for them. Names and labels only, never a value. */
import { useEffect, useRef } from 'react'
import type { RevealRequestList } from '../../../contract/reveal-requests.ts'
import { useClientInvoke } from '../../../zaf/useClientInvoke.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'

const NOTICE_MS = 8_000

/** Announces each request once; those that waited before the app opened are one summary. */
export function useNewRequests(list: RevealRequestList | null): void {
  const { t, list: join, fieldLabel } = useTranslation()
  const notify = useClientInvoke('notify')
  const known = useRef<ReadonlySet<string> | null>(null)
  useEffect(() => {
    if (list === null) return
    const before = known.current
    known.current = new Set(list.requests.map(({ request }) => request.id))
    const say = (text: string) => void notify(text, 'notice', NOTICE_MS).catch(() => undefined)
    if (before === null) {
      if (list.requests.length > 0) say(t('announce.waiting', { count: list.requests.length }))
      return
    }
    for (const { request } of list.requests) {
      if (before.has(request.id)) continue
      say(
        t('announce.new_request', {
          name: request.requester.name,
          fields: join(request.fields.map(fieldLabel)),
          ticket: `#${request.ticketId}`,
        }),
      )
    }
  }, [list, notify, t, join, fieldLabel])
}
