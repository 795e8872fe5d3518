/** The endpoint said no: its code as a sentence and a next step. A refusal is not an empty list. */
import { ScrimError } from '../../core/errors.ts'
import { NoSessionError } from './endpoint-client.ts'
import { StateMessage } from './StateMessage.tsx'
import { useTranslation } from './TranslationProvider.tsx'

export function Refused({ error }: { error: unknown }) {
  const { t, find } = useTranslation()
  const code = error instanceof ScrimError ? error.code : 'internal'
  const count = error instanceof ScrimError ? (error.details.limit ?? 0) : 0
  return (
    <StateMessage
      message={find(`errors.${code}.reason`, { count, limit: count }) ?? t('states.unreachable')}
      next={
        error instanceof NoSessionError
          ? t('states.broken_next')
          : find(`errors.${code}.next`, { count, limit: count })
      }
    />
  )
}
