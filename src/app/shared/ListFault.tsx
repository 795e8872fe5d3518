/** In place of a list: it cannot be had now, and may be asked for again, or not at all. */
import { Button } from '@zendeskgarden/react-buttons'
import { isPassing } from './endpoint-client.ts'
import { Refused } from './Refused.tsx'
import { StateMessage } from './StateMessage.tsx'
import { useTranslation } from './TranslationProvider.tsx'

export function ListFault({ error, reload }: { error: unknown; reload: () => Promise<void> }) {
  const { t } = useTranslation()
  return isPassing(error) ? (
    <StateMessage message={t('states.unreachable')}>
      <Button isLink onClick={() => void reload()}>
        {t('states.try_now')}
      </Button>
    </StateMessage>
  ) : (
    <Refused error={error} />
  )
}
