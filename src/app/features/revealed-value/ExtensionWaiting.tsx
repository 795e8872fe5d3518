/** More time has been asked for: whom, and the way back. What one has goes on meanwhile. */
import { Button } from '@zendeskgarden/react-buttons'
import type { RevealRequestView } from '../../../contract/reveal-requests.ts'
import { useEndpoint } from '../../shared/EndpointProvider.tsx'
import { ErrorSentence } from '../../shared/ErrorSentence.tsx'
import { namesInShort } from '../../shared/people.ts'
import { SubtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useAttempt } from '../../shared/useAttempt.ts'

export function ExtensionWaiting(props: { request: RevealRequestView; onWithdrawn: () => void }) {
  const { request } = props
  const translation = useTranslation()
  const { t } = translation
  const { endpoint } = useEndpoint()
  const [withdrawing, withdraw] = useAttempt(async () => {
    await endpoint.send('POST', `/reveal-requests/${request.id}/withdraw`, {})
    props.onWithdrawn()
  })
  return (
    <>
      <SubtleText>
        {t('revealed.more_time_asked', { names: namesInShort(request.askedOf, translation) })}{' '}
        <Button
          isLink
          disabled={withdrawing.status === 'processing'}
          onClick={() => void withdraw()}
        >
          {t('sidebar.withdraw')}
        </Button>
      </SubtleText>
      {withdrawing.status === 'error' && <ErrorSentence error={withdrawing.error} />}
    </>
  )
}
