/** Each finding with its kind, its mask, how sure and why; picking one selects it in the text. */
import { focusStyles, getColor } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import { maskValue } from '../../../core/mask.ts'
import type { CustomDetector } from '../../../detect/custom.ts'
import type { DetectedKind } from '../../../detect/span.ts'
import { FieldIcon } from '../../shared/FieldIcon.tsx'
import { hairline, subtleText, SubtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { ConfidenceLevel } from './ConfidenceLevel.tsx'
import type { Finding } from './findings.ts'
import { ignoredColours, kindColours } from './kind-colours.ts'
import { useKindName } from '../../shared/useKindName.ts'
import { useWhySentence } from './useWhySentence.ts'

/** More than anybody reads; all are marked in the text. */
const MOST_LISTED = 100

const List = styled.ol`
  margin: 0;
  padding: 0;
  list-style: none;
`

const Item = styled.li`
  ${hairline}
`

const Pick = styled.button<{ $isActedOn: boolean }>`
  display: grid;
  grid-template-columns: 24px minmax(0, 1fr) auto;
  column-gap: ${({ theme }) => theme.space.xs};
  border: 0;
  border-radius: ${({ theme }) => theme.borderRadii.md};
  background: none;
  cursor: pointer;
  padding: ${({ theme }) => theme.space.xs} 0;
  width: 100%;
  color: ${({ theme, $isActedOn }) =>
    getColor({ theme, variable: $isActedOn ? 'foreground.default' : 'foreground.subtle' })};
  font: inherit;
  line-height: 20px;
  text-align: start;
  &:hover {
    background: ${({ theme }) =>
      getColor({
        theme,
        variable: 'background.primaryEmphasis',
        transparency: theme.opacity[100],
      })};
  }
  ${({ theme }) => focusStyles({ theme })}
`

/** In the colour of the mark in the text. */
const Icon = styled.span<{ $kind: DetectedKind; $isActedOn: boolean }>`
  display: grid;
  place-items: center;
  border-radius: ${({ theme }) => theme.borderRadii.sm};
  width: 24px;
  height: 20px;
  ${({ theme, $kind, $isActedOn }) =>
    $isActedOn ? kindColours(theme, $kind) : ignoredColours(theme)}
  svg {
    width: 12px;
    height: 12px;
  }
`

const Kind = styled.span`
  display: block;
  font-weight: ${({ theme }) => theme.fontWeights.semibold};
  overflow-wrap: anywhere;
  &::first-letter {
    text-transform: uppercase;
  }
`

const Below = styled.span`
  display: flex;
  flex-wrap: wrap;
  grid-column: 2 / -1;
  align-items: baseline;
  justify-content: space-between;
  column-gap: ${({ theme }) => theme.space.sm};
`

const Mask = styled.span`
  font-variant-numeric: tabular-nums;
  overflow-wrap: anywhere;
`

const Why = styled.span`
  ${subtleText}
  grid-column: 2 / -1;
  line-height: 20px;
  code {
    font-size: inherit;
    overflow-wrap: anywhere;
  }
`

export type FindingListProps = {
  text: string
  findings: readonly Finding[]
  custom: readonly CustomDetector[]
  onPick: (finding: Finding) => void
}

export function FindingList({ text, findings, custom, onPick }: FindingListProps) {
  const { t } = useTranslation()
  const more = findings.length - MOST_LISTED
  return (
    <>
      <List>
        {findings.slice(0, MOST_LISTED).map((finding) => (
          <Item key={finding.start}>
            <FindingRow text={text} finding={finding} custom={custom} onPick={onPick} />
          </Item>
        ))}
      </List>
      {more > 0 && <SubtleText>{t('detection.more', { count: more })}</SubtleText>}
    </>
  )
}

function FindingRow(props: {
  text: string
  finding: Finding
  custom: readonly CustomDetector[]
  onPick: (finding: Finding) => void
}) {
  const { text, finding, custom, onPick } = props
  const { kind, start, end, confidence, why, isActedOn, actsFrom } = finding
  const { t, number } = useTranslation()
  const kindName = useKindName()
  const sentence = useWhySentence(custom)
  const line = text.slice(0, start).split('\n').length
  return (
    <Pick
      type="button"
      $isActedOn={isActedOn}
      title={t('detection.show_in_text')}
      onClick={() => onPick(finding)}
    >
      <Icon $kind={kind} $isActedOn={isActedOn}>
        <FieldIcon kind={kind} />
      </Icon>
      <Kind>{kindName(kind)}</Kind>
      <ConfidenceLevel level={confidence} />
      <Below>
        <Mask>
          <bdi>{maskValue(text.slice(start, end), kind, 'restricted')}</bdi>
        </Mask>
        <Why as="span">{t('detection.line', { line: number(line) })}</Why>
      </Below>
      <Why>
        {sentence(why)} <code dir="ltr">{why.rule}</code>
      </Why>
      {!isActedOn && (
        <Why>
          {actsFrom === 'off'
            ? t('detection.ignored_off')
            : t('detection.ignored', { level: t(`detection.level.${actsFrom}`) })}
        </Why>
      )}
    </Pick>
  )
}
