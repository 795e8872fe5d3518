/** Tells a lead, through the host, that somebody waits for them. Names and labels only, never a value. */
import { useEffect, useRef } from 'react'
import type { RevealRequestList } from '../../../contract/reveal-requests.ts'
import { useClientInvoke } from '../../../zaf/useClientInvoke.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'

const NOTICE_MS = 8_000

/** By id: when those who were asked were reminded last. */
type Known = ReadonlyMap<string, string | null>

/**
 * Announces each request once, and each reminder of it; those that waited before the app opened are one
 * summary. What the endpoint says counts, not what a hint said.
 */
export function useNewRequests(list: RevealRequestList | null): void {
  const { t, list: join, fieldLabel } = useTranslation()
  const notify = useClientInvoke('notify')
  const known = useRef<Known | null>(null)
  useEffect(() => {
    if (list === null) return
    const before = known.current
    known.current = new Map(
      list.requests.map(({ request }) => [request.id, request.remindedAt] as const),
    )
    const say = (text: string, kind: 'notice' | 'alert' = 'notice') =>
      void notify(text, kind, NOTICE_MS).catch(() => undefined)
    if (before === null) {
      if (list.requests.length > 0) say(t('announce.waiting', { count: list.requests.length }))
      return
    }
    for (const { request } of list.requests) {
      const about = {
        name: request.requester.name,
        fields: join(request.fields.map(fieldLabel)),
        ticket: `#${request.ticketId}`,
      }
      const isNew = !before.has(request.id)
      if (isNew && request.isEscalated) say(t('announce.escalated', about), 'alert')
      else if (isNew) say(t('announce.new_request', about))
      else if (request.remindedAt !== null && request.remindedAt !== before.get(request.id)) {
        say(t('announce.reminder', about), 'alert')
      }
    }
  }, [list, notify, t, join, fieldLabel])
}
