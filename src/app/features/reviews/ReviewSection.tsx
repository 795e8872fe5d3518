/** A list of what waits for a second person, kept up to date: its states, and each thing in it. */
import type { ReactNode } from 'react'
import { useClientEvent } from '../../../zaf/useClientEvent.ts'
import { Heading } from '../../shared/headings.ts'
import { Refused } from '../../shared/Refused.tsx'
import { ReviewList } from '../../shared/review-list.ts'
import { SkeletonRows } from '../../shared/SkeletonRows.tsx'
import { StateMessage } from '../../shared/StateMessage.tsx'
import { SubtleText } from '../../shared/surface.ts'
import { TroubleNotice } from '../../shared/TroubleNotice.tsx'
import { useIsActive } from '../../shared/useIsActive.ts'
import { usePolled } from '../../shared/usePolled.ts'
import { useTick } from '../../shared/useSeconds.ts'

export function ReviewSection<List, Item>(props: {
  id: string
  path: string
  title: string
  hint: string
  none: { message: string; next: string }
  itemsOf: (list: List) => readonly Item[]
  /** `elapsed`: seconds since the list was told. */
  renderItem: (item: Item, elapsed: number, refresh: () => Promise<void>) => ReactNode
}) {
  const isActive = useIsActive()
  const now = useTick()
  const [polled, refresh] = usePolled<List>(props.path, { isActive, secondsUntilNext: () => 15 })
  useClientEvent('api_notification.scrim_changed', () => void refresh())
  const items = polled.status === 'success' ? props.itemsOf(polled.data) : []
  return (
    <section aria-labelledby={props.id}>
      <Heading id={props.id}>{props.title}</Heading>
      <SubtleText>{props.hint}</SubtleText>
      {polled.status === 'processing' && <SkeletonRows count={2} />}
      {polled.status === 'error' && polled.trouble === null && <Refused error={polled.error} />}
      {polled.status !== 'processing' && polled.trouble !== null && (
        <TroubleNotice trouble={polled.trouble} onTryNow={() => void refresh()} />
      )}
      {polled.status === 'success' && items.length === 0 && <StateMessage {...props.none} />}
      {polled.status === 'success' && items.length > 0 && (
        <ReviewList>
          {items.map((item) =>
            props.renderItem(
              item,
              Math.max(0, Math.floor((now - polled.receivedAt) / 1000)),
              refresh,
            ),
          )}
        </ReviewList>
      )}
    </section>
  )
}
