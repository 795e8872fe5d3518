/** The look of the report's tables: a head that stays in sight, and blocks where columns do not fit. */
import { getColor, mediaQuery } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import type { ReportedField } from '../../../contract/reports.ts'
import { FieldIcon } from '../../shared/FieldIcon.tsx'
import { stackedRows } from '../../shared/stacked-rows.ts'
import { hairline, subtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'

export const AccessTable = styled.table`
  border-collapse: collapse;
  width: 100%;
  th,
  td {
    ${hairline}
    padding: ${({ theme }) => `${theme.space.xs} ${theme.space.xs}`};
    line-height: 20px;
    text-align: start;
    vertical-align: top;
    overflow-wrap: anywhere;
  }
  th:first-child,
  td:first-child {
    padding-inline-start: 0;
  }
  thead th {
    ${subtleText}
    position: sticky;
    top: 0;
    background: ${({ theme }) => getColor({ theme, variable: 'background.default' })};
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
  }
  tbody th {
    width: 24%;
    font-weight: ${({ theme }) => theme.fontWeights.regular};
  }
  p,
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  ${({ theme }) => mediaQuery('down', 'sm', theme)} {
    ${stackedRows}
    tr {
      grid-template-columns: minmax(0, 1fr);
      gap: ${({ theme }) => theme.space.xxs};
    }
    tbody th,
    td {
      border: 0;
      padding: 0;
      width: auto;
    }
    /* Heads are only read out, so each cell says what it is. */
    td[data-head] {
      display: grid;
      grid-template-columns: 104px minmax(0, 1fr);
      gap: ${({ theme }) => theme.space.xs};
    }
    td[data-head]::before {
      ${subtleText}
      line-height: 20px;
      content: attr(data-head);
    }
  }
`

export const Subtle = styled.p`
  ${subtleText}
`

const Named = styled.span`
  display: flex;
  gap: ${({ theme }) => theme.space.xs};
  svg {
    flex: none;
    margin-top: 2px;
    color: ${({ theme }) => getColor({ theme, variable: 'foreground.subtle' })};
  }
`

const Label = styled.span`
  font-weight: ${({ theme }) => theme.fontWeights.semibold};
`

/** The field of a row: what it is called, and how sensitive it is. */
export function FieldHead({ field }: { field: ReportedField }) {
  const { t } = useTranslation()
  const isHidden = field.protection === 'hidden'
  return (
    <th scope="row">
      <Named>
        <FieldIcon kind={field.kind ?? 'other'} />
        <span>
          <Label dir="auto">{field.fieldId === null ? t('access.found') : field.label}</Label>
          <Subtle>
            {isHidden ? t('sidebar.hidden_only') : t(`sidebar.class.${field.sensitivityClass}`)}
          </Subtle>
        </span>
      </Named>
    </th>
  )
}
