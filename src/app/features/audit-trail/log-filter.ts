/** The log's filter, kept in the address so that a view of the log can be passed on. */
import { onlyDigits } from '../../shared/only-digits.ts'

export type LogFilter = { action: string; ticketId: string; actorId: string }

export const NO_FILTER: LogFilter = { action: '', ticketId: '', actorId: '' }

/** `#log?action=grant.reveal&ticket=4001&actor=101` */
export function parseLogFilter(hash: string): LogFilter {
  const [place, query] = hash.replace(/^#/, '').split('?')
  if (place !== 'log') return NO_FILTER
  const parameters = new URLSearchParams(query)
  return {
    action: parameters.get('action') ?? '',
    ticketId: onlyDigits(parameters.get('ticket') ?? ''),
    actorId: onlyDigits(parameters.get('actor') ?? ''),
  }
}

export function formatLogFilter(filter: LogFilter): string {
  const parameters = new URLSearchParams()
  if (filter.action !== '') parameters.set('action', filter.action)
  if (filter.ticketId !== '') parameters.set('ticket', filter.ticketId)
  if (filter.actorId !== '') parameters.set('actor', filter.actorId)
  const query = parameters.toString()
  return query === '' ? '#log' : `#log?${query}`
}

/** The endpoint's address for the log's first page. */
export function logPath(filter: LogFilter): string {
  const parameters = new URLSearchParams()
  if (filter.action !== '') parameters.set('action', filter.action)
  if (filter.ticketId !== '') parameters.set('ticketId', filter.ticketId)
  if (filter.actorId !== '') parameters.set('actorId', filter.actorId)
  const query = parameters.toString()
  return query === '' ? '/audit-entries' : `/audit-entries?${query}`
}
