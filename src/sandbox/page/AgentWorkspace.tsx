/** The whole window: the sandbox's own bar on top, and below it what Zendesk would show. */
import { useEffect } from 'react'
import { styled } from 'styled-components'
import { AppFrame } from './apps/AppFrame.tsx'
import { ModalFrame } from './apps/ModalFrame.tsx'
import { NavBarApp } from './apps/NavBarApp.tsx'
import { NavRail } from './chrome/NavRail.tsx'
import { Notices } from './chrome/Notices.tsx'
import { TopBar } from './chrome/TopBar.tsx'
import { ViewPage } from './chrome/ViewPage.tsx'
import { SandboxBar } from './controls/SandboxBar.tsx'
import { usePageModel, usePageState } from './PageModelProvider.tsx'
import { useRoute } from './route.ts'
import { SandboxTheme } from './SandboxTheme.tsx'
import { TicketPage } from './ticket/TicketPage.tsx'

const Window = styled.div`
  display: grid;
  grid-template-rows: auto minmax(0, 1fr);
  block-size: 100%;
`
const Zendesk = styled.div`
  display: grid;
  grid-template-columns: auto minmax(0, 1fr);
  min-block-size: 0;
`
const Main = styled.div`
  display: grid;
  grid-template-rows: auto minmax(0, 1fr);
  min-inline-size: 0;
  min-block-size: 0;
`
/** What is not in front stays mounted: an iframe that leaves the document starts anew. */
const Place = styled.main<{ $isInFront: boolean }>`
  display: ${({ $isInFront }) => ($isInFront ? 'block' : 'none')};
  min-block-size: 0;
  block-size: 100%;
`
const Places = styled.div`
  position: relative;
  min-block-size: 0;
`
const OffScreen = styled.div`
  position: absolute;
  inline-size: 0;
  block-size: 0;
  overflow: hidden;
  visibility: hidden;
`

export function AgentWorkspace() {
  const model = usePageModel()
  const colorScheme = usePageState((state) => state.colorScheme)
  const openTickets = usePageState((state) => state.openTickets)
  const isNavBarOpened = usePageState((state) => state.isNavBarOpened)
  const route = useRoute()
  const ticketInFront = route.place === 'ticket' ? route.ticketId : null

  useEffect(() => {
    if (ticketInFront !== null) model.openTicket(ticketInFront)
    if (route.place === 'nav_bar') model.store.update(() => ({ isNavBarOpened: true }))
  }, [model, ticketInFront, route.place])

  return (
    <SandboxTheme colorScheme={colorScheme}>
      <Window>
        <SandboxBar />
        <Zendesk>
          <NavRail route={route} />
          <Main>
            <TopBar route={route} />
            <Places>
              <Place $isInFront={route.place === 'view'}>
                {route.place === 'view' && <ViewPage view={route.view} />}
              </Place>
              {openTickets.map((ticketId) => (
                <Place key={ticketId} $isInFront={ticketId === ticketInFront}>
                  <TicketPage ticketId={ticketId} isInFront={ticketId === ticketInFront} />
                </Place>
              ))}
              {isNavBarOpened && (
                <Place $isInFront={route.place === 'nav_bar'}>
                  <NavBarApp isInFront={route.place === 'nav_bar'} />
                </Place>
              )}
            </Places>
          </Main>
        </Zendesk>
      </Window>
      <OffScreen aria-hidden="true">
        <AppFrame location="background" isActive title="Scrim in the background" />
      </OffScreen>
      <ModalFrame />
      <Notices />
    </SandboxTheme>
  )
}
