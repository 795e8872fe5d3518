/**
 * What a version of the policy does, before anybody answers for it: one sentence, then what it widens
 * and narrows, what is odd about it, whether its cases pass, and whom it touches.
 */
import AlertError from '@zendeskgarden/svg-icons/src/16/alert-error-stroke.svg?react'
import AlertWarning from '@zendeskgarden/svg-icons/src/16/alert-warning-stroke.svg?react'
import CheckCircle from '@zendeskgarden/svg-icons/src/16/check-circle-stroke.svg?react'
import Circle from '@zendeskgarden/svg-icons/src/16/circle-sm-stroke.svg?react'
import LockLocked from '@zendeskgarden/svg-icons/src/16/lock-locked-stroke.svg?react'
import LockUnlocked from '@zendeskgarden/svg-icons/src/16/lock-unlocked-stroke.svg?react'
import { getColor } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import type { PolicyAnalysis } from '../../../contract/policy.ts'
import { usePolicyConsequence } from '../../shared/policy-consequence.ts'
import type { PolicyDirectory } from '../../shared/policy-words.ts'
import { hairline, subtleText, SubtleText, VisuallyHidden } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { PreviewOfPeople } from './PreviewOfPeople.tsx'
import { useChangeWords, usePathTitle } from './useChangeWords.ts'

import { useOutcomeWords } from './useOutcomeWords.ts'

/** What of an analysis can be said already; null is not known (yet). */
export type Reviewed = Pick<PolicyAnalysis, 'changes' | 'isWidening' | 'cases' | 'preview'> & {
  findings: PolicyAnalysis['findings'] | null
}

const Frame = styled.div`
  display: flex;
  flex-direction: column;
  gap: ${({ theme }) => theme.space.md};
  min-width: 0;
`

const Part = styled.section`
  min-width: 0;
  h3 {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    justify-content: space-between;
    gap: 0 ${({ theme }) => theme.space.xs};
    margin: 0;
    font-size: ${({ theme }) => theme.fontSizes.md};
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
    line-height: 20px;
  }
  h3 small {
    ${subtleText}
    font-weight: ${({ theme }) => theme.fontWeights.regular};
  }
`

const List = styled.ul`
  margin: 0;
  padding: 0;
  list-style: none;
`

const Item = styled.li<{ $tone: 'danger' | 'warning' | 'success' | 'subtle' }>`
  ${hairline}
  display: grid;
  grid-template-columns: 16px minmax(0, 1fr);
  gap: ${({ theme }) => theme.space.xs};
  padding: ${({ theme }) => `${theme.space.xs} 0`};
  line-height: 20px;
  overflow-wrap: anywhere;
  &:last-child {
    border-bottom: 0;
  }
  > svg {
    margin-top: 2px;
    color: ${({ theme, $tone }) => getColor({ theme, variable: `foreground.${$tone}` })};
  }
  p {
    margin: 0;
  }
  p + p {
    ${subtleText}
    line-height: 20px;
  }
  em {
    font-style: normal;
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
  }
`

const Consequence = styled.p<{ $isWaiting: boolean }>`
  margin: 0;
  border-inline-start: 3px solid
    ${({ theme, $isWaiting }) =>
      getColor({
        theme,
        variable: $isWaiting ? 'border.warningEmphasis' : 'border.primaryEmphasis',
      })};
  padding-inline-start: ${({ theme }) => theme.space.sm};
  font-weight: ${({ theme }) => theme.fontWeights.semibold};
  line-height: 20px;
  overflow-wrap: anywhere;
`

/** Widest first: that is what a second person looks at. */
const DIRECTIONS = ['widens', 'narrows', 'neither'] as const
const TONES = { widens: 'warning', narrows: 'success', neither: 'subtle' } as const
const ICONS = { widens: LockUnlocked, narrows: LockLocked, neither: Circle }

export function PolicyReview(props: {
  reviewed: Reviewed
  /** The documents that are compared, the newer first. */
  documents: readonly unknown[]
  directory: PolicyDirectory
  /** False where the sentence stands beside the act itself. */
  hasConsequence?: boolean
}) {
  const { reviewed, documents, directory } = props
  const { t } = useTranslation()
  const consequenceOf = usePolicyConsequence()
  return (
    <Frame>
      {props.hasConsequence !== false && (
        <Consequence $isWaiting={reviewed.isWidening}>{consequenceOf(reviewed)}</Consequence>
      )}
      <Changes reviewed={reviewed} documents={documents} directory={directory} />
      {reviewed.findings !== null && (
        <Findings findings={reviewed.findings} documents={documents} directory={directory} />
      )}
      <Cases cases={reviewed.cases} />
      {reviewed.preview !== null && (
        <Part aria-label={t('policy.preview.title')}>
          <h3>{t('policy.preview.title')}</h3>
          <PreviewOfPeople preview={reviewed.preview} />
        </Part>
      )}
    </Frame>
  )
}

function Changes(props: {
  reviewed: Reviewed
  documents: readonly unknown[]
  directory: PolicyDirectory
}) {
  const { t } = useTranslation()
  const wordsOf = useChangeWords(props.documents, props.directory)
  const { changes } = props.reviewed
  const count = (direction: (typeof DIRECTIONS)[number]) =>
    changes.filter((change) => change.direction === direction).length
  return (
    <Part aria-label={t('policy.change.title')}>
      <h3>
        {t('policy.change.title')}
        {changes.length > 0 && (
          <small>
            {t('policy.change.sums', { widens: count('widens'), narrows: count('narrows') })}
          </small>
        )}
      </h3>
      {changes.length === 0 ? (
        <SubtleText>{t('policy.change.none')}</SubtleText>
      ) : (
        <List>
          {DIRECTIONS.flatMap((direction) =>
            changes
              .filter((change) => change.direction === direction)
              .map((change) => {
                const { title, values } = wordsOf(change)
                const Icon = ICONS[direction]
                return (
                  <Item key={`${change.path} ${values}`} $tone={TONES[direction]}>
                    <Icon aria-hidden="true" focusable="false" />
                    <div>
                      <p>
                        <em>{t(`policy.change.${direction}`)}</em> {title}
                      </p>
                      <p>
                        <bdi>{values}</bdi>
                      </p>
                    </div>
                  </Item>
                )
              }),
          )}
        </List>
      )}
    </Part>
  )
}

function Findings(props: {
  findings: PolicyAnalysis['findings']
  documents: readonly unknown[]
  directory: PolicyDirectory
}) {
  const { t, find, list } = useTranslation()
  const titleOf = usePathTitle(props.documents, props.directory)
  const { findings } = props
  return (
    <Part aria-label={t('policy.lint.title')}>
      <h3>{t('policy.lint.title')}</h3>
      {findings.length === 0 ? (
        <SubtleText>{t('policy.lint.none')}</SubtleText>
      ) : (
        <List>
          {findings.map((finding) => {
            const { code, severity, path, people, peopleCount } = finding
            const Icon = severity === 'error' ? AlertError : AlertWarning
            const names = people.map(({ name }) => name)
            return (
              <Item key={`${code} ${path}`} $tone={severity === 'error' ? 'danger' : 'warning'}>
                <Icon aria-hidden="true" focusable="false" />
                <div>
                  <p>
                    <VisuallyHidden>{t(`policy.lint.${severity}`)}: </VisuallyHidden>
                    <em>{titleOf(path)}</em>
                  </p>
                  <p>
                    {find(`policy.lint.code.${code}`) ?? code}
                    {names.length > 0 && ` ${t('policy.lint.people', { names: list(names) })}`}
                    {peopleCount > names.length &&
                      ` ${t('policy.preview.more', { count: peopleCount - names.length })}`}
                  </p>
                </div>
              </Item>
            )
          })}
        </List>
      )}
    </Part>
  )
}

function Cases({ cases }: { cases: PolicyAnalysis['cases'] }) {
  const { t } = useTranslation()
  const outcomeWords = useOutcomeWords()
  const failing = cases.filter(({ isPassed }) => !isPassed)
  return (
    <Part aria-label={t('policy.cases.title')}>
      <h3>{t('policy.cases.title')}</h3>
      <List>
        {cases.length === 0 ? (
          <SubtleText as="li">{t('policy.cases.none')}</SubtleText>
        ) : (
          <Item $tone={failing.length === 0 ? 'success' : 'danger'}>
            {failing.length === 0 ? (
              <CheckCircle aria-hidden="true" focusable="false" />
            ) : (
              <AlertError aria-hidden="true" focusable="false" />
            )}
            <p>
              {t('policy.cases.pass', { count: cases.length - failing.length, all: cases.length })}
            </p>
          </Item>
        )}
        {failing.map(({ name, expected, found }) => (
          <Item key={name} $tone="danger">
            <AlertError aria-hidden="true" focusable="false" />
            <div>
              <p>
                <VisuallyHidden>{t('policy.cases.fails')}: </VisuallyHidden>
                <em>{name}</em>
              </p>
              <p>{t('policy.cases.expected', { outcome: outcomeWords(expected) })}</p>
              <p>{t('policy.cases.found', { outcome: outcomeWords(found) })}</p>
            </div>
          </Item>
        ))}
      </List>
    </Part>
  )
}
