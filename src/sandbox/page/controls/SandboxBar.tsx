/**
 * The sandbox's own bar, unmistakably not a part of Zendesk: says where one is and who, and opens
 * the control panel.
 */
import { PALETTE } from '@zendeskgarden/react-theming'
import ChevronIcon from '@zendeskgarden/svg-icons/src/12/chevron-down-stroke.svg?react'
import { useState } from 'react'
import { styled } from 'styled-components'
import type { ControlView } from '../../control-state.ts'
import { useSandboxNow } from '../chrome/use-sandbox-now.ts'
import { usePageModel, usePageState } from '../PageModelProvider.tsx'
import { ControlPanel } from './ControlPanel.tsx'

const Bar = styled.section`
  position: relative;
  z-index: 30;
  display: flex;
  align-items: center;
  gap: 14px;
  min-block-size: 38px;
  padding-inline: 12px;
  background: ${PALETTE.purple[900]};
  color: ${PALETTE.purple[100]};
  font-size: 13px;
`
const Badge = styled.b`
  padding: 2px 8px;
  border-radius: 4px;
  background: ${PALETTE.lemon[400]};
  color: ${PALETTE.grey[1100]};
  letter-spacing: 0.02em;
`
const Quiet = styled.span`
  opacity: 0.8;

  @media (max-width: 1150px) {
    display: none;
  }
`
const You = styled.label`
  display: flex;
  align-items: center;
  gap: 6px;
  margin-inline-start: auto;
`
const Pick = styled.select`
  max-inline-size: 300px;
  padding: 3px 6px;
  border: 1px solid ${PALETTE.purple[600]};
  border-radius: 4px;
  background: ${PALETTE.purple[1000]};
  color: inherit;
  font: inherit;

  &:focus-visible {
    outline: 2px solid ${PALETTE.white};
  }
`
const Down = styled.b`
  padding: 2px 8px;
  border-radius: 4px;
  background: ${PALETTE.red[700]};
  color: ${PALETTE.white};
`
const Clock = styled.span`
  font-variant-numeric: tabular-nums;
`
const Toggle = styled.button`
  display: flex;
  align-items: center;
  gap: 6px;
  padding: 3px 10px;
  border: 1px solid ${PALETTE.purple[600]};
  border-radius: 4px;
  background: transparent;
  color: inherit;
  font: inherit;
  cursor: pointer;

  &:hover {
    background: ${PALETTE.purple[800]};
  }

  &:focus-visible {
    outline: 2px solid ${PALETTE.white};
  }

  &[aria-expanded='true'] svg {
    transform: rotate(180deg);
  }
`

const TIME = new Intl.DateTimeFormat('en-US', { hour: 'numeric', minute: '2-digit' })
const DAY_TIME = new Intl.DateTimeFormat('en-US', {
  weekday: 'short',
  hour: 'numeric',
  minute: '2-digit',
})

/** What is down or slow right now, in words. */
function troubles(control: ControlView): string[] {
  return [
    control.isZendeskDown && 'Zendesk is down',
    control.isZendeskBusy && 'Zendesk says 429',
    control.isDatabaseDown && 'Database is down',
    control.isEndpointDown && 'Endpoint is down',
  ].filter((text) => text !== false)
}

export function SandboxBar() {
  const model = usePageModel()
  const control = usePageState((state) => state.control)
  const nowMs = useSandboxNow()
  const [isOpen, setIsOpen] = useState(false)
  const isMoved = control !== null && control.clockOffsetMs !== 0
  const people = model.setup.users.filter((user) => user.role !== 'end-user')
  return (
    <Bar aria-label="Sandbox">
      <Badge>Sandbox</Badge>
      <Quiet>Not Zendesk: an emulated account with invented people</Quiet>
      {control !== null && troubles(control).map((text) => <Down key={text}>{text}</Down>)}
      <You>
        You are
        <Pick
          value={model.person.id}
          onChange={(event) => model.becomePerson(Number(event.target.value))}
        >
          {people.map((user) => (
            <option key={user.id} value={user.id}>
              {user.name} – {user.title}
            </option>
          ))}
        </Pick>
      </You>
      <Clock title={isMoved ? 'The clock was moved' : 'The clock'}>
        {(isMoved ? DAY_TIME : TIME).format(nowMs)}
        {isMoved && ' (moved)'}
      </Clock>
      <Toggle aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
        Controls <ChevronIcon aria-hidden="true" />
      </Toggle>
      {isOpen && <ControlPanel onClose={() => setIsOpen(false)} />}
    </Bar>
  )
}
