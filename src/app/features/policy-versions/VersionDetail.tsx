/** One version: who stands behind it, what it does, and what one may do about it or why not. */
import { useEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { Button } from '@zendeskgarden/react-buttons'
import { mediaQuery } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import type { PolicyVersionView } from '../../../contract/policy.ts'
import { SubtleText, subtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { VersionDecision } from './VersionDecision.tsx'
import { VersionState } from './VersionState.tsx'
import { useStanding } from './useStanding.ts'

const Title = styled.h2`
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: ${({ theme }) => theme.space.xs};
  margin: ${({ theme }) => `${theme.space.sm} 0 ${theme.space.xxs}`};
  outline: none;
  font-size: ${({ theme }) => theme.fontSizes.lg};
  font-weight: ${({ theme }) => theme.fontWeights.semibold};
  line-height: ${({ theme }) => theme.lineHeights.lg};
`

const Panes = styled.div`
  display: grid;
  grid-template-columns: minmax(0, 3fr) minmax(260px, 2fr);
  gap: ${({ theme }) => theme.space.lg};
  align-items: start;
  padding-top: ${({ theme }) => theme.space.md};
  ${({ theme }) => mediaQuery('down', 'sm', theme)} {
    grid-template-columns: minmax(0, 1fr);
    > div:last-child {
      grid-row: 1;
    }
  }
`

const Comment = styled.p`
  margin: 0 0 ${({ theme }) => theme.space.xxs};
  max-width: 760px;
  line-height: 20px;
  overflow-wrap: anywhere;
`

const Facts = styled.ul`
  ${subtleText}
  margin: 0;
  padding: 0;
  list-style: none;
  line-height: 20px;
`

const Text = styled.section`
  pre {
    margin: 0;
  }
  margin: ${({ theme }) => theme.space.xs} 0;
  max-height: 60vh;
  overflow: auto;
  font-family: ${({ theme }) => theme.fonts.mono};
  font-size: ${({ theme }) => theme.fontSizes.sm};
  line-height: 20px;
  text-align: left;
`

export function VersionDetail(props: {
  version: PolicyVersionView
  /** What it does; null for versions whose time is over. */
  review: ReactNode
  mayDraft: boolean
  onChanged: (version: PolicyVersionView) => void
  onEdit: () => void
  onCopy: () => void
}) {
  const { version, review } = props
  const { t } = useTranslation()
  const standing = useStanding()
  const [isDocumentShown, setIsDocumentShown] = useState(false)
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [])
  return (
    <>
      <Title ref={title} tabIndex={-1}>
        {t('policy.versions.number', { version: version.version })}
        <VersionState state={version.state} />
      </Title>
      <Comment>
        {version.comment === '' ? t('policy.versions.no_comment') : version.comment}
      </Comment>
      <Facts>
        {standing(version).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
        {version.decisionComment !== null && version.decisionComment !== '' && (
          <li>{t('policy.standing.comment', { comment: version.decisionComment })}</li>
        )}
      </Facts>
      <Panes>
        <div>
          {review ?? <SubtleText>{t('policy.versions.over')}</SubtleText>}
          <Document
            isShown={isDocumentShown}
            onToggle={() => setIsDocumentShown(!isDocumentShown)}
            version={version}
          />
        </div>
        <div>
          <VersionDecision key={version.state} {...props} />
        </div>
      </Panes>
    </>
  )
}

function Document(props: { isShown: boolean; onToggle: () => void; version: PolicyVersionView }) {
  const { t } = useTranslation()
  return (
    <>
      <Spaced>
        <Button isLink aria-expanded={props.isShown} onClick={props.onToggle}>
          {t(props.isShown ? 'policy.versions.hide_document' : 'policy.versions.show_document')}
        </Button>
      </Spaced>
      {props.isShown && (
        <Text aria-label={t('policy.what.policy')} tabIndex={0}>
          <pre dir="ltr">{JSON.stringify(props.version.document, null, 2)}</pre>
        </Text>
      )}
    </>
  )
}

const Spaced = styled.div`
  padding-top: ${({ theme }) => theme.space.md};
`
