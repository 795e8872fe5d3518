import type { AuditEntryView } from '../../../contract/audit-entries.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'

/** An entry as a sentence, such as "Maya Rivera was shown Card number on #4001". */
export function useEntrySentence(): (entry: AuditEntryView) => string {
  const { t, find, list, enumeration, fieldLabel } = useTranslation()
  return (entry) => {
    const { actor } = entry
    const name =
      actor.type === 'person'
        ? actor.person.name
        : actor.type === 'operator'
          ? t('log.operator', { name: actor.name })
          : t('log.system')
    const words = {
      name,
      fields: entry.fields.length === 0 ? t('log.a_field') : list(entry.fields.map(fieldLabel)),
      ticket: entry.ticketId === null ? '' : `#${entry.ticketId}`,
      kinds: enumeration(entry.kinds.map((kind) => t(`kinds.${kind}`))),
    }
    const sentence =
      entry.action === 'session.start' && entry.location !== null
        ? t(`log.opened.${entry.location}`, words)
        : find(`log.sentence.${entry.action}`, words)
    const spoken = sentence ?? `${name}: ${entry.action}`
    if (entry.code === null) return spoken
    // What the app says to the person it happened to would read wrong to a third.
    const reason =
      find(`log.why.${entry.code}`, words) ??
      find(`errors.${entry.code}.reason`, { count: 0, limit: 0 }) ??
      entry.code
    return t('log.because', { sentence: spoken, reason })
  }
}
