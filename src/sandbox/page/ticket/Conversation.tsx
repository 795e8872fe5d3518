/** What was said on the ticket, oldest first. Internal notes look different and say so. */
import { getColor, PALETTE } from '@zendeskgarden/react-theming'
import { Tag } from '@zendeskgarden/react-tags'
import { useEffect, useRef } from 'react'
import { styled } from 'styled-components'
import { PersonAvatar } from '../chrome/PersonAvatar.tsx'
import { formatTime } from '../chrome/relative-time.ts'
import { useSandboxNow } from '../chrome/use-sandbox-now.ts'
import { usePageModel, usePageState } from '../PageModelProvider.tsx'
import type { CommentRecord } from '../records.ts'

const NONE: readonly CommentRecord[] = []

const Log = styled.div`
  overflow-y: auto;
  padding: 8px 20px;
`
const Entry = styled.article`
  display: grid;
  grid-template-columns: 32px minmax(0, 1fr);
  gap: 12px;
  padding-block: 12px;
`
const Said = styled.header`
  display: flex;
  align-items: center;
  gap: 8px;
  margin-block-end: 4px;

  time {
    margin-inline-start: auto;
    font-size: 12px;
    color: ${({ theme }) => getColor({ theme, variable: 'foreground.subtle' })};
  }
`
const Text = styled.p<{ $isNote: boolean }>`
  padding: ${({ $isNote }) => ($isNote ? '10px 12px' : '0')};
  border-radius: 6px;
  overflow-wrap: anywhere;
  white-space: pre-wrap;
  border: ${({ theme, $isNote }) =>
    $isNote ? `1px solid ${getColor({ theme, variable: 'border.warning' })}` : '0'};
  background: ${({ theme, $isNote }) =>
    $isNote
      ? theme.colors.base === 'dark'
        ? getColor({ theme, variable: 'background.warning' })
        : PALETTE.yellow[100]
      : 'transparent'};
`

function Comment({ comment }: { comment: CommentRecord }) {
  const model = usePageModel()
  const author = model.user(comment.author_id) ?? { id: comment.author_id, name: 'Scrim' }
  const nowMs = useSandboxNow()
  return (
    <Entry>
      <PersonAvatar user={author} />
      <div>
        <Said>
          <b>{author.name}</b>
          {!comment.public && (
            <Tag size="small" hue="yellow">
              Internal
            </Tag>
          )}
          <time dateTime={comment.created_at}>{formatTime(comment.created_at, nowMs)}</time>
        </Said>
        <Text $isNote={!comment.public}>{comment.body}</Text>
      </div>
    </Entry>
  )
}

export function Conversation({ ticketId }: { ticketId: number }) {
  const comments = usePageState((state) => state.comments[ticketId] ?? NONE)
  const log = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (comments.length > 0) log.current?.scrollTo({ top: log.current.scrollHeight })
  }, [comments])
  return (
    <Log ref={log}>
      {comments.map((comment) => (
        <Comment key={comment.id} comment={comment} />
      ))}
    </Log>
  )
}
