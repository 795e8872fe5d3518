/** What apps and the page tell in passing (`notify`). */
import { Notification } from '@zendeskgarden/react-notifications'
import { styled } from 'styled-components'
import { usePageModel, usePageState } from '../PageModelProvider.tsx'

const Stack = styled.output`
  position: fixed;
  inset-block-start: 96px;
  inset-inline-end: 24px;
  z-index: 50;
  display: grid;
  gap: 12px;
  inline-size: 340px;
`

const TYPES = { notice: 'success', alert: 'warning', error: 'error' } as const

export function Notices() {
  const model = usePageModel()
  const notices = usePageState((state) => state.notices)
  return (
    <Stack>
      {notices.map((notice) => (
        <Notification key={notice.id} type={TYPES[notice.kind]}>
          {notice.text}
          <Notification.Close aria-label="Dismiss" onClick={() => model.dismissNotice(notice.id)} />
        </Notification>
      ))}
    </Stack>
  )
}
