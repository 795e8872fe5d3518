/** The dark rail on the left: Home, Views, the places a sandbox does not have, and the app. */
import { getColor, PALETTE } from '@zendeskgarden/react-theming'
import BuildingIcon from '@zendeskgarden/svg-icons/src/16/building-stroke.svg?react'
import ChartIcon from '@zendeskgarden/svg-icons/src/16/bar-chart-stroke.svg?react'
import GearIcon from '@zendeskgarden/svg-icons/src/16/gear-stroke.svg?react'
import HomeIcon from '@zendeskgarden/svg-icons/src/16/home-stroke.svg?react'
import CustomersIcon from '@zendeskgarden/svg-icons/src/16/user-group-stroke.svg?react'
import ViewsIcon from '@zendeskgarden/svg-icons/src/16/inbox-stroke.svg?react'
import ZendeskIcon from '@zendeskgarden/svg-icons/src/16/sandbox-fill.svg?react'
import type { ReactNode } from 'react'
import { css, styled } from 'styled-components'
import { usePageState } from '../PageModelProvider.tsx'
import type { Route } from '../route.ts'
import { formatRoute } from '../route.ts'
import { ScrimIcon } from './ScrimIcon.tsx'

const Rail = styled.nav`
  display: flex;
  flex-direction: column;
  align-items: center;
  gap: 4px;
  inline-size: 60px;
  padding-block: 12px;
  background: ${({ theme }) =>
    theme.colors.base === 'dark' ? PALETTE.grey[1200] : PALETTE.kale[900]};
  border-inline-end: 1px solid
    ${({ theme }) =>
      theme.colors.base === 'dark'
        ? getColor({ theme, variable: 'border.subtle' })
        : PALETTE.kale[900]};
`
const Mark = styled.div`
  display: grid;
  place-items: center;
  block-size: 36px;
  margin-block-end: 8px;
  color: ${PALETTE.white};

  svg {
    inline-size: 22px;
    block-size: 22px;
  }
`
const place = css`
  display: grid;
  place-items: center;
  inline-size: 44px;
  block-size: 40px;
  border-radius: 6px;
  color: ${PALETTE.kale[300]};
  transition: background-color 100ms;

  svg {
    inline-size: 18px;
    block-size: 18px;
  }
`
const Link = styled.a<{ $isCurrent: boolean }>`
  ${place}
  color: ${({ $isCurrent }) => ($isCurrent ? PALETTE.white : PALETTE.kale[300])};
  background: ${({ $isCurrent }) => ($isCurrent ? 'rgb(255 255 255 / 16%)' : 'transparent')};

  &:hover {
    color: ${PALETTE.white};
    background: rgb(255 255 255 / 12%);
  }

  &:focus-visible {
    outline: 2px solid ${PALETTE.white};
    outline-offset: -2px;
  }
`
const Absent = styled.span`
  ${place}
  opacity: 0.45;
  cursor: not-allowed;
`
const Gap = styled.span`
  flex: 1;
`

function RailLink(props: { to: Route; label: string; isCurrent: boolean; children: ReactNode }) {
  return (
    <Link
      href={formatRoute(props.to)}
      title={props.label}
      aria-label={props.label}
      aria-current={props.isCurrent ? 'page' : undefined}
      $isCurrent={props.isCurrent}
    >
      {props.children}
    </Link>
  )
}

function RailAbsent({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Absent title={`${label}: not in the sandbox`} aria-hidden="true">
      {children}
    </Absent>
  )
}

export function NavRail({ route }: { route: Route }) {
  const icon = usePageState((state) => state.navBarIcon)
  return (
    <Rail aria-label="Zendesk">
      <Mark>
        <ZendeskIcon aria-hidden="true" />
      </Mark>
      <RailAbsent label="Home">
        <HomeIcon />
      </RailAbsent>
      <RailLink
        to={{ place: 'view', view: 'unsolved' }}
        label="Views"
        isCurrent={route.place !== 'nav_bar'}
      >
        <ViewsIcon />
      </RailLink>
      <RailAbsent label="Customers">
        <CustomersIcon />
      </RailAbsent>
      <RailAbsent label="Organizations">
        <BuildingIcon />
      </RailAbsent>
      <RailAbsent label="Reporting">
        <ChartIcon />
      </RailAbsent>
      <RailLink to={{ place: 'nav_bar' }} label="Scrim" isCurrent={route.place === 'nav_bar'}>
        <ScrimIcon symbol={icon} />
      </RailLink>
      <Gap />
      <RailAbsent label="Admin Center">
        <GearIcon />
      </RailAbsent>
    </Rail>
  )
}
