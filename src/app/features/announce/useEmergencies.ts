/** Tells those who were skipped, and compliance, through the host, that somebody has broken the glass. */
import { useEffect, useRef } from 'react'
import type { BreakGlassList } from '../../../contract/break-glass.ts'
import { useClientInvoke } from '../../../zaf/useClientInvoke.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'

const NOTICE_MS = 12_000

/** Announces each emergency that goes on once, but for one's own. */
export function useEmergencies(list: BreakGlassList | null, viewerId: number | null): void {
  const { t, list: join, fieldLabel } = useTranslation()
  const notify = useClientInvoke('notify')
  const announced = useRef(new Set<string>())
  useEffect(() => {
    for (const { id, person, fields, ticketId } of list?.active ?? []) {
      if (person.id === viewerId || announced.current.has(id)) continue
      announced.current.add(id)
      const values = {
        name: person.name,
        fields: join(fields.map(fieldLabel)),
        ticket: `#${ticketId}`,
      }
      notify(t('announce.emergency', values), 'alert', NOTICE_MS).catch(() => undefined)
    }
  }, [list, viewerId, notify, t, join, fieldLabel])
}
