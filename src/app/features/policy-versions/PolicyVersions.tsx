/** The policy at a glance: what holds, what waits for a second person, drafts, and what was before. */
import type { ReactNode } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import ClockStroke from '@zendeskgarden/svg-icons/src/16/clock-stroke.svg?react'
import ShieldStroke from '@zendeskgarden/svg-icons/src/16/shield-stroke.svg?react'
import { getColor, mediaQuery } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import type { PolicyVersionList, PolicyVersionSummaryView } from '../../../contract/policy.ts'
import { ListFault } from '../../shared/ListFault.tsx'
import { Heading } from '../../shared/headings.ts'
import { LoadMore } from '../../shared/LoadMore.tsx'
import { SkeletonRows } from '../../shared/SkeletonRows.tsx'
import { hairline, subtleText, SubtleText, VisuallyHidden } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useKeysetList, withParameter } from '../../shared/useKeysetList.ts'
import { useAuthorName } from './useAuthorName.ts'
import { useStanding } from './useStanding.ts'
import { VersionState } from './VersionState.tsx'

const Cards = styled.div`
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(min(320px, 100%), 1fr));
  gap: ${({ theme }) => theme.space.md};
  align-items: stretch;
`

const Card = styled.section<{ $isWaiting: boolean }>`
  display: flex;
  flex-direction: column;
  gap: ${({ theme }) => theme.space.xs};
  border: ${({ theme }) => theme.borders.sm}
    ${({ theme, $isWaiting }) =>
      getColor({ theme, variable: $isWaiting ? 'border.warning' : 'border.default' })};
  border-radius: ${({ theme }) => theme.borderRadii.md};
  background: ${({ theme, $isWaiting }) =>
    getColor({ theme, variable: $isWaiting ? 'background.warning' : 'background.default' })};
  padding: ${({ theme }) => theme.space.md};
  min-width: 0;
  line-height: 20px;
  overflow-wrap: anywhere;
  h2 {
    display: flex;
    align-items: center;
    gap: ${({ theme }) => theme.space.xs};
    margin: 0;
    font-size: ${({ theme }) => theme.fontSizes.lg};
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
    line-height: ${({ theme }) => theme.lineHeights.lg};
    svg {
      flex: none;
    }
  }
  p {
    margin: 0;
  }
  /* On the coloured ground the subtle grey would be too faint. */
  p + p {
    font-size: ${({ theme }) => theme.fontSizes.sm};
  }
`

const Acts = styled.div`
  display: flex;
  flex-wrap: wrap;
  gap: ${({ theme }) => theme.space.xs};
  margin-top: auto;
  padding-top: ${({ theme }) => theme.space.xs};
`

const List = styled.ul`
  margin: 0;
  padding: 0;
  list-style: none;
`

const Row = styled.li`
  ${hairline}
  display: grid;
  grid-template-columns: 88px minmax(0, 1fr) auto auto;
  gap: ${({ theme }) => `2px ${theme.space.sm}`};
  align-items: center;
  padding: ${({ theme }) => `${theme.space.xs} 0`};
  line-height: 20px;
  overflow-wrap: anywhere;
  strong {
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
  }
  span + span {
    ${subtleText}
    display: block;
  }
  ${({ theme }) => mediaQuery('down', 'sm', theme)} {
    grid-template-columns: minmax(0, 1fr) auto;
    > div:nth-of-type(1) {
      grid-column: 1 / -1;
      order: 1;
    }
    > button {
      order: 2;
      margin-inline-start: -${({ theme }) => theme.space.sm};
      justify-self: start;
    }
  }
`

const History = styled.div`
  display: flex;
  flex-wrap: wrap;
  align-items: flex-end;
  justify-content: space-between;
`

const PAGES = {
  pathAfter: (path: string, { nextBefore }: PolicyVersionList) =>
    nextBefore === null ? null : withParameter(path, 'before', nextBefore),
  join: (before: PolicyVersionList, next: PolicyVersionList) => ({
    ...before,
    versions: [...before.versions, ...next.versions],
    nextBefore: next.nextBefore,
  }),
}

export type PolicyVersionsProps = {
  /** Keys of drafts with changes that are not saved. */
  unsaved: (version: number | null) => boolean
  onOpen: (version: number) => void
  onEdit: (version: number | null) => void
}

export function PolicyVersions({ unsaved, onOpen, onEdit }: PolicyVersionsProps) {
  const { t, find } = useTranslation()
  const authorName = useAuthorName()
  const { list, loadMore, reload } = useKeysetList('/policy/versions', PAGES)
  if (list.status === 'error') return <ListFault error={list.error} reload={reload} />
  const page = list.status === 'success' ? list.page : list.before
  if (page === null) return <SkeletonRows count={4} />

  const { versions, founders, mayDraft } = page
  const active = versions.find(({ version }) => version === page.active)
  const waiting = versions.find(({ version }) => version === page.waiting)
  const drafts = versions.filter(({ state }) => state === 'draft')
  const others = versions.filter(({ state }) => state !== 'draft' && state !== 'waiting')
  return (
    <>
      <Cards>
        {waiting !== undefined && (
          <VersionCard
            version={waiting}
            title={t('policy.versions.waits', { version: waiting.version })}
            icon={<ClockStroke aria-hidden="true" focusable="false" />}
          >
            <Button size="small" isPrimary onClick={() => onOpen(waiting.version)}>
              {t('policy.versions.look')}
            </Button>
          </VersionCard>
        )}
        {active === undefined ? (
          <Card $isWaiting={false} aria-label={t('policy.versions.no_active')}>
            <h2>
              <ShieldStroke aria-hidden="true" focusable="false" />
              {t('policy.versions.no_active')}
            </h2>
            <p>
              {founders === null
                ? t('policy.versions.no_founders')
                : t('policy.versions.founders', {
                    first: founders.first.name,
                    second: founders.second.name,
                  })}
            </p>
          </Card>
        ) : (
          <VersionCard
            version={active}
            title={t('policy.versions.active', { version: active.version })}
            icon={<ShieldStroke aria-hidden="true" focusable="false" />}
          >
            <Button size="small" onClick={() => onOpen(active.version)}>
              {t('policy.versions.show')}{' '}
              <VisuallyHidden>
                {t('policy.versions.number', { version: active.version })}
              </VisuallyHidden>
            </Button>
            {mayDraft.allowed && (
              <Button size="small" isPrimary={waiting === undefined} onClick={() => onEdit(null)}>
                {t(unsaved(null) ? 'policy.versions.go_on' : 'policy.versions.new')}
              </Button>
            )}
          </VersionCard>
        )}
      </Cards>
      {!mayDraft.allowed && (
        <SubtleText>
          {t('policy.versions.no_drafting')} {find(`errors.${mayDraft.code}.next`) ?? ''}
        </SubtleText>
      )}
      <Heading>{t('policy.versions.drafts')}</Heading>
      {drafts.length === 0 ? (
        <SubtleText>{t('policy.versions.no_drafts')}</SubtleText>
      ) : (
        <Rows
          versions={drafts}
          aboutOf={({ author, version }) =>
            [authorName(author), ...(unsaved(version) ? [t('policy.versions.unsaved')] : [])].join(
              ' · ',
            )
          }
          onOpen={onOpen}
        />
      )}
      <History>
        <Heading>{t('policy.versions.history')}</Heading>
        <Button size="small" isBasic onClick={() => void reload()}>
          {t('log.refresh')}
        </Button>
      </History>
      <Rows
        versions={others}
        aboutOf={({ author, decidedBy }) =>
          decidedBy === null
            ? authorName(author)
            : t('policy.versions.by_two', {
                author: authorName(author),
                second: decidedBy.name,
              })
        }
        onOpen={onOpen}
      />
      {list.status === 'success' && (
        <LoadMore list={list} loadMore={loadMore} label={t('policy.versions.more')} />
      )}
    </>
  )
}

function VersionCard(props: {
  version: PolicyVersionSummaryView
  title: string
  icon: ReactNode
  children: ReactNode
}) {
  const { version } = props
  const { t } = useTranslation()
  const standing = useStanding()
  return (
    <Card $isWaiting={version.state === 'waiting'} aria-label={props.title}>
      <h2>
        {props.icon}
        {props.title}
      </h2>
      <p>{version.comment === '' ? t('policy.versions.no_comment') : version.comment}</p>
      <p>{standing(version).join(' ')}</p>
      <Acts>{props.children}</Acts>
    </Card>
  )
}

function Rows(props: {
  versions: readonly PolicyVersionSummaryView[]
  aboutOf: (version: PolicyVersionSummaryView) => string
  onOpen: (version: number) => void
}) {
  const { t, instant } = useTranslation()
  return (
    <List>
      {props.versions.map((version) => (
        <Row key={version.version}>
          <strong>{t('policy.versions.number', { version: version.version })}</strong>
          <div>
            <span>
              {version.comment === '' ? t('policy.versions.no_comment') : version.comment}
            </span>
            <span>
              {props.aboutOf(version)} · {instant(version.activatedAt ?? version.createdAt)}
            </span>
          </div>
          <VersionState state={version.state} />
          <Button size="small" isBasic onClick={() => props.onOpen(version.version)}>
            {t('policy.versions.show')}{' '}
            <VisuallyHidden>
              {t('policy.versions.number', { version: version.version })}
            </VisuallyHidden>
          </Button>
        </Row>
      ))}
    </List>
  )
}
