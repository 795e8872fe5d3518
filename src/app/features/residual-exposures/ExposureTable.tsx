/** Each place by itself: on which ticket, where there, of what kind, and since when it is known. */
import { mediaQuery } from '@zendeskgarden/react-theming'
import { styled } from 'styled-components'
import type { ResidualExposureView } from '../../../contract/ingestion.ts'
import { FieldIcon } from '../../shared/FieldIcon.tsx'
import { hairline, subtleText } from '../../shared/surface.ts'
import { TicketLink } from '../../shared/TicketLink.tsx'
import { useTranslation } from '../../shared/TranslationProvider.tsx'
import { useKindTitle } from '../../shared/useKindName.ts'
import { stackedRows } from '../../shared/stacked-rows.ts'

const Places = styled.table`
  border-collapse: collapse;
  width: 100%;
  th,
  td {
    ${hairline}
    padding: ${({ theme }) => `${theme.space.xxs} ${theme.space.xs}`};
    line-height: 20px;
    text-align: start;
    vertical-align: top;
    overflow-wrap: anywhere;
  }
  th {
    ${subtleText}
    font-weight: ${({ theme }) => theme.fontWeights.semibold};
  }
  td:last-child {
    ${subtleText}
    line-height: 20px;
  }
  /* Ticket and place, then kind and time, two lines each. */
  ${({ theme }) => mediaQuery('down', 'sm', theme)} {
    ${stackedRows}
    tr {
      grid-template-columns: 72px minmax(0, 1fr);
    }
    td {
      grid-column: 2;
      border: 0;
      padding: 0;
    }
    td:first-child {
      grid-column: 1;
    }
  }
`

const Kind = styled.span`
  display: inline-flex;
  gap: ${({ theme }) => theme.space.xxs};
  svg {
    flex: none;
    margin-top: 2px;
  }
`

export function ExposureTable({ exposures }: { exposures: readonly ResidualExposureView[] }) {
  const { t, instant } = useTranslation()
  const kindTitle = useKindTitle()
  const placeOf = usePlaceWords()
  return (
    <Places>
      <thead>
        <tr>
          <th scope="col">{t('exposures.ticket')}</th>
          <th scope="col">{t('exposures.place')}</th>
          <th scope="col">{t('exposures.category')}</th>
          <th scope="col">{t('exposures.kind')}</th>
          <th scope="col">{t('exposures.found')}</th>
        </tr>
      </thead>
      <tbody>
        {exposures.map((exposure) => {
          const { ticketId, category, place, kind, foundAt } = exposure
          return (
            <tr key={[ticketId, category, place, kind].join(':')}>
              <td>
                <TicketLink ticketId={ticketId} />
              </td>
              <td>{placeOf(exposure)}</td>
              <td>{t(`exposures.categories.${category}.name`)}</td>
              <td>
                <Kind>
                  <FieldIcon kind={kind} />
                  {kindTitle(kind)}
                </Kind>
              </td>
              <td>{instant(foundAt)}</td>
            </tr>
          )
        })}
      </tbody>
    </Places>
  )
}

/** Places that are no field of the catalogue, by how their names begin. */
const OTHER_PLACES = [
  ['comment_', 'comment'],
  ['attachment_', 'attachment'],
  ['subject', 'subject'],
  ['field_', 'other_field'],
] as const

function usePlaceWords(): (exposure: Pick<ResidualExposureView, 'place' | 'label'>) => string {
  const { t } = useTranslation()
  return ({ place, label }) => {
    if (label !== null) return t('exposures.in.field', { label })
    const [, other] = OTHER_PLACES.find(([start]) => place.startsWith(start)) ?? []
    return other === undefined
      ? t('exposures.in.old_field', { label: place })
      : t(`exposures.in.${other}`)
  }
}
