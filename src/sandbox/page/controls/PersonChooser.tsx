/** The first thing one sees: who do you want to be? */
import { getColor, PALETTE } from '@zendeskgarden/react-theming'
import { XXL } from '@zendeskgarden/react-typography'
import { styled } from 'styled-components'
import type { SandboxUser } from '../../control-state.ts'
import { PersonAvatar } from '../chrome/PersonAvatar.tsx'
import { ScrimIcon } from '../chrome/ScrimIcon.tsx'
import { addressAs } from '../route.ts'

const Page = styled.main`
  display: grid;
  align-content: center;
  justify-items: center;
  gap: 28px;
  min-block-size: 100%;
  padding: 40px 20px;
  overflow-y: auto;
`
const Intro = styled.div`
  display: grid;
  justify-items: center;
  gap: 12px;
  max-inline-size: 560px;
  text-align: center;

  > svg {
    inline-size: 40px;
    block-size: 40px;
    color: ${({ theme }) => getColor({ theme, variable: 'foreground.primary' })};
  }

  p {
    color: ${({ theme }) => getColor({ theme, variable: 'foreground.subtle' })};
  }
`
const Badge = styled.b`
  padding: 2px 8px;
  border-radius: 4px;
  font-size: 13px;
  background: ${PALETTE.lemon[400]};
  color: ${PALETTE.grey[1100]};
`
const People = styled.ul`
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(270px, 1fr));
  gap: 12px;
  inline-size: min(900px, 100%);
`
const Card = styled.a`
  display: flex;
  align-items: center;
  gap: 14px;
  block-size: 100%;
  padding: 14px 16px;
  border: 1px solid ${({ theme }) => getColor({ theme, variable: 'border.default' })};
  border-radius: 8px;

  &:hover {
    border-color: ${({ theme }) => getColor({ theme, variable: 'border.primaryEmphasis' })};
  }

  &:focus-visible {
    outline: 2px solid ${({ theme }) => getColor({ theme, variable: 'border.primaryEmphasis' })};
    outline-offset: 2px;
  }

  small {
    display: block;
    color: ${({ theme }) => getColor({ theme, variable: 'foreground.subtle' })};
  }
`

export function PersonChooser({ users }: { users: readonly SandboxUser[] }) {
  return (
    <Page>
      <Intro>
        <ScrimIcon />
        <Badge>Sandbox</Badge>
        <XXL tag="h1">Who do you want to be?</XXL>
        <p>
          An emulated Zendesk account with invented people. Open a second window to be someone else
          at the same time.
        </p>
      </Intro>
      <People>
        {users
          .filter((user) => user.role !== 'end-user')
          .map((user) => (
            <li key={user.id}>
              <Card href={addressAs(user.id)}>
                <PersonAvatar user={user} size="medium" />
                <span>
                  <b>{user.name}</b>
                  <small>{user.title}</small>
                </span>
              </Card>
            </li>
          ))}
      </People>
    </Page>
  )
}
