/** What policy acts on: the level of each kind, and the detectors that an administrator added. */
import { Button } from '@zendeskgarden/react-buttons'
import { styled } from 'styled-components'
import type { DetectionSettingsView } from '../../../contract/detection.ts'
import type { CustomDetector } from '../../../detect/custom.ts'
import { DETECTED_KINDS } from '../../../detect/span.ts'
import { hairline, subtleText, SubtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { ConfidenceLevel } from './ConfidenceLevel.tsx'
import { Heading } from '../../shared/headings.ts'
import { useKindName } from '../../shared/useKindName.ts'

const Levels = styled.table`
  border-collapse: collapse;
  margin-top: ${({ theme }) => theme.space.xs};
  width: 100%;
  th,
  td {
    ${hairline}
    padding: ${({ theme }) => theme.space.xxs} 0;
    line-height: 20px;
    vertical-align: top;
  }
  th {
    padding-inline-end: ${({ theme }) => theme.space.xs};
    font-weight: ${({ theme }) => theme.fontWeights.regular};
    text-align: start;
    &::first-letter {
      text-transform: uppercase;
    }
  }
  thead th {
    ${subtleText}
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
  }
  th:last-child,
  td:last-child {
    width: 1%;
    white-space: nowrap;
  }
`

const Detectors = styled.ul`
  margin: 0;
  padding: 0;
  list-style: none;
  li {
    ${hairline}
    padding: ${({ theme }) => theme.space.xs} 0;
    line-height: 20px;
  }
  code {
    overflow-wrap: anywhere;
  }
`

const Name = styled.div`
  display: flex;
  justify-content: space-between;
  gap: ${({ theme }) => theme.space.xs};
  font-weight: ${({ theme }) => theme.fontWeights.semibold};
`

const Kind = styled.div`
  ${subtleText}
  &::first-letter {
    text-transform: uppercase;
  }
`

export function DetectionPolicy(props: {
  settings: DetectionSettingsView
  onTry: (detector: CustomDetector) => void
}) {
  const { t } = useTranslation()
  const kindName = useKindName()
  const { levels, custom } = props.settings
  return (
    <>
      <Heading>{t('detection.policy')}</Heading>
      <SubtleText>{t('detection.policy_hint')}</SubtleText>
      <Levels>
        <thead>
          <tr>
            <th scope="col">{t('detection.kind')}</th>
            <th scope="col">{t('detection.acts_from')}</th>
          </tr>
        </thead>
        <tbody>
          {DETECTED_KINDS.map((kind) => (
            <tr key={kind}>
              <th scope="row">{kindName(kind)}</th>
              <td>
                <ConfidenceLevel level={levels[kind]} />
              </td>
            </tr>
          ))}
        </tbody>
      </Levels>
      <Heading>{t('detection.custom')}</Heading>
      {custom.length === 0 ? (
        <SubtleText>{t('detection.custom_none')}</SubtleText>
      ) : (
        <Detectors>
          {custom.map((detector) => (
            <li key={detector.id}>
              <Name>
                {detector.label} <ConfidenceLevel level={detector.confidence} />
              </Name>
              <Kind>{kindName(detector.kind)}</Kind>
              <div>
                <code dir="ltr">{detector.pattern}</code>
              </div>
              <Button isLink onClick={() => props.onTry(detector)}>
                {t('detection.try_custom', { label: detector.label })}
              </Button>
            </li>
          ))}
        </Detectors>
      )}
    </>
  )
}
