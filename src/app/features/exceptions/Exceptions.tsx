/** What single people may besides their roles: what waits, what is due, what holds, and what is over. */
import { useState } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import type {
  CreateExceptionInput,
  ExceptionList,
  ExceptionView,
} from '../../../contract/exceptions.ts'
import { useClientEvent } from '../../../zaf/useClientEvent.ts'
import { useEndpoint } from '../../shared/EndpointProvider.tsx'
import { Heading } from '../../shared/headings.ts'
import { Refused } from '../../shared/Refused.tsx'
import { ReviewList } from '../../shared/review-list.ts'
import { SkeletonRows } from '../../shared/SkeletonRows.tsx'
import { StateMessage } from '../../shared/StateMessage.tsx'
import { SubtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { TroubleNotice } from '../../shared/TroubleNotice.tsx'
import { useIsActive } from '../../shared/useIsActive.ts'
import { usePolled } from '../../shared/usePolled.ts'
import { ExceptionForm } from './ExceptionForm.tsx'
import { ExceptionItem } from './ExceptionItem.tsx'

const OVER = ['revoked', 'rejected', 'closed']
const isOver = ({ state }: ExceptionView) => OVER.includes(state)

export function Exceptions({ announce }: { announce: (text: string) => void }) {
  const { t } = useTranslation()
  const isActive = useIsActive()
  const [polled, refresh] = usePolled<ExceptionList>('/exceptions', {
    isActive,
    secondsUntilNext: () => 15,
  })
  useClientEvent('api_notification.scrim_changed', () => void refresh())
  const onChanged = async (text: string) => {
    announce(text)
    await refresh()
  }
  return (
    <section aria-labelledby="exceptions">
      <Heading id="exceptions">{t('exceptions.title')}</Heading>
      <SubtleText>{t('exceptions.hint')}</SubtleText>
      {polled.status === 'processing' && <SkeletonRows count={2} />}
      {polled.status === 'error' && polled.trouble === null && <Refused error={polled.error} />}
      {polled.status !== 'processing' && polled.trouble !== null && (
        <TroubleNotice trouble={polled.trouble} onTryNow={() => void refresh()} />
      )}
      {polled.status === 'success' && <Known list={polled.data} onChanged={onChanged} />}
    </section>
  )
}

type Shown = { list: ExceptionList; onChanged: (text: string) => Promise<void> }

function Known({ list, onChanged }: Shown) {
  const { t } = useTranslation()
  const open = list.exceptions.filter((exception) => !isOver(exception))
  const over = list.exceptions.filter(isOver)
  const items = (exceptions: readonly ExceptionView[]) => (
    <ReviewList>
      {exceptions.map((exception) => (
        <ExceptionItem
          key={exception.id}
          exception={exception}
          maxDays={list.choices.maxDays}
          onChanged={onChanged}
        />
      ))}
    </ReviewList>
  )
  return (
    <>
      <Proposal list={list} onChanged={onChanged} />
      {open.length === 0 ? (
        <StateMessage message={t('exceptions.none')} next={t('exceptions.none_next')} />
      ) : (
        items(open)
      )}
      {over.length > 0 && (
        <details>
          <summary>{t('exceptions.over', { count: over.length })}</summary>
          {items(over)}
        </details>
      )}
    </>
  )
}

function Proposal({ list, onChanged }: Shown) {
  const { endpoint } = useEndpoint()
  const { t } = useTranslation()
  const [isOpen, setIsOpen] = useState(false)
  if (!isOpen) {
    return (
      <p>
        <Button size="small" onClick={() => setIsOpen(true)}>
          {t('exceptions.propose')}
        </Button>
      </p>
    )
  }
  const propose = async (input: CreateExceptionInput) => {
    const { holder } = await endpoint.send<ExceptionView>('POST', '/exceptions', input)
    await onChanged(t('exceptions.said.propose', { name: holder.name }))
    setIsOpen(false)
  }
  return <ExceptionForm choices={list.choices} onSend={propose} onClose={() => setIsOpen(false)} />
}
