/** Which requests of the queue are shown, kept in the address so that a view can be passed on. */
import type { PersonRef } from '../../../contract/primitives.ts'
import type { Queue, QueuedRevealRequest } from '../../../contract/reveal-requests.ts'
import { QUEUES } from '../../../contract/reveal-requests.ts'
import { SENSITIVITY_CLASSES } from '../../../core/protected-field.ts'
import { onlyDigits } from '../../shared/only-digits.ts'
import type { Translation } from '../../shared/translation.ts'
import { factsOf } from './facts.ts'

export const ONLY = ['look_twice', 'claimed_by_me', 'unclaimed', 'on_behalf'] as const

export type QueueFilter = {
  queue: Queue
  /** Words of a name, a field, a reason or a subject, or a ticket's number. */
  text: string
  requesterId: string
  fieldId: string
  sensitivityClass: string
  only: string
}

export const NO_NARROWING: Omit<QueueFilter, 'queue'> = {
  text: '',
  requesterId: '',
  fieldId: '',
  sensitivityClass: '',
  only: '',
}

/** What stands in the address: the filter, and the request that is open. */
export type QueuePlace = { filter: QueueFilter; requestId: string | null }

const known = (value: string | null, values: readonly string[]): string =>
  value !== null && values.includes(value) ? value : ''

/** `#requests?queue=pending&find=refund&person=101&field=card_number&class=secret&only=look_twice&request=…` */
export function parseQueuePlace(hash: string): QueuePlace {
  const [place, query] = hash.replace(/^#/, '').split('?')
  const parameters = new URLSearchParams(place === 'requests' ? query : '')
  return {
    filter: {
      queue: QUEUES.find((queue) => queue === parameters.get('queue')) ?? 'needs_me',
      text: parameters.get('find') ?? '',
      requesterId: onlyDigits(parameters.get('person') ?? ''),
      fieldId: parameters.get('field') ?? '',
      sensitivityClass: known(parameters.get('class'), SENSITIVITY_CLASSES),
      only: known(parameters.get('only'), ONLY),
    },
    requestId: parameters.get('request'),
  }
}

export function formatQueuePlace({ filter, requestId }: QueuePlace): string {
  const parameters = new URLSearchParams()
  if (filter.queue !== 'needs_me') parameters.set('queue', filter.queue)
  if (filter.text !== '') parameters.set('find', filter.text)
  if (filter.requesterId !== '') parameters.set('person', filter.requesterId)
  if (filter.fieldId !== '') parameters.set('field', filter.fieldId)
  if (filter.sensitivityClass !== '') parameters.set('class', filter.sensitivityClass)
  if (filter.only !== '') parameters.set('only', filter.only)
  if (requestId !== null) parameters.set('request', requestId)
  const query = parameters.toString()
  return query === '' ? '#requests' : `#requests?${query}`
}

/** How many selects besides the queue and the text narrow the list. */
export function countNarrowings(filter: QueueFilter): number {
  const { requesterId, fieldId, sensitivityClass, only } = filter
  return [requesterId, fieldId, sensitivityClass, only].filter((value) => value !== '').length
}

export const isNarrowed = (filter: QueueFilter): boolean =>
  filter.text.trim() !== '' || countNarrowings(filter) > 0

/** Whether a request is among those asked for. Every word of the text has to be in it somewhere. */
export function fitsFilter(
  entry: QueuedRevealRequest,
  filter: QueueFilter,
  viewer: PersonRef,
  translation: Translation,
): boolean {
  const { request } = entry
  const { requesterId, fieldId, sensitivityClass, only } = filter
  if (requesterId !== '' && String(request.requester.id) !== requesterId) return false
  if (fieldId !== '' && !request.fields.some((field) => field.fieldId === fieldId)) return false
  if (
    sensitivityClass !== '' &&
    !request.fields.some((field) => field.sensitivityClass === sensitivityClass)
  ) {
    return false
  }
  if (only === 'look_twice' && countPauses(entry, translation) === 0) return false
  if (only === 'claimed_by_me' && request.claim?.by.id !== viewer.id) return false
  if (only === 'unclaimed' && request.claim !== null) return false
  if (only === 'on_behalf' && entry.onBehalfOf === null) return false
  const words = folded(filter.text).split(/\s+/).filter(Boolean)
  if (words.length === 0) return true
  const said = folded(searchedText(entry, translation))
  return words.every((word) => said.includes(word))
}

/** How many facts should make one pause before deciding. */
export function countPauses(entry: QueuedRevealRequest, translation: Translation): number {
  return factsOf(entry.request, entry.context, translation).filter(({ kind }) => kind === 'pause')
    .length
}

function searchedText({ request, context }: QueuedRevealRequest, translation: Translation): string {
  const { t, find, fieldLabel } = translation
  return [
    request.requester.name,
    `#${request.ticketId}`,
    context.ticketSubject,
    ...request.fields.map(fieldLabel),
    ...request.fields.map((field) => t(`sidebar.class.${field.sensitivityClass}`)),
    find(`reasons.${request.reasonCode}`) ?? request.reasonLabel,
    request.reasonText,
    ...context.requesterGroups,
  ].join('\n')
}

/** Case and accents make no difference to whoever looks for a name. */
const folded = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase()
