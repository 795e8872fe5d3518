/** The page in the navigation bar: one tab a screen, as far as one may see them. */
import { Suspense, useCallback, useEffect, useRef, useState } from 'react'
import type { ComponentType } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { Tabs } from '@zendeskgarden/react-tabs'
import { getColor } from '@zendeskgarden/react-theming'
import { css, styled } from 'styled-components'
import type { Me } from '../../contract/session.ts'
import { ActiveGrants } from '../features/active-grants/ActiveGrants.tsx'
import { AuditTrail } from '../features/audit-trail/AuditTrail.tsx'
import { ActiveEmergencies } from '../features/break-glass/ActiveEmergencies.tsx'
import { RequestQueue } from '../features/decide-requests/RequestQueue.tsx'
import { OutOfOffice } from '../features/delegations/OutOfOffice.tsx'
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

const LazyIngestionStatus = lazyFeature(async () => {
  const { IngestionStatus } = await import('../features/ingestion-status/IngestionStatus.tsx')
  return IngestionStatus
})

const LazyResidualExposures = lazyFeature(async () => {
  const { ResidualExposures } = await import('../features/residual-exposures/ResidualExposures.tsx')
  return ResidualExposures
})

const LazyEraseCustomer = lazyFeature(async () => {
  const { EraseCustomer } = await import('../features/erase-customer/EraseCustomer.tsx')
  return EraseCustomer
})

const LazyReviewPages = lazyFeature(async () => {
  const { ReviewPages } = await import('./ReviewPages.tsx')
  return ReviewPages
})

const LazyCircuitBanner = lazyFeature(async () => {
  const { CircuitBanner } = await import('../features/circuit-breaker/CircuitBanner.tsx')
  return CircuitBanner
})

const LazyAccessReport = lazyFeature(async () => {
  const { AccessReport } = await import('../features/access-report/AccessReport.tsx')
  return AccessReport
})

/** The schema comes along: no code of zod's may be compiled here, which the page's CSP forbids. */
const LazyPolicyPages = lazyFeature(async () => {
  await import('../shared/zod-without-eval.ts')
  const { PolicyPages } = await import('./PolicyPages.tsx')
  return PolicyPages
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
const Panels = styled(Tabs)`
  overflow: visible;
`

/**
 * Stays one line however many tabs there are; where they do not fit it scrolls, and its ends fade as
 * long as there is more. The covers move with the tabs, the shades behind them do not.
 */
const TabLine = styled(Tabs.TabList)`
  ${({ theme }) => {
    const page = getColor({ theme, variable: 'background.default' })
    const shade = getColor({ theme, variable: 'border.default' })
    return css`
      background:
        linear-gradient(to right, ${page} 50%, transparent) left / 48px 100% local,
        linear-gradient(to left, ${page} 50%, transparent) right / 48px 100% local,
        linear-gradient(to right, ${shade}, transparent) left / 16px 100% scroll,
        linear-gradient(to left, ${shade}, transparent) right / 16px 100% scroll;
      background-repeat: no-repeat;
    `
  }}
  overflow-x: auto;
  overflow-y: hidden;
  scrollbar-width: none;
  [role='tab'] {
    padding-inline: ${({ theme }) => theme.space.sm};
  }
  [role='tab']:focus-visible::before {
    inset-inline: ${({ theme }) => theme.space.xxs};
  }
`

const TABS = [
  'requests',
  'grants',
  'log',
  'find',
  'ingestion',
  'exposures',
  'erasure',
  'access',
  'reviews',
  'policy',
  'detection',
] as const
type Tab = (typeof TABS)[number]

/** The screens that need nothing of this page. */
const SCREENS: Record<Exclude<Tab, 'requests'>, ComponentType> = {
  grants: ActiveGrants,
  log: AuditTrail,
  find: LazyFindByValue,
  access: LazyAccessReport,
  ingestion: LazyIngestionStatus,
  exposures: LazyResidualExposures,
  erasure: LazyEraseCustomer,
  reviews: LazyReviewPages,
  policy: LazyPolicyPages,
  detection: LazyTryDetection,
}

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
      {polled.status === 'success' && <Screens me={polled.data} onChanged={refresh} />}
    </Main>
  )
}

function tabsOf(me: Me): Tab[] {
  const isConfiguring = me.roles.includes('administrator')
  const isAnswering = me.roles.includes('compliance')
  const may: Record<Tab, boolean> = {
    requests: me.mayDecide || isAnswering,
    grants: me.mayRevoke,
    log: me.mayReadAuditLog,
    find: me.mayFindByValue,
    access: me.mayReadAccess,
    ingestion: me.mayReadExposures,
    exposures: me.mayReadExposures,
    erasure: me.mayErase,
    reviews: me.mayReadPowers,
    policy: isConfiguring || isAnswering,
    // Policy's detection is no secret to anybody else; these tune it.
    detection: isConfiguring || isAnswering,
  }
  return TABS.filter((tab) => may[tab])
}

/** `#log?action=grant.reveal`: the tab, and what its screen keeps there. */
function tabInAddress(): Tab | undefined {
  return TABS.find((tab) => window.location.hash.replace(/^#|\?.*$/g, '') === tab)
}

function Screens({ me, onChanged }: { me: Me; onChanged: () => Promise<void> }) {
  const { t, number } = useTranslation()
  const tabs = tabsOf(me)
  const [wanted, setWanted] = useState<Tab>(
    () => tabInAddress() ?? (me.mayDecide ? 'requests' : 'log'),
  )
  const [needsMe, setNeedsMe] = useState<number | null>(null)
  const onCount = useCallback((count: number) => setNeedsMe(count), [])
  const addresses = useRef(new Map<Tab, string>())
  const line = useRef<HTMLDivElement>(null)
  const tab = tabs.includes(wanted) ? wanted : tabs[0]
  useEffect(() => {
    const selected = line.current?.querySelector(`[data-tab='${tab}']`)
    selected?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [tab])
  if (tab === undefined) {
    return me.waitingRoles.length === 0 ? (
      <StateMessage message={t('nav.nothing')} next={t('nav.nothing_next')} />
    ) : (
      <WaitingRoles roles={me.waitingRoles} />
    )
  }
  const open = (next: Tab) => {
    // Whoever comes back to a screen finds it narrowed as they left it.
    addresses.current.set(tab, window.location.hash)
    window.history.replaceState(window.history.state, '', addresses.current.get(next) ?? `#${next}`)
    setWanted(next)
  }
  const Screen = tab === 'requests' ? null : SCREENS[tab]
  return (
    <>
      {me.areRevealsPaused && <output>{t('states.paused')}</output>}
      {me.isCircuitOpen && (
        <Suspense fallback={<output>{t('states.circuit_open')}</output>}>
          <LazyCircuitBanner onClosed={onChanged} />
        </Suspense>
      )}
      {me.waitingRoles.length > 0 && <WaitingRoles roles={me.waitingRoles} />}
      {me.maySeeBreakGlass && <ActiveEmergencies mayRevoke={me.mayRevoke} />}
      <Panels selectedItem={tab} onChange={(item) => open(item as Tab)}>
        <TabLine ref={line}>
          {tabs.map((item) => (
            <Tabs.Tab key={item} item={item} data-tab={item}>
              {t(`nav.${item}`)}
              {item === 'requests' && needsMe !== null && needsMe > 0 && ` (${number(needsMe)})`}
            </Tabs.Tab>
          ))}
        </TabLine>
        {tabs.map((item) => (
          <Tabs.TabPanel key={item} item={item}>
            {item === tab && (
              <Suspense fallback={<SkeletonRows count={3} />}>
                {Screen === null ? <Requests me={me} onCount={onCount} /> : <Screen />}
              </Suspense>
            )}
          </Tabs.TabPanel>
        ))}
      </Panels>
    </>
  )
}

/** Says that what one was newly given does not count yet, and who can change that. */
function WaitingRoles({ roles }: { roles: Me['roles'] }) {
  const { t, list } = useTranslation()
  return (
    <StateMessage
      message={t('nav.waiting_roles', { roles: list(roles.map((role) => t(`role.${role}`))) })}
      next={t('nav.waiting_roles_next')}
    />
  )
}

/** The queue, and beside it handing one's decisions over to somebody. */
function Requests({ me, onCount }: { me: Me; onCount: (needsMe: number) => void }) {
  const { t } = useTranslation()
  const [isAwayOpen, setIsAwayOpen] = useState(false)
  return (
    <RequestQueue
      viewer={me.person}
      mayRevoke={me.mayRevoke}
      onCount={onCount}
      actions={
        <Button
          size="small"
          isBasic
          aria-expanded={isAwayOpen}
          onClick={() => setIsAwayOpen(!isAwayOpen)}
        >
          {t('away.title')}
        </Button>
      }
      panel={isAwayOpen && <OutOfOffice />}
    />
  )
}
