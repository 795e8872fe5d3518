/** How much stays and why it does, by category, with what one can do about each. */
import { Button } from '@zendeskgarden/react-buttons'
import { mediaQuery } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import type { ResidualExposureList } from '../../../contract/ingestion.ts'
import type { FieldKind } from '../../../core/protected-field.ts'
import type { ExposureCategory } from '../../../core/residual-exposure.ts'
import { EXPOSURE_CATEGORIES } from '../../../core/residual-exposure.ts'
import { hairline, subtleText } from '../../shared/surface.ts'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useKindTitle } from '../../shared/useKindName.ts'
import { stackedRows } from '../../shared/stacked-rows.ts'

const Categories = styled.table`
  border-collapse: collapse;
  width: 100%;
  max-width: 960px;
  th,
  td {
    ${hairline}
    padding-block: ${({ theme }) => theme.space.xs};
    padding-inline: 0 ${({ theme }) => theme.space.md};
    line-height: 20px;
    text-align: start;
    vertical-align: top;
  }
  thead th {
    ${subtleText}
    padding-top: 0;
    padding-bottom: ${({ theme }) => theme.space.xxs};
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
  }
  th[scope='row'] {
    font-weight: ${({ theme }) => theme.fontWeights.regular};
  }
  td:nth-child(2) {
    width: 34%;
  }
  td:last-child,
  th:last-child {
    width: 1%;
    padding-inline-end: 0;
    text-align: end;
    font-variant-numeric: tabular-nums;
  }
  p {
    margin: 0;
  }
  /* The sum beside its category, the kinds below. */
  ${({ theme }) => mediaQuery('down', 'sm', theme)} {
    ${stackedRows}
    tr {
      grid-template-columns: minmax(0, 1fr) auto;
    }
    th[scope='row'],
    td {
      display: block;
      border: 0;
      padding: 0;
      width: auto;
    }
    td:last-child {
      grid-area: 1 / 2;
    }
    td:nth-child(2) {
      grid-column: 1 / -1;
      width: auto;
    }
  }
`

const Name = styled.p`
  font-weight: ${({ theme }) => theme.fontWeights.semibold};
`

const Next = styled.p`
  ${subtleText}
`

const Kinds = styled.ul`
  margin: 0;
  padding: 0;
  list-style: none;
`

export function ExposureCategories(props: {
  counts: ResidualExposureList['counts']
  onPick: (category: ExposureCategory, kind: FieldKind | '') => void
}) {
  const { counts, onPick } = props
  const { t, number } = useTranslation()
  const kindTitle = useKindTitle()
  return (
    <Categories>
      <thead>
        <tr>
          <th scope="col">{t('exposures.what')}</th>
          <th scope="col">{t('exposures.kinds')}</th>
          <th scope="col">{t('exposures.count')}</th>
        </tr>
      </thead>
      <tbody>
        {EXPOSURE_CATEGORIES.map((category) => {
          const own = counts.filter((each) => each.category === category)
          if (own.length === 0) return null
          const name = t(`exposures.categories.${category}.name`)
          return (
            <tr key={category}>
              <th scope="row">
                <Name>{name}</Name>
                <p>{t(`exposures.categories.${category}.why`)}</p>
                <Next>{t(`exposures.categories.${category}.next`)}</Next>
              </th>
              <td>
                <Kinds>
                  {[...own]
                    .sort((a, b) => b.count - a.count)
                    .map(({ kind, count }) => (
                      <li key={kind}>
                        <Button isLink onClick={() => onPick(category, kind)}>
                          {t('exposures.kind_count', {
                            kind: kindTitle(kind),
                            count,
                          })}
                        </Button>
                      </li>
                    ))}
                </Kinds>
              </td>
              <td>{number(own.reduce((sum, { count }) => sum + count, 0))}</td>
            </tr>
          )
        })}
      </tbody>
    </Categories>
  )
}
