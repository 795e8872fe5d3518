/** A path that cannot be read, written or invoked (step 12). */
import type { PathFault } from './messages.ts'

export class PathError extends Error {
  override readonly name = 'APINotFoundError'
}

/** The wire form of whatever went wrong with one path. The SDK puts the path before the message. */
export function describeFault(path: string, reason: unknown): PathFault {
  return reason instanceof PathError
    ? { name: reason.name, message: reason.message, path }
    : { name: 'Error', message: 'could not be carried out', path }
}

export function notAvailable(): PathError {
  return new PathError('is not available')
}
