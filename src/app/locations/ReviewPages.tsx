/** What waits for a second person: new power, emergencies that compliance looks back at, exceptions. */
import { styled } from 'styled-components'
import { Exceptions } from '../features/exceptions/Exceptions.tsx'
import { BreakGlassReviews } from '../features/reviews/BreakGlassReviews.tsx'
import { WaitingPowers } from '../features/reviews/WaitingPowers.tsx'
import { LiveRegion, useAnnouncer } from '../shared/LiveRegion.tsx'

const Screen = styled.div`
  max-width: 760px;
  > section:first-child > h2 {
    margin-top: 0;
  }
`

export function ReviewPages() {
  const [said, announce] = useAnnouncer()
  return (
    <Screen>
      <WaitingPowers announce={announce} />
      <BreakGlassReviews announce={announce} />
      <Exceptions announce={announce} />
      <LiveRegion text={said} />
    </Screen>
  )
}
