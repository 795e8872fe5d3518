/**
 * The page in the navigation bar: deciding, active grants, the log, finding by value and trying
 * detection, as far as one may see them.
 */
import { Suspense, useCallback, useState } from 'react'
import { Tabs } from '@zendeskgarden/react-tabs'
import { styled } from 'styled-components'
import type { Me } from '../../contract/session.ts'
import { ActiveGrants } from '../features/active-grants/ActiveGrants.tsx'
import { AuditTrail } from '../features/audit-trail/AuditTrail.tsx'
import { RequestQueue } from '../features/decide-requests/RequestQueue.tsx'
import { lazyFeature } from '../shared/lazy-feature.ts'
import { Refused } from '../shared/Refused.tsx'
import { SkeletonRows } from '../shared/SkeletonRows.tsx'
import { StateMessage } from '../shared/StateMessage.tsx'
import { useTranslation } from '../shared/TranslationProvider.tsx'
import { TroubleNotice } from '../shared/TroubleNotice.tsx'
import { useIsActive, useSessionKeptAlive } from '../shared/useIsActive.ts'
import { usePolled } from '../shared/usePolled.ts'

/** Detection is a bundle of its own, for the few who tune it. */
const LazyTryDetection = lazyFeature(async () => {
  const { TryDetection } = await import('../features/try-detection/TryDetection.tsx')
  return TryDetection
})

const LazyFindByValue = lazyFeature(async () => {
  const { FindByValue } = await import('../features/find-by-value/FindByValue.tsx')
  return FindByValue
})

const Main = styled.main`
  max-width: 1200px;
  margin: 0 auto;
  padding: ${({ theme }) => `${theme.space.sm} ${theme.space.md}`};
  h1 {
    margin: 0 0 ${({ theme }) => theme.space.xs};
    font-size: ${({ theme }) => theme.fontSizes.xl};
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
    line-height: ${({ theme }) => theme.lineHeights.xl};
  }
`

/** Garden's tabs clip what they hold, and what is clipped cannot stick to the window. */
const Screen = styled(Tabs)`
  overflow: visible;
`

type Tab = 'requests' | 'grants' | 'log' | 'find' | 'detection'

export function NavBar() {
  const { t } = useTranslation()
  const isActive = useIsActive()
  useSessionKeptAlive(isActive)
  const [polled, refresh] = usePolled<Me>('/me', { isActive, secondsUntilNext: () => 60 })
  return (
    <Main>
      <h1>{t('nav.title')}</h1>
      {polled.status === 'processing' && <SkeletonRows count={3} />}
      {polled.status === 'error' &&
        (polled.trouble === null ? (
          <Refused error={polled.error} />
        ) : (
          <TroubleNotice trouble={polled.trouble} onTryNow={() => void refresh()} />
        ))}
      {polled.status === 'success' && <Screens me={polled.data} />}
    </Main>
  )
}

function tabsOf(me: Me): Tab[] {
  return [
    ...(me.mayDecide || me.roles.includes('compliance') ? (['requests'] as const) : []),
    ...(me.mayRevoke ? (['grants'] as const) : []),
    ...(me.mayReadAuditLog ? (['log'] as const) : []),
    ...(me.mayFindByValue ? (['find'] as const) : []),
    // Who configures policy, and who answers for it. Policy's detection is no secret to anybody else.
    ...(me.roles.includes('administrator') || me.roles.includes('compliance')
      ? (['detection'] as const)
      : []),
  ]
}

function Screens({ me }: { me: Me }) {
  const { t, number } = useTranslation()
  const tabs = tabsOf(me)
  const [wanted, setWanted] = useState<Tab>(() =>
    window.location.hash.startsWith('#log') ? 'log' : me.mayDecide ? 'requests' : 'log',
  )
  const [needsMe, setNeedsMe] = useState<number | null>(null)
  const onCount = useCallback((count: number) => setNeedsMe(count), [])
  const tab = tabs.includes(wanted) ? wanted : tabs[0]
  if (tab === undefined) {
    return <StateMessage message={t('nav.nothing')} next={t('nav.nothing_next')} />
  }
  return (
    <>
      {me.areRevealsPaused && <output>{t('states.paused')}</output>}
      <Screen selectedItem={tab} onChange={(item) => setWanted(item as Tab)}>
        <Tabs.TabList>
          {tabs.map((item) => (
            <Tabs.Tab key={item} item={item}>
              {t(`nav.${item}`)}
              {item === 'requests' && needsMe !== null && needsMe > 0 && ` (${number(needsMe)})`}
            </Tabs.Tab>
          ))}
        </Tabs.TabList>
        {tabs.map((item) => (
          <Tabs.TabPanel key={item} item={item}>
            {item === tab && item === 'requests' && <RequestQueue onCount={onCount} />}
            {item === tab && item === 'grants' && <ActiveGrants />}
            {item === tab && item === 'log' && <AuditTrail />}
            {item === tab && item === 'find' && (
              <Suspense fallback={<SkeletonRows count={1} />}>
                <LazyFindByValue />
              </Suspense>
            )}
            {item === tab && item === 'detection' && (
              <Suspense fallback={<SkeletonRows count={3} />}>
                <LazyTryDetection />
              </Suspense>
            )}
          </Tabs.TabPanel>
        ))}
      </Screen>
    </>
  )
}
