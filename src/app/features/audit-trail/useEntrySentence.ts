import type { AuditEntryView } from '../../../contract/audit-entries.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'

/** An entry as a sentence, such as "Maya Rivera saw card_number on #4001". */
export function useEntrySentence(): (entry: AuditEntryView) => string {
  const { t, find, list } = useTranslation()
  return (entry) => {
    const { actor } = entry
    const name =
      actor.type === 'person'
        ? actor.person.name
        : actor.type === 'operator'
          ? t('log.operator', { name: actor.name })
          : t('log.system')
    const sentence = find(`log.sentence.${entry.action}`, {
      name,
      fields: entry.fieldIds.length === 0 ? t('log.a_field') : list(entry.fieldIds),
      ticket: entry.ticketId === null ? '' : `#${entry.ticketId}`,
    })
    const spoken = sentence ?? `${name}: ${entry.action}`
    if (entry.outcome === 'ok' || entry.code === null) return spoken
    const reason = find(`errors.${entry.code}.reason`, { count: 0, limit: 0 }) ?? entry.code
    return t('log.because', { sentence: spoken, reason })
  }
}
