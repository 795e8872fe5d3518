/** What the list is narrowed to, kept in the address so that a view of it can be passed on. */
import type { ExportResidualExposuresInput } from '../../../contract/ingestion.ts'
import type { FieldKind } from '../../../core/protected-field.ts'
import { FIELD_KINDS } from '../../../core/protected-field.ts'
import type { ExposureCategory } from '../../../core/residual-exposure.ts'
import { EXPOSURE_CATEGORIES } from '../../../core/residual-exposure.ts'
import { onlyDigits } from '../../shared/only-digits.ts'

export type ExposureFilter = {
  category: ExposureCategory | ''
  kind: FieldKind | ''
  ticketId: string
}

export const NO_FILTER: ExposureFilter = { category: '', kind: '', ticketId: '' }

export const categoryOf = (text: string | null): ExposureCategory | '' =>
  EXPOSURE_CATEGORIES.find((category) => category === text) ?? ''

export const kindOf = (text: string | null): FieldKind | '' =>
  FIELD_KINDS.find((kind) => kind === text) ?? ''

/** `#exposures?category=sent_email&kind=payment_card&ticket=4001` */
export function parseExposureFilter(hash: string): ExposureFilter {
  const [place, query] = hash.replace(/^#/, '').split('?')
  if (place !== 'exposures') return NO_FILTER
  const parameters = new URLSearchParams(query)
  return {
    category: categoryOf(parameters.get('category')),
    kind: kindOf(parameters.get('kind')),
    ticketId: onlyDigits(parameters.get('ticket') ?? ''),
  }
}

const asQuery = ({ category, kind, ticketId }: ExposureFilter, ticketName: string): string => {
  const parts = { category, kind, [ticketName]: ticketId }
  const given = Object.entries(parts).filter(([, value]) => value !== '')
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`
}

export const formatExposureFilter = (filter: ExposureFilter): string =>
  `#exposures${asQuery(filter, 'ticket')}`

/** The endpoint's address for the first page. */
export const exposuresPath = (filter: ExposureFilter): string =>
  `/residual-exposures${asQuery(filter, 'ticketId')}`

export const exportInput = ({
  category,
  kind,
  ticketId,
}: ExposureFilter): ExportResidualExposuresInput => ({
  ...(category === '' ? {} : { category }),
  ...(kind === '' ? {} : { kind }),
  ...(ticketId === '' ? {} : { ticketId: Number(ticketId) }),
})
