/** The app as a page of its own, reached from the rail. */
import { styled } from 'styled-components'
import { AppFrame } from './AppFrame.tsx'

const Page = styled.div`
  block-size: 100%;
`

export function NavBarApp({ isInFront }: { isInFront: boolean }) {
  return (
    <Page>
      <AppFrame location="nav_bar" isActive={isInFront} title="Scrim" height="100%" />
    </Page>
  )
}
