/** Where the agent writes: a public reply or an internal note. */
import { getColor, PALETTE } from '@zendeskgarden/react-theming'
import ReplyIcon from '@zendeskgarden/svg-icons/src/16/speech-bubble-plain-stroke.svg?react'
import NoteIcon from '@zendeskgarden/svg-icons/src/16/lock-locked-stroke.svg?react'
import { styled } from 'styled-components'
import { usePageModel, usePageState } from '../PageModelProvider.tsx'
import { EMPTY_DRAFT } from '../store.ts'

const Box = styled.div<{ $isNote: boolean }>`
  border-block-start: 1px solid ${({ theme }) => getColor({ theme, variable: 'border.default' })};
  padding: 8px 20px 12px;
  background: ${({ theme, $isNote }) =>
    $isNote
      ? theme.colors.base === 'dark'
        ? getColor({ theme, variable: 'background.warning' })
        : PALETTE.yellow[100]
      : 'transparent'};
`
const Modes = styled.fieldset`
  display: flex;
  gap: 4px;
  margin: 0;
  padding: 0;
  border: 0;
`
const Mode = styled.button<{ $isChosen: boolean }>`
  display: flex;
  align-items: center;
  gap: 6px;
  padding: 4px 10px;
  border: 0;
  border-radius: 4px;
  cursor: pointer;
  font: inherit;
  font-size: 13px;
  font-weight: ${({ $isChosen }) => ($isChosen ? 600 : 400)};
  color: inherit;
  background: ${({ theme, $isChosen }) =>
    $isChosen ? getColor({ theme, variable: 'background.disabled' }) : 'transparent'};

  &:focus-visible {
    outline: 2px solid ${({ theme }) => getColor({ theme, variable: 'border.primaryEmphasis' })};
  }
`
const Area = styled.textarea`
  display: block;
  inline-size: 100%;
  min-block-size: 84px;
  margin-block-start: 4px;
  padding: 6px 2px;
  border: 0;
  resize: vertical;
  font: inherit;
  color: inherit;
  background: transparent;

  &:focus {
    outline: none;
  }

  &::placeholder {
    color: ${({ theme }) => getColor({ theme, variable: 'foreground.subtle' })};
  }
`

export function Composer({ ticketId, isClosed }: { ticketId: number; isClosed: boolean }) {
  const model = usePageModel()
  const { comment, isPublic } = usePageState((state) => state.drafts[ticketId]) ?? EMPTY_DRAFT
  if (isClosed) return null
  return (
    <Box $isNote={!isPublic}>
      <Modes aria-label="Kind of comment">
        <Mode
          type="button"
          aria-pressed={isPublic}
          $isChosen={isPublic}
          onClick={() => model.changeDraft(ticketId, { isPublic: true })}
        >
          <ReplyIcon aria-hidden="true" /> Public reply
        </Mode>
        <Mode
          type="button"
          aria-pressed={!isPublic}
          $isChosen={!isPublic}
          onClick={() => model.changeDraft(ticketId, { isPublic: false })}
        >
          <NoteIcon aria-hidden="true" /> Internal note
        </Mode>
      </Modes>
      <Area
        aria-label={isPublic ? 'Public reply' : 'Internal note'}
        placeholder={isPublic ? 'Write to the customer' : 'Write to your colleagues'}
        value={comment}
        onChange={(event) => model.changeDraft(ticketId, { comment: event.target.value })}
      />
    </Box>
  )
}
