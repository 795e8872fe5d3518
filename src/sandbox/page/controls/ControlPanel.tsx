/** Moves time, breaks things, changes the light. For everybody who has the sandbox open. */
import { PALETTE } from '@zendeskgarden/react-theming'
import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { styled } from 'styled-components'
import type { ControlChange, ControlView } from '../../control-state.ts'
import { usePageModel, usePageState } from '../PageModelProvider.tsx'
import { addressAs } from '../route.ts'
import { changeMembership } from '../sandbox-client.ts'

const MINUTE_MS = 60_000
const MOVES = [
  ['+1 min', MINUTE_MS],
  ['+15 min', 15 * MINUTE_MS],
  ['+1 hour', 60 * MINUTE_MS],
  ['+1 day', 24 * 60 * MINUTE_MS],
] as const

const SWITCHES = [
  ['isZendeskDown', 'Zendesk is down', 'The endpoint gets 503 from its REST API'],
  ['isZendeskBusy', 'Zendesk says “too many requests”', 'The endpoint gets 429 from its REST API'],
  ['isDatabaseDown', 'The database is down', 'Every query fails'],
  ['isEndpointDown', 'The endpoint is down', 'Connections are closed'],
] as const

const Panel = styled.section`
  position: absolute;
  inset-block-start: 100%;
  inset-inline-end: 12px;
  display: grid;
  gap: 18px;
  inline-size: 360px;
  max-block-size: calc(100vh - 60px);
  overflow-y: auto;
  padding: 16px;
  border: 1px solid ${PALETTE.purple[600]};
  border-block-start: 0;
  border-radius: 0 0 8px 8px;
  background: ${PALETTE.purple[900]};
  box-shadow: 0 16px 32px rgb(0 0 0 / 35%);
`
const Group = styled.fieldset`
  display: grid;
  gap: 8px;
  margin: 0;
  padding: 0;
  border: 0;

  legend {
    padding: 0 0 6px;
    font-weight: 600;
    color: ${PALETTE.white};
  }
`
const Row = styled.div`
  display: flex;
  flex-wrap: wrap;
  gap: 6px;
`
const Small = styled.button<{ $isOn?: boolean }>`
  padding: 4px 10px;
  border: 1px solid ${PALETTE.purple[600]};
  border-radius: 4px;
  background: ${({ $isOn }) => ($isOn ? PALETTE.purple[600] : 'transparent')};
  color: ${PALETTE.white};
  font: inherit;
  cursor: pointer;

  &:hover {
    background: ${PALETTE.purple[700]};
  }

  &:focus-visible {
    outline: 2px solid ${PALETTE.white};
  }
`
const Choice = styled.select`
  flex: 1 1 140px;
  min-inline-size: 0;
  padding: 4px 6px;
  border: 1px solid ${PALETTE.purple[600]};
  border-radius: 4px;
  background: ${PALETTE.purple[900]};
  color: ${PALETTE.white};
  font: inherit;

  &:focus-visible {
    outline: 2px solid ${PALETTE.white};
  }
`
const Switch = styled.label`
  display: grid;
  grid-template-columns: auto 1fr;
  gap: 0 8px;
  align-items: center;
  cursor: pointer;

  small {
    grid-column: 2;
    opacity: 0.75;
  }
`
const Link = styled.a`
  text-decoration: underline;
  text-underline-offset: 2px;

  &:focus-visible {
    outline: 2px solid ${PALETTE.white};
  }
`

function ControlGroup({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Group>
      <legend>{title}</legend>
      {children}
    </Group>
  )
}

function Light() {
  const model = usePageModel()
  const colorScheme = usePageState((state) => state.colorScheme)
  return (
    <Row>
      {(['light', 'dark'] as const).map((scheme) => (
        <Small
          key={scheme}
          $isOn={scheme === colorScheme}
          aria-pressed={scheme === colorScheme}
          onClick={() => model.setColorScheme(scheme)}
        >
          {scheme === 'light' ? 'Light' : 'Dark'}
        </Small>
      ))}
    </Row>
  )
}

function SideBySide() {
  const { setup, person } = usePageModel()
  const others = setup.users.filter((user) => user.role !== 'end-user' && user.id !== person.id)
  return (
    <Row>
      {others.map((user) => (
        <Link key={user.id} href={addressAs(user.id)} target="_blank" rel="noreferrer">
          {user.name}
        </Link>
      ))}
    </Row>
  )
}

/** Nobody tells Scrim of it: it sees the change when what it knows of people is too old. */
function Groups() {
  const model = usePageModel()
  const { users, groups } = model.setup
  const staff = users.filter((user) => user.role !== 'end-user')
  const administrator = staff.find((user) => user.role === 'admin')
  const [userId, setUserId] = useState(staff[0]?.id ?? 0)
  const [groupId, setGroupId] = useState(groups[0]?.id ?? 0)
  const change = async (isMember: boolean) => {
    const person = staff.find((user) => user.id === userId)?.name ?? ''
    const group = groups.find((each) => each.id === groupId)?.name ?? ''
    try {
      await changeMembership(administrator?.id ?? 0, { userId, groupId, isMember })
      model.notify(`${person} is ${isMember ? 'in' : 'not in'} ${group}.`, 'notice')
    } catch {
      model.notify('The sandbox server does not answer.', 'error')
    }
  }
  return (
    <>
      <Row>
        <Choice
          aria-label="Person"
          value={userId}
          onChange={(event) => setUserId(Number(event.target.value))}
        >
          {staff.map((user) => (
            <option key={user.id} value={user.id}>
              {user.name}
            </option>
          ))}
        </Choice>
        <Choice
          aria-label="Group"
          value={groupId}
          onChange={(event) => setGroupId(Number(event.target.value))}
        >
          {groups.map((group) => (
            <option key={group.id} value={group.id}>
              {group.name}
            </option>
          ))}
        </Choice>
      </Row>
      <Row>
        <Small onClick={() => void change(true)}>Put in</Small>
        <Small onClick={() => void change(false)}>Take out</Small>
      </Row>
      <div>Scrim hears of it within five minutes. Move the clock to see it sooner.</div>
    </>
  )
}

type ServerControlsProps = { control: ControlView; onChange: (change: ControlChange) => void }

function ServerControls({ control, onChange }: ServerControlsProps) {
  return (
    <>
      <ControlGroup title="Clock">
        <Row>
          {MOVES.map(([label, ms]) => (
            <Small key={label} onClick={() => onChange({ moveClockMs: ms })}>
              {label}
            </Small>
          ))}
          <Small onClick={() => onChange({ clockOffsetMs: 0 })}>Reset</Small>
        </Row>
      </ControlGroup>
      <ControlGroup title="Break something">
        {SWITCHES.map(([name, label, what]) => (
          <Switch key={name}>
            <input
              type="checkbox"
              checked={control[name]}
              onChange={(event) => onChange({ [name]: event.target.checked })}
            />
            {label}
            <small>{what}</small>
          </Switch>
        ))}
      </ControlGroup>
      <ControlGroup title="Zendesk’s REST API">
        <div>
          {control.restCalls.total} calls by the endpoint, {control.restCalls.lastMinute} in the
          last minute. Answers after {control.delayMs} ms.
        </div>
      </ControlGroup>
    </>
  )
}

export function ControlPanel({ onClose }: { onClose: () => void }) {
  const model = usePageModel()
  const control = usePageState((state) => state.control)
  const change = (what: ControlChange) => {
    model.control(what).catch(() => model.notify('The sandbox server does not answer.', 'error'))
  }

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && onClose()
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [onClose])

  return (
    <Panel aria-label="Sandbox controls">
      <ControlGroup title="Be someone else in a second window">
        <SideBySide />
      </ControlGroup>
      <ControlGroup title="Colour scheme">
        <Light />
      </ControlGroup>
      <ControlGroup title="Zendesk’s groups">
        <Groups />
      </ControlGroup>
      {control !== null && <ServerControls control={control} onChange={change} />}
    </Panel>
  )
}
